package jose

import (
	"context"
	"crypto"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// vectors finds the folder of public test data. It is not part of the project:
// without it the test is skipped, unless PASSPORT_VECTORS promises it.
func vectors(t testing.TB, elements ...string) string {
	t.Helper()
	root := os.Getenv("PASSPORT_VECTORS")
	promised := root != ""
	if !promised {
		root = filepath.Join("..", "..", "..", "shared", "vectors")
	}
	path := filepath.Join(append([]string{root}, elements...)...)
	if _, err := os.Stat(path); err != nil {
		if promised {
			t.Fatalf("PASSPORT_VECTORS is set, but %v", err)
		}
		t.Skipf("no test data: %v", err)
	}
	return path
}

// TestW3CTokens verifies the tokens of the W3C's VC-JOSE-COSE test suite: the
// outcome of this layer (form, type, signature), as each file is named.
func TestW3CTokens(t *testing.T) {
	dir := vectors(t, "jose", "tests", "input")
	keys := make(map[string]crypto.PublicKey)
	files, err := filepath.Glob(filepath.Join(dir, "vm-*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no keys there: %v", err)
	}
	for _, file := range files {
		var method struct {
			PublicKeyJwk, SecretKeyJwk json.RawMessage
		}
		readJSON(t, file, &method)
		key, err := ParseJWK(method.PublicKeyJwk)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if key.Thumbprint() != key.Kid {
			t.Errorf("%s: thumbprint %s, kid %s", file, key.Thumbprint(), key.Kid)
		}
		keys[key.Kid] = key.Public()
		_, err = ParseJWK(method.SecretKeyJwk)
		mustRefuse(t, err, CodeKey)
	}
	for name, want := range map[string]struct {
		typ  Type
		code string
	}{
		"credential-jose-minimal.txt":            {TypeVC, ""},
		"credential-jose-unknown-extensions.txt": {TypeVC, ""},
		"credential-issuer-match-signed.txt":     {TypeVC, ""},
		"credential-jose-bad-signature.txt":      {TypeVC, CodeSignature},
		"credential-jose-bad-media-type.txt":     {TypeVC, CodeType},
		"credential-jose-vc-vp-claims.txt":       {TypeVC, CodeClaim},
		"presentation-jose-bad-media-type.txt":   {TypeVP, CodeType},
		"presentation-jose-multiple.txt":         {TypeVP, ""}, // signed well; what it nests is refused further up
		"presentation-jose-bad-credential.txt":   {TypeVP, ""}, // likewise
	} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			token := strings.TrimRight(string(text), "\n") // A19: a file's end, not the token's
			_, payload, err := Verify(context.Background(), want.typ, token, func(_ context.Context, h Header, _ []byte) (crypto.PublicKey, error) {
				return keys[h.Kid], nil
			})
			if want.code != "" {
				mustRefuse(t, err, want.code)
			} else if err != nil || len(payload) == 0 {
				t.Fatal(err)
			}
		})
	}
}

func readJSON(t *testing.T, file string, v any) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}
