package issuervci

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/oid4vci"
	"github.com/employment-passport/passport/internal/onetime"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/issuer/boltstore"
)

// TestThreatG07TokensOutOfPlace: everything that we sign, and every secret that
// we hand out, is offered in every other place of the protocol, and refused
// there (P9).
func TestThreatG07TokensOutOfPlace(t *testing.T) {
	w := newWorld(t)
	h := newHolder(t)
	made, spare := w.offered(), w.offered()
	access := w.token(made)
	credential := credentials(t, w.claim(access, hygiene, h))[0]
	view, err := w.offers.Show(t.Context(), made.ID)
	must(t, err)
	row, err := w.issuer.Find(t.Context(), view.Credentials[0])
	must(t, err)
	list, err := w.issuer.StatusList(t.Context(), row.StatusList)
	must(t, err)
	assertion, err := w.issuer.StatusAssertion(t.Context(), clerk, row.ID, time.Hour)
	must(t, err)
	header, claims := w.proofParts(h, w.nonce())
	header["typ"], claims["vp"] = "vp+jwt", nil
	delete(claims, "vp")
	presentation := h.sign(t, header, claims)
	_, place, err := oid4vci.ParseLink(spare.Link)
	must(t, err)
	things := map[string]string{
		"credential": credential, "presentation": presentation, "status list": list, "status assertion": assertion,
		"proof": w.proof(h, w.nonce()), "code": codeIn(t, spare), "access token": access, "nonce": w.nonce(),
		"secret of the address": place[strings.LastIndexByte(place, '/')+1:], "offer id": spare.ID,
	}
	for name, thing := range things {
		if name != "code" {
			got := w.form("/oid4vci/ente/token", oid4vci.TokenRequest{Code: thing}.Form())
			if got.status != 400 {
				t.Errorf("%s as code: %d", name, got.status)
			}
		}
		if name != "access token" {
			for _, path := range []string{"credential", "deferred", "notification"} {
				if got := w.post("/oid4vci/ente/"+path, thing, request(hygiene)); got.status != 401 {
					t.Errorf("%s as access token of %s: %d", name, path, got.status)
				}
			}
		}
		if got := w.do("GET", "/api/v1/offers", "", thing, ""); got.status != 401 {
			t.Errorf("%s as API key: %d", name, got.status)
		}
		if name != "proof" {
			w.post("/oid4vci/ente/credential", access, request(hygiene, thing)).is(t, 400, oid4vci.CodeInvalidProof)
		}
		if name != "nonce" {
			got := w.post("/oid4vci/ente/credential", access, request(hygiene, w.proof(h, thing)))
			if got.status != 400 {
				t.Errorf("%s as nonce: %d", name, got.status)
			}
		}
		if name != "secret of the address" {
			if got := w.get("/oid4vci/ente/offers/" + thing); got.status != 404 && got.status != 400 {
				t.Errorf("%s as address: %d", name, got.status)
			}
		}
	}
	// And a proof is none of the things that we sign.
	own := func(context.Context, jose.Header, []byte) (crypto.PublicKey, error) { return h.key.Public(), nil }
	for _, typ := range []jose.Type{jose.TypeVC, jose.TypeVP, jose.TypeStatusAssertion, jose.TypeBundle, jose.TypeDelegation} {
		if _, _, err := jose.Verify(t.Context(), typ, things["proof"], own); err == nil {
			t.Errorf("a proof passes for %s", typ)
		}
	}
	for name, token := range map[string]string{"credential": credential, "list": list, "assertion": assertion} {
		signer := func(ctx context.Context, head jose.Header, _ []byte) (crypto.PublicKey, error) {
			return w.keyOf(head.Kid), nil
		}
		if _, _, err := jose.Verify(t.Context(), jose.TypeProof, token, signer); err == nil {
			t.Errorf("a %s passes for a proof", name)
		}
	}
}

// keyOf is a public key of this home.
func (w *world) keyOf(kid string) (key crypto.PublicKey) {
	must(w.t, w.store.View(w.t.Context(), func(tx issuer.Tx) error {
		keys, err := tx.KeysOf("ente")
		for _, k := range keys {
			if k.KID == kid {
				key = w.keys.keys[k.URI].(*ecdsa.PrivateKey).Public()
			}
		}
		return err
	}))
	return key
}

