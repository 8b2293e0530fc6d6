package intake

import (
	"strings"
	"testing"
)

// FuzzText: whatever a text is, it is taken or refused with a code, never both,
// and no token is made up: each stands in the text, unless a code held it.
func FuzzText(f *testing.F) {
	for _, seed := range []string{"", "eyJ.a.b", "eyJ.a.b\neyJ.c.d", "#1123", "#2123 #2124", "MC-PZ-2026-0042", "eyJ.a.b #1123", `{"token":"ey.a.b"}`, "\x1f\x8b", "hello"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		plain, problem := Plain("f", data)
		if problem != nil {
			return
		}
		taken, problem := Source{Name: "f"}.Text(plain)
		if problem != nil {
			if problem.Code == "" || len(taken.Tokens) > 0 {
				t.Errorf("a problem without a code, or with %v", taken.Tokens)
			}
			return
		}
		if len(taken.Tokens) == 0 {
			t.Error("nothing was taken, and nobody says why")
		}
		if len(taken.Bases) > 0 || len(TokensInJSON(plain)) > 0 {
			return
		}
		for _, token := range taken.Tokens {
			if !strings.Contains(string(plain), token) {
				t.Errorf("%q stands nowhere", token)
			}
		}
	})
}
