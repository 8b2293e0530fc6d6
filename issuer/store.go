package issuer

import (
	"context"
	"errors"
)

// ErrNotFound is what every lookup of a Tx returns when the thing asked for is
// not there.
var ErrNotFound = errors.New("not found")

// FindLimit is how many rows the beginning of an id may bring.
const FindLimit = 16

// Store keeps what an issuer must never lose: the register of what it signed,
// the status lists and the audit log. Package storetest holds the suite that
// every implementation passes.
type Store interface {
	// Update runs f alone: no other Update's function runs meanwhile. When it
	// returns nil everything that f wrote is durable; when it returns an error
	// nothing of it is written. Functions that wait at the same time may share one
	// commit, so that f may run again after a rollback, on whatever goroutine; only
	// the last run counts: f begins by resetting what it captured, and tells nobody
	// of what it did. A caller whose ctx ends before its turn leaves, and f is not
	// run. A panic of f comes out of Update. The Tx is dead once f has returned.
	Update(ctx context.Context, f func(Tx) error) error

	// View runs f over one consistent state, beside other Views and beside an
	// Update. Writing through its Tx is an error.
	View(ctx context.Context, f func(Tx) error) error

	// Close waits for the transactions under way.
	Close() error
}

// Tx is one transaction. Byte slices that it returns belong to the caller.
type Tx interface {
	Register
	StatusLists
	Issuers
	Keys
	Templates
	Audit
	Authorities
	Composites
	Records
	People
}

// Register is the list of everything that was, or was about to be, signed.
type Register interface {
	// PutIssuance writes the row of i.ID, new or changed. A new row whose status
	// list and index are another row's is refused: an index is never used twice.
	// A changed row keeps its lists and indexes.
	PutIssuance(i Issuance) error

	// Issuance returns the row of a credential's id.
	Issuance(id string) (Issuance, error)

	// FindIssuance returns the rows that a person may mean by ref: the one with
	// that id; else those with that document number; else those whose id, or its
	// part after "urn:uuid:", begins with ref. Of a document number it returns
	// all that are neither void nor replaced (SupersededBy), or all there are
	// when none such is left; of a beginning at most FindLimit, and whoever gets
	// so many does not know them all. ErrNotFound when there is none.
	FindIssuance(ref string) ([]Issuance, error)

	// IssuancesNumbered returns the rows that have exactly that document number, as
	// FindIssuance does: one lookup, and none is no error.
	IssuancesNumbered(number string) ([]Issuance, error)

	// IssuanceByKey returns the row last put with that idempotency key. Of a
	// voided row the key may be taken by a new one.
	IssuanceByKey(key string) (Issuance, error)

	// Issuances yields the rows that the filter matches, oldest first (or newest,
	// see Filter), until yield returns false; yield may write. Issuer, Template, and
	// every State but issued are found without reading the others, and what is
	// before a page or after it is not read: pages of 50 come in milliseconds
	// however long the register is. An After that no row has is ErrNotFound.
	Issuances(f Filter, yield func(Issuance) bool) error

	// IssuanceByHash returns the row of the token with that SHA-256; it finds an
	// erased one too.
	IssuanceByHash(hash [32]byte) (Issuance, error)
}

// StatusLists keeps the status lists and their bits.
type StatusLists interface {
	// PutStatusList writes the row of l.URL. Next and Version never fall:
	// a lower one than the row's is refused.
	PutStatusList(l StatusList) error
	StatusList(url string) (StatusList, error)

	// StatusListsOf returns an issuer's lists by number, none being no error.
	StatusListsOf(issuer string) ([]StatusList, error)

	// StatusBits returns the list's bits, Entries/8 bytes, bit 0 being the
	// leftmost of the first byte (Bitstring Status List 1.0, 3.4).
	StatusBits(url string) ([]byte, error)
	PutStatusBits(url string, bits []byte) error
}

// Issuers keeps who issues from this home.
type Issuers interface {
	PutIssuer(r IssuerRecord) error
	Issuer(name string) (IssuerRecord, error)
	AllIssuers() ([]IssuerRecord, error) // by name
}

// Keys keeps the public side of every key there ever was; the private side is
// in the keyring, under the record's URI. No key is ever removed.
type Keys interface {
	PutKey(k KeyRecord) error
	KeysOf(owner string) ([]KeyRecord, error) // in the order first put; none is no error
}

// Templates keeps the templates that were checked and added.
type Templates interface {
	PutTemplate(t TemplateRecord) error
	Template(name string) (TemplateRecord, error)
	AllTemplates() ([]TemplateRecord, error) // by name
}

// Audit keeps the log, whose chain is made and checked by the issuer.
type Audit interface {
	// AppendAudit writes e after the last entry; e.Seq is one more than its Seq,
	// or 1. Anything else is refused: the log has no gaps and no second entries.
	AppendAudit(e AuditEntry) error

	// AuditFrom yields the entries from seq on, in order, until yield returns false.
	AuditFrom(seq uint64, yield func(AuditEntry) bool) error

	// LastAudit returns ErrNotFound when the log is empty.
	LastAudit() (AuditEntry, error)
}

// Authorities keeps the trust authorities of this home: whom they recognise and
// which single credentials they deny or reaffirm.
type Authorities interface {
	PutAuthority(a AuthorityRecord) error
	Authority(name string) (AuthorityRecord, error)
	AllAuthorities() ([]AuthorityRecord, error) // by name

	// PutRecognition writes the row of (authority, r.DID).
	PutRecognition(authority string, r RecognitionRecord) error
	Recognitions(authority string) ([]RecognitionRecord, error) // by DID; none is no error

	// AddDigests joins digests (16 bytes: the first half of the SHA-256 of a
	// token) to a set of the authority; kind is "denied" or "reaffirmed".
	AddDigests(authority, kind string, digests [][16]byte) error
	Digests(authority, kind string) ([][16]byte, error) // sorted; none is no error
}

// Composites keeps what composite credentials are made of, and the definitions
// that they were awarded by. Their rows stand in the Register.
type Composites interface {
	// PutComposite writes the record of c.ID, new or changed.
	PutComposite(c Composite) error
	Composite(id string) (Composite, error)

	// CompositesOf returns the records that name the credential as a component, a
	// spare one or a successor, by id; none is no error. It is found without
	// reading the others: every revocation asks.
	CompositesOf(component string) ([]Composite, error)

	// EachComposite yields all records by id until yield returns false; yield may
	// write.
	EachComposite(yield func(Composite) bool) error

	// PutDefinition keeps the signed token of a definition under its id and
	// version. The same token again changes nothing, another one is refused.
	PutDefinition(id, version, token string) error
	Definition(id, version string) (token string, err error)

	// EachDefinition yields the token of every definition, by id and version,
	// until yield returns false.
	EachDefinition(yield func(token string) bool) error
}