// TestThreatG08ProofOfAnotherType: every other typ, and none.
func TestThreatG08ProofOfAnotherType(t *testing.T) {
	w := newWorld(t)
	token, h := w.token(w.offered()), newHolder(t)
	for _, typ := range []any{nil, "JWT", "vp+jwt", "vc+jwt", "openid4vci-proof+JWT", "dpop+jwt", "", 7} {
		header, claims := w.proofParts(h, w.nonce())
		if header["typ"] = typ; typ == nil {
			delete(header, "typ")
		}
		w.post("/oid4vci/ente/credential", token, request(hygiene, h.sign(t, header, claims))).is(t, 400, oid4vci.CodeInvalidProof)
	}
	// A proof for the neighbour on the same server is none for us.
	header, claims := w.proofParts(h, w.nonce())
	claims["aud"] = w.offers.Identifier("altro")
	w.post("/oid4vci/ente/credential", token, request(hygiene, h.sign(t, header, claims))).is(t, 400, oid4vci.CodeInvalidProof)
	// Nor is one that names a key which somebody else would have to serve.
	header["kid"], claims["aud"] = "did:web:evil.example#1", w.offers.Identifier("ente")
	w.post("/oid4vci/ente/credential", token, request(hygiene, h.sign(t, header, claims))).is(t, 400, oid4vci.CodeInvalidProof)
}

// TestThreatG09CodeTwiceAndManyAtOnce: 50 wallets with one code, one token.
func TestThreatG09CodeTwiceAndManyAtOnce(t *testing.T) {
	w := newWorld(t)
	made := w.offered()
	var mu sync.Mutex
	var wg sync.WaitGroup
	statuses := map[int]int{}
	for range 50 {
		wg.Go(func() {
			got := w.redeem(made)
			mu.Lock()
			defer mu.Unlock()
			statuses[got.status]++
		})
	}
	wg.Wait()
	if statuses[200] != 1 || statuses[400] != 49 {
		t.Fatalf("%v", statuses)
	}
	w.restart()
	w.redeem(made).is(t, 400, oid4vci.CodeInvalidGrant)
}

// TestThreatG09GuessingTheTxCode: the fifth wrong code locks, also across a
// restart in between, and the right one is too late then.
func TestThreatG09GuessingTheTxCode(t *testing.T) {
	w := newWorld(t)
	made := w.offered(withTxCode)
	wrong := *made
	wrong.TxCode = "x" + made.TxCode[1:]
	for n := range maxTries {
		if n == 3 {
			w.restart()
		}
		w.redeem(&wrong).is(t, 400, oid4vci.CodeInvalidGrant)
	}
	w.redeem(made).is(t, 400, oid4vci.CodeInvalidGrant)
	w.restart()
	w.redeem(made).is(t, 400, oid4vci.CodeInvalidGrant)
	if v, err := w.offers.Show(t.Context(), made.ID); err != nil || v.State != Locked || len(w.acts("offer.locked")) != 1 {
		t.Errorf("%+v, %v", v, err)
	}
	if w.holds("sealed") {
		t.Error("a locked offer still knows whom it was for")
	}

	// 50 guesses at once are no more than five.
	made = w.offered(withTxCode)
	var wg sync.WaitGroup
	for range 50 {
		wrong := *made
		wrong.TxCode = "x" + made.TxCode[1:]
		wg.Go(func() { w.redeem(&wrong) })
	}
	wg.Wait()
	w.redeem(made).is(t, 400, oid4vci.CodeInvalidGrant)
}

