package paper

import (
	"time"

	"github.com/employment-passport/passport/schema"
)

// RevocationLetter tells a person that a certificate is no longer valid.
type RevocationLetter struct {
	Name           string
	Title          string // of the certificate
	DocumentNumber string
	Successor      string // document number of the one that takes its place, may be empty
	IssuedOn       string // YYYY-MM-DD
	RevokedOn      time.Time
	Reason         schema.Reason
	Issuer         schema.Issuer
	Contact        string    // where to object: a desk, an address; empty gives the issuer's name
	Days           int       // to object; 0 means DaysToObject
	Languages      [2]string // the issuer's, then the holder's; the second may be empty
}

// DaysToObject is how long a person has to object when nobody sets another time.
const DaysToObject = 30
