package issuer_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// phone is the key that a person has lost.
const phone = "did:key:zDnaeWNSLVmJVRgBpYRxu1FHEAyBsiMuXFbMHUFRNNS8mUtN6"

// held issues two documents to Amina's phone and one without a key.
func held(t testing.TB, d *desk) []string {
	t.Helper()
	plain, suspendable := d.templateNames(t)
	var ids []string
	for n, template := range []string{plain, suspendable, plain} {
		o := d.offer(t, template, []string{"MC-1", "MC-2", "MC-3"}[n])
		o.Learner = schema.Learner{Name: "Amina Diallo", BirthDate: "1991-04-07", DocumentNumber: o.Learner.DocumentNumber, Result: o.Learner.Result, CompletedOn: o.Learner.CompletedOn}
		if n < 2 {
			o.Learner.Holder = phone
		}
		row, err := d.Issue(t.Context(), clerk, o)
		must(t, err)
		ids = append(ids, row.ID)
	}
	return ids
}

func lost(ids ...string) issuer.Lost {
	return issuer.Lost{Issuer: "ente", Credentials: ids, Seen: issuer.SeenResidencePermit}
}

// TestLostPhoneIsMendedInOneAct: everything that Amina held is revoked as lost and
// made anew, bound to no key, under the same numbers; the log has what was seen,
// and a second statement brings the same copies.
func TestLostPhoneIsMendedInOneAct(t *testing.T) {
	d := newDesk(t)
	ids := held(t, d)
	all, err := d.CopiesOf(t.Context(), ids[1])
	must(t, err)
	if len(all) != 3 {
		t.Fatalf("she holds %d", len(all))
	}
	done, err := d.ReissueLost(t.Context(), clerk, lost(ids...))
	must(t, err)
	for n, r := range done {
		old := d.now(t, ids[n])
		if r.Old != ids[n] || r.New == nil || r.Why != nil || r.Kept {
			t.Fatalf("%d: %+v", n, r)
		}
		if old.State != issuer.StateRevoked || old.Reason != string(schema.LostOrCompromised) || old.SupersededBy != r.New.ID || !d.bit(t, old.StatusList, old.StatusIndex) {
			t.Errorf("the old one: %+v", old)
		}
		l, err := r.New.Learner()
		must(t, err)
		if l.Holder != "" || l.Name != "Amina Diallo" || r.New.DocumentNumber != old.DocumentNumber || r.New.Supersedes != old.ID || r.New.Person != old.Person {
			t.Errorf("the new one: %+v %+v", r.New, l)
		}
	}
	if log := d.acts(t); !strings.Contains(log, "test lost.seen "+d.now(t, ids[0]).Person+" residence-permit 3\n") || strings.Contains(log, "Amina") {
		t.Error(log)
	}
	again, err := d.ReissueLost(t.Context(), clerk, lost(ids...))
	must(t, err)
	for n, r := range again {
		if !r.Kept || r.New == nil || r.New.ID != done[n].New.ID {
			t.Errorf("again: %+v", r)
		}
	}
	if all, err = d.CopiesOf(t.Context(), ids[0]); err != nil || len(all) != 3 || all[0].State != issuer.StateIssued {
		t.Errorf("now she holds %+v, %v", all, err)
	}
	d.sound(t)
}

// TestNobodyIsReissuedUnseen: without the kind of an identity document, or with a
// number in its place, nothing is done, here where every door ends.
func TestNobodyIsReissuedUnseen(t *testing.T) {
	d := newDesk(t)
	ids := held(t, d)
	for seen, code := range map[issuer.SeenID]string{"": "seen_missing", "AX1234567": "seen_unknown", "paper": "seen_unknown"} {
		l := lost(ids...)
		l.Seen = seen
		_, err := d.ReissueLost(t.Context(), clerk, l)
		refused(t, err, code)
		_, err = d.Lose(t.Context(), clerk, l, nil)
		refused(t, err, code)
	}
	if d.now(t, ids[0]).State != issuer.StateIssued || strings.Contains(d.acts(t), "lost.seen") {
		t.Error("something was done")
	}
}

