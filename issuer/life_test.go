package issuer_test

import (
	"context"
	"crypto"
	"fmt"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

var mistake = issuer.Reason{Code: schema.IssuedInError, Note: "wrong course"}

// list signs a list and reads it as a stranger does, with the issuer's status
// key.
func (d *desk) list(t testing.TB, url string) *statuslist.List {
	t.Helper()
	token, err := d.StatusList(t.Context(), url)
	must(t, err)
	keys, err := d.Keys(t.Context(), "ente")
	must(t, err)
	_, payload, err := jose.Verify(t.Context(), jose.TypeVC, token, func(_ context.Context, h jose.Header, _ []byte) (crypto.PublicKey, error) {
		for _, k := range keys {
			if k.KID == h.Kid && k.Signs(schema.KeyForStatus) {
				jwk, err := jose.ParseJWK(k.JWK)
				return jwk.Public(), err
			}
		}
		t.Fatalf("the list is signed by %s", h.Kid)
		return nil, nil
	})
	must(t, err)
	l, err := statuslist.ParseCredential(payload)
	must(t, err)
	return l
}

func (d *desk) bit(t testing.TB, url string, index uint32) bool {
	t.Helper()
	set, err := d.list(t, url).Bits.Get(int(index))
	must(t, err)
	return set
}

func TestRevocationIsFinal(t *testing.T) {
	d := newDesk(t)
	plain, suspendable := d.templateNames(t)
	row := d.issue(t, suspendable, "MC-1")
	d.issue(t, plain, "MC-2")

	if d.bit(t, row.StatusList, row.StatusIndex) {
		t.Fatal("revoked before anybody did")
	}
	_, err := d.Revoke(t.Context(), clerk, "MC-1", issuer.Reason{Code: "because"})
	refused(t, err, "reason_unknown")
	got, err := d.Revoke(t.Context(), clerk, "MC-1", mistake)
	must(t, err)
	if got.State != issuer.StateRevoked || got.Reason != "issued-in-error" || got.Note != "wrong course" {
		t.Errorf("revoked: %+v", got)
	}
	if !d.bit(t, row.StatusList, row.StatusIndex) {
		t.Error("the list does not say so")
	}
	_, err = d.Revoke(t.Context(), clerk, "MC-1", issuer.Reason{Code: schema.HolderRequest})
	refused(t, err, "already_revoked")
	_, err = d.Suspend(t.Context(), clerk, "MC-1", issuer.Reason{Code: schema.Disputed}, time.Time{})
	refused(t, err, "already_revoked")
	_, err = d.Reinstate(t.Context(), clerk, "MC-1")
	refused(t, err, "already_revoked")
	if !d.bit(t, row.StatusList, row.StatusIndex) {
		t.Error("the revocation was undone")
	}
}

func TestReferences(t *testing.T) {
	d := newDesk(t)
	plain, suspendable := d.templateNames(t)
	row := d.issue(t, plain, "MC-1")
	d.issue(t, plain, "MC-2")
	d.issue(t, suspendable, "MC-2")
	for _, ref := range []string{row.ID, "MC-1", row.ID[:20], row.ID[len("urn:uuid:"):][:8]} {
		got, err := d.Find(t.Context(), ref)
		if err != nil || got.ID != row.ID {
			t.Errorf("%q: %s, %v", ref, got.ID, err)
		}
	}
	_, err := d.Find(t.Context(), "MC-2")
	refused(t, err, "credential_ambiguous")
	_, err = d.Find(t.Context(), "MC-3")
	refused(t, err, "credential_unknown")
	_, err = d.Find(t.Context(), "urn:uuid:")
	refused(t, err, "credential_ambiguous")
}

func TestSuspension(t *testing.T) {
	d := newDesk(t)
	plain, suspendable := d.templateNames(t)
	d.issue(t, plain, "MC-P")
	row := d.issue(t, suspendable, "MC-S")
	disputed := issuer.Reason{Code: schema.Disputed}

	if row.SuspensionList == "" || row.SuspensionList == row.StatusList {
		t.Fatalf("lists %q and %q", row.StatusList, row.SuspensionList)
	}
	_, err := d.Suspend(t.Context(), clerk, "MC-P", disputed, time.Time{})
	refused(t, err, "not_suspendable")
	_, err = d.Suspend(t.Context(), clerk, "MC-S", mistake, time.Time{})
	refused(t, err, "reason_unknown")
	_, err = d.Suspend(t.Context(), clerk, "MC-S", disputed, today)
	refused(t, err, "until_past")
	_, err = d.Reinstate(t.Context(), clerk, "MC-S")
	refused(t, err, "not_suspended")

	_, err = d.Suspend(t.Context(), clerk, "MC-S", disputed, time.Time{})
	must(t, err)
	l := d.list(t, row.SuspensionList)
	if set, _ := l.Bits.Get(int(row.SuspensionIndex)); !set || !l.HasPurpose("suspension") {
		t.Error("the suspension list does not say so")
	}
	if d.bit(t, row.StatusList, row.StatusIndex) {
		t.Error("suspended is not revoked")
	}
	_, err = d.Reinstate(t.Context(), clerk, "MC-S")
	must(t, err)
	if d.bit(t, row.SuspensionList, row.SuspensionIndex) {
		t.Error("still suspended")
	}
}

// A suspension with a day ends on that day by itself, when the list is next
// signed, and an assertion knows it at once.
func TestSuspensionEndsOnItsDay(t *testing.T) {
	d := newDesk(t)
	_, suspendable := d.templateNames(t)
	row := d.issue(t, suspendable, "MC-S")
	_, err := d.Suspend(t.Context(), clerk, "MC-S", issuer.Reason{Code: schema.Disputed}, today.AddDate(0, 0, 2))
	must(t, err)
	d.clock.set(time.Date(2026, 11, 23, 23, 59, 0, 0, time.UTC))
	if !d.bit(t, row.SuspensionList, row.SuspensionIndex) {
		t.Error("ended a day early")
	}
	d.clock.set(time.Date(2026, 11, 24, 0, 0, 1, 0, time.UTC))
	if got := d.assertion(t, "MC-S").Status; got != trust.AssertedValid {
		t.Errorf("asserted %s", got)
	}
	if d.bit(t, row.SuspensionList, row.SuspensionIndex) {
		t.Error("its day has come and it is still suspended")
	}
	got, err := d.Find(t.Context(), "MC-S")
	must(t, err)
	if got.State != issuer.StateIssued || !got.SuspendedUntil.IsZero() {
		t.Errorf("the register says %s until %s", got.State, got.SuspendedUntil)
	}
}

// TestSuspensionIsExtended: a second suspension changes the day, and the log has
// both.
func TestSuspensionIsExtended(t *testing.T) {
	d := newDesk(t)
	_, suspendable := d.templateNames(t)
	row := d.issue(t, suspendable, "MC-S")
	for _, days := range []int{2, 9, 0} {
		until := time.Time{}
		if days > 0 {
			until = today.AddDate(0, 0, days)
		}
		got, err := d.Suspend(t.Context(), clerk, "MC-S", issuer.Reason{Code: schema.Disputed}, until)
		must(t, err)
		if got.State != issuer.StateSuspended || got.SuspendedUntil.IsZero() != until.IsZero() || days > 0 && got.SuspendedUntil.Sub(today) < time.Duration(days-1)*24*time.Hour {
			t.Errorf("%d days: %s until %s", days, got.State, got.SuspendedUntil)
		}
	}
	if !d.bit(t, row.SuspensionList, row.SuspensionIndex) {
		t.Error("not suspended any more")
	}
	var log []string
	must(t, d.store.View(t.Context(), func(tx issuer.Tx) error {
		return tx.AuditFrom(1, func(e issuer.AuditEntry) bool {
			if e.Act == "suspend" {
				log = append(log, e.Details)
			}
			return true
		})
	}))
	if want := "[disputed until 2026-11-24 disputed until 2026-12-01 disputed]"; fmt.Sprint(log) != want {
		t.Errorf("the log says %v, want %s", log, want)
	}
}

func (d *desk) assertion(t testing.TB, ref string) trust.Assertion {
	t.Helper()
	token, err := d.StatusAssertion(t.Context(), clerk, ref, 7*24*time.Hour)
	must(t, err)
	keys, err := d.Keys(t.Context(), "ente")
	must(t, err)
	a, err := trust.ParseAssertion(t.Context(), token, func(_ context.Context, _, kid string) (crypto.PublicKey, error) {
		for _, k := range keys {
			if k.KID == kid && k.Signs(schema.KeyForStatus) {
				jwk, err := jose.ParseJWK(k.JWK)
				return jwk.Public(), err
			}
		}
		t.Fatalf("the assertion is signed by %s", kid)
		return nil, nil
	})
	must(t, err)
	return a
}

func TestAssertion(t *testing.T) {
	d := newDesk(t)
	plain, _ := d.templateNames(t)
	row := d.issue(t, plain, "MC-1")
	hash, err := jose.CredentialHash(row.Token)
	must(t, err)
	a := d.assertion(t, "MC-1")
	if a.CredentialHash != hash || a.Status != trust.AssertedValid || a.Expires.Sub(a.IssuedAt) != 7*24*time.Hour {
		t.Errorf("%+v", a)
	}
	_, err = d.Revoke(t.Context(), clerk, "MC-1", mistake)
	must(t, err)
	if a := d.assertion(t, "MC-1"); a.Status != trust.AssertedRevoked {
		t.Errorf("revoked, and asserted %s", a.Status)
	}
}

// P6: every signing has a later date and a higher version, whatever the clock.
func TestListsNeverGoBack(t *testing.T) {
	d := newDesk(t)
	const url = "https://ente.example/status/1"
	var last time.Time
	for n := range 5 {
		l := d.list(t, url)
		if !l.ValidFrom.After(last) {
			t.Fatalf("signing %d is of %s, the one before of %s", n, l.ValidFrom, last)
		}
		if l.ValidUntil.Sub(l.ValidFrom) != 45*24*time.Hour || l.Bits.Len() != statuslist.MinEntries {
			t.Errorf("lives %s, %d entries", l.ValidUntil.Sub(l.ValidFrom), l.Bits.Len())
		}
		last = l.ValidFrom
		d.clock.pass(-10 * time.Second) // the clock is put right by the network
	}
	lists, err := d.StatusLists(t.Context(), "ente")
	must(t, err)
	if lists[0].Version != 5 || !lists[0].SignedAt.Equal(last) {
		t.Errorf("the row says version %d of %s", lists[0].Version, lists[0].SignedAt)
	}
}

func TestReissue(t *testing.T) {
	d := newDesk(t)
	plain, _ := d.templateNames(t)
	old := d.issue(t, plain, "MC-1")

	fresh, err := d.Reissue(t.Context(), clerk, "MC-1", nil)
	must(t, err)
	_, payload, err := jose.ParseUnverified(fresh.Token)
	must(t, err)
	doc, err := schema.ParseCredential(payload)
	must(t, err)
	if doc.Supersedes != old.ID || fresh.Supersedes != old.ID || fresh.DocumentNumber != "MC-1" {
		t.Errorf("the new copy supersedes %q", doc.Supersedes)
	}
	if want := readLearner(t, old.Token); readLearner(t, fresh.Token) != want {
		t.Errorf("the person changed: %s, was %s", readLearner(t, fresh.Token), want)
	}
	gone, err := d.Find(t.Context(), old.ID)
	must(t, err)
	if gone.State != issuer.StateSuperseded || gone.SupersededBy != fresh.ID || gone.Reason != "superseded" {
		t.Errorf("the old copy is %+v", gone)
	}
	if !d.bit(t, old.StatusList, old.StatusIndex) || d.bit(t, fresh.StatusList, fresh.StatusIndex) {
		t.Error("the list does not say which of the two counts")
	}
	_, err = d.Reissue(t.Context(), clerk, old.ID, nil)
	refused(t, err, "already_superseded")

	// A copy that was revoked as lost gets a successor and keeps its reason.
	_, err = d.Revoke(t.Context(), clerk, fresh.ID, issuer.Reason{Code: schema.LostOrCompromised})
	must(t, err)
	third, err := d.Reissue(t.Context(), clerk, fresh.ID, nil)
	must(t, err)
	lost, err := d.Find(t.Context(), fresh.ID)
	must(t, err)
	if lost.State != issuer.StateRevoked || lost.Reason != "lost-or-compromised" || lost.SupersededBy != third.ID {
		t.Errorf("the lost copy is %+v", lost)
	}
}

func readLearner(t *testing.T, token string) string {
	t.Helper()
	_, payload, err := jose.ParseUnverified(token)
	must(t, err)
	doc, err := schema.ParseCredential(payload)
	must(t, err)
	subject, identity := doc.Holder()
	for _, id := range identity {
		subject += " " + id.Type + "=" + id.Value
	}
	return subject
}

// A clock that was once ahead, or is set back, locks nobody out of revoking,
// suspending or calling a key stolen; those acts bear the log's own time, and
// the list that tells of them the clock's. Everything else waits.
func TestClockSetBack(t *testing.T) {
	d := newDesk(t)
	plain, suspendable := d.templateNames(t)
	row := d.issue(t, plain, "MC-1")
	disputed := d.issue(t, suspendable, "MC-S")
	var told []string
	d.noticing(t, time.Time{}, &told)
	d.clock.set(today.AddDate(0, 0, -1))
	_, err := d.Issue(t.Context(), clerk, d.offer(t, plain, "MC-2"))
	refused(t, err, "clock_back")
	_, err = d.RotateKey(t.Context(), clerk, "ente", schema.KeyForStatus)
	refused(t, err, "clock_back")
	if len(told) != 0 {
		t.Errorf("told %v for what was refused", told)
	}
	got, err := d.Revoke(t.Context(), clerk, "MC-1", mistake)
	must(t, err)
	if !got.ChangedAt.Equal(today) || len(told) != 1 || told[0] != "clock.doubted" {
		t.Errorf("revoked at %s, told %v", got.ChangedAt, told)
	}
	_, err = d.Suspend(t.Context(), clerk, "MC-S", issuer.Reason{Code: schema.Disputed}, today.AddDate(0, 0, 1))
	must(t, err)
	l := d.list(t, row.StatusList)
	if set, err := l.Bits.Get(int(row.StatusIndex)); err != nil || !set || !l.ValidFrom.Equal(today.AddDate(0, 0, -1)) {
		t.Errorf("the list of %s says %v, %v", l.ValidFrom, set, err)
	}
	if next := d.list(t, row.StatusList); !next.ValidFrom.After(l.ValidFrom) {
		t.Errorf("the list went from %s to %s", l.ValidFrom, next.ValidFrom)
	}
	if !d.bit(t, disputed.SuspensionList, disputed.SuspensionIndex) {
		t.Error("not suspended")
	}
	_, err = d.CompromiseKey(t.Context(), clerk, "ente", "#key-1")
	must(t, err)
	_, _, err = d.VerifyAudit(t.Context())
	must(t, err)
}

// A clock more than 400 days ahead of the log is believed only when somebody
// says so, and the log keeps that.
func TestClockJump(t *testing.T) {
	d := newDesk(t)
	plain, _ := d.templateNames(t)
	d.issue(t, plain, "MC-1")
	then := today.AddDate(10, 0, 0)
	var told []string
	d.noticing(t, time.Time{}, &told)
	d.clock.set(then)
	_, err := d.Issue(t.Context(), clerk, d.offer(t, plain, "MC-2"))
	refused(t, err, "clock_jump")
	got, err := d.Revoke(t.Context(), clerk, "MC-1", mistake)
	must(t, err)
	if !got.ChangedAt.Equal(today) || len(told) != 1 {
		t.Errorf("revoked at %s, told %v", got.ChangedAt, told)
	}
	d.clock.set(today.Add(time.Hour)) // the year is put right, and nothing is locked
	d.issue(t, plain, "MC-2")

	d.clock.set(then)
	d.noticing(t, then.AddDate(0, 0, -1), &told)
	_, err = d.Issue(t.Context(), clerk, d.offer(t, plain, "MC-3"))
	refused(t, err, "clock_jump")
	d.noticing(t, then, &told)
	d.issue(t, plain, "MC-3")
	accepted := 0
	must(t, d.Audit(t.Context(), 1, func(e issuer.AuditEntry) bool {
		if e.Act == "clock.accept" {
			accepted++
		}
		return true
	}))
	if accepted != 1 {
		t.Errorf("%d entries tell that the clock was accepted", accepted)
	}
	_, _, err = d.VerifyAudit(t.Context())
	must(t, err)
}

// noticing reopens the desk with a clock accepted until a day, and keeps what
// it tells.
func (d *desk) noticing(t *testing.T, until time.Time, told *[]string) {
	t.Helper()
	var err error
	d.Issuer, err = issuer.New(issuer.Config{
		Store: d.store, Keys: d.keys, Now: d.clock.Now, AcceptClock: until,
		Notice: func(code string, _ map[string]string) { *told = append(*told, code) },
	})
	must(t, err)
}

// A document number means the living copy after any number of reissues, and a
// second credential of that number is never passed over.
func TestNumberAfterManyReissues(t *testing.T) {
	d := newDesk(t)
	plain, suspendable := d.templateNames(t)
	d.issue(t, plain, "MC-1")
	var last *issuer.Issuance
	for range 17 {
		var err error
		last, err = d.Reissue(t.Context(), clerk, "MC-1", nil)
		must(t, err)
	}
	got, err := d.Find(t.Context(), "MC-1")
	must(t, err)
	if got.ID != last.ID {
		t.Errorf("MC-1 is %s, want the last copy", got.State)
	}
	d.issue(t, suspendable, "MC-1") // of another course, which has numbers of its own
	_, err = d.Revoke(t.Context(), clerk, "MC-1", mistake)
	refused(t, err, "credential_ambiguous")
}

// A beginning that more ids have than are looked at means none of them, even
// when only one of those is living.
func TestBeginningOfTooMany(t *testing.T) {
	d := newDesk(t)
	plain, _ := d.templateNames(t)
	for n := range 20 {
		row := d.issue(t, plain, fmt.Sprint("MC-", n))
		if n < 15 {
			_, err := d.Reissue(t.Context(), clerk, row.ID, nil)
			must(t, err)
		}
	}
	_, err := d.Find(t.Context(), "urn:uuid:")
	refused(t, err, "credential_ambiguous")
}
