package issuer

import "context"

// RecordKind tells the small records of the service apart.
type RecordKind string

// The kinds of records. Their values are JSON of the package that keeps them.
const (
	RecordUser        RecordKind = "user"
	RecordAPIKey      RecordKind = "apikey"
	RecordInvite      RecordKind = "invite"
	RecordSession     RecordKind = "session"
	RecordPasskey     RecordKind = "passkey"
	RecordProposal    RecordKind = "proposal"
	RecordIdempotency RecordKind = "idempotency"
	RecordOffer       RecordKind = "offer"
	RecordNonce       RecordKind = "nonce"
	RecordTransaction RecordKind = "transaction"
	RecordJob         RecordKind = "job"
	RecordFeedback    RecordKind = "feedback"
	RecordSetting     RecordKind = "setting"
)

// MaxRecord is how many bytes the value of a record may have.
const MaxRecord = 1 << 20

// Records keeps the small records of the service, by kind and key. One that
// holds words of a person ends within 30 days and is known to an Eraser.
type Records interface {
	// PutRecord writes the record of (kind, key), new or changed. The value has at
	// most MaxRecord bytes.
	PutRecord(kind RecordKind, key string, value []byte) error
	Record(kind RecordKind, key string) ([]byte, error)

	// DeleteRecord takes a record out; one that is not there is no error.
	DeleteRecord(kind RecordKind, key string) error

	// EachRecord yields the records of a kind whose keys sort after the key after,
	// in their order, until yield returns false; yield may not write. With an empty
	// after it yields all.
	EachRecord(kind RecordKind, after string, yield func(key string, value []byte) bool) error
}

// Act runs f as one act of an actor: what f writes and what it logs become
// durable together or not at all. Like every function of an Update f may run
// again, and only its last run counts. A clock that cannot be right is refused.
func (i *Issuer) Act(ctx context.Context, by Actor, f func(*Act) error) error {
	return i.update(ctx, by, func(a *act) error { return f(&Act{a}) })
}