// TestThreatG10NonceTwice: within one restart, across one, and 50 at once.
func TestThreatG10NonceTwice(t *testing.T) {
	w := newWorld(t)
	token, h := w.token(w.offered()), newHolder(t)
	nonce := w.nonce()
	proof := w.proof(h, nonce)
	credentials(t, w.post("/oid4vci/ente/credential", token, request(hygiene, proof)))
	w.post("/oid4vci/ente/credential", token, request(hygiene, proof)).is(t, 400, oid4vci.CodeInvalidNonce)
	w.post("/oid4vci/ente/credential", token, request(hygiene, w.proof(newHolder(t), nonce))).is(t, 400, oid4vci.CodeInvalidNonce)

	old := w.nonce()
	w.restart()
	w.post("/oid4vci/ente/credential", token, request(hygiene, w.proof(h, old))).is(t, 400, oid4vci.CodeInvalidNonce)
	old = w.nonce()
	w.clock.pass(nonceLife)
	w.post("/oid4vci/ente/credential", token, request(hygiene, w.proof(h, old))).is(t, 400, oid4vci.CodeInvalidNonce)

	nonce = w.nonce()
	proof = w.proof(h, nonce)
	var mu sync.Mutex
	var wg sync.WaitGroup
	good := 0
	for range 50 {
		wg.Go(func() {
			if w.post("/oid4vci/ente/credential", token, request(hygiene, proof)).status == http.StatusOK {
				mu.Lock()
				good++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if good != 1 {
		t.Errorf("%d of 50 passed with one nonce", good)
	}
}

// TestManyNoncesAreNoFaultOfOurs: who comes when no more can be remembered is
// asked to come again.
func TestManyNoncesAreNoFaultOfOurs(t *testing.T) {
	rec := httptest.NewRecorder()
	writeError(rec, httptest.NewRequest(http.MethodPost, "/oid4vci/ente/credential", nil), onetime.ErrFull)
	if rec.Code != http.StatusServiceUnavailable || rec.Header().Get("Retry-After") == "" {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
}

// TestOffersEnd: nothing is had after the end, and nothing of the person stays.
func TestOffersEnd(t *testing.T) {
	w := newWorld(t)
	late, revoked, taken, erased := w.offered(), w.offered(), w.offered(), w.offered()
	token := w.token(taken)
	credentials(t, w.claim(token, hygiene, newHolder(t)))
	must(t, w.offers.Revoke(t.Context(), clerk, revoked.ID))
	refused(t, w.offers.Revoke(t.Context(), clerk, revoked.ID), "offer_ended")
	refused(t, w.offers.Revoke(t.Context(), clerk, "../x"), "offer_unknown")
	w.redeem(revoked).is(t, 400, oid4vci.CodeInvalidGrant)

	must(t, w.offers.Revoke(t.Context(), clerk, taken.ID))
	w.claim(token, hygiene, newHolder(t)).is(t, 401, oid4vci.CodeInvalidToken)

	view, err := w.offers.Show(t.Context(), taken.ID)
	must(t, err)
	_, err = w.issuer.Erase(t.Context(), clerk, view.Credentials[0])
	must(t, err)
	w.redeem(erased).is(t, 400, oid4vci.CodeInvalidGrant)
	w.redeem(late).is(t, 400, oid4vci.CodeInvalidGrant)

	expired := w.offered()
	w.clock.pass(DefaultLife)
	w.redeem(expired).is(t, 400, oid4vci.CodeInvalidGrant)
	must(t, w.offers.Sweep(t.Context()))
	if w.holds("sealed") || w.holds("did:key:") {
		t.Error("an offer that has ended still knows whom it was for")
	}
	w.clock.pass(keep)
	must(t, w.offers.Sweep(t.Context()))
	must(t, w.offers.List(t.Context(), "", "", func(v View) bool {
		t.Errorf("%s is still there", v.ID)
		return true
	}))
}

// holds tells whether a word stands in the record of any offer.
func (w *world) holds(word string) (found bool) {
	must(w.t, w.store.View(w.t.Context(), func(tx issuer.Tx) error {
		return tx.EachRecord(issuer.RecordOffer, "", func(_ string, value []byte) bool {
			found = found || strings.Contains(string(value), word)
			return true
		})
	}))
	return found
}

// TestTheStoreHasNoSecrets: no code, no token, no transaction code and no
// address can be read or made from what is stored.
func TestTheStoreHasNoSecrets(t *testing.T) {
	w := newWorld(t)
	made := w.offered(withTxCode)
	_, place, err := oid4vci.ParseLink(made.Link)
	must(t, err)
	file := func() string {
		data, err := os.ReadFile(filepath.Join(w.dir, boltstore.FileName))
		must(t, err)
		return string(data)
	}
	if strings.Contains(file(), "Diallo") || strings.Contains(file(), "1994-03-12") {
		t.Error("the file names whom an offer is for")
	}
	token := w.token(made)
	if strings.Contains(file(), "Diallo") {
		t.Error("the file names whom an offer was for")
	}
	for name, secret := range map[string]string{
		"code": codeIn(t, made)[23:], "address": place[len(place)-43:], "token": token[23:], "transaction code": `"` + made.TxCode + `"`,
	} {
		if w.holds(secret) {
			t.Errorf("the %s stands in the store", name)
		}
	}
}

// TestWhatCannotBeOffered is refused when the offer is made, and not at the
// wallet.
func TestWhatCannotBeOffered(t *testing.T) {
	w := newWorld(t)
	for name, row := range map[string]struct {
		change func(*NewOffer)
		code   string
	}{
		"no items":         {func(n *NewOffer) { n.Items = nil }, "offer_items"},
		"a template twice": {func(n *NewOffer) { n.Items = append(n.Items, n.Items[0]) }, "offer_twice"},
		"unknown template": {func(n *NewOffer) { n.Items[0].Template = "x" }, "template_unknown"},
		"unknown issuer":   {func(n *NewOffer) { n.Issuer = "x" }, "issuer_unknown"},
		"a day by link":    {func(n *NewOffer) { n.Life = 24 * time.Hour }, "offer_life"},
		"a month by code":  {func(n *NewOffer) { n.Life, n.TxCode = 720*time.Hour, true }, "offer_life"},
		"no name": {func(n *NewOffer) {
			n.Items[0].Learner.Name, n.Items[0].Learner.GivenName, n.Items[0].Learner.FamilyName = "", "", ""
		}, "*"},
	} {
		n := NewOffer{Issuer: "ente", Items: []Item{{Template: hygiene, Learner: w.amina()}}}
		row.change(&n)
		_, err := w.offers.Make(t.Context(), clerk, n)
		if got := code(err); got != row.code && (row.code != "*" || got == "") {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.offered(func(n *NewOffer) { n.Life, n.TxCode = MaxTxLife, true })
}

// TestProgramsOffer goes through the API: an officer's key makes, lists and ends
// offers of its own body; another body's are not there (J08).
func TestProgramsOffer(t *testing.T) {
	w := newWorld(t)
	key := func(name string, role access.Role) string {
		_, secret, err := w.access.AddAPIKey(t.Context(), clerk, access.NewAPIKey{Name: "program", Grant: access.Grant{Issuer: name, Role: role}})
		must(t, err)
		return secret
	}
	officer, other, auditor := key("ente", access.Officer), key("altro", access.Officer), key("ente", access.Auditor)
	body := map[string]any{
		"issuer": "ente", "txCode": true, "hold": true, "life": "72h",
		"items": []any{map[string]any{"template": hygiene, "learner": w.amina()}},
	}
	got := w.post("/api/v1/offers", officer, body).is(t, 201, "")
	id := got.member("id")
	if got.member("txCode") == "" || got.member("link") == "" || got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s", got.body)
	}
	for _, life := range []string{"x", "-5m", "0", "15d", "999999999d", "1s"} {
		body["life"] = life
		w.post("/api/v1/offers", officer, body).is(t, 422, "")
	}
	body["life"] = "14d"
	w.post("/api/v1/offers", officer, body).is(t, 201, "")
	w.post("/api/v1/offers", other, body).is(t, 404, "")
	w.post("/api/v1/offers", auditor, body).is(t, 403, "")
	w.post("/api/v1/offers", "", body).is(t, 401, "")
	body["revoked"] = false
	w.post("/api/v1/offers", officer, body).is(t, 400, "")

	at := "/api/v1/offers/" + id
	if list := w.do("GET", "/api/v1/offers?issuer=ente", "", auditor, "").is(t, 200, ""); !strings.Contains(string(list.body), id) || strings.Contains(string(list.body), "Diallo") {
		t.Errorf("%s", list.body)
	}
	if list := w.do("GET", "/api/v1/offers", "", other, "").is(t, 200, ""); strings.Contains(string(list.body), id) {
		t.Errorf("%s", list.body)
	}
	w.do("GET", "/api/v1/offers?issuer=ente", "", other, "").is(t, 404, "")
	w.do("GET", at, "", other, "").is(t, 404, "")
	w.do("GET", "/api/v1/offers/x", "", officer, "").is(t, 404, "")
	w.do("GET", at, "", officer, "").is(t, 200, "")
	w.do("DELETE", at, "", other, "").is(t, 404, "")
	w.do("DELETE", at, "", auditor, "").is(t, 403, "")
	for _, program := range []string{officer, key("ente", access.Officer)} {
		w.do("POST", at+"/approve", "", program, "").is(t, 403, "") // it takes a person
	}
	must(t, w.offers.Approve(t.Context(), "user:ben", id))
	approved := w.do("GET", at, "", officer, "").is(t, 200, "")
	if approved.member("state") != string(Offered) || approved.member("approvedBy") == "" {
		t.Errorf("%s", approved.body)
	}
	w.do("DELETE", at, "", officer, "").is(t, 204, "")
	w.do("DELETE", at, "", officer, "").is(t, 409, "")
}
