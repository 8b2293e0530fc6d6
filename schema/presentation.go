package schema

// Presentation is a verifiable presentation: what a holder shows.
type Presentation struct {
	ID       string
	Types    []string
	Holder   string
	Tokens   []string // compact JWS of each EnvelopedVerifiableCredential, in order
	Embedded int      // credentials that stand in it without an envelope
	Raw      []byte
}

// ParsePresentation reads a presentation. Its error is Faults.
func ParsePresentation(data []byte) (*Presentation, error) { return nil, errNotYet }

// CheckPresentationForIssuing judges a raw presentation that a client wants signed.
func CheckPresentationForIssuing(data []byte) Faults { return nil }
