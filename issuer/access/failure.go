package access

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/employment-passport/passport/issuer"
)

// failuresEvery is how often a failed sign-in is written into the audit log,
// which nobody may fill from outside. Those between are counted.
const failuresEvery = time.Minute

// failures counts the failed sign-ins that were not written.
type failures struct {
	mu      sync.Mutex
	written time.Time
	left    int
}

// due tells whether one is to be written now, and how many were left out before.
func (f *failures) due(now time.Time) (left int, due bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if since := now.Sub(f.written); since >= 0 && since < failuresEvery {
		f.left++
		return 0, false
	}
	left, f.written, f.left = f.left, now, 0
	return left, true
}

// SignInFailed notes that a sign-in failed: by what (passkey, openid, invite),
// and nothing that was tried. At most one entry a minute is written, with the
// number of those before it that were not.
func (s *Service) SignInFailed(ctx context.Context, by string) error {
	left, due := s.failures.due(s.now())
	if !due {
		return nil
	}
	if left > 0 {
		by += ", " + strconv.Itoa(left) + " more before"
	}
	return s.issuer.Act(ctx, nobody, func(a *issuer.Act) error { return a.Log("signin.fail", "", by) })
}
