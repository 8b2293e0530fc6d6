package issuervci

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/oid4vci"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/schema"
)

// onPhone issues two documents to a phone.
func (w *world) onPhone(h holder) []string {
	w.t.Helper()
	var ids []string
	for n, template := range []string{hygiene, digital} {
		l := w.amina()
		l.Holder, l.DocumentNumber = h.did, []string{"MC-1", "MC-2"}[n]
		row, err := w.issuer.Issue(w.t.Context(), clerk, issuer.Offer{Issuer: "ente", Template: template, Learner: l})
		must(w.t, err)
		ids = append(ids, row.ID)
	}
	return ids
}

func stated(ids ...string) issuer.Lost {
	return issuer.Lost{Issuer: "ente", Credentials: ids, Seen: issuer.SeenIdentityCard}
}

func (w *world) row(id string) issuer.Issuance {
	w.t.Helper()
	row, err := w.issuer.Find(w.t.Context(), id)
	must(w.t, err)
	return row
}

// boundTo is whom a token is bound to.
func boundTo(t testing.TB, token string) string {
	t.Helper()
	_, payload, err := jose.ParseUnverified(token)
	must(t, err)
	c, err := schema.ParseCredential(payload)
	must(t, err)
	return c.Learner().Holder
}

// TestANewPhoneGetsWhatTheOldOneHeld: the old copies are revoked in the act that
// offers; the new phone gets one successor of each, and a lost answer is the same.
func TestANewPhoneGetsWhatTheOldOneHeld(t *testing.T) {
	w := newWorld(t)
	old, fresh := newHolder(t), newHolder(t)
	ids := w.onPhone(old)
	made, err := w.offers.OfferLost(t.Context(), clerk, stated(ids...), 0)
	must(t, err)
	if made.Offer == nil || len(made.Offer.Titles) != 2 || made.Offer.TxCode == "" || !made.Offer.Expires.Equal(today.Add(LostLife)) {
		t.Fatalf("%+v", made)
	}
	for _, id := range ids {
		if row := w.row(id); row.State != issuer.StateRevoked || row.Reason != string(schema.LostOrCompromised) || row.SupersededBy != "" {
			t.Errorf("%+v", row)
		}
	}
	token := w.token(made.Offer)
	for n, template := range []string{hygiene, digital} {
		first := credentials(t, w.claim(token, template, fresh))
		again := credentials(t, w.claim(token, template, fresh))
		row := w.row(ids[n])
		next := w.row(row.SupersededBy)
		if len(first) != 1 || first[0] != again[0] || next.Token != first[0] || boundTo(t, first[0]) != fresh.did || next.DocumentNumber != row.DocumentNumber || next.Person != row.Person {
			t.Errorf("%s: %+v", template, next)
		}
		// Whoever has the token and another key gets nothing, the old phone too.
		w.claim(token, template, old).is(t, 400, oid4vci.CodeDenied)
	}
	var acts []string
	must(t, w.issuer.Audit(t.Context(), 1, func(e issuer.AuditEntry) bool {
		acts = append(acts, e.Act+" "+e.Details)
		return true
	}))
	if log := strings.Join(acts, "\n"); !strings.Contains(log, "lost.seen identity-card 2") || strings.Contains(log, "Amina") {
		t.Error(log)
	}
}

// TestAnOfferThatNobodyTakesLosesNothing: the next statement offers or prints,
// the slip of the first one opens nothing, and there is one successor however
// both are used.
func TestAnOfferThatNobodyTakesLosesNothing(t *testing.T) {
	w := newWorld(t)
	ids := w.onPhone(newHolder(t))
	first, err := w.offers.OfferLost(t.Context(), clerk, stated(ids...), 0)
	must(t, err)
	second, err := w.offers.OfferLost(t.Context(), clerk, stated(ids...), 0)
	must(t, err)
	w.redeem(first.Offer).is(t, 400, oid4vci.CodeInvalidGrant)
	if v, err := w.offers.Show(t.Context(), first.Offer.ID); err != nil || v.State != Revoked {
		t.Errorf("%+v %v", v, err)
	}
	// Printed instead, while the second offer is open: it opens nothing then.
	token := w.token(second.Offer)
	done, err := w.issuer.ReissueLost(t.Context(), clerk, stated(ids...))
	must(t, err)
	if done[0].New == nil || boundTo(t, done[0].New.Token) != "" {
		t.Fatalf("%+v", done[0])
	}
	w.claim(token, hygiene, newHolder(t)).is(t, 400, oid4vci.CodeDenied)

	// And the other way round: what a phone has taken is not printed as well.
	third, err := w.offers.OfferLost(t.Context(), clerk, stated(done[0].New.ID), 0)
	must(t, err)
	credentials(t, w.claim(w.token(third.Offer), hygiene, newHolder(t)))
	_, err = w.issuer.ReissueLost(t.Context(), clerk, stated(done[0].New.ID))
	refused(t, err, "already_superseded")
}

