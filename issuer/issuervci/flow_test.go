package issuervci

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/oid4vci"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// subject is whom a credential speaks of.
func subject(t *testing.T, token string) string {
	t.Helper()
	_, payload, err := jose.ParseUnverified(token)
	must(t, err)
	c, err := schema.ParseCredential(payload)
	must(t, err)
	id, _ := c.Holder()
	return id
}

// TestAWalletTakesAnOffer is the whole way: link, metadata, token with a code,
// nonce, two keys in one request, notification.
func TestAWalletTakesAnOffer(t *testing.T) {
	w := newWorld(t)
	made := w.offered(withTxCode)

	_, place, err := oid4vci.ParseLink(made.Link)
	must(t, err)
	offer, err := oid4vci.ParseOffer(w.get(strings.TrimPrefix(place, w.server.URL)).is(t, 200, "").body)
	must(t, err)
	if offer.Issuer != w.server.URL+"/ente" || offer.Grants.PreAuthorized.TxCode == nil {
		t.Fatalf("%+v", offer)
	}

	at, err := oid4vci.WellKnownURL(offer.Issuer, oid4vci.WellKnown)
	must(t, err)
	meta, err := oid4vci.ParseIssuerMetadata(w.get(strings.TrimPrefix(at, w.server.URL)).is(t, 200, "").body, offer.Issuer)
	must(t, err)
	at, err = oid4vci.WellKnownURL(offer.Issuer, oid4vci.WellKnownA)
	must(t, err)
	server, err := oid4vci.ParseServerMetadata(w.get(strings.TrimPrefix(at, w.server.URL)).is(t, 200, "").body, offer.Issuer)
	must(t, err)
	path := func(endpoint string) string { return strings.TrimPrefix(endpoint, w.server.URL) }

	// Parameters that nobody knows are ignored.
	form := oid4vci.TokenRequest{Code: offer.Grants.PreAuthorized.Code, TxCode: made.TxCode}.Form()
	form.Set("resource", offer.Issuer)
	form.Set("user_pin", made.TxCode)
	answered := w.form(path(server.Token), form).is(t, 200, "")
	if answered.header.Get("Cache-Control") != "no-store" {
		t.Errorf("token: %q", answered.header.Get("Cache-Control"))
	}
	token, err := oid4vci.ParseTokenResponse(answered.body)
	must(t, err)
	w.get(path(place)).is(t, 404, "") // the offer is gone

	one, two := newHolder(t), newHolder(t)
	nonce := w.do("POST", path(meta.Nonce), "", "", "").is(t, 200, "").member("c_nonce")
	got := w.post(path(meta.Credential), token.AccessToken, request(hygiene, w.proof(one, nonce), w.proof(two, nonce)))
	tokens := credentials(t, got)
	if len(tokens) != 2 || subject(t, tokens[0]) != one.did || subject(t, tokens[1]) != two.did {
		t.Fatalf("%d credentials", len(tokens))
	}

	// The register has two normal rows, made in the name of whoever offered.
	v, err := w.offers.Show(t.Context(), made.ID)
	must(t, err)
	if len(v.Credentials) != 2 || v.State != Redeemed {
		t.Fatalf("%+v", v)
	}
	row, err := w.issuer.Find(t.Context(), v.Credentials[0])
	must(t, err)
	if row.State != issuer.StateIssued || row.Token != tokens[0] {
		t.Errorf("%+v", row)
	}

	told := map[string]string{"notification_id": got.member("notification_id"), "event": "credential_accepted", "event_description": "Amina Diallo"}
	for range 2 {
		w.post(path(meta.Notification), token.AccessToken, told).is(t, http.StatusNoContent, "")
	}
	if acts := w.acts("offer.told"); len(acts) != 1 || strings.Contains(acts[0].Details, "Amina") {
		t.Errorf("told: %+v", acts)
	}
	w.saysNothingOf("Diallo", made.TxCode, token.AccessToken, nonce)
}

func (w *world) acts(act string) (found []issuer.AuditEntry) {
	w.t.Helper()
	must(w.t, w.store.View(w.t.Context(), func(tx issuer.Tx) error {
		return tx.AuditFrom(1, func(e issuer.AuditEntry) bool {
			if e.Act == act {
				found = append(found, e)
			}
			return true
		})
	}))
	return found
}

