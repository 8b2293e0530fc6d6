package verifier_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// vectors is the folder of W3C's vc-jose-cose test suite. It is required when
// PASSPORT_VECTORS is set.
func vectors(t *testing.T) string {
	t.Helper()
	root := os.Getenv("PASSPORT_VECTORS")
	if root == "" {
		root = "../../shared/vectors"
		if _, err := os.Stat(root); err != nil {
			t.Skip("no test vectors at " + root + "; set PASSPORT_VECTORS")
		}
	}
	return filepath.Join(root, "jose", "tests", "input")
}

// suiteKeys reads the suite's keys; its issuer is a URL, named by bare
// thumbprints.
func suiteKeys(t *testing.T, dir string) keysOf {
	t.Helper()
	keys := keysOf{}
	for _, name := range []string{"vm-ed25519.json", "vm-p256.json", "vm-p384.json", "vm-p521.json"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		must(t, err)
		var method struct {
			Controller   string          `json:"controller"`
			PublicKeyJwk json.RawMessage `json:"publicKeyJwk"`
		}
		must(t, json.Unmarshal(data, &method))
		jwk, err := jose.ParseJWK(method.PublicKeyJwk)
		must(t, err)
		keys[method.Controller] = append(keys[method.Controller], schema.Key{KID: jwk.Kid, Public: jwk.Public(), Thumbprint: jwk.Thumbprint()})
	}
	return keys
}

// TestVectors: the outcome in each file's name is about genuine alone. COSE,
// SD-JWT and the presentation that nests both are expected refusals for now
// (docs/conformance.md).
func TestVectors(t *testing.T) {
	dir := vectors(t)
	keys := suiteKeys(t, dir)
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	must(t, err)
	if len(files) < 15 {
		t.Fatalf("%d files in %s", len(files), dir)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			must(t, err)
			token := strings.TrimRight(string(data), "\r\n")
			genuine := map[string]bool{
				"credential-jose-minimal": true, "credential-jose-unknown-extensions": true, "credential-issuer-match-signed": true,
			}[name]
			at := time.Date(2024, 12, 16, 12, 0, 0, 0, time.UTC)
			if name == "presentation-jose-bad-credential" || name == "presentation-jose-bad-media-type" {
				at = time.Date(2024, 12, 15, 12, 0, 0, 0, time.UTC)
			}
			v, err := verifier.New(verifier.Config{Keys: keys, Now: func() time.Time { return at }})
			must(t, err)
			report, err := v.Verify(context.Background(), []string{token}, verifier.HolderBinding{})
			must(t, err)
			if got := report.Genuine == verifier.Yes; got != genuine {
				t.Errorf("genuine %s: %+v", report.Genuine, report.Checks)
			}
			if report.Verdict == verifier.Valid {
				t.Error("VALID without a bundle")
			}
			want := verifier.Unknown
			if !genuine {
				want = verifier.Invalid
			}
			if report.Verdict != want {
				t.Errorf("verdict %s (%s), want %s", report.Verdict, report.Reason, want)
			}
			if reason := refusals[name]; reason != "" && report.Reason != reason {
				t.Errorf("refused for %s, want %s", report.Reason, reason)
			}
		})
	}
}

// refusals are for the reason that the name says, not for another.
var refusals = map[string]string{
	"credential-jose-bad-media-type":   "type",
	"credential-jose-bad-signature":    "signature_invalid",
	"credential-jose-vc-vp-claims":     "claim",
	"presentation-jose-bad-credential": "shape",
	"presentation-jose-bad-media-type": "type",
	"presentation-jose-multiple":       "shape",
}
