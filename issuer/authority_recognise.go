package issuer

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/schema"
)

// Recognise is one act of recognition.
type Recognise struct {
	// DID is the body. One of this home, and a did:key, bring their own keys;
	// for any other, Document is its did document, as somebody has looked at it.
	DID      string
	Document []byte

	Name, Country string // empty is what is known already
	Schemas       []string
	Scopes        []string
	From, Until   time.Time // UTC days; a zero From is today, a zero Until is open
	StatusKeys    []string  // kids of Document that sign status lists; default those named #status…
	VerifyBases   []string
}

// Recognise writes that a body may issue documents of those schemas. A body
// that is recognised already gets the new permission beside, or the new end of
// the one that it has.
func (i *Issuer) Recognise(ctx context.Context, by Actor, authority string, r Recognise) (RecognitionRecord, error) {
	if err := r.sound(); err != nil {
		return RecognitionRecord{}, err
	}
	if !r.Until.IsZero() && r.Until.Before(i.from(r)) {
		return RecognitionRecord{}, refuse("recognise_window", "from", schema.DateOf(i.from(r)).String(), "until", schema.DateOf(r.Until).String())
	}
	var rec RecognitionRecord
	err := i.changeRecognition(ctx, by, authority, "authority.recognise", func(tx Tx, a AuthorityRecord) (RecognitionRecord, string, error) {
		var err error
		if rec, err = i.identify(tx, a, r); err != nil {
			return rec, "", err
		}
		if rec.State == schema.EntityWithdrawn {
			return rec, "", refuse("recognise_withdrawn", "did", rec.DID)
		}
		rec.State, rec.StatusDelegate, rec.Reason = schema.EntityRecognised, "", ""
		for _, s := range r.Schemas {
			rec.permit(schema.Permission{Schema: s, Scopes: r.Scopes, From: i.from(r), Until: r.Until}, i.today())
		}
		rec.VerifyBases = union(rec.VerifyBases, r.VerifyBases)
		return rec, strings.Join(r.Schemas, " "), nil
	})
	return rec, err
}

func (i *Issuer) today() time.Time { return schema.DateOf(i.now()).Time() }

func (i *Issuer) from(r Recognise) time.Time {
	if r.From.IsZero() {
		return i.today()
	}
	return schema.DateOf(r.From).Time()
}

// permit adds p, or moves the end of the same permission when that has not
// passed. What was permitted once stays permitted for its time.
func (r *RecognitionRecord) permit(p schema.Permission, today time.Time) {
	for n, old := range r.Permissions {
		running := old.Until.IsZero() || !old.Until.Before(today)
		if old.Schema == p.Schema && slices.Equal(old.Scopes, p.Scopes) && running {
			if old.From.Before(p.From) {
				p.From = old.From
			}
			r.Permissions[n] = p
			return
		}
	}
	r.Permissions = append(r.Permissions, p)
}

// identify finds who is meant and which keys it has.
func (i *Issuer) identify(tx Tx, a AuthorityRecord, r Recognise) (RecognitionRecord, error) {
	history, err := r.history()
	if err != nil {
		return RecognitionRecord{}, err
	}
	var document *did.Document
	if history == nil {
		if document, err = r.document(); err != nil {
			return RecognitionRecord{}, err
		}
	}
	id := r.DID
	rec, err := findRecognition(tx, a.Name, id)
	if errors.Is(err, ErrNotFound) {
		rec, err = RecognitionRecord{DID: id, Name: id}, nil
	}
	if err != nil {
		return rec, err
	}
	home, err := issuerByDID(tx, id)
	switch {
	case err == nil:
		// Keys that were pinned before the body issued from here stay: one that
		// was called compromised then is no better now.
		rec.Issuer = home.Name
		rec.Name, rec.Country = firstText(home.Title, home.Name), home.Country
	case !errors.Is(err, ErrNotFound):
		return rec, err
	case history != nil:
		if err := rec.pinHistory(history); err != nil {
			return rec, err
		}
	case document == nil && len(rec.Keys) == 0:
		return rec, refuse("recognise_document", "did", id)
	case document != nil:
		if err := rec.pin(document, r.StatusKeys, i.today()); err != nil {
			return rec, err
		}
	}
	rec.Name, rec.Country = firstText(r.Name, rec.Name), firstText(strings.ToUpper(r.Country), rec.Country)
	return rec, nil
}

// document reads the did document that was handed over, or makes that of a
// did:key or did:jwk. A body of this home needs none.
func (r Recognise) document() (*did.Document, error) {
	if len(r.Document) > 0 {
		_, err := did.Method(r.DID)
		if err != nil {
			return nil, refuse("recognise_document_bad").because(err)
		}
		d, err := did.ParseDocument(r.Document, r.DID)
		if err != nil {
			return nil, refuse("recognise_document_bad").because(err)
		}
		return d, nil
	}
	method, err := did.Method(r.DID)
	if err != nil {
		return nil, refuse("recognise_did", "did", r.DID).because(err)
	}
	if method == "web" {
		return nil, nil
	}
	d, err := did.Resolve(r.DID)
	if err != nil {
		return nil, refuse("recognise_did", "did", r.DID).because(err)
	}
	return d, nil
}
