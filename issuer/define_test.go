package issuer_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// A version is signed once, the next day too; another content needs another
// version.
func TestDefineSignsAVersionOnce(t *testing.T) {
	d := newBareDesk(t, nil)
	first, err := d.Define(t.Context(), clerk, "ente", definition(t, 3, 3))
	must(t, err)
	if first.Repeated || first.StatusList == "" || first.State != issuer.StateIssued {
		t.Errorf("%+v", first)
	}
	d.clock.pass(30 * time.Hour)
	again, err := d.Define(t.Context(), clerk, "ente", definition(t, 3, 3))
	must(t, err)
	if again.ID != first.ID || !again.Repeated || again.Token != first.Token {
		t.Errorf("signed anew as %s", again.ID)
	}
	_, err = d.Define(t.Context(), clerk, "ente", definition(t, 3, 2))
	refusedAs(t, err, "definition_version")
	next := definition(t, 3, 2)
	next.Version = "2"
	second, err := d.Define(t.Context(), clerk, "ente", next)
	must(t, err)
	if second.ID == first.ID {
		t.Error("two versions are one credential")
	}
	_, err = d.Define(t.Context(), clerk, "nobody", definition(t, 3, 3))
	refusedAs(t, err, "issuer_unknown")
	other := definition(t, 3, 3)
	other.Version, other.Owner = "3", schema.Profile{ID: "did:web:altro.example", Name: "Altro"}
	if _, err = d.Define(t.Context(), clerk, "ente", other); !schema.FaultsOf(err).Has("definition_owner") {
		t.Errorf("a definition of another owner: %v", err)
	}
}

// A bundle carries what is in force: not before the owner may award passports,
// not after it has withdrawn the definition.
func TestBundleCarriesDefinitionsInForce(t *testing.T) {
	d := newBareDesk(t, nil)
	a := d.regione(t)
	d.recognise(t)
	row, err := d.Define(t.Context(), clerk, "ente", definition(t, 3, 3))
	must(t, err)
	made, err := d.MakeBundle(t.Context(), clerk, "", issuer.BundleOptions{})
	must(t, err)
	if len(made.Problems) != 1 || made.Problems[0].Part != "definition" {
		t.Errorf("told %v", made.Problems)
	}
	d.recognise(t, func(r *issuer.Recognise) { r.Schemas = []string{schema.KindEmploymentPassport} })
	b := d.bundle(t, a.Anchor)
	if got := b.Definitions(); len(got) != 1 || got[0].Token != row.Token || got[0].Passport.Minimum != 3 {
		t.Errorf("%d definitions", len(got))
	}
	if got, ok := b.PassportDefinition(definition(t, 3, 3).ID, "1"); !ok || got.Minimum != 3 {
		t.Error("not found by its id and version")
	}
	if _, ok := b.PassportDefinition(definition(t, 3, 3).ID, "2"); ok {
		t.Error("found by another version")
	}
	_, err = d.Revoke(t.Context(), clerk, row.ID, issuer.Reason{Code: schema.IssuedInError})
	must(t, err)
	if got := d.bundle(t, a.Anchor).Definitions(); len(got) != 0 {
		t.Error("a withdrawn definition is carried")
	}
	_, err = d.Define(t.Context(), clerk, "ente", definition(t, 3, 3))
	refusedAs(t, err, "definition_withdrawn")
}

// A crash after signing and before the definition is kept where bundles look is
// mended by defining it again.
func TestDefineAgainAfterACrash(t *testing.T) {
	faults := &crash{}
	d := newBareDesk(t, faults.between)
	faults.on = true
	if _, err := d.Define(t.Context(), clerk, "ente", definition(t, 3, 3)); !errors.Is(err, errCrash) {
		t.Fatalf("no crash but %v", err)
	}
	faults.on = false
	row, err := d.Define(t.Context(), clerk, "ente", definition(t, 3, 3))
	must(t, err)
	if !row.Repeated {
		t.Error("signed twice")
	}
	must(t, d.store.View(t.Context(), func(tx issuer.Tx) error {
		token, err := tx.Definition("https://regione.example/definitions/passaporto", "1")
		if token != row.Token {
			t.Error("not kept")
		}
		return err
	}))
}

var errCrash = errors.New("the power went away")

// crash fails the keeping of definitions while it is on.
type crash struct {
	issuer.Store
	on bool
}

func (c *crash) between(s issuer.Store) issuer.Store {
	c.Store = s
	return c
}

