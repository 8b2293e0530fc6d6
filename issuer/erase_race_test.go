package issuer_test

import (
	"context"
	"os"
	"testing"

	"github.com/employment-passport/passport/issuer"
)

// beforeUpdate does something once, before the next update.
type beforeUpdate struct {
	issuer.Store
	do func()
}

func (b *beforeUpdate) Update(ctx context.Context, f func(issuer.Tx) error) error {
	if do := b.do; do != nil {
		b.do = nil
		do()
	}
	return b.Store.Update(ctx, f)
}

// Who is erased while a copy of theirs is being made gets none, and whoever makes
// it is told why.
func TestReissueOfWhoIsErasedMeanwhile(t *testing.T) {
	b := &beforeUpdate{}
	d := newBareDesk(t, func(s issuer.Store) issuer.Store { b.Store = s; return b })
	body, err := os.ReadFile("../examples/templates/01-food-hygiene-it.json")
	must(t, err)
	r, err := d.AddTemplate(t.Context(), clerk, body, 20)
	must(t, err)
	row, err := d.Issue(t.Context(), clerk, d.offer(t, r.Name, ""))
	must(t, err)
	b.do = func() {
		_, err := d.Erase(t.Context(), clerk, row.ID)
		must(t, err)
	}
	_, err = d.Reissue(t.Context(), clerk, row.ID, nil)
	refused(t, err, "erased")
	must(t, d.List(t.Context(), issuer.Filter{}, func(i issuer.Issuance) bool {
		if !i.Erased {
			t.Errorf("%s was made of %s", i.ID, row.ID)
		}
		return true
	}))
}

// What cannot be undone takes no beginning of an id, which a slip of the finger
// makes another person's.
func TestEraseTakesNoBeginning(t *testing.T) {
	d := newDesk(t)
	plain, _ := d.templateNames(t)
	row, err := d.Issue(t.Context(), clerk, d.offer(t, plain, "N-1"))
	must(t, err)
	for _, ref := range []string{row.ID[:len("urn:uuid:")+8], row.ID[len("urn:uuid:"):][:8], row.ID[:len(row.ID)-1], "u"} {
		_, err := d.Erase(t.Context(), clerk, ref)
		refused(t, err, "person_unknown")
		_, err = d.Erasable(t.Context(), ref)
		refused(t, err, "person_unknown")
	}
	would, err := d.Erasable(t.Context(), row.ID[len("urn:uuid:"):])
	if err != nil || len(would.Credentials) != 1 {
		t.Errorf("by its number alone: %+v, %v", would, err)
	}
}

// TestAYearOfBirthJoinsNobody: namesakes of one year were one person, whom an
// erasure of either took whole.
func TestAYearOfBirthJoinsNobody(t *testing.T) {
	d, _ := newFaultyDesk(t)
	plain, _ := d.templateNames(t)
	person := func(number, birth string) string {
		offer := d.offer(t, plain, number)
		offer.Learner.Holder, offer.Learner.BirthDate = "", birth
		row, err := d.Issue(t.Context(), clerk, offer)
		must(t, err)
		return row.Person
	}
	if person("MC-1", "1990") == person("MC-2", "1990") {
		t.Error("a name and a year are taken for one person")
	}
	if person("MC-3", "1990-05-01") != person("MC-4", "1990-05-01") {
		t.Error("a name and a full date are two people")
	}
}
