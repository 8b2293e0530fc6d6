package access

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/employment-passport/passport/issuer"
)

// Config holds the parts of a Service; all are compulsory.
type Config struct {
	Issuer *issuer.Issuer
	Store  issuer.Store // of that issuer
	Now    func() time.Time
}

// Service keeps users, API keys, sessions and proposals in the issuer's store.
// It is safe for many goroutines and holds nothing that another process over the
// same store would have to know: every request reads the record itself, so that
// what is revoked at the command line is refused here at once.
//
// Its refusals are *issuer.Error with a code, or one of ErrUnauthenticated,
// ErrForbidden and ErrNotHere.
type Service struct {
	issuer *issuer.Issuer
	store  issuer.Store
	now    func() time.Time

	read     sync.Map // id of an API key → readKey
	used     sync.Map // id of an API key → UTC day of its last use that was written
	failures failures
}

// New returns the Service of a store.
func New(c Config) (*Service, error) {
	if c.Issuer == nil || c.Store == nil || c.Now == nil {
		return nil, errors.New("access: a Config needs an Issuer, its Store and a clock")
	}
	return &Service{issuer: c.Issuer, store: c.Store, now: c.Now}, nil
}

// get reads a record as JSON; the error is issuer.ErrNotFound when it is not
// there.
func get[T any](tx issuer.Tx, kind issuer.RecordKind, key string) (v T, err error) {
	data, err := tx.Record(kind, key)
	if err != nil {
		return v, err
	}
	return parse[T](kind, data)
}

func parse[T any](kind issuer.RecordKind, data []byte) (v T, err error) {
	if err := json.Unmarshal(data, &v); err != nil {
		return v, fmt.Errorf("read %s record: %w", kind, err)
	}
	return v, nil
}

func put(tx issuer.Tx, kind issuer.RecordKind, key string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write %s record: %w", kind, err)
	}
	return tx.PutRecord(kind, key, data)
}

// all reads every record of a kind, by key.
func all[T any](tx issuer.Tx, kind issuer.RecordKind) (list []T, err error) {
	var broken error
	err = tx.EachRecord(kind, "", func(_ string, data []byte) bool {
		var v T
		if broken = json.Unmarshal(data, &v); broken != nil {
			broken = fmt.Errorf("read %s record: %w", kind, broken)
			return false
		}
		list = append(list, v)
		return true
	})
	return list, errors.Join(err, broken)
}

// view runs f over the store and returns what it read.
func view[T any](ctx context.Context, s *Service, f func(issuer.Tx) (T, error)) (v T, err error) {
	err = s.store.View(ctx, func(tx issuer.Tx) error {
		v, err = f(tx)
		return err
	})
	return v, err
}

// refuse makes an issuer.Error; args are name, value pairs for the sentence.
func refuse(code string, args ...string) *issuer.Error {
	e := &issuer.Error{Code: code, Args: map[string]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		e.Args[args[i]] = args[i+1]
	}
	return e
}

// unknown turns ErrNotFound into a refusal and leaves other errors alone.
func unknown(err error, code string, args ...string) error {
	if errors.Is(err, issuer.ErrNotFound) {
		e := refuse(code, args...)
		e.Err = err
		return e
	}
	return err
}

// keysOf returns the keys of the records that f tells of.
func keysOf[T any](tx issuer.Tx, kind issuer.RecordKind, f func(T) bool) (keys []string, err error) {
	var broken error
	err = tx.EachRecord(kind, "", func(key string, data []byte) bool {
		var v T
		if broken = json.Unmarshal(data, &v); broken != nil {
			broken = fmt.Errorf("read %s record: %w", kind, broken)
			return false
		}
		if f(v) {
			keys = append(keys, key)
		}
		return true
	})
	return keys, errors.Join(err, broken)
}
