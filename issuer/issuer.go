// Package issuer signs credentials and stands by them: it keeps the register of
// what was signed, gives away status indexes, revokes, suspends and reissues,
// signs status lists, and writes an audit log.
//
// It promises, against crashes, full disks and people in a hurry:
//
//   - nothing is signed that has no record: the row with the payload and its
//     status index is durable before the signature is made;
//   - nothing acknowledged is lost: a method that returned nil has been stored;
//   - a status index is never given twice, and a revocation is never undone;
//   - every act and its audit entry are one transaction; when the entry cannot
//     be written the act does not happen;
//   - nobody is handed a token that the world's own verification refuses.
//
// It keeps no private key: those are in a Keyring, which may be slow, so that
// nothing is signed inside a transaction.
package issuer

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/employment-passport/passport/internal/did"
)

// Keyring makes keys and signs with them.
type Keyring interface {
	// Create makes a P-256 key that signs and keeps it for good before it
	// returns. The label is for people. The URI finds the key again.
	Create(ctx context.Context, label string) (uri string, pub crypto.PublicKey, err error)

	// Signer returns the key of a URI; it may be used by many goroutines at once.
	Signer(ctx context.Context, uri string) (crypto.Signer, error)
}

// Actor is who does something, as the audit log names them.
type Actor string

// Config holds the parts of an Issuer. Store and Now are compulsory; without
// Keys nothing can be signed, but everything else works.
type Config struct {
	Store Store
	Keys  Keyring
	Now   func() time.Time

	// AcceptClock is a UTC day until which the clock is believed even where it is
	// more than 400 days after the last act on record. The zero time is none.
	AcceptClock time.Time

	// Notice hears what a person should know although the work was done: a code
	// of the catalogue and its arguments. It may be nil.
	Notice func(code string, args map[string]string)

	// MethodType is the type of the verification methods in DID documents:
	// did.TypeJSONWebKey, which is the default, or did.TypeJSONWebKey2020 for
	// verifiers that know no other.
	MethodType string

	// Erasers are asked in the act that erases a person: each takes what its
	// records hold of the person out, or fails the act.
	Erasers []Eraser

	// BatchSize is how many credentials share the two transactions of a batch;
	// zero is 1024.
	BatchSize int
}

// Issuer does what the issuers of one store do. It is safe for many goroutines.
type Issuer struct {
	store     Store
	keys      Keyring
	now       func() time.Time
	batchSize int

	methodType  string
	acceptClock time.Time
	notice      func(code string, args map[string]string)
	erasers     []Eraser
	resumed     sync.Map // ids of the rows that Resume has finished
}

// New returns the Issuer of a store. It does not look at the store: whoever
// opened it calls Resume before issuing.
func New(c Config) (*Issuer, error) {
	if c.Store == nil || c.Now == nil {
		return nil, errors.New("issuer: a Config needs a Store and a clock")
	}
	i := &Issuer{store: c.Store, keys: c.Keys, now: c.Now, batchSize: c.BatchSize, methodType: c.MethodType, acceptClock: c.AcceptClock, notice: c.Notice, erasers: c.Erasers}
	switch i.methodType {
	case "":
		i.methodType = did.TypeJSONWebKey
	case did.TypeJSONWebKey, did.TypeJSONWebKey2020:
	default:
		return nil, fmt.Errorf("issuer: %q is no type of verification method", i.methodType)
	}
	if i.notice == nil {
		i.notice = func(string, map[string]string) {}
	}
	if i.keys == nil {
		i.keys = noKeys{}
	}
	if i.batchSize <= 0 {
		i.batchSize = 1024
	}
	return i, nil
}

// noKeys is the keyring of an issuer that only reads and revokes.
type noKeys struct{}

func (noKeys) Create(context.Context, string) (string, crypto.PublicKey, error) {
	return "", nil, ErrNoKey
}
func (noKeys) Signer(context.Context, string) (crypto.Signer, error) { return nil, ErrNoKey }
