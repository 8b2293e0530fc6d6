package schema

import "time"

// Template is a document with the learner's part left out: what a training
// body writes once for each course.
type Template struct {
	Name                 string
	Type                 string // kind of the document: MicroCredential
	Suspendable          bool   // a second status entry, so that the credential can be suspended
	PublicAdministration bool   // the issuer is a public administration: paper carries its notice
	Credential           []byte // the document's part, as read
}

// ParseTemplate reads a template file. Its error is Faults.
func ParseTemplate(data []byte) (*Template, error) { return nil, errNotYet }

// Check composes a specimen and tells what is wrong with the template, with
// pointers into its file.
func (t *Template) Check() Faults { return nil }

// Title is the name of what is learned.
func (t *Template) Title() string { return "" }

// IssuerProfile is how the issuer appears in what it signs.
type IssuerProfile struct{ ID, Name, Country, Region string }

// StatusPlace is a place in a status list.
type StatusPlace struct {
	URL   string
	Index int
}

// Particulars are the facts of one issuing.
type Particulars struct {
	ID            string // urn:uuid:…
	Issuer        IssuerProfile
	Learner       Learner
	ValidFrom     time.Time
	ValidUntil    time.Time // zero for none
	StatusListURL string
	StatusIndex   int          // place for revocation
	Suspension    *StatusPlace // only for a suspendable template
	Supersedes    string       // id of the credential that this one replaces
}

// Compose writes the document: compact JSON, members in a fixed order, on
// which the QR dictionary relies. It refuses, with Faults, what would break a
// rule; pointers of faults in the learner's part start with /learner.
func (t *Template) Compose(p Particulars) ([]byte, error) { return nil, errNotYet }
