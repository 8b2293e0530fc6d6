package issuer_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

var bruno = schema.Learner{Name: "Bruno Neri", GivenName: "Bruno", FamilyName: "Neri", BirthDate: "1980-01-01"}

const oneKey = "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169"

// town is a home of another body, "comune".
func town(t testing.TB) *desk {
	t.Helper()
	d := newBareDesk(t, nil)
	_, err := d.AddIssuer(t.Context(), clerk, issuer.NewIssuer{Name: "comune", Title: "Comune Esempio", Country: "IT", Method: "web", Domain: "comune.example"})
	must(t, err)
	return d
}

// foreignTo has another body give a course to somebody.
func foreignTo(t testing.TB, d *desk, n int, l schema.Learner) issuer.Issuance {
	t.Helper()
	_, err := d.AddTemplate(t.Context(), clerk, course(t, n), 20)
	must(t, err)
	row, err := d.Issue(t.Context(), clerk, issuer.Offer{Issuer: "comune", Template: fmt.Sprintf("course-%02d", n), Learner: l})
	must(t, err)
	return *row
}

// What another person holds is no spare: when her component falls, nobody is
// awarded by his.
func TestSpareIsNeverSomebodyElses(t *testing.T) {
	w := newAwards(t, 1, 1)
	mine := w.twenty(t, amina)
	for range 8 { // the ids decide which of two of one day comes first
		theirs := foreignTo(t, town(t), 1, bruno)
		row := w.award(t, mine[0], theirs)
		_, err := w.Revoke(t.Context(), clerk, mine[0].ID, mistake)
		must(t, err)
		if now := w.now(t, row.ID); now.State != issuer.StateRevoked || now.SupersededBy != "" {
			t.Fatalf("the passport is %s, replaced by %q", now.State, now.SupersededBy)
		}
		mine = w.twenty(t, amina)
	}
	w.neverGreen(t)
}

// The learner's own missing credential is named, however far somebody else in
// the same folder has got.
func TestAwardCountsTheLearnerOnly(t *testing.T) {
	w := newAwards(t, 4, 4)
	hers, his := w.twenty(t, amina), w.twenty(t, bruno)
	for name, c := range map[string]struct {
		hers, his []issuer.Issuance
		of        schema.Learner
	}{
		"she lacks one, he lacks none": {append(hers[:1:1], hers[2:]...), his, amina},
		"he lacks one, she lacks none": {hers, append(his[:1:1], his[2:]...), bruno},
	} {
		o := w.offerOf(t, append(c.hers[:len(c.hers):len(c.hers)], c.his...)...)
		o.Learner = c.of
		_, err := w.Award(t.Context(), clerk, o)
		refused(t, err, "award_incomplete")
		var missing *issuer.IncompleteError
		if !errors.As(err, &missing) || missing.Have != 3 || len(missing.Missing) != 1 || missing.Missing[0].Ref != "R02" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, of := range []schema.Learner{amina, bruno} {
		o := w.offerOf(t, append(hers[:4:4], his...)...)
		o.Learner = of
		row, err := w.Award(t.Context(), clerk, o)
		must(t, err)
		if row.LearnerName != of.Name {
			t.Errorf("%s was awarded what %s holds", row.LearnerName, of.Name)
		}
	}
}

// Two people under one key: with another birthday his is somebody else's, with
// another name only it is refused by its id.
func TestAwardOfOneKeyUnderTwoNames(t *testing.T) {
	w := newAwards(t, 2, 2)
	a, b, c := amina, bruno, amina
	a.Holder, b.Holder, c.Holder = oneKey, oneKey, oneKey
	c.Name, c.GivenName = "Awa Diallo", "Awa"
	hers, his, renamed := w.twenty(t, a), w.twenty(t, b), w.twenty(t, c)
	o := w.offerOf(t, hers[0], his[1])
	o.Learner = a
	_, err := w.Award(t.Context(), clerk, o)
	refused(t, err, "award_incomplete")
	o = w.offerOf(t, hers[0], renamed[1])
	o.Learner = a
	_, err = w.Award(t.Context(), clerk, o)
	refused(t, err, "award_other_name")
	var told *issuer.Error
	if !errors.As(err, &told) || !strings.Contains(told.Args["ids"], renamed[1].ID) {
		t.Errorf("the credential is not named: %v", err)
	}
}

// Of two credentials that bear one id the register keeps the one that counts, in
// whatever order they come.
func TestRecordKeepsTheTokenThatCounts(t *testing.T) {
	w := newAwards(t, 1, 1)
	var both []issuer.Issuance
	for _, days := range []int{0, 3} {
		d := town(t)
		d.clock.set(today.AddDate(0, 0, days))
		row := foreignTo(t, d, 1, amina)
		raw, err := d.IssueRaw(t.Context(), clerk, issuer.RawOffer{Issuer: "comune", Document: []byte(asDocument(t, row))})
		must(t, err)
		both = append(both, *raw)
	}
	w.clock.set(today.AddDate(0, 0, 5))
	passport := w.award(t, both[1], both[0])
	must(t, w.store.View(t.Context(), func(tx issuer.Tx) error {
		c, err := tx.Composite(passport.ID)
		if len(c.Components) != 1 || c.Components[0].ValidFrom.Day() != today.AddDate(0, 0, 3).Day() {
			t.Errorf("kept %+v", c.Components)
		}
		return err
	}))
}
