package wallet_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/employment-passport/passport/wallet"
)

// TestThreatG11AddressOfAPage: the address of an offer's page is asked at its own host
// and nowhere else; one that is cut, or of no https, is no offer.
func TestThreatG11AddressOfAPage(t *testing.T) {
	secret := strings.Repeat("a", 22) + "." + strings.Repeat("b", 43)
	for _, at := range []string{"https://ente.example/claim/", "https://ente.example/base/claim/"} {
		for _, more := range []string{"", "?lang=it", "\n"} {
			if l, err := wallet.ReadOffer(" " + at + secret + more); err != nil || l.Host != "ente.example" {
				t.Errorf("%s%s: %v, %v", at, more, l, err)
			}
		}
	}
	for text, want := range map[string]error{
		"https://ente.example/claim/" + secret[:40]:         wallet.ErrNotOffer,
		"https://ente.example/claim/" + secret + "/../../x": wallet.ErrNotOffer,
		"https://ente.example/?x=/claim/" + secret:          wallet.ErrNotOffer,
		"http://ente.example/claim/" + secret:               wallet.ErrOfferAddress,
		"https://somebody@ente.example/claim/" + secret:     wallet.ErrOfferAddress,
		"ente.example/claim/" + secret:                      wallet.ErrNotOffer,
	} {
		if _, err := wallet.ReadOffer(text); !errors.Is(err, want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
