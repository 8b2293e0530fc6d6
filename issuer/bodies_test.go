package issuer_test

import (
	"testing"

	"github.com/employment-passport/passport/issuer"
)

// TestThreatJ01NamesOfBodies: a body's name stands in paths, where no segment may
// have two readings.
func TestThreatJ01NamesOfBodies(t *testing.T) {
	d := newDesk(t)
	for _, name := range []string{"", ".", "..", "../two", "two;three", `two\three`, "two\x00"} {
		_, err := d.AddIssuer(t.Context(), clerk, issuer.NewIssuer{Name: name, Country: "PL", Method: "key", StatusBase: "https://two.example"})
		refused(t, err, "issuer_name_form")
	}
}
