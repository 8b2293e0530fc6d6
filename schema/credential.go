package schema

import (
	"errors"
	"time"
)

// Credential is a verifiable credential as a verifier reads it: ours or a
// foreign one. Raw is what was read; the rest is drawn from it.
type Credential struct {
	Contexts   []string // the URLs; an inline context is the empty string
	ID         string
	Types      []string
	Issuer     Issuer
	ValidFrom  time.Time // zero when absent
	ValidUntil time.Time // zero when absent
	Subjects   []Subject
	Status     []StatusEntry
	Schemas    []SchemaRef
	Supersedes string // id of the credential that this one replaces
	Name       string
	Raw        []byte
}

// Issuer is who signs.
type Issuer struct{ ID, Name, Country, Region string }

// Subject is who or what a credential speaks of.
type Subject struct {
	ID       string // empty when the person has no key
	Identity []Identity
}

// Identity is one particular by which people recognise a person
// (IdentityObject of Open Badges 3.0, never hashed in our documents).
type Identity struct {
	Type  string `json:"type"`
	Value string `json:"value"`
}

// StatusEntry is a member of credentialStatus. Index stays text: the standard
// writes it so, and its range is the status list's business.
type StatusEntry struct {
	ID, Type, Purpose, Index, ListURL string
	Size                              int // bits an entry; 1 when absent
}

// SchemaRef is a member of credentialSchema.
type SchemaRef struct{ ID, Type string }

var errNotYet = errors.New("not written yet")

// ParseCredential reads a credential as strictly as a verifier must and as
// tolerantly as it may. Its error is Faults.
func ParseCredential(data []byte) (*Credential, error) { return nil, errNotYet }

// CheckForIssuing judges a raw document that a client wants signed.
func CheckForIssuing(data []byte, now time.Time) Faults { return nil }

// Kind names the document when it is one of ours, else it is empty.
func (c *Credential) Kind() string { return "" }

// Rules judges one of our own documents. A zero now leaves out the rules
// about the future. A foreign credential has no faults here.
func (c *Credential) Rules(now time.Time) Faults { return nil }

// Holder gives the id of the first subject and what identifies the person.
func (c *Credential) Holder() (subjectID string, identity []Identity) { return "", nil }

// Scope names the permission that the document's legal value asks of its
// issuer (rule R10): issue:parte-seconda, issue:parte-terza or nothing.
func (c *Credential) Scope() string { return "" }

// View is the document for display.
func (c *Credential) View() View { return View{} }