// TestALossIsNoWayRound: what was revoked for cause, is disputed, is somebody
// else's or another body's is not made anew, and then nothing is.
func TestALossIsNoWayRound(t *testing.T) {
	d := newDesk(t)
	d.addZeta(t)
	ids := held(t, d)
	plain, _ := d.templateNames(t)
	other := d.issue(t, plain, "MC-9")
	zeta := d.issueByZeta(t, "Z-1")
	_, err := d.Revoke(t.Context(), clerk, ids[2], mistake)
	must(t, err)
	_, err = d.Suspend(t.Context(), clerk, ids[1], issuer.Reason{Code: schema.Disputed}, today.AddDate(0, 1, 0))
	must(t, err)
	for code, with := range map[string]string{"lost_revoked": ids[2], "lost_suspended": ids[1], "lost_persons": other.ID, "credential_unknown": zeta.ID} {
		_, err := d.ReissueLost(t.Context(), clerk, lost(ids[0], with))
		refused(t, err, code)
	}
	_, err = d.ReissueLost(t.Context(), clerk, lost())
	refused(t, err, "lost_count")
	_, err = d.ReissueLost(t.Context(), clerk, lost("urn:uuid:00000000-0000-4000-8000-000000000000"))
	refused(t, err, "credential_unknown")
	if d.now(t, ids[0]).State != issuer.StateIssued {
		t.Error("something was done")
	}
	all, err := d.CopiesOf(t.Context(), ids[0])
	must(t, err)
	can := 0
	for _, c := range all {
		if c.Why == nil {
			can++
		}
	}
	if can != 1 {
		t.Errorf("%d of %d can be made anew", can, len(all))
	}
}

