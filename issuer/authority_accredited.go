package issuer

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/schema"
)

// Accredited is a recognition that an accreditation asks for. Whoever
// accredits is recognised for saying who may issue what, and for nothing else:
// the name, the keys and the end that an authority knows of a body are worth
// more than what the accreditation says of them.
type Accredited struct {
	Recognise // Name and Document are what whoever recognises says, and count first

	By          string    // DID of whoever accredits
	Since       time.Time // first day on which that one might accredit; zero is open
	SaidName    string    // of the body, in the accreditation
	Keys        []schema.AccreditedKey
	ReplaceKeys bool // pin Keys although the body is known
}

// Outcome is what was written, and in what it is not what the accreditation
// says.
type Outcome struct {
	Record   RecognitionRecord
	LeftKeys []string // kids of keys that were not pinned
	KeptName bool     // the accreditation calls the body otherwise
	KeptEnd  bool     // a permission that runs longer was not cut short
	Since    time.Time
}

// RecogniseAccredited writes what an accreditation that was found good asks
// for. It reopens nothing: a body that has lapsed, was closed or withdrawn is a
// person's to recognise again (accreditation_ended).
func (i *Issuer) RecogniseAccredited(ctx context.Context, by Actor, authority string, r Accredited) (out Outcome, err error) {
	if err := r.sound(); err != nil {
		return out, err
	}
	if r.From = i.from(r.Recognise); r.From.Before(r.Since) {
		r.From, out.Since = r.Since, r.Since
	}
	if !r.Until.IsZero() && r.Until.Before(r.From) {
		return out, refuse("accreditation_window", "from", schema.DateOf(r.From).String(), "until", schema.DateOf(r.Until).String())
	}
	err = i.changeRecognition(ctx, by, authority, "authority.recognise", func(tx Tx, a AuthorityRecord) (RecognitionRecord, string, error) {
		out = Outcome{Since: out.Since}
		err := i.recogniseAccredited(tx, a, r, &out)
		return out.Record, strings.Join(r.Schemas, " ") + " by " + r.By, err
	})
	return out, err
}

