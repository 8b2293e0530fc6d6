package issuer

import (
	"strings"
	"time"

	"github.com/employment-passport/passport/schema"
)

// State is where a credential stands in its life.
type State string

// The states of a credential. Pending is written before anything is signed;
// void is a pending row that was given up, whose status index stays spent.
// Revoked and superseded (revoked because a newer copy was issued) are final.
const (
	StatePending    State = "pending"
	StateIssued     State = "issued"
	StateSuspended  State = "suspended"
	StateRevoked    State = "revoked"
	StateSuperseded State = "superseded"
	StateVoid       State = "void"
)

// Issuance is one row of the register. LearnerName, DocumentNumber,
// IdempotencyKey, Note, Payload and Token are the person's: a store keeps them
// under the person's own key, and nothing of them is left once that is gone.
type Issuance struct {
	ID             string // the credential's id
	Issuer         string // name of the IssuerRecord
	Template       string // name of the template; of a composite the id of its definition, empty for a raw document
	IdempotencyKey string // what makes two requests the same credential; may be empty
	DocumentNumber string
	LearnerName    string

	PayloadHash [32]byte // SHA-256 of the bytes to be signed
	Payload     []byte   // those bytes, while pending only
	Token       string   // once issued
	KeyID       string   // kid of the key that signs
	Profile     Profile  // how the token is made

	State          State
	CreatedAt      time.Time
	IssuedAt       time.Time
	ChangedAt      time.Time
	Reason         string // reason code of the last revocation or suspension
	Note           string
	SuspendedUntil time.Time // zero is open
	Supersedes     string    // id of the credential that this one replaces
	SupersededBy   string

	StatusList      string // URL; empty for a raw document that brought its own
	StatusIndex     uint32
	SuspensionList  string // empty unless the template is suspendable
	SuspensionIndex uint32

	// Person is the id of the Person whose credential it is, once given for good.
	// Empty in rows of older releases that nobody has touched since.
	Person string

	// Erased tells that the person's data is gone: what is left are ids, times,
	// hashes and places in lists. TokenHash is SHA-256 of the token that it had, of
	// erased rows only. A store sets both.
	Erased    bool
	TokenHash [32]byte

	// Repeated is set on what Issue and IssueBatch return when it had been issued
	// before, under the same idempotency key. It is not stored.
	Repeated bool
}

// Suspendable tells whether the credential carries a second status entry.
func (i Issuance) Suspendable() bool { return i.SuspensionList != "" }

// Ended tells whether the credential is over for good.
func (i Issuance) Ended() bool { return i.State == StateRevoked || i.State == StateSuperseded }

// GivesWay tells whether the row stands back where another has its document
// number: it was never issued, or has a successor.
func (i Issuance) GivesWay() bool { return i.State == StateVoid || i.SupersededBy != "" }

// Filter narrows a listing; a zero field matches everything.
type Filter struct {
	Issuer   string
	Template string
	State    State
	Since    time.Time // CreatedAt at or after
	Learner  string    // part of the learner's name, in any case
	Person   string    // id of the Person

	// After and Limit make pages: the rows that follow the one with the id After
	// in the order of the listing, and no more than Limit; 0 is all. That row need
	// not match the filter. Newest turns the order round.
	After  string
	Limit  int
	Newest bool
}

// Matches tells whether i passes the filter; After, Limit and Newest are not its
// business.
func (f Filter) Matches(i Issuance) bool {
	return (f.Issuer == "" || f.Issuer == i.Issuer) &&
		(f.Template == "" || f.Template == i.Template) &&
		(f.State == "" || f.State == i.State) &&
		(f.Person == "" || f.Person == i.Person) &&
		(f.Since.IsZero() || !i.CreatedAt.Before(f.Since)) &&
		(f.Learner == "" || strings.Contains(strings.ToLower(i.LearnerName), strings.ToLower(f.Learner)))
}

// StatusList is one status list of an issuer, without its bits.
type StatusList struct {
	URL     string
	Issuer  string // name of the IssuerRecord
	Purpose string // revocation or suspension
	Number  int    // the last part of URL; one row of numbers over both purposes

	// PermutationKey scatters the indexes: the n-th credential gets
	// statuslist.Permute(PermutationKey, n, Entries).
	PermutationKey [32]byte
	Entries        uint32
	Next           uint32 // how many indexes were given away; never falls

	Version  int64     // how often it was signed; never falls
	SignedAt time.Time // validFrom of the last signing; never falls
	Closed   bool      // gives away no more indexes

	// ChangedAt is when a bit was last set or taken back. Later than SignedAt it
	// says that the world has an older list.
	ChangedAt time.Time
}

// Full tells whether the list can give no further index.
func (l StatusList) Full() bool { return l.Closed || l.Next >= l.Entries }

// IssuerRecord is a body that issues.
type IssuerRecord struct {
	Name       string // short name on the command line
	DID        string
	Title      string // the body's name, as its credentials and recognition bear it
	Country    string // ISO 3166-1 alpha-2
	Region     string // NUTS code; may be empty
	StatusBase string // https URL, without a final slash; status lists are StatusBase/status/N
	CreatedAt  time.Time

	// FourEyes demands that one prepares and another approves before anything is
	// signed or ended in this body's name.
	FourEyes bool `json:",omitempty"`
}

// KeyRecord is the public side of a key of an issuer or an authority.
type KeyRecord struct {
	Owner         string // name of the IssuerRecord, or "authority:" and the authority's name
	KID           string // DID URL
	Thumbprint    string // RFC 7638, SHA-256, base64url
	JWK           []byte // public JWK as JSON
	URI           string // where the keyring finds the private side; empty for a key of somebody else
	Use           schema.KeyUse
	Also          schema.KeyUse // a second use: did:key issuers have one key for both
	State         schema.KeyState
	From, Until   time.Time // UTC days, both included; zero is open
	CompromisedAt time.Time
}

// TemplateRecord is a template that was checked and added.
type TemplateRecord struct {
	Name      string
	Issuer    string `json:",omitempty"` // name of the IssuerRecord that alone issues from it; empty is everybody
	Title     string
	QRVersion int    // the QR version that a credential made from it will need
	Body      []byte // the template file
	AddedAt   time.Time
}

// AuditEntry is one line of the log. Its hash covers every other field and the
// hash of the entry before it, so that nothing can be changed, taken out or put
// in without breaking the chain.
type AuditEntry struct {
	Seq     uint64    `json:"seq"` // 1, 2, 3 …
	At      time.Time `json:"at"`
	Actor   string    `json:"actor"`
	Act     string    `json:"act"`     // issue.pending, issue.done, revoke, …
	Subject string    `json:"subject"` // what it was done to: an id, a name, a URL
	Details string    `json:"details,omitempty"`
	Prev    [32]byte  `json:"-"`
	Hash    [32]byte  `json:"-"`
}