// TestTwoOfficersAtOnce: whoever comes second gets what the first one made.
func TestTwoOfficersAtOnce(t *testing.T) {
	d := newDesk(t)
	ids := held(t, d)
	const desks = 6
	made := make([][]issuer.Renewed, desks)
	var wg sync.WaitGroup
	for n := range desks {
		wg.Go(func() {
			var err error
			if made[n], err = d.ReissueLost(t.Context(), clerk, lost(ids...)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for n := range desks {
		for k := range ids {
			if made[n][k].New == nil || made[n][k].New.ID != made[0][k].New.ID {
				t.Fatalf("desk %d has another copy of %d", n, k)
			}
		}
	}
	if issued := d.sound(t); issued != 6 {
		t.Errorf("%d credentials", issued)
	}
}

// TestFaultR9ALossSurvivesACrashAtEveryWrite: afterwards the statement counts
// wholly or not at all, whatever is lost is revoked, and the same statement again
// gives one new copy of each.
func TestFaultR9ALossSurvivesACrashAtEveryWrite(t *testing.T) {
	for at := 1; ; at++ {
		d, f := newFaultyDesk(t)
		ids := held(t, d)
		f.calls, f.breakAt = 0, at
		_, err := d.ReissueLost(t.Context(), clerk, lost(ids...))
		if !f.down {
			must(t, err)
			if at < 20 {
				t.Fatalf("only %d writes", at-1)
			}
			return
		}
		if !errors.Is(err, errBroken) {
			t.Fatalf("write %d failed, and it said %v", at, err)
		}
		f.down, f.breakAt = false, 0
		d.reopen(t)
		must(t, d.Resume(t.Context()))
		d.sound(t)
		stated := strings.Contains(d.acts(t), "lost.seen")
		for _, id := range ids {
			if row := d.now(t, id); row.Ended() != stated || stated && row.SupersededBy == "" {
				t.Errorf("write %d: stated %v, %s is %s by %q", at, stated, id, row.State, row.SupersededBy)
			}
		}
		done, err := d.ReissueLost(t.Context(), clerk, lost(ids...))
		must(t, err)
		for _, r := range done {
			if r.New == nil || r.Kept != stated {
				t.Errorf("write %d: %+v", at, r)
			}
		}
		if issued := d.sound(t); issued != 6 {
			t.Errorf("write %d: %d credentials", at, issued)
		}
	}
}

// TestLossOfAPassportAndItsPieces: the passport is made anew from the new pieces.
// Alone it is revoked too, and one whose pieces are not enough is to be awarded.
func TestLossOfAPassportAndItsPieces(t *testing.T) {
	w := newAwards(t, 3, 3)
	rows := w.twenty(t, amina)
	passport := w.award(t, rows...)
	done, err := w.ReissueLost(t.Context(), clerk, lost(passport.ID, rows[0].ID, rows[1].ID, rows[2].ID))
	must(t, err)
	for n, r := range done {
		if r.New == nil || r.Why != nil {
			t.Fatalf("%d: %+v %v", n, r, r.Why)
		}
	}
	named := parts(t, *done[0].New)
	for n, ref := range []string{"R01", "R02", "R03"} {
		if named[ref] != done[n+1].New.ID {
			t.Errorf("%s rests on %s, not on %s", ref, named[ref], done[n+1].New.ID)
		}
	}
	w.neverGreen(t)

	// A piece falls with what it rests on; the passport can follow later.
	again := []string{done[1].New.ID, done[2].New.ID, done[3].New.ID}
	_, err = w.ReissueLost(t.Context(), clerk, lost(again...))
	must(t, err)
	if now := w.now(t, done[0].New.ID); !now.Ended() {
		t.Errorf("the passport is %s", now.State)
	}
	last, err := w.ReissueLost(t.Context(), clerk, lost(done[0].New.ID))
	must(t, err)
	if last[0].New == nil {
		t.Errorf("the passport: %+v %v", last[0], last[0].Why)
	}
	w.neverGreen(t)
}

// TestFourEyesOfALoss: one person alone revokes, and makes nothing anew.
func TestFourEyesOfALoss(t *testing.T) {
	d := newDesk(t)
	ids := held(t, d)
	_, err := d.SetFourEyes(t.Context(), clerk, "ente", true)
	must(t, err)
	_, err = d.ReissueLost(t.Context(), clerk, lost(ids...))
	refused(t, err, issuer.CodeNeedsApproval)
	if d.now(t, ids[0]).State != issuer.StateIssued {
		t.Error("something was done")
	}
	named, err := d.Lose(t.Context(), clerk, lost(ids...), nil)
	must(t, err)
	if len(named) != 3 || d.now(t, ids[0]).State != issuer.StateRevoked || d.now(t, ids[0]).SupersededBy != "" {
		t.Errorf("%+v", named)
	}
	done, err := d.ReissueLost(issuer.Approved(t.Context(), "user:ben"), clerk, lost(ids...))
	must(t, err)
	if done[0].New == nil || !strings.Contains(d.acts(t), "test+user:ben issue.done") {
		t.Errorf("%+v", done)
	}
}

// TestANumberIsFoundAsItIsTyped: by the bodies that the officer works for.
func TestANumberIsFoundAsItIsTyped(t *testing.T) {
	d := newDesk(t)
	d.addZeta(t)
	held(t, d)
	d.issueByZeta(t, "MC-7")
	mine := func(name string) bool { return name == "ente" }
	for number, want := range map[string]int{" mc-1 ": 1, "MC-1": 1, "MC-7": 0, "MC": 0, "": 0} {
		found, err := d.FindNumbered(t.Context(), number, mine)
		must(t, err)
		if len(found) != want {
			t.Errorf("%q: %d", number, len(found))
		}
	}
}

// TestAPaperLeadsToTheRegister: what was printed by the body or shown by the
// phone is found; a forgery, another body's and what is no paper are not.
func TestAPaperLeadsToTheRegister(t *testing.T) {
	d := newDesk(t)
	d.addZeta(t)
	ids := held(t, d)
	zeta := d.issueByZeta(t, "Z-1")
	mine := func(name string) bool { return name == "ente" }
	token := d.now(t, ids[0]).Token
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	shown, err := jose.Sign(t.Context(), jose.TypeVP, phone+"#k", key, []byte(`{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiablePresentation"],"holder":"`+phone+`",
		"verifiableCredential":[{"@context":"https://www.w3.org/ns/credentials/v2","type":"EnvelopedVerifiableCredential","id":"data:application/vc+jwt,`+d.now(t, ids[1]).Token+`"},
		{"@context":"https://www.w3.org/ns/credentials/v2","type":"EnvelopedVerifiableCredential","id":"data:application/vc+jwt,`+zeta.Token+`"}]}`))
	must(t, err)
	for name, c := range map[string]struct {
		tokens []string
		want   []string
	}{
		"printed":          {[]string{token}, ids[:1]},
		"shown":            {[]string{shown}, ids[1:2]},
		"both, and twice":  {[]string{shown, token, token}, []string{ids[1], ids[0]}},
		"forged":           {[]string{token[:len(token)-4] + "AAAA"}, nil},
		"of another body":  {[]string{zeta.Token}, nil},
		"no token at all":  {[]string{"", "a.b.c", "ey", strings.Repeat("A", 1<<16)}, nil},
		"a hundred copies": {slices.Repeat([]string{shown, token}, 50), []string{ids[1], ids[0]}},
	} {
		found, err := d.FindShown(t.Context(), c.tokens, mine)
		must(t, err)
		var got []string
		for _, row := range found {
			got = append(got, row.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestAFamilysPhoneIsManyPeople: documents of one phone are one person's in the
// register, and yet they may be a mother's and her daughter's, as those of one name
// and one date of birth may be of two people with two phones.
func TestAFamilysPhoneIsManyPeople(t *testing.T) {
	d := newDesk(t)
	ids := held(t, d)
	plain, _ := d.templateNames(t)
	issue := func(name, number, holder string) string {
		o := d.offer(t, plain, number)
		o.Learner = schema.Learner{Name: name, BirthDate: "1991-04-07", DocumentNumber: number, Result: o.Learner.Result, CompletedOn: o.Learner.CompletedOn, Holder: holder}
		row, err := d.Issue(t.Context(), clerk, o)
		must(t, err)
		return row.ID
	}
	daughter := issue("Fatou Diallo", "MC-7", phone)
	namesake := issue("amina  DIALLO", "MC-8", "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169")
	all, err := d.CopiesOf(t.Context(), ids[0])
	must(t, err)
	var doubted []string
	for _, c := range all {
		if c.Doubt {
			doubted = append(doubted, c.ID)
		}
	}
	slices.Sort(doubted)
	want := []string{daughter, namesake}
	slices.Sort(want)
	if !slices.Equal(doubted, want) || len(all) != 5 {
		t.Errorf("in doubt: %v of %d, not %v", doubted, len(all), want)
	}
}

// TestKeptCopiesTakeAStatementToo: copies that are there already are given to
// nobody either without one, or together with somebody else's.
func TestKeptCopiesTakeAStatementToo(t *testing.T) {
	d := newDesk(t)
	ids := held(t, d)
	plain, _ := d.templateNames(t)
	other := d.issue(t, plain, "MC-9").ID
	_, err := d.ReissueLost(t.Context(), clerk, lost(ids...))
	must(t, err)
	l := lost(ids...)
	l.Seen = "AX1234567"
	_, err = d.ReissueLost(t.Context(), clerk, l)
	refused(t, err, "seen_unknown")
	_, err = d.ReissueLost(t.Context(), clerk, lost(ids[0], other))
	refused(t, err, "lost_persons")
	if row := d.now(t, other); row.State != issuer.StateIssued {
		t.Errorf("the other person's: %+v", row)
	}
	_, err = d.ReissueLost(t.Context(), clerk, lost(other))
	must(t, err)
	_, err = d.ReissueLost(t.Context(), clerk, lost(ids[0], other))
	refused(t, err, "lost_persons")
}
