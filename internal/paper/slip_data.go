package paper

import "time"

// SlipData is a claim slip: how a person takes a credential onto a phone. It
// has two parts that are cut from each other, so that whoever finds the code
// has no number and whoever reads the number has no code.
type SlipData struct {
	Name      string    // whose it is
	Title     string    // what it is
	Issuer    string    // from whom
	Reference string    // document number or the beginning of the id; stands on both parts
	Link      string    // of the offer, drawn as a code
	Code      string    // to type (tx_code), may be empty
	Until     time.Time // the offer's end
	Languages [2]string // issuer's, then holder's; empty: one language only
}
