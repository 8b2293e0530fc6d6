package sockstore

import (
	"context"
	"errors"
	"time"

	"github.com/employment-passport/passport/issuer"
)

// tx is one transaction of the server. Like every Tx it is used by one
// goroutine at a time.
type tx struct {
	store  *Store
	wire   *wire
	ctx    context.Context //nolint:containedctx // of the one call that it lives in
	broken error           // the connection, or the server's end of the transaction
	ended  bool
}

var _ issuer.Tx = (*tx)(nil)

var errEnded = errors.New("the transaction has ended")

func (t *tx) end() { t.ended = true }

// fails keeps what ended the transaction and returns it.
func (t *tx) fails(err error) error {
	switch {
	case t.ctx.Err() != nil:
		err = t.ctx.Err()
	case errors.Is(err, ErrServerStopped), errors.Is(err, ErrStalled):
	default:
		err = errors.Join(ErrServerStopped, err)
	}
	t.broken = err
	return err
}

// hear reads an answer; over, and a broken connection, end the transaction.
func (t *tx) hear() (answer, error) {
	var a answer
	if err := t.wire.receive(answerWait, &a); err != nil {
		return a, t.fails(err)
	}
	if a.Say == sayOver {
		t.broken = t.store.errorOf(a.Err)
		return a, t.broken
	}
	return a, nil
}

func (t *tx) say(parts ...any) error {
	switch {
	case t.ended:
		return errEnded
	case t.broken != nil:
		return t.broken
	}
	if err := t.wire.send(parts...); err != nil {
		if _, over := t.hear(); over != nil { // the server may have said why it left
			return over
		}
		return t.fails(err)
	}
	return nil
}

// call is a method with one argument and one result.
func call[R, A any](t *tx, do string, arg A) (result R, err error) {
	if err := t.say(ask{Do: do}, &arg); err != nil {
		return result, err
	}
	a, err := t.hear()
	switch {
	case err != nil:
		return result, err
	case a.Err != nil:
		return result, t.store.errorOf(a.Err)
	}
	if err := t.wire.get(&result); err != nil {
		return result, t.fails(err)
	}
	return result, nil
}

func send[A any](t *tx, do string, arg A) error {
	_, err := call[none](t, do, arg)
	return err
}

// yieldAll is a method that yields.
func yieldAll[E, A any](t *tx, do string, arg A, yield func(E) bool) error {
	if err := t.say(ask{Do: do}, &arg); err != nil {
		return err
	}
	for {
		items, end, err := page[E](t)
		if err != nil {
			return err
		}
		for n := range items {
			if yield(items[n]) {
				continue
			}
			if end.Say == sayDone || t.broken != nil {
				return t.broken
			}
			return t.stop()
		}
		if t.broken != nil {
			return t.broken
		}
		if end.Say == sayDone {
			if end.Err != nil {
				return t.store.errorOf(end.Err)
			}
			return nil
		}
		if err := t.say(ask{Do: doMore}); err != nil {
			return err
		}
	}
}

// page reads one message of an iteration.
func page[E any](t *tx) (items []E, end answer, err error) {
	if end, err = t.hear(); err != nil {
		return nil, end, err
	}
	for more := true; ; {
		if err := t.wire.get(&more); err != nil {
			return nil, end, t.fails(err)
		}
		if !more {
			break
		}
		var e E
		if err := t.wire.get(&e); err != nil {
			return nil, end, t.fails(err)
		}
		items = append(items, e)
	}
	end = answer{}
	if err := t.wire.get(&end); err != nil {
		return nil, end, t.fails(err)
	}
	return items, end, nil
}

// stop ends an iteration early.
func (t *tx) stop() error {
	if err := t.say(ask{Do: doStop}); err != nil {
		return err
	}
	a, err := t.hear()
	if err == nil && a.Err != nil {
		err = t.store.errorOf(a.Err)
	}
	return err
}

func (t *tx) PutIssuance(i issuer.Issuance) error { return send(t, "PutIssuance", i) }
func (t *tx) Issuance(id string) (issuer.Issuance, error) {
	return call[issuer.Issuance](t, "Issuance", id)
}
func (t *tx) FindIssuance(ref string) ([]issuer.Issuance, error) {
	return call[[]issuer.Issuance](t, "FindIssuance", ref)
}
func (t *tx) IssuancesNumbered(number string) ([]issuer.Issuance, error) {
	return call[[]issuer.Issuance](t, "IssuancesNumbered", number)
}
func (t *tx) IssuanceByKey(key string) (issuer.Issuance, error) {
	return call[issuer.Issuance](t, "IssuanceByKey", key)
}
func (t *tx) IssuanceByHash(hash [32]byte) (issuer.Issuance, error) {
	return call[issuer.Issuance](t, "IssuanceByHash", hash)
}
func (t *tx) Issuances(f issuer.Filter, yield func(issuer.Issuance) bool) error {
	return yieldAll(t, "Issuances", f, yield)
}

func (t *tx) PutStatusList(l issuer.StatusList) error { return send(t, "PutStatusList", l) }
func (t *tx) StatusList(url string) (issuer.StatusList, error) {
	return call[issuer.StatusList](t, "StatusList", url)
}
func (t *tx) StatusListsOf(name string) ([]issuer.StatusList, error) {
	return call[[]issuer.StatusList](t, "StatusListsOf", name)
}
func (t *tx) StatusBits(url string) ([]byte, error) { return call[[]byte](t, "StatusBits", url) }
func (t *tx) PutStatusBits(url string, bits []byte) error {
	return send(t, "PutStatusBits", bitsArg{url, bits})
}

