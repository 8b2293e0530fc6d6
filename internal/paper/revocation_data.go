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

	Passport  bool   // a composite: it has words of its own
	Component *Piece // what a composite fell with, nil where it fell by itself
}

// Piece is a certificate that a composite was made of. What nobody here knows of
// it is empty.
type Piece struct {
	Title  string // or the words of the requirement that it met
	Number string // its document number
	Issuer string // name or DID
}

// DaysToObject is how long a person has to object when nobody sets another time.
const DaysToObject = 30
