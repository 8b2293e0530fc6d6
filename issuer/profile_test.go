package issuer_test

import (
	"context"
	"errors"
	"testing"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

const holderDID = "did:key:zDnaeUKTWUXc1HDpGfKbEK31nKLN19yX5aunFd7VK1CUMeyJu"

func badgeOffer(template, number string) issuer.Offer {
	return issuer.Offer{
		Issuer: "ente", Template: template, Profile: issuer.ProfileOpenBadge, IdempotencyKey: "row " + number,
		Learner: schema.Learner{Name: "Amina Diallo", BirthDate: "1994-03-12", DocumentNumber: number, CompletedOn: "2026-11-18", Holder: holderDID},
	}
}

func typ(row issuer.Issuance) jose.Type { return jose.TypeOf(row.Token) }

// The register remembers the profile: a repetition gives the same token, a
// reissue keeps its kind or changes it, and the store is sound.
func TestProfile(t *testing.T) {
	d := newDesk(t)
	plain, _ := d.templateNames(t)
	first, err := d.Issue(t.Context(), clerk, badgeOffer(plain, "OB-1"))
	must(t, err)
	if typ(*first) != jose.TypeOpenBadge {
		t.Fatalf("signed as %q", typ(*first))
	}
	again, err := d.Issue(t.Context(), clerk, badgeOffer(plain, "OB-1"))
	must(t, err)
	if again.Token != first.Token || !again.Repeated {
		t.Error("a repetition signed another token")
	}
	other := badgeOffer(plain, "OB-1")
	other.Profile = issuer.ProfileVC
	_, err = d.Issue(t.Context(), clerk, other)
	refused(t, err, "profile_differs")
	second, err := d.Reissue(t.Context(), clerk, first.ID, nil)
	must(t, err)
	third, err := d.ReissueAs(t.Context(), clerk, second.ID, nil, issuer.ProfileVC)
	must(t, err)
	if typ(*second) != jose.TypeOpenBadge || typ(*third) != jose.TypeVC || third.Supersedes != second.ID {
		t.Errorf("reissued as %q, then %q", typ(*second), typ(*third))
	}
	checked, err := d.Fsck(t.Context())
	must(t, err)
	if len(checked.Findings) > 0 {
		t.Errorf("fsck: %+v", checked.Findings)
	}
}

// Nothing is recorded for a person without a key, nor for a profile that is none.
func TestProfileRefuses(t *testing.T) {
	d := newDesk(t)
	plain, _ := d.templateNames(t)
	bearer := badgeOffer(plain, "OB-1")
	bearer.Learner.Holder = ""
	_, err := d.Issue(t.Context(), clerk, bearer)
	var faults schema.Faults
	if !errors.As(err, &faults) || !faults.Has("profile_needs_holder") {
		t.Errorf("a bearer: %v", err)
	}
	unknown := badgeOffer(plain, "OB-1")
	unknown.Profile = "badge"
	_, err = d.Issue(t.Context(), clerk, unknown)
	refused(t, err, "profile_unknown")
	_, err = d.IssueRaw(t.Context(), clerk, issuer.RawOffer{Issuer: "ente", Document: []byte(rawDocument), Profile: issuer.ProfileOpenBadge})
	if !errors.As(err, &faults) || !faults.Has("profile_other_document") {
		t.Errorf("a raw document: %v", err)
	}
	if _, err := d.Find(t.Context(), "OB-1"); err == nil {
		t.Error("a row was written")
	}
}

// brokenAfter refuses every transaction after the next one, while set.
type brokenAfter struct {
	issuer.Store
	set  bool
	done int
}

func (b *brokenAfter) Update(ctx context.Context, f func(issuer.Tx) error) error {
	if b.set && b.done > 0 {
		return errBroken
	}
	b.done++
	return b.Store.Update(ctx, f)
}

// A run that ended between the two transactions leaves a payload with the
// claims of the profile; the next one signs it as what it is.
func TestProfileResumes(t *testing.T) {
	var broken *brokenAfter
	d := newDeskOver(t, func(s issuer.Store) issuer.Store {
		broken = &brokenAfter{Store: s}
		return broken
	})
	plain, _ := d.templateNames(t)
	broken.set, broken.done = true, 0
	if _, err := d.Issue(t.Context(), clerk, badgeOffer(plain, "OB-1")); !errors.Is(err, errBroken) {
		t.Fatalf("the second transaction: %v", err)
	}
	broken.set = false
	must(t, d.Resume(t.Context()))
	row, err := d.Find(t.Context(), "OB-1")
	must(t, err)
	if row.State != issuer.StateIssued || typ(row) != jose.TypeOpenBadge {
		t.Errorf("resumed as %q, %s", typ(row), row.State)
	}
}