func (i *Issuer) recogniseAccredited(tx Tx, a AuthorityRecord, r Accredited, out *Outcome) error {
	known, err := findRecognition(tx, a.Name, r.DID)
	first := errors.Is(err, ErrNotFound)
	switch {
	case err != nil && !first:
		return err
	case !first && known.State == schema.EntityWithdrawn:
		return refuse("recognise_withdrawn", "did", r.DID)
	case !first && known.State != schema.EntityRecognised:
		return refuse("accreditation_ended", "did", r.DID, "state", string(known.State))
	}
	home, err := issuerByDID(tx, r.DID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	fresh, err := i.newKeys(r, known, first, home.Name != "")
	if err != nil {
		return err
	}
	one := r.Recognise
	if len(fresh) > 0 {
		if one.Document, err = json.Marshal(historyOf{r.DID, fresh}); err != nil {
			return err
		}
	}
	rec, err := i.identify(tx, a, one)
	if err != nil {
		return err
	}
	if len(fresh) > 0 && !first {
		rec.retireOthers(r.Keys, i.today())
	}
	if rec.Name = firstText(r.Name, known.properName(), home.properTitle(), r.SaidName, rec.Name); r.Name == "" {
		out.KeptName = r.SaidName != "" && r.SaidName != rec.Name
	}
	rec.State = schema.EntityRecognised
	for _, s := range r.Schemas {
		p := schema.Permission{Schema: s, Scopes: r.Scopes, From: r.From, Until: r.Until}
		out.KeptEnd = rec.permitLonger(p, i.today()) || out.KeptEnd
	}
	rec.VerifyBases = union(rec.VerifyBases, r.VerifyBases)
	out.Record = rec
	out.LeftKeys, err = leftOf(tx, rec, r.Keys)
	return err
}

// historyOf is the form in which a body publishes its keys.
type historyOf struct {
	ID   string    `json:"id"`
	Keys []keyLine `json:"keys"`
}

// newKeys gives the keys of the accreditation that are to be pinned, none of
// which counts before the accreditation does, nor before today where the body
// is known. A body of this home and a did:key bring their own, a document that
// somebody has looked at counts first, and the keys of a body that is known are
// only added to when that is asked for.
func (i *Issuer) newKeys(r Accredited, known RecognitionRecord, first, home bool) (lines []keyLine, err error) {
	method, err := did.Method(r.DID)
	if err != nil {
		return nil, refuse("recognise_did", "did", r.DID).because(err)
	}
	if home || method != "web" || r.Document != nil || !first && !r.ReplaceKeys {
		return nil, nil
	}
	earliest := r.From
	if !first && earliest.Before(i.today()) {
		earliest = i.today()
	}
	for _, k := range r.Keys {
		kid, thumbprint := nameOf(k)
		if known.hasKey(kid, thumbprint, k.Use) {
			continue
		}
		from := k.From
		if day := schema.DateOf(earliest).String(); from < day {
			from = day
		}
		lines = append(lines, keyLine{KID: kid, JWK: json.RawMessage(k.JWK), Use: k.Use, State: schema.KeyActive, From: from, Until: k.Until})
	}
	return lines, nil
}

// nameOf gives the kid and the thumbprint of a key.
func nameOf(k schema.AccreditedKey) (kid, thumbprint string) {
	var jwk struct{ Kid string }
	if err := json.Unmarshal([]byte(k.JWK), &jwk); err != nil {
		return "", "" // refused when it is pinned
	}
	return jwk.Kid, RecognisedKey{JWK: []byte(k.JWK)}.thumbprint()
}

// retireOthers retires today the active keys that the new ones take the place
// of: those of the same use that the accreditation does not name.
func (r *RecognitionRecord) retireOthers(keys []schema.AccreditedKey, today time.Time) {
	for n, old := range r.Keys {
		named, sameUse := false, false
		for _, k := range keys {
			kid, thumbprint := nameOf(k)
			named = named || kid == old.KID && thumbprint == old.thumbprint() && k.Use == old.Use
			sameUse = sameUse || k.Use == old.Use
		}
		if sameUse && !named && old.State == schema.KeyActive {
			r.Keys[n].State, r.Keys[n].Until = schema.KeyRetired, today
		}
	}
}

// properName is the name that a body is known by, empty when that is its DID.
func (r *RecognitionRecord) properName() string {
	if r.Name == r.DID {
		return ""
	}
	return r.Name
}

// properTitle is the title of a body of this home, empty when that is its short
// name on the command line.
func (r IssuerRecord) properTitle() string {
	if r.Title == r.Name {
		return ""
	}
	return r.Title
}

// permitLonger adds p and leaves a later end of the same permission as it is:
// nobody but a person ends a recognition. kept tells that there was one.
func (r *RecognitionRecord) permitLonger(p schema.Permission, today time.Time) (kept bool) {
	for _, old := range r.Permissions {
		running := old.Until.IsZero() || !old.Until.Before(today)
		longer := !p.Until.IsZero() && (old.Until.IsZero() || old.Until.After(p.Until))
		if old.Schema == p.Schema && slices.Equal(old.Scopes, p.Scopes) && running && longer {
			p.Until, kept = old.Until, true
		}
	}
	r.permit(p, today)
	return kept
}

// leftOf gives the kids that the accreditation names and the authority does
// not know.
func leftOf(tx Tx, rec RecognitionRecord, keys []schema.AccreditedKey) (left []string, err error) {
	entities, err := entitiesOf(tx, []RecognitionRecord{rec})
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		kid, thumbprint := nameOf(k)
		known := slices.ContainsFunc(entities[0].Keys, func(o schema.Key) bool {
			return o.KID == kid && o.Thumbprint == thumbprint && o.Use == k.Use
		})
		if !known {
			left = append(left, kid)
		}
	}
	return left, nil
}

// sound refuses what recognises nothing.
func (r Recognise) sound() error {
	if len(r.Schemas) == 0 {
		return refuse("recognise_schema")
	}
	for _, name := range r.Schemas {
		if !schema.IsDocument(name) {
			return refuse("recognise_unknown_schema", "schema", name, "known", strings.Join(schema.Documents, ", "))
		}
	}
	return nil
}