// TestALossOffersNothingUnseen: no statement, no offer and no revocation; the
// offer and the revocations are one act.
func TestALossOffersNothingUnseen(t *testing.T) {
	w := newWorld(t)
	ids := w.onPhone(newHolder(t))
	for seen, want := range map[issuer.SeenID]string{"": "seen_missing", "AX 123": "seen_unknown"} {
		l := stated(ids...)
		l.Seen = seen
		_, err := w.offers.OfferLost(t.Context(), clerk, l, 0)
		refused(t, err, want)
	}
	l := stated(ids...)
	l.Issuer = "altro"
	_, err := w.offers.OfferLost(t.Context(), clerk, l, 0)
	refused(t, err, "credential_unknown")
	_, err = w.offers.OfferLost(t.Context(), clerk, stated(ids...), 15*24*time.Hour)
	refused(t, err, "offer_life")
	must(t, w.offers.List(t.Context(), "", "", func(v View) bool {
		t.Errorf("an offer: %+v", v)
		return true
	}))
	if w.row(ids[0]).State != issuer.StateIssued {
		t.Error("revoked unseen")
	}
}

// TestTwoOfOneCourseAreOneOffer: one link and one code for all that the person gets
// back; the token response names each document, and by that name alone it is had.
// There once were two offers.
func TestTwoOfOneCourseAreOneOffer(t *testing.T) {
	w := newWorld(t)
	old, fresh := newHolder(t), newHolder(t)
	ids := w.onPhone(old)
	l := w.amina()
	l.Holder, l.DocumentNumber = old.did, "MC-3"
	row, err := w.issuer.Issue(t.Context(), clerk, issuer.Offer{Issuer: "ente", Template: hygiene, Learner: l})
	must(t, err)
	ids = append(ids, row.ID)
	made, err := w.offers.OfferLost(t.Context(), clerk, stated(ids...), 0)
	must(t, err)
	o, _, err := oid4vci.ParseLink(made.Offer.Whole)
	must(t, err)
	if len(made.Offer.Titles) != 3 || len(o.Configurations) != 2 {
		t.Fatalf("%+v, %v", made.Offer, o.Configurations)
	}
	granted, err := oid4vci.ParseTokenResponse(w.redeem(made.Offer).is(t, 200, "").body)
	must(t, err)
	token, named := granted.AccessToken, append(granted.Identifiers(hygiene), granted.Identifiers(digital)...)
	if len(granted.Details) != 2 || len(named) != 3 {
		t.Fatalf("%+v", granted.Details)
	}
	ask := func(identifier string, h holder) answer {
		t.Helper()
		return w.post("/oid4vci/ente/credential", token, map[string]any{
			"credential_identifier": identifier, "proofs": map[string]any{"jwt": []string{w.proof(h, w.nonce())}},
		})
	}
	w.claim(token, hygiene, fresh).is(t, 400, oid4vci.CodeUnknownConfiguration)
	w.claim(token, digital, fresh).is(t, 400, oid4vci.CodeUnknownConfiguration)
	ask(hygiene, fresh).is(t, 400, oid4vci.CodeUnknownIdentifier)
	ask("", fresh).is(t, 400, "")
	told := map[string]bool{}
	for n, at := range []int{0, 2, 1} { // the two of one course stand together
		a := ask(named[n], fresh)
		got, again := credentials(t, a), credentials(t, ask(named[n], fresh))
		next := w.row(w.row(ids[at]).SupersededBy)
		if len(got) != 1 || got[0] != again[0] || got[0] != next.Token || boundTo(t, got[0]) != fresh.did || next.DocumentNumber != w.row(ids[at]).DocumentNumber {
			t.Errorf("%s: %+v", named[n], next)
		}
		told[a.member("notification_id")] = true
		ask(named[n], old).is(t, 400, oid4vci.CodeDenied)
	}
	if len(told) != 3 {
		t.Errorf("notifications %v", told)
	}
}

// TestOneOfEachCourseIsAskedForByItsCourse: where no two are of one template the
// token response names none, for wallets that know of no names.
func TestOneOfEachCourseIsAskedForByItsCourse(t *testing.T) {
	w := newWorld(t)
	made, err := w.offers.OfferLost(t.Context(), clerk, stated(w.onPhone(newHolder(t))...), 0)
	must(t, err)
	if body := string(w.redeem(made.Offer).is(t, 200, "").body); strings.Contains(body, "authorization_details") {
		t.Error(body)
	}
}

// TestHeldOfferOfALoss: of a body with the four-eyes rule somebody else approves;
// the old copies are revoked meanwhile.
func TestHeldOfferOfALoss(t *testing.T) {
	w := newWorld(t)
	ids := w.onPhone(newHolder(t))
	_, err := w.issuer.SetFourEyes(t.Context(), clerk, "ente", true)
	must(t, err)
	made, err := w.offers.OfferLost(t.Context(), clerk, stated(ids...), 0)
	must(t, err)
	if !made.Offer.Held || w.row(ids[0]).State != issuer.StateRevoked {
		t.Errorf("%+v", made.Offer)
	}
	token, h := w.token(made.Offer), newHolder(t)
	w.claim(token, hygiene, h).is(t, 202, "")
	refused(t, w.offers.Approve(t.Context(), clerk, made.Offer.ID), "offer_own")
	must(t, w.offers.Approve(t.Context(), "user:ben", made.Offer.ID))
	credentials(t, w.claim(token, hygiene, h))
}