// saysNothingOf looks for words in the log of the server.
func (w *world) saysNothingOf(words ...string) {
	w.t.Helper()
	if w.log.Len() == 0 {
		w.t.Error("nothing was logged at all")
	}
	for _, word := range words {
		if strings.Contains(w.log.String(), word) {
			w.t.Errorf("the log says %q", word)
		}
	}
}

// TestALostAnswerIsNotLost: whoever asks again with the same key gets the same
// credential; nothing is issued twice.
func TestALostAnswerIsNotLost(t *testing.T) {
	w := newWorld(t)
	token, h := w.token(w.offered()), newHolder(t)
	first := credentials(t, w.claim(token, hygiene, h))
	w.restart()
	again := credentials(t, w.claim(token, hygiene, h))
	if first[0] != again[0] {
		t.Error("another credential")
	}
}

func TestAnOfferGivesAFewCredentialsAndNoMore(t *testing.T) {
	w := newWorld(t)
	token := w.token(w.offered())
	var all []holder
	for range batchSize {
		all = append(all, newHolder(t))
	}
	w.claim(token, hygiene, append(all, newHolder(t))...).is(t, 400, oid4vci.CodeInvalidProof)
	credentials(t, w.claim(token, hygiene, all...))
	w.claim(token, hygiene, newHolder(t)).is(t, 400, oid4vci.CodeDenied)
	credentials(t, w.claim(token, hygiene, all[2])) // an old one still
	w.claim(token, hygiene, all[0], all[0]).is(t, 400, oid4vci.CodeInvalidProof)
}

// TestSeveralDocumentsInOneOffer: each by its own configuration.
func TestSeveralDocumentsInOneOffer(t *testing.T) {
	w := newWorld(t)
	token := w.token(w.offered(func(n *NewOffer) { n.Items = append(n.Items, Item{Template: digital, Learner: w.amina()}) }))
	h := newHolder(t)
	a, b := credentials(t, w.claim(token, hygiene, h)), credentials(t, w.claim(token, digital, h))
	if a[0] == b[0] {
		t.Error("one credential for two documents")
	}
	w.claim(token, "unknown", h).is(t, 400, oid4vci.CodeUnknownConfiguration)
}

// TestMetadataWithoutAName: only where there is one body to be meant.
func TestMetadataWithoutAName(t *testing.T) {
	w := newWorld(t)
	w.get(oid4vci.WellKnown).is(t, 404, "")
	alone := newHome(t)
	_, err := alone.issuer.AddIssuer(t.Context(), clerk, issuer.NewIssuer{Name: "sola", Country: "IT", Region: "ITF5", Method: "web", Domain: "sola.example"})
	must(t, err)
	if got := alone.get(oid4vci.WellKnown).is(t, 200, "").member("credential_issuer"); got != alone.offers.Identifier("sola") {
		t.Error(got)
	}
}

// TestAnOfferToAKnownKey is redeemed by that key alone.
func TestAnOfferToAKnownKey(t *testing.T) {
	w := newWorld(t)
	h := newHolder(t)
	token := w.token(w.offered(func(n *NewOffer) { n.Items[0].Learner.Holder = h.did }))
	w.claim(token, hygiene, newHolder(t)).is(t, 400, oid4vci.CodeInvalidProof)
	credentials(t, w.claim(token, hygiene, h))
}

