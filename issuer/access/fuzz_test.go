package access_test

import (
	"errors"
	"regexp"
	"testing"

	"github.com/employment-passport/passport/issuer/access"
)

// FuzzSecrets: whatever comes as a key, an invitation or a cookie opens nothing,
// and is told so by one error.
func FuzzSecrets(f *testing.F) {
	w := newWorld(f)
	k, secret := w.key(access.Officer, 0)
	form := regexp.MustCompile(`^ppk_[a-z2-7]{10}_[a-z2-7]{40}$`)
	if !form.MatchString(secret) {
		f.Fatalf("a key of the form %q", secret)
	}
	for _, seed := range []string{"", "ppk_", "ppk_" + k.ID + "_", "inv_" + secret[4:], secret[:len(secret)-1], secret + "\x00", "ppk_aaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if s == secret {
			t.Skip("the one that opens")
		}
		_, byKey := w.FromAPIKey(t.Context(), s)
		_, bySession := w.FromSession(t.Context(), s)
		_, invited := w.Invited(t.Context(), s)
		_, redeemed := w.Redeem(t.Context(), s, passkey("x"))
		for _, err := range []error{byKey, bySession, invited, redeemed} {
			if !errors.Is(err, access.ErrUnauthenticated) {
				t.Errorf("%q: %v", s, err)
			}
		}
	})
}
