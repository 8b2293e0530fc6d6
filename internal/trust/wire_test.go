package trust

import (
	"testing"

	"github.com/employment-passport/passport/internal/strictjson"
)

// TestNamesKeepTheirCase: a member in another spelling is another member, deep
// inside too, and takes nothing from the right one (C02).
func TestNamesKeepTheirCase(t *testing.T) {
	for data, want := range map[string]string{
		`{"issuer":"did:web:a.example"}`:                               "did:web:a.example",
		`{"issuer":{"id":"did:web:a.example","ID":"did:web:evil"}}`:    "did:web:a.example",
		`{"issuer":{"ID":"did:web:evil","id":"did:web:a.example"}}`:    "did:web:a.example",
		`{"issuer":{"ID":"did:web:evil"}}`:                             "",
		`{"issuer":{"id":"did:web:a.example"},"Issuer":{"id":"evil"}}`: "did:web:a.example",
	} {
		var got struct {
			Issuer issuerName `json:"issuer"`
		}
		if err := strictjson.Unmarshal([]byte(data), &got); err != nil || string(got.Issuer) != want {
			t.Errorf("%s: %q, %v", data, got.Issuer, err)
		}
	}
}
