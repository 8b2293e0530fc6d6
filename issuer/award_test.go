package issuer_test

import (
	"errors"
	"testing"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// Row M2, the desk's side: with 19 of 20 it refuses and names the missing one,
// with 20 it signs.
func TestRowM2AwardWantsAllTwenty(t *testing.T) {
	w := newAwards(t, 20, 20)
	all := w.twenty(t, amina)
	_, err := w.Award(t.Context(), clerk, w.offerOf(t, append(all[:6:6], all[7:]...)...))
	refused(t, err, "award_incomplete")
	var missing *issuer.IncompleteError
	if !errors.As(err, &missing) || missing.Have != 19 || missing.Need != 20 || len(missing.Missing) != 1 || missing.Missing[0].Ref != "R07" {
		t.Fatalf("got %v", err)
	}
	// One that was found not valid counts as little as one that is not there.
	doubtful := w.offerOf(t, all...)
	doubtful.Pieces[11].Good = false
	_, err = w.Award(t.Context(), clerk, doubtful)
	if !errors.As(err, &missing) || missing.Missing[0].Ref != "R12" {
		t.Fatalf("got %v", err)
	}

	row := w.award(t, all...)
	named := parts(t, row)
	if row.State != issuer.StateIssued || len(named) != 20 || named["R07"] != all[6].ID || row.DocumentNumber[:3] != "EP-" {
		t.Errorf("%s %s names %v", row.State, row.DocumentNumber, named)
	}
	again := w.award(t, all...)
	if again.ID != row.ID || !again.Repeated {
		t.Error("the same award twice made two")
	}
	w.neverGreen(t)
	w.sound(t)
}

// Twenty credentials of two people are no passport of either, and nobody is
// awarded what another has learned.
func TestAwardIsOnePersons(t *testing.T) {
	w := newAwards(t, 3, 3)
	mine := w.twenty(t, amina)
	other := amina
	other.Name, other.GivenName, other.BirthDate = "Awa Diallo", "Awa", "1999-01-01"
	theirs := w.twenty(t, other)
	_, err := w.Award(t.Context(), clerk, w.offerOf(t, mine[0], mine[1], theirs[2]))
	refused(t, err, "award_incomplete")
	_, err = w.Award(t.Context(), clerk, w.offerOf(t, theirs...))
	refused(t, err, "award_other_person")
	if n := w.sound(t); n != 6 {
		t.Errorf("%d credentials in the register", n)
	}
}

func TestAwardRefuses(t *testing.T) {
	w := newAwards(t, 2, 2)
	all := w.twenty(t, amina)
	for name, tt := range map[string]struct {
		change func(*issuer.AwardOffer)
		code   string
	}{
		"an issuer that is not here":        {func(o *issuer.AwardOffer) { o.Issuer = "nessuno" }, "issuer_unknown"},
		"a definition that is none":         {func(o *issuer.AwardOffer) { o.Definition = all[0].Token }, "award_definition"},
		"a definition that does not read":   {func(o *issuer.AwardOffer) { o.Definition = "eyJ" }, "award_definition"},
		"nothing brought":                   {func(o *issuer.AwardOffer) { o.Pieces = nil }, "award_incomplete"},
		"the strict profile with no holder": {func(o *issuer.AwardOffer) { o.Profile = issuer.ProfileOpenBadge }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := w.offerOf(t, all...)
			tt.change(&o)
			_, err := w.Award(t.Context(), clerk, o)
			var faults schema.Faults
			if tt.code == "" {
				if !errors.As(err, &faults) {
					t.Errorf("got %v", err)
				}
				return
			}
			refused(t, err, tt.code)
		})
	}
	w.clock.set(today.AddDate(-1, 0, 0))
	_, err := w.Award(t.Context(), clerk, w.offerOf(t, all...))
	refused(t, err, "award_early")
	w.clock.set(today)

	// Revoked between the judging and the award: the register has the last word.
	_, err = w.Revoke(t.Context(), clerk, all[1].ID, mistake)
	must(t, err)
	_, err = w.Award(t.Context(), clerk, w.offerOf(t, all...))
	refused(t, err, "award_component_ended")
	w.sound(t)
}

// The strict Open Badges token of a passport, for a person with a key.
func TestAwardAsOpenBadge(t *testing.T) {
	w := newAwards(t, 2, 2)
	of := amina
	of.Holder = "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169"
	o := w.offerOf(t, w.twenty(t, of)...)
	o.Learner, o.Profile = of, issuer.ProfileOpenBadge
	row, err := w.Award(t.Context(), clerk, o)
	must(t, err)
	if len(parts(t, *row)) != 2 || row.Profile != issuer.ProfileOpenBadge {
		t.Errorf("%+v", row)
	}
	again, err := w.Reissue(t.Context(), clerk, row.ID, nil)
	must(t, err)
	if again.Profile != issuer.ProfileOpenBadge {
		t.Errorf("reissued as %q", again.Profile)
	}
	w.neverGreen(t)
}