func (t *tx) PutIssuer(r issuer.IssuerRecord) error { return send(t, "PutIssuer", r) }
func (t *tx) Issuer(name string) (issuer.IssuerRecord, error) {
	return call[issuer.IssuerRecord](t, "Issuer", name)
}
func (t *tx) AllIssuers() ([]issuer.IssuerRecord, error) {
	return call[[]issuer.IssuerRecord](t, "AllIssuers", none(false))
}

func (t *tx) PutKey(k issuer.KeyRecord) error { return send(t, "PutKey", k) }
func (t *tx) KeysOf(owner string) ([]issuer.KeyRecord, error) {
	return call[[]issuer.KeyRecord](t, "KeysOf", owner)
}

func (t *tx) PutTemplate(r issuer.TemplateRecord) error { return send(t, "PutTemplate", r) }
func (t *tx) Template(name string) (issuer.TemplateRecord, error) {
	return call[issuer.TemplateRecord](t, "Template", name)
}
func (t *tx) AllTemplates() ([]issuer.TemplateRecord, error) {
	return call[[]issuer.TemplateRecord](t, "AllTemplates", none(false))
}

func (t *tx) AppendAudit(e issuer.AuditEntry) error { return send(t, "AppendAudit", e) }
func (t *tx) AuditFrom(seq uint64, yield func(issuer.AuditEntry) bool) error {
	return yieldAll(t, "AuditFrom", seq, yield)
}
func (t *tx) LastAudit() (issuer.AuditEntry, error) {
	return call[issuer.AuditEntry](t, "LastAudit", none(false))
}

func (t *tx) PutAuthority(r issuer.AuthorityRecord) error { return send(t, "PutAuthority", r) }
func (t *tx) Authority(name string) (issuer.AuthorityRecord, error) {
	return call[issuer.AuthorityRecord](t, "Authority", name)
}
func (t *tx) AllAuthorities() ([]issuer.AuthorityRecord, error) {
	return call[[]issuer.AuthorityRecord](t, "AllAuthorities", none(false))
}
func (t *tx) PutRecognition(authority string, r issuer.RecognitionRecord) error {
	return send(t, "PutRecognition", recognitionArg{authority, r})
}
func (t *tx) Recognitions(authority string) ([]issuer.RecognitionRecord, error) {
	return call[[]issuer.RecognitionRecord](t, "Recognitions", authority)
}
func (t *tx) AddDigests(authority, kind string, digests [][16]byte) error {
	return send(t, "AddDigests", digestsArg{authority, kind, digests})
}
func (t *tx) Digests(authority, kind string) ([][16]byte, error) {
	return call[[][16]byte](t, "Digests", digestsArg{Authority: authority, Kind: kind})
}

func (t *tx) PutComposite(c issuer.Composite) error { return send(t, "PutComposite", c) }
func (t *tx) Composite(id string) (issuer.Composite, error) {
	return call[issuer.Composite](t, "Composite", id)
}
func (t *tx) CompositesOf(component string) ([]issuer.Composite, error) {
	return call[[]issuer.Composite](t, "CompositesOf", component)
}
func (t *tx) EachComposite(yield func(issuer.Composite) bool) error {
	return yieldAll(t, "EachComposite", none(false), yield)
}
func (t *tx) PutDefinition(id, version, token string) error {
	return send(t, "PutDefinition", definitionArg{id, version, token})
}
func (t *tx) Definition(id, version string) (string, error) {
	return call[string](t, "Definition", definitionArg{ID: id, Version: version})
}
func (t *tx) EachDefinition(yield func(token string) bool) error {
	return yieldAll(t, "EachDefinition", none(false), yield)
}

func (t *tx) PutRecord(kind issuer.RecordKind, key string, value []byte) error {
	return send(t, "PutRecord", recordArg{kind, key, value})
}
func (t *tx) Record(kind issuer.RecordKind, key string) ([]byte, error) {
	return call[[]byte](t, "Record", recordArg{Kind: kind, Key: key})
}
func (t *tx) DeleteRecord(kind issuer.RecordKind, key string) error {
	return send(t, "DeleteRecord", recordArg{Kind: kind, Key: key})
}
func (t *tx) EachRecord(kind issuer.RecordKind, after string, yield func(key string, value []byte) bool) error {
	return yieldAll(t, "EachRecord", recordArg{Kind: kind, Key: after}, func(r recordArg) bool { return yield(r.Key, r.Value) })
}

func (t *tx) PersonFor(name string, handles []string, at time.Time) (issuer.Person, error) {
	return call[issuer.Person](t, "PersonFor", personArg{Issuer: name, Handles: handles, At: at})
}
func (t *tx) Person(id string) (issuer.Person, error) { return call[issuer.Person](t, "Person", id) }
func (t *tx) People(f issuer.PeopleFilter, yield func(issuer.Person) bool) error {
	return yieldAll(t, "People", f, yield)
}
func (t *tx) ErasePerson(id string, at time.Time) error {
	return send(t, "ErasePerson", personArg{ID: id, At: at})
}
func (t *tx) Unowned(yield func(issuer.Issuance) bool) error {
	return yieldAll(t, "Unowned", none(false), yield)
}