// TestAStolenPhoneCollectsNothing: what it had asked for, and what a colleague has
// not approved yet, ends with the loss. Another phone's offer stays.
func TestAStolenPhoneCollectsNothing(t *testing.T) {
	w := newWorld(t)
	stolen, other := newHolder(t), newHolder(t)
	ids := w.onPhone(stolen)
	asked, stays := w.offered(held), w.offered(held)
	token, kept := w.token(asked), w.token(stays)
	w.claim(token, hygiene, stolen).is(t, 202, "")
	w.claim(kept, hygiene, other).is(t, 202, "")
	_, err := w.offers.OfferLost(t.Context(), clerk, stated(ids...), 0)
	must(t, err)
	refused(t, w.offers.Approve(t.Context(), "user:ben", asked.ID), "offer_ended")
	if got := w.claim(token, hygiene, stolen); got.status < 400 {
		t.Errorf("%+v", got)
	}
	must(t, w.offers.Approve(t.Context(), "user:ben", stays.ID))
	credentials(t, w.claim(kept, hygiene, other))
}

// TestALossEndsNothingOfAnotherBody: whose officer has seen nobody.
func TestALossEndsNothingOfAnotherBody(t *testing.T) {
	w := newWorld(t)
	stolen := newHolder(t)
	ids := w.onPhone(stolen)
	others := w.offered(held, func(n *NewOffer) { n.Issuer = "altro" })
	token := w.form("/oid4vci/altro/token", oid4vci.TokenRequest{Code: codeIn(t, others), TxCode: others.TxCode}.Form()).is(t, 200, "").member("access_token")
	header, claims := w.proofParts(stolen, w.do("POST", "/oid4vci/altro/nonce", "", "", "").is(t, 200, "").member("c_nonce"))
	claims["aud"] = w.offers.Identifier("altro")
	w.post("/oid4vci/altro/credential", token, request(hygiene, stolen.sign(t, header, claims))).is(t, 202, "")
	_, err := w.offers.OfferLost(t.Context(), clerk, stated(ids...), 0)
	must(t, err)
	must(t, w.offers.Approve(t.Context(), "user:ben", others.ID))
}

// TestALossByPrograms: an officer's key, its own body, with a statement. A paper
// is no member of it, and is refused as such.
func TestALossByPrograms(t *testing.T) {
	w := newWorld(t)
	ids := w.onPhone(newHolder(t))
	key := func(name string, role access.Role) string {
		t.Helper()
		_, secret, err := w.access.AddAPIKey(t.Context(), clerk, access.NewAPIKey{Name: name + string(role), Grant: access.Grant{Issuer: name, Role: role}})
		must(t, err)
		return secret
	}
	officer, stranger, operator := key("ente", access.Officer), key("altro", access.Officer), key("ente", access.Operator)
	body := map[string]any{"issuer": "ente", "credentials": ids, "seen": "passport", "to": "paper"}
	with := func(change map[string]any) map[string]any {
		out := map[string]any{}
		for _, m := range []map[string]any{body, change} {
			for k, v := range m {
				out[k] = v
			}
		}
		return out
	}
	w.post("/api/v1/lost", "", body).is(t, 401, "")
	w.post("/api/v1/lost", stranger, body).is(t, 404, "")
	w.post("/api/v1/lost", operator, body).is(t, 403, "")
	for _, change := range []map[string]any{
		{"seen": ""}, {"seen": "AX123"}, {"to": ""}, {"to": "phone"}, {"credentials": []string{}}, {"paper": w.row(ids[0]).Token}, {"credentials": []string{w.row(ids[0]).Token}},
	} {
		if a := w.post("/api/v1/lost", officer, with(change)); a.status < 400 || a.status > 422 {
			t.Errorf("%v: %d %s", change, a.status, a.body)
		}
	}
	if w.row(ids[0]).State != issuer.StateIssued {
		t.Fatal("something was done")
	}
	var answer lostAnswer
	must(t, json.Unmarshal(w.post("/api/v1/lost", officer, with(map[string]any{"to": "wallet", "credentials": ids[:1]})).is(t, 200, "").body, &answer))
	if len(answer.Offers) != 1 || answer.Offers[0].TxCode == "" {
		t.Errorf("%+v", answer)
	}
	for range 2 {
		answer = lostAnswer{}
		must(t, json.Unmarshal(w.post("/api/v1/lost", officer, body).is(t, 200, "").body, &answer))
		if len(answer.Renewed) != 2 || answer.Renewed[0].Token == "" || answer.Renewed[0].ID != w.row(ids[0]).SupersededBy {
			t.Errorf("%+v", answer)
		}
	}
}
