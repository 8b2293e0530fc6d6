package verifier_test

import (
	"context"
	"sync"
	"testing"

	"github.com/employment-passport/passport/verifier"
)

// TestManyAtOnce: one verifier serves many goroutines; its caches fill while
// they ask. Run with -race.
func TestManyAtOnce(t *testing.T) {
	w := newWorld(t)
	credential, shown := w.issue(), w.show([]string{w.issue(bearer)}, answers)
	v := w.verifier(newMemory().config)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 10 {
				one, err := v.VerifyCredential(context.Background(), credential)
				if err != nil || one.Verdict != verifier.Valid {
					t.Errorf("%v %v", one, err)
				}
				other, err := v.VerifyPresentation(context.Background(), shown, asked)
				if err != nil || other.Verdict != verifier.Valid {
					t.Errorf("%v %v", other, err)
				}
			}
		})
	}
	all.Wait()
}
