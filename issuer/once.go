package issuer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// CodeOtherRequest refuses a request under the key of another one.
const CodeOtherRequest = "idempotency_mismatch"

// Request names one request of a client, so that its repetition is known.
type Request struct {
	Key  string   // tells the client's requests from each other and from those of others; 1 to 200 bytes
	Hash [32]byte // of what is asked for; it must not let anybody guess the learner
}

type onceKey struct{}

// Once returns a context in which Issue, IssueRaw, Reissue, Revoke, Suspend,
// Reinstate and RotateKey happen once, however often they are asked for: the
// request is noted in the transaction of the act itself, so that no crash can
// part them. A repetition does nothing and gets the credential (marked Repeated)
// or the key as it is by now; one that was interrupted before it signed is
// finished. The same key with another hash is refused with
// "idempotency_mismatch". The context is for one act: a second one in it would
// be taken for a repetition of the first.
func Once(ctx context.Context, r Request) context.Context {
	return context.WithValue(ctx, onceKey{}, &r)
}

// requestOf is the request that ctx names; nil for none.
func requestOf(ctx context.Context) *Request {
	r, _ := ctx.Value(onceKey{}).(*Request)
	return r
}

// IsRequest tells whether ctx names a request.
func IsRequest(ctx context.Context) bool { return requestOf(ctx) != nil }

// noted is what is kept of a request: never its body.
type noted struct {
	Hash []byte `json:"hash"`
	ID   string `json:"id"` // of the credential or key that came of it
}

// done returns the id of what came of a request before, empty for a new one.
func done(tx Tx, r *Request) (id string, err error) {
	if r == nil {
		return "", nil
	}
	data, err := tx.Record(RecordIdempotency, r.Key)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	var n noted
	if err := json.Unmarshal(data, &n); err != nil {
		return "", fmt.Errorf("read request: %w", err)
	}
	if string(n.Hash) != string(r.Hash[:]) {
		return "", refuse(CodeOtherRequest)
	}
	return n.ID, nil
}

// note keeps what came of a request.
func (a *act) note(r *Request, id string) error {
	if r == nil {
		return nil
	}
	data, err := json.Marshal(noted{r.Hash[:], id})
	if err != nil {
		return err
	}
	return a.PutRecord(RecordIdempotency, r.Key, data)
}

// doneBefore returns the row that came of a request before; nil for a new one,
// and for one whose row was given up.
func doneBefore(tx Tx, r *Request) (*Issuance, error) {
	id, err := done(tx, r)
	if err != nil || id == "" {
		return nil, err
	}
	row, err := tx.Issuance(id)
	if errors.Is(err, ErrNotFound) {
		return nil, nil // what came of it is no credential
	}
	if err != nil || row.State == StateVoid {
		return nil, err
	}
	row.Repeated = true
	return &row, nil
}

// recordOnce is recordOne for a request that may have been made before.
func (a *act) recordOnce(d draft, shelves map[string]*shelf) (Issuance, error) {
	before, err := doneBefore(a, d.request)
	switch {
	case err != nil:
		return Issuance{}, err
	case before != nil:
		before.Repeated = before.State != StatePending
		return *before, nil
	}
	row, err := a.recordOne(d, shelves)
	if err != nil {
		return row, err
	}
	return row, a.note(d.request, row.ID)
}

// Requested returns the credential that came of the context's request before,
// nil when nothing has. A pending one has no token yet: whoever repeats the
// request finishes it.
func (i *Issuer) Requested(ctx context.Context) (row *Issuance, err error) {
	r := requestOf(ctx)
	if r == nil {
		return nil, nil
	}
	err = i.store.View(ctx, func(tx Tx) error {
		row, err = doneBefore(tx, r)
		return err
	})
	return row, err
}

// RequestedID is Requested for what is no credential: its id, empty when nothing
// has come of the request.
func (i *Issuer) RequestedID(ctx context.Context) (id string, err error) {
	r := requestOf(ctx)
	if r == nil {
		return "", nil
	}
	err = i.store.View(ctx, func(tx Tx) error {
		id, err = done(tx, r)
		return err
	})
	return id, err
}

// Done and Note are for acts of the packages above: the id of what came of the
// context's request before, empty for a new one and for none, and the noting of
// it. Both belong into the act itself.
func (a *Act) Done(ctx context.Context) (id string, err error) { return done(a.a, requestOf(ctx)) }

// Note keeps what came of the context's request, see Done.
func (a *Act) Note(ctx context.Context, id string) error { return a.a.note(requestOf(ctx), id) }