// TestAHeldOfferWaitsForItsApproval: 202 until somebody else has approved, then
// the credential, then the transaction is over.
func TestAHeldOfferWaitsForItsApproval(t *testing.T) {
	w := newWorld(t)
	_, err := w.issuer.SetFourEyes(t.Context(), clerk, "ente", true)
	must(t, err)
	made := w.offered() // held, because the body demands it
	if !made.Held {
		t.Fatal("not held")
	}
	token, h := w.token(made), newHolder(t)
	transaction := w.claim(token, hygiene, h).is(t, 202, "").member("transaction_id")
	if again := w.claim(token, hygiene, h).is(t, 202, "").member("transaction_id"); again != transaction || transaction == "" {
		t.Fatalf("%q, %q", transaction, again)
	}
	ask := func() answer {
		return w.post("/oid4vci/ente/deferred", token, oid4vci.DeferredRequest{TransactionID: transaction})
	}
	if ask().is(t, 202, "").member("transaction_id") != transaction {
		t.Error("another transaction")
	}
	refused(t, w.offers.Approve(t.Context(), clerk, made.ID), "offer_own")
	must(t, w.offers.Approve(t.Context(), "user:ben", made.ID))
	refused(t, w.offers.Approve(t.Context(), "user:eva", made.ID), "offer_not_held")
	w.restart()
	tokens := credentials(t, ask())
	if subject(t, tokens[0]) != h.did {
		t.Error("bound to another key")
	}
	ask().is(t, 400, oid4vci.CodeInvalidTransaction)
	if got := credentials(t, w.claim(token, hygiene, h)); got[0] != tokens[0] {
		t.Error("another credential")
	}
	if acts := w.acts("issue.done"); len(acts) != 1 || acts[0].Actor != "user:anna+user:ben" {
		t.Errorf("%+v", acts)
	}
}

// TestWhatWasApprovedIsWhatIsSigned: a template that was changed since the offer
// was made is not the one that was looked at.
func TestWhatWasApprovedIsWhatIsSigned(t *testing.T) {
	w := newWorld(t)
	made := w.offered(held)
	token, h := w.token(made), newHolder(t)
	w.claim(token, hygiene, h).is(t, 202, "")
	must(t, w.offers.Approve(t.Context(), "user:ben", made.ID))
	r, err := w.issuer.Template(t.Context(), hygiene)
	must(t, err)
	changed := bytes.Replace(r.Body, []byte(r.Title), []byte("Corso di altro"), 1)
	_, err = w.issuer.AddTemplate(t.Context(), clerk, changed, 20)
	must(t, err)
	w.claim(token, hygiene, h).is(t, 400, oid4vci.CodeDenied)
	_, err = w.issuer.AddTemplate(t.Context(), clerk, r.Body, 20)
	must(t, err)
	credentials(t, w.claim(token, hygiene, h))
}