func (c *crash) Update(ctx context.Context, f func(issuer.Tx) error) error {
	return c.Store.Update(ctx, func(tx issuer.Tx) error { return f(&crashTx{tx, c}) })
}

type crashTx struct {
	issuer.Tx
	crash *crash
}

func (tx *crashTx) PutDefinition(id, version, token string) error {
	if tx.crash.on {
		return errCrash
	}
	return tx.Tx.PutDefinition(id, version, token)
}

// An id is its owner's: another body's definition of that name is refused before
// it is signed, in any version, and a passport is never awarded by one while the
// other is kept.
func TestDefinitionOfAnotherOwnerIsTaken(t *testing.T) {
	w := newAwards(t, 2, 2)
	all := w.twenty(t, amina)
	_, err := w.AddIssuer(t.Context(), clerk, issuer.NewIssuer{Name: "comune", Title: "Comune Esempio", Country: "IT", Method: "web", Domain: "comune.example"})
	must(t, err)
	_, err = w.Define(t.Context(), clerk, "comune", definition(t, 2, 1))
	must(t, err)
	before := w.sound(t)
	_, err = w.Define(t.Context(), clerk, "ente", definition(t, 2, 2))
	refusedAs(t, err, "definition_taken")
	next := definition(t, 2, 2)
	next.Version = "2"
	_, err = w.Define(t.Context(), clerk, "ente", next)
	refusedAs(t, err, "definition_taken")
	_, err = w.Award(t.Context(), clerk, w.offerOf(t, all...))
	refused(t, err, "definition_taken")
	if after := w.sound(t); after != before {
		t.Errorf("%d rows more", after-before)
	}
}

// The same definition, signed anew by its owner, is still the same.
func TestDefinitionSignedAnewIsNotTaken(t *testing.T) {
	w := newAwards(t, 2, 2)
	all := w.twenty(t, amina)
	w.award(t, all...)
	w.clock.pass(24 * time.Hour)
	row, err := w.Define(t.Context(), clerk, "ente", definition(t, 2, 2))
	must(t, err)
	o := w.offerOf(t, w.twenty(t, bruno)...)
	o.Definition, o.Learner = row.Token, bruno
	if _, err := w.Award(t.Context(), clerk, o); err != nil {
		t.Error(err)
	}
}

// By its id a definition is the version in force today, and not the one that was
// signed last.
func TestAwardByTheVersionInForce(t *testing.T) {
	w := newAwards(t, 2, 2)
	all := w.twenty(t, amina)
	now, err := w.Define(t.Context(), clerk, "ente", definition(t, 2, 2))
	must(t, err)
	next := definition(t, 2, 2)
	next.Version, next.ValidFrom = "0.9", schema.DateOf(today.AddDate(1, 0, 0))
	w.clock.pass(time.Hour)
	later, err := w.Define(t.Context(), clerk, "ente", next)
	must(t, err)
	o := w.offerOf(t, all...)
	if o.Definition, err = w.SignedDefinition(t.Context(), next.ID); err != nil || o.Definition != now.Token {
		t.Errorf("not the first version: %v", err)
	}
	_, err = w.Award(t.Context(), clerk, o)
	must(t, err)
	w.clock.set(today.AddDate(1, 0, 0))
	if token, err := w.SignedDefinition(t.Context(), next.ID); err != nil || token != later.Token {
		t.Errorf("not the second version: %v", err)
	}
}

// A definition that the home has withdrawn awards nothing, in whatever file it
// comes; what was awarded by it stands and can be made anew.
func TestWithdrawnDefinitionAwardsNothing(t *testing.T) {
	w := newAwards(t, 2, 2)
	all := w.twenty(t, amina)
	row, err := w.Define(t.Context(), clerk, "ente", definition(t, 2, 2))
	must(t, err)
	o := w.offerOf(t, all...)
	o.Definition = row.Token
	passport, err := w.Award(t.Context(), clerk, o)
	must(t, err)
	_, err = w.Revoke(t.Context(), clerk, row.ID, issuer.Reason{Code: schema.IssuedInError})
	must(t, err)
	o.Pieces, o.Learner = pieces(t, w.twenty(t, bruno)...), bruno
	_, err = w.Award(t.Context(), clerk, o)
	refused(t, err, "definition_withdrawn")
	if now := w.now(t, passport.ID); now.State != issuer.StateIssued {
		t.Errorf("the passport is %s", now.State)
	}
	if _, err = w.Reissue(t.Context(), clerk, passport.ID, nil); err != nil {
		t.Error(err)
	}
}
