package verifier_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// FuzzVerifyCredential: whatever is not the token itself is never VALID, and
// nothing makes the verifier panic. Another good signature over the same content
// is the one exception: it is the same document (A26).
func FuzzVerifyCredential(f *testing.F) {
	w := fixedWorld(f)
	token := w.issue()
	v := w.verifier()
	f.Add(token)
	f.Add(w.show([]string{token}))
	f.Add(w.lists[0].Token)
	f.Add(w.assertion(token, trust.AssertedValid, now.Add(-hour), now.Add(days)))
	f.Add("")
	f.Add("eyJhbGciOiJub25lIn0.e30.")
	for _, seed := range suiteSeeds() {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, input string) {
		for name, verify := range map[string]func() (*verifier.Report, error){
			"credential": func() (*verifier.Report, error) { return v.VerifyCredential(context.Background(), input) },
			"any":        func() (*verifier.Report, error) { return v.Verify(context.Background(), []string{input}, asked) },
			"stapled":    func() (*verifier.Report, error) { return v.VerifyCredential(context.Background(), token, input) },
		} {
			report, err := verify()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if name == "stapled" && report.Verdict != verifier.Valid {
				t.Errorf("something stapled made a good credential %s", report.Verdict)
			}
			if name != "stapled" && report.Verdict == verifier.Valid && signed(input) != signed(token) {
				t.Errorf("%s: VALID: %q", name, input)
			}
			if report.Genuine != verifier.Yes && report.Verdict == verifier.Valid {
				t.Errorf("%s: VALID and not genuine", name)
			}
		}
	})
}

// signed is what the signature covers.
func signed(token string) string { return token[:strings.LastIndexByte(token, '.')+1] }

// fixedWorld has the same keys in every process, so that what one worker of the
// fuzzer signs is good in another.
func fixedWorld(t testing.TB) *world {
	t.Helper()
	key := func(name string) *ecdsa.PrivateKey {
		sum := sha256.Sum256([]byte(name))
		k, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), sum[:])
		must(t, err)
		return k
	}
	w := emptyWorld(t)
	w.root, w.daily, w.holder = key("root"), key("daily"), key("holder")
	w.body.credentials, w.body.status = key("credentials"), key("status")
	w.entities = []schema.Entity{w.body.entity(t)}
	var err error
	w.holderDID, err = did.NewKey(w.holder.Public())
	must(t, err)
	w.addList(revocations, "revocation", now.Add(-hour))
	return w
}

// suiteSeeds are W3C's tokens where the folder is there.
func suiteSeeds() (seeds []string) {
	root := os.Getenv("PASSPORT_VECTORS")
	if root == "" {
		root = "../../shared/vectors"
	}
	files, _ := filepath.Glob(filepath.Join(root, "jose", "tests", "input", "*-jose-*.txt"))
	for _, file := range files {
		if data, err := os.ReadFile(file); err == nil {
			seeds = append(seeds, strings.TrimSpace(string(data)))
		}
	}
	return seeds
}

// TestEveryFlippedCharacter: one character of a valid token changed, at every
// place, is never VALID.
func TestEveryFlippedCharacter(t *testing.T) {
	w := newWorld(t)
	token := w.issue()
	v := w.verifier()
	step := 1
	if testing.Short() {
		step = 7
	}
	for i := 0; i < len(token); i += step {
		for _, c := range []byte{'A', 'Q', '.', '='} {
			if token[i] == c {
				continue
			}
			broken := token[:i] + string(c) + token[i+1:]
			report, err := v.VerifyCredential(context.Background(), broken)
			if err != nil || report.Verdict == verifier.Valid {
				t.Fatalf("character %d made %c: %v %v", i, c, report, err)
			}
			if len(report.Credentials()) != 0 {
				t.Fatalf("character %d made %c: fields of a broken token", i, c)
			}
		}
	}
}