func refused(t *testing.T, err error, want string) {
	t.Helper()
	if code(err) != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// TestErrorsAreTheStandards: one row for each refusal of sections 6.3, 8.3.1,
// 9.3 and 11.3.
func TestErrorsAreTheStandards(t *testing.T) {
	w := newWorld(t)
	h := newHolder(t)
	plain, coded := w.offered(), w.offered(withTxCode)
	form := func(pairs ...string) url.Values {
		v := url.Values{"grant_type": {oid4vci.GrantType}}
		for i := 0; i < len(pairs); i += 2 {
			v.Add(pairs[i], pairs[i+1])
		}
		return v
	}
	for name, row := range map[string]struct {
		form url.Values
		code string
	}{
		"no grant":         {url.Values{}, oid4vci.CodeInvalidRequest},
		"other grant":      {url.Values{"grant_type": {"authorization_code"}}, oid4vci.CodeUnsupportedGrantType},
		"no code":          {form(), oid4vci.CodeInvalidRequest},
		"code twice":       {form("pre-authorized_code", "a", "pre-authorized_code", "b"), oid4vci.CodeInvalidRequest},
		"unknown code":     {form("pre-authorized_code", codeIn(t, plain)[:60]+"AAAAAA"), oid4vci.CodeInvalidGrant},
		"odd code":         {form("pre-authorized_code", "../../x"), oid4vci.CodeInvalidGrant},
		"unexpected tx":    {form("pre-authorized_code", codeIn(t, plain), "tx_code", "123456"), oid4vci.CodeInvalidRequest},
		"missing tx":       {form("pre-authorized_code", codeIn(t, coded)), oid4vci.CodeInvalidRequest},
		"wrong tx":         {form("pre-authorized_code", codeIn(t, coded), "tx_code", "x"), oid4vci.CodeInvalidGrant},
		"long tx":          {form("pre-authorized_code", codeIn(t, coded), "tx_code", strings.Repeat("1", 5000)), oid4vci.CodeInvalidRequest},
		"address of offer": {form("pre-authorized_code", plain.Link[len(plain.Link)-66:]), oid4vci.CodeInvalidGrant},
	} {
		if got := w.form("/oid4vci/ente/token", row.form); got.status != 400 || got.member("error") != row.code {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	w.post("/oid4vci/ente/token", "", map[string]string{}).is(t, 400, oid4vci.CodeInvalidRequest)
	w.form("/oid4vci/altro/token", form("pre-authorized_code", codeIn(t, plain))).is(t, 400, oid4vci.CodeInvalidGrant)
	w.form("/oid4vci/nessuno/token", form("pre-authorized_code", codeIn(t, plain))).is(t, 404, "")

	token := w.token(plain)
	proofs := map[string]any{"jwt": []string{w.proof(h, w.nonce())}}
	for name, row := range map[string]struct {
		body map[string]any
		code string
	}{
		"neither":       {map[string]any{"proofs": proofs}, oid4vci.CodeInvalidCredential},
		"both":          {map[string]any{"credential_configuration_id": hygiene, "credential_identifier": "x", "proofs": proofs}, oid4vci.CodeInvalidCredential},
		"identifier":    {map[string]any{"credential_identifier": "x", "proofs": proofs}, oid4vci.CodeUnknownIdentifier},
		"other":         {map[string]any{"credential_configuration_id": digital, "proofs": proofs}, oid4vci.CodeUnknownConfiguration},
		"no proofs":     {map[string]any{"credential_configuration_id": hygiene}, oid4vci.CodeInvalidProof},
		"empty proofs":  {map[string]any{"credential_configuration_id": hygiene, "proofs": map[string]any{"jwt": []string{}}}, oid4vci.CodeInvalidProof},
		"two types":     {map[string]any{"credential_configuration_id": hygiene, "proofs": map[string]any{"jwt": proofs["jwt"], "ldp_vp": []string{"x"}}}, oid4vci.CodeInvalidProof},
		"other type":    {map[string]any{"credential_configuration_id": hygiene, "proofs": map[string]any{"ldp_vp": []string{"x"}}}, oid4vci.CodeInvalidProof},
		"old proof":     {map[string]any{"credential_configuration_id": hygiene, "proof": map[string]any{"proof_type": "jwt"}}, oid4vci.CodeInvalidProof},
		"encryption":    {map[string]any{"credential_configuration_id": hygiene, "proofs": proofs, "credential_response_encryption": map[string]any{"enc": "x"}}, oid4vci.CodeInvalidEncryption},
		"unknown nonce": {request(hygiene, w.proof(h, "abc")), oid4vci.CodeInvalidNonce},
	} {
		if got := w.post("/oid4vci/ente/credential", token, row.body); got.status != 400 || got.member("error") != row.code {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	w.do("POST", "/oid4vci/ente/credential", "application/json", token, `{"proofs":{},"proofs":{}}`).is(t, 400, oid4vci.CodeInvalidCredential)
	w.do("POST", "/oid4vci/ente/credential", "text/plain", token, `{}`).is(t, 400, oid4vci.CodeInvalidCredential)
	for _, bad := range []string{"", "x", token[:60] + "AAAAAA"} {
		got := w.post("/oid4vci/ente/credential", bad, request(hygiene)).is(t, 401, oid4vci.CodeInvalidToken)
		if !strings.Contains(got.header.Get("WWW-Authenticate"), "Bearer") {
			t.Error("no challenge")
		}
	}
	w.post("/oid4vci/altro/credential", token, request(hygiene)).is(t, 401, oid4vci.CodeInvalidToken)
	w.post("/oid4vci/ente/deferred", token, map[string]string{"transaction_id": "x"}).is(t, 400, oid4vci.CodeInvalidTransaction)
	w.post("/oid4vci/ente/deferred", token, map[string]string{}).is(t, 400, oid4vci.CodeInvalidCredential)
	w.post("/oid4vci/ente/notification", token, map[string]string{"notification_id": "x", "event": "credential_accepted"}).is(t, 400, oid4vci.CodeInvalidNotification)
	w.post("/oid4vci/ente/notification", token, map[string]string{"notification_id": "x", "event": "other"}).is(t, 400, oid4vci.CodeInvalidNotificationBody)
	w.clock.pass(tokenLife)
	w.claim(token, hygiene, h).is(t, 401, oid4vci.CodeInvalidToken)
}

// TestWalletsMayBePages: any origin may ask, and nothing hangs on a cookie.
func TestWalletsMayBePages(t *testing.T) {
	w := newWorld(t)
	for path, method := range map[string]string{
		"/.well-known/openid-credential-issuer/ente": "GET", "/.well-known/oauth-authorization-server/ente": "GET",
		"/oid4vci/ente/token": "POST", "/oid4vci/ente/nonce": "POST", "/oid4vci/ente/credential": "POST",
		"/oid4vci/ente/deferred": "POST", "/oid4vci/ente/notification": "POST",
	} {
		pre := w.do("OPTIONS", path, "", "", "").is(t, 204, "")
		if pre.header.Get("Access-Control-Allow-Methods") != method || !strings.Contains(pre.header.Get("Access-Control-Allow-Headers"), "Authorization") {
			t.Errorf("%s: %v", path, pre.header)
		}
		got := w.do(method, path, "application/json", "", "{}")
		if got.header.Get("Access-Control-Allow-Origin") != "*" || got.header.Get("Access-Control-Allow-Credentials") != "" || got.header.Get("ETag") != "" {
			t.Errorf("%s: %v", path, got.header)
		}
		if !json.Valid(got.body) {
			t.Errorf("%s: %s", path, got.body)
		}
	}
}

// TestABodyWithALongName: spaces and letters of any script in the name are the
// same in every address.
func TestABodyWithALongName(t *testing.T) {
	w := newWorld(t)
	const name = "Scuola Città di Potenza"
	must(t, w.store.Update(t.Context(), func(tx issuer.Tx) error { // an older home has such bodies; new ones are named more simply
		r, err := tx.Issuer("ente")
		if err != nil {
			return err
		}
		r.Name = name
		return tx.PutIssuer(r)
	}))
	made := w.offered(func(n *NewOffer) { n.Issuer = name })
	_, place, err := oid4vci.ParseLink(made.Link)
	must(t, err)
	offer, err := oid4vci.ParseOffer(w.get(strings.TrimPrefix(place, w.server.URL)).is(t, 200, "").body)
	must(t, err)
	at, err := oid4vci.WellKnownURL(offer.Issuer, oid4vci.WellKnown)
	must(t, err)
	meta, err := oid4vci.ParseIssuerMetadata(w.get(strings.TrimPrefix(at, w.server.URL)).is(t, 200, "").body, offer.Issuer)
	must(t, err)
	if meta.Issuer != w.offers.Identifier(name) || strings.ContainsAny(meta.Credential, " à") {
		t.Errorf("%+v", meta)
	}
	w.do("POST", strings.TrimPrefix(meta.Nonce, w.server.URL), "", "", "").is(t, 200, "")
}

// TestHoldersByTheirKeys: a key that stands in the proof is named by its did:key;
// a did:jwk stays what it is.
func TestHoldersByTheirKeys(t *testing.T) {
	w := newWorld(t)
	token, h := w.token(w.offered()), newHolder(t)
	header, claims := w.proofParts(h, w.nonce())
	delete(header, "kid")
	header["jwk"] = h.jwk(t)
	got := credentials(t, w.post("/oid4vci/ente/credential", token, request(hygiene, h.sign(t, header, claims))))
	if subject(t, got[0]) != h.did {
		t.Errorf("bound to %s", subject(t, got[0]))
	}
	name, err := did.NewJWK(h.key.Public())
	must(t, err)
	header, claims = w.proofParts(h, w.nonce())
	header["kid"] = name + "#0"
	got = credentials(t, w.post("/oid4vci/ente/credential", token, request(hygiene, h.sign(t, header, claims))))
	if subject(t, got[0]) != name {
		t.Errorf("bound to %s", subject(t, got[0]))
	}
	// Another's name with one's own key is nobody's.
	header, claims = w.proofParts(newHolder(t), w.nonce())
	w.post("/oid4vci/ente/credential", token, request(hygiene, h.sign(t, header, claims))).is(t, 400, oid4vci.CodeInvalidProof)
}

// TestIDsCanBeTyped: one that began with a dash was taken for a flag.
func TestIDsCanBeTyped(t *testing.T) {
	for range 2000 {
		if id := newID(); !idForm.MatchString(id) || id[0] == '-' {
			t.Fatal(id)
		}
	}
}
