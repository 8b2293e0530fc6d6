package sockstore

import (
	"errors"
	"time"

	"github.com/employment-passport/passport/issuer"
)

// method is a method of issuer.Tx as the server runs it: it reads the argument,
// calls, and answers. Its error is that of the connection.
type method func(s *session, t issuer.Tx) error

// none stands for no argument and no result: gob sends no empty struct.
type none = bool

// Arguments of methods that have several.
type (
	digestsArg struct {
		Authority, Kind string
		Digests         [][16]byte
	}
	recognitionArg struct {
		Authority string
		Row       issuer.RecognitionRecord
	}
	definitionArg struct{ ID, Version, Token string }
	bitsArg       struct {
		URL  string
		Bits []byte
	}
	recordArg struct {
		Kind  issuer.RecordKind
		Key   string
		Value []byte
	}
	personArg struct {
		Issuer, ID string
		Handles    []string
		At         time.Time
	}
)

// methods are all that a client may call, by name; a test holds them against
// issuer.Tx.
var methods = map[string]method{
	"PutIssuance":       put(issuer.Tx.PutIssuance),
	"Issuance":          get(issuer.Tx.Issuance),
	"FindIssuance":      get(issuer.Tx.FindIssuance),
	"IssuanceByKey":     get(issuer.Tx.IssuanceByKey),
	"IssuancesNumbered": get(issuer.Tx.IssuancesNumbered),
	"IssuanceByHash":    get(issuer.Tx.IssuanceByHash),
	"Issuances":         each(issuer.Tx.Issuances),

	"PutStatusList": put(issuer.Tx.PutStatusList),
	"StatusList":    get(issuer.Tx.StatusList),
	"StatusListsOf": get(issuer.Tx.StatusListsOf),
	"StatusBits":    get(issuer.Tx.StatusBits),
	"PutStatusBits": put(func(t issuer.Tx, a bitsArg) error { return t.PutStatusBits(a.URL, a.Bits) }),

	"PutIssuer":  put(issuer.Tx.PutIssuer),
	"Issuer":     get(issuer.Tx.Issuer),
	"AllIssuers": all(issuer.Tx.AllIssuers),

	"PutKey": put(issuer.Tx.PutKey),
	"KeysOf": get(issuer.Tx.KeysOf),

	"PutTemplate":  put(issuer.Tx.PutTemplate),
	"Template":     get(issuer.Tx.Template),
	"AllTemplates": all(issuer.Tx.AllTemplates),

	"AppendAudit": put(issuer.Tx.AppendAudit),
	"AuditFrom":   each(issuer.Tx.AuditFrom),
	"LastAudit":   all(issuer.Tx.LastAudit),

	"PutAuthority":   put(issuer.Tx.PutAuthority),
	"Authority":      get(issuer.Tx.Authority),
	"AllAuthorities": all(issuer.Tx.AllAuthorities),
	"PutRecognition": put(func(t issuer.Tx, a recognitionArg) error { return t.PutRecognition(a.Authority, a.Row) }),
	"Recognitions":   get(issuer.Tx.Recognitions),
	"AddDigests":     put(func(t issuer.Tx, a digestsArg) error { return t.AddDigests(a.Authority, a.Kind, a.Digests) }),
	"Digests":        get(func(t issuer.Tx, a digestsArg) ([][16]byte, error) { return t.Digests(a.Authority, a.Kind) }),

	"PutComposite":   put(issuer.Tx.PutComposite),
	"Composite":      get(issuer.Tx.Composite),
	"CompositesOf":   get(issuer.Tx.CompositesOf),
	"EachComposite":  each(func(t issuer.Tx, _ none, yield func(issuer.Composite) bool) error { return t.EachComposite(yield) }),
	"PutDefinition":  put(func(t issuer.Tx, a definitionArg) error { return t.PutDefinition(a.ID, a.Version, a.Token) }),
	"Definition":     get(func(t issuer.Tx, a definitionArg) (string, error) { return t.Definition(a.ID, a.Version) }),
	"EachDefinition": each(func(t issuer.Tx, _ none, yield func(string) bool) error { return t.EachDefinition(yield) }),

	"PutRecord":    put(func(t issuer.Tx, a recordArg) error { return t.PutRecord(a.Kind, a.Key, a.Value) }),
	"Record":       get(func(t issuer.Tx, a recordArg) ([]byte, error) { return t.Record(a.Kind, a.Key) }),
	"DeleteRecord": put(func(t issuer.Tx, a recordArg) error { return t.DeleteRecord(a.Kind, a.Key) }),
	"EachRecord": each(func(t issuer.Tx, a recordArg, yield func(recordArg) bool) error {
		return t.EachRecord(a.Kind, a.Key, func(key string, value []byte) bool { return yield(recordArg{Key: key, Value: value}) })
	}),

	"PersonFor":   get(func(t issuer.Tx, a personArg) (issuer.Person, error) { return t.PersonFor(a.Issuer, a.Handles, a.At) }),
	"Person":      get(issuer.Tx.Person),
	"People":      each(issuer.Tx.People),
	"ErasePerson": put(func(t issuer.Tx, a personArg) error { return t.ErasePerson(a.ID, a.At) }),
	"Unowned":     each(func(t issuer.Tx, _ none, yield func(issuer.Issuance) bool) error { return t.Unowned(yield) }),
}

