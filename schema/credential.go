package schema

import "time"

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
	Claims     Claims
	Raw        []byte

	document *Document // nil for a foreign credential
	faults   Faults    // what reading document found

	definition *signedDefinition // nil unless it is a passport definition
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
	Size                              int // bits an entry; 1 when absent, -1 when unreadable
}

// SchemaRef is a member of credentialSchema.
type SchemaRef struct{ ID, Type string }

// Claims are the registered JWT claims beside the document (RFC 7519). They
// bound the signature, not the credential (VC-JOSE-COSE section 3.1.3). A zero
// time is an absent claim.
type Claims struct {
	Expires, NotBefore, IssuedAt time.Time
	Issuer, ID, Subject          string // iss, jti, sub
	IssuedAtUnreadable           bool   // iat is there and is no NumericDate: ignored, and told

	expires, notBefore string // exp and nbf as written
}

// Starts is the latest of the dates that a credential and its token bear:
// validFrom, nbf and iat. Zero when there is none.
func (c *Credential) Starts() time.Time {
	last := c.ValidFrom
	for _, t := range [...]time.Time{c.Claims.NotBefore, c.Claims.IssuedAt} {
		if t.After(last) {
			last = t
		}
	}
	return last
}

// ParseCredential reads a credential as strictly as a verifier must and as
// tolerantly as it may: whatever VCDM 2.0 allows passes, with terms and
// contexts that we do not know. Its error is Faults.
func ParseCredential(data []byte) (*Credential, error) {
	root, err := readTree(data)
	if err != nil {
		return nil, err
	}
	return readCredential(root, data)
}

// ParseChecked is ParseCredential for data that has passed strictjson.Check
// already, as the payload of a verified token has: it spares reading the text
// twice. Of data that has not, it may panic or read what nobody wrote.
func ParseChecked(data []byte) (*Credential, error) {
	root, err := readCheckedTree(data)
	if err != nil {
		return nil, err
	}
	return readCredential(root, data)
}

func readCredential(root value, data []byte) (*Credential, error) {
	var r reading
	c := r.credential(root)
	if len(r.faults) > 0 {
		return nil, r.faults
	}
	c.Raw = data
	if k := c.ourKind(); k != nil {
		c.document, c.faults = readDocument(root, k)
	}
	if c.isDefinition() {
		c.definition = readDefinition(root)
	}
	return c, nil
}

// ourKind is the kind of document that c claims to be, nil when it is none of
// ours: the type alone is a common word, and means ours only under our context.
func (c *Credential) ourKind() *documentKind {
	if !contains(c.Contexts, ContextURL) {
		return nil
	}
	return kindOf(c.Types)
}

func contains(list []string, s string) bool {
	for _, one := range list {
		if one == s {
			return true
		}
	}
	return false
}

// Kind names the document when it is one of ours, else it is empty.
func (c *Credential) Kind() string {
	if c.definition != nil {
		return KindPassportDefinition
	}
	if c.document == nil {
		return ""
	}
	return c.document.Kind
}

// Document gives the document when it is one of ours, whether or not it obeys
// its rules.
func (c *Credential) Document() (*Document, bool) { return c.document, c.document != nil }

// MicroCredential gives the document when it is a micro-credential.
func (c *Credential) MicroCredential() (*Document, bool) {
	if c.Kind() != KindMicroCredential {
		return nil, false
	}
	return c.document, true
}

// Rules judges one of our own documents: its members, and the integrity rules
// between them. A zero now leaves out the rules about the future. A foreign
// credential has no faults here.
func (c *Credential) Rules(now time.Time) Faults {
	if c.definition != nil {
		return c.definition.check(now)
	}
	if c.document == nil {
		return nil
	}
	return c.document.check(c.faults[:len(c.faults):len(c.faults)], now)
}

// Travels tells whether the token may leave the person's or the body's hands as
// it is, in a picture, a code or a file: one of our own documents that keeps its
// rules. Those hold nothing that belongs in a record only; what a foreign one
// holds nobody here has looked at.
func (c *Credential) Travels() bool { return c.Kind() != "" && len(c.Rules(time.Time{})) == 0 }

// Holder gives the id of the first subject and what identifies the person.
func (c *Credential) Holder() (subjectID string, identity []Identity) {
	if len(c.Subjects) == 0 {
		return "", nil
	}
	return c.Subjects[0].ID, c.Subjects[0].Identity
}

// Scope names the permission that the document's legal value asks of its
// issuer (R10): issue:parte-seconda, issue:parte-terza, or nothing.
func (c *Credential) Scope() string {
	if c.document == nil {
		return ""
	}
	return scopeOf(c.document.Subject.Achievement.LegalValue)
}

func scopeOf(legalValue string) string {
	if legalValue == "parte-seconda" || legalValue == "parte-terza" {
		return "issue:" + legalValue
	}
	return ""
}

// SchemaID is the id of the JSON Schema of our own that the document names,
// empty for a foreign one.
func (c *Credential) SchemaID() string {
	for _, s := range c.Schemas {
		if IsOwnSchema(s.ID) {
			return s.ID
		}
	}
	return ""
}