// get is a method with one argument and one result.
func get[A, R any](f func(issuer.Tx, A) (R, error)) method {
	return func(s *session, t issuer.Tx) error {
		var a A
		if err := s.wire.get(&a); err != nil {
			return err
		}
		r, err := f(t, a)
		if err != nil {
			return s.wire.send(answer{Say: sayValue, Err: s.served.wireOf(err)})
		}
		return s.wire.send(answer{Say: sayValue}, &r)
	}
}

// put is a method that only fails or does not.
func put[A any](f func(issuer.Tx, A) error) method {
	return get(func(t issuer.Tx, a A) (none, error) { return false, f(t, a) })
}

// all is a method without an argument.
func all[R any](f func(issuer.Tx) (R, error)) method {
	return get(func(t issuer.Tx, _ none) (R, error) { return f(t) })
}

// What one message of an iteration holds at most: few items first, as many
// callers stop early.
const (
	firstItems = 16
	mostItems  = 512
	itemsBytes = 64 << 10
)

// each is a method that yields. Items go in messages of some, each one before a
// true; a false and an answer end the message. Between two messages the client
// may call other methods, so that its yield can do what it could do here.
func each[A, E any](f func(issuer.Tx, A, func(E) bool) error) method {
	return func(s *session, t issuer.Tx) error {
		var a A
		if err := s.wire.get(&a); err != nil {
			return err
		}
		p := &pages{s: s, t: t, most: firstItems}
		err := f(t, a, func(e E) bool { return p.begin() && p.item(&e) && p.pause() })
		switch {
		case p.broken != nil:
			return p.broken
		case p.stopped:
			return s.wire.send(answer{Say: sayValue, Err: s.served.wireOf(err)})
		case !p.begin():
			return p.broken
		}
		return errors.Join(s.wire.put(false), s.wire.send(answer{Say: sayDone, Err: s.served.wireOf(err)}))
	}
}

// pages is an iteration under way; its methods tell whether to go on.
type pages struct {
	s       *session
	t       issuer.Tx
	open    bool // a message is being written
	items   int
	most    int
	stopped bool
	broken  error // the connection
}

func (p *pages) holds(err error) bool {
	p.broken = err
	return err == nil
}

func (p *pages) begin() bool {
	if p.open {
		return true
	}
	p.open, p.items = true, 0
	return p.holds(p.s.wire.put(answer{Say: sayItems}))
}

func (p *pages) item(e any) bool {
	p.items++
	return p.holds(p.s.wire.put(true)) && p.holds(p.s.wire.put(e))
}

// pause sends a message that is full and serves the client until it wants more.
func (p *pages) pause() bool {
	if p.items < p.most && p.s.wire.out.Len() < itemsBytes {
		return true
	}
	p.open, p.most = false, min(2*p.most, mostItems)
	if !p.holds(p.s.wire.put(false)) || !p.holds(p.s.wire.send(answer{Say: sayItems})) {
		return false
	}
	last, err := p.s.calls(p.t, doMore, doStop)
	p.stopped = last == doStop
	return p.holds(err) && !p.stopped
}
