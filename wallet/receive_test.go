package wallet_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/oid4vci"
	"github.com/employment-passport/passport/wallet"
)

// stand is an issuer that answers from a table, and writes down what it is asked.
type stand struct {
	pages  map[string]string // by URL
	asked  []string
	sent   map[string]string // bodies by URL
	bodies []string          // all of them
	lose   int               // answers of the credential endpoint
	busy   int               // of them, a 503 without a word of the protocol
}

var errNotThere = errors.New("not there")

func (s *stand) Get(_ context.Context, at string) ([]byte, error) {
	s.asked = append(s.asked, at)
	if page, ok := s.pages[at]; ok {
		return []byte(page), nil
	}
	return nil, errNotThere
}

func (s *stand) Post(_ context.Context, at, _, bearer string, body []byte) (int, []byte, error) {
	s.asked = append(s.asked, at)
	s.sent[at] = bearer + " " + string(body)
	s.bodies = append(s.bodies, s.sent[at])
	page, ok := s.pages[at]
	if s.lose > 0 && at == shop+"credential" {
		s.lose--
		return 0, nil, errNotThere
	}
	if s.busy > 0 && at == shop+"credential" {
		s.busy--
		return 503, []byte(`{"type":"about:blank","status":503}`), nil
	}
	switch {
	case !ok:
		return 0, nil, errNotThere
	case strings.Contains(page, `"error"`):
		return 400, []byte(page), nil
	case strings.Contains(page, "transaction_id"):
		return 202, []byte(page), nil
	case page == "":
		return 204, nil, nil
	}
	return 200, []byte(page), nil
}

const shop = "https://ente.example/oid4vci/"

func newStand(credentials string) *stand {
	return &stand{sent: map[string]string{}, pages: map[string]string{
		"https://ente.example/.well-known/openid-credential-issuer/x": `{"credential_issuer":"https://ente.example/x","credential_endpoint":"` + shop + `credential",
			"nonce_endpoint":"` + shop + `nonce","deferred_credential_endpoint":"` + shop + `deferred","notification_endpoint":"` + shop + `notification",
			"display":[{"name":"Ente"}],"credential_configurations_supported":{"a":{"format":"vc+jwt","credential_metadata":{"display":[{"name":"Igiene"}]}}}}`,
		"https://ente.example/.well-known/oauth-authorization-server/x": `{"issuer":"https://ente.example/x","token_endpoint":"` + shop + `token"}`,
		shop + "token":        `{"access_token":"t","token_type":"Bearer"}`,
		shop + "nonce":        `{"c_nonce":"n"}`,
		shop + "credential":   credentials,
		shop + "notification": "",
	}}
}

func link(t *testing.T) string {
	t.Helper()
	o := oid4vci.Offer{Issuer: "https://ente.example/x", Configurations: []string{"a"}, Grants: oid4vci.Grants{PreAuthorized: &oid4vci.PreAuthorized{Code: "c", TxCode: &oid4vci.TxCode{}}}}
	l, err := o.Link()
	must(t, err)
	return l
}

// TestCredentialsAreAskedForByTheirNames: where the token response names several of
// one configuration each is asked for by its name and by nothing else; details of
// other types are not ours, and a response that names one twice is none.
func TestCredentialsAreAskedForByTheirNames(t *testing.T) {
	world := newWorld(t)
	w, err := wallet.New()
	must(t, err)
	take := func(details string) (*wallet.Handed, []string, error) {
		t.Helper()
		s := newStand(`{"credentials":[{"credential":"` + world.Issue(w.DID()) + `"}]}`)
		s.pages[shop+"token"] = `{"access_token":"t","token_type":"Bearer","authorization_details":` + details + `}`
		l, err := wallet.ReadOffer(link(t))
		must(t, err)
		i, err := l.Open(ctx, s)
		must(t, err)
		h, err := i.Take(ctx, w, s, "123456", now)
		var asked []string
		for _, body := range s.bodies {
			var r oid4vci.CredentialRequest
			if _, text, _ := strings.Cut(body, " "); json.Unmarshal([]byte(text), &r) == nil && r.Proofs != nil {
				asked = append(asked, r.Configuration+"|"+r.Identifier)
			}
		}
		return h, asked, err
	}
	for details, want := range map[string][]string{
		`[{"type":"openid_credential","credential_configuration_id":"a","credential_identifiers":["a#1","a#2"]}]`: {"|a#1", "|a#2"},
		`[{"type":"openid_credential","credential_configuration_id":"a"},{"type":"payment","sum":3}]`:             {"a|"},
		`[{"type":"payment","credential_configuration_id":"a","credential_identifiers":["x"]}]`:                   {"a|"},
	} {
		h, asked, err := take(details)
		must(t, err)
		if !slices.Equal(asked, want) || len(h.Tokens) != len(want) {
			t.Errorf("%s: asked for %v, want %v", details, asked, want)
		}
	}
	var refused *wallet.IssuerError
	if _, _, err := take(`[{"type":"openid_credential","credential_configuration_id":"a","credential_identifiers":["a#1","a#1"]}]`); !errors.As(err, &refused) || refused.Step != "token" {
		t.Errorf("named twice: %v", err)
	}
}

// TestOtherFormatsAreRefusedWhole: one configuration of a format that the wallet does
// not hold, and nothing of the offer is asked for or spent (docs/conformance.md).
func TestOtherFormatsAreRefusedWhole(t *testing.T) {
	for _, format := range []string{"jwt_vc_json", "jwt_vc_json-ld", "ldp_vc", "dc+sd-jwt", "mso_mdoc"} {
		s := newStand("")
		for at, page := range s.pages {
			s.pages[at] = strings.Replace(page, `supported":{"a"`, `supported":{"b":{"format":"`+format+`"},"a"`, 1)
		}
		o := oid4vci.Offer{Issuer: "https://ente.example/x", Configurations: []string{"a", "b"}, Grants: oid4vci.Grants{PreAuthorized: &oid4vci.PreAuthorized{Code: "c"}}}
		text, err := o.Link()
		must(t, err)
		l, err := wallet.ReadOffer(text)
		must(t, err)
		if _, err := l.Open(ctx, s); !errors.Is(err, wallet.ErrNotOffer) || !strings.Contains(err.Error(), `"b"`) || len(s.sent) > 0 {
			t.Errorf("%s: %v, sent %v", format, err, s.sent)
		}
	}
}

// TestOffersAreTakenInSteps: reading asks nobody, opening asks one host, taking
// proves the vault's key to that issuer, and telling says what became of it.
func TestOffersAreTakenInSteps(t *testing.T) {
	world := newWorld(t)
	w, err := wallet.New()
	must(t, err)
	credential := world.Issue(w.DID())
	s := newStand(`{"credentials":[{"credential":"` + credential + `"}],"notification_id":"i"}`)
	l, err := wallet.ReadOffer(link(t))
	must(t, err)
	if l.Host != "ente.example" || len(s.asked) > 0 {
		t.Fatalf("%+v", l)
	}
	i, err := l.Open(ctx, s)
	must(t, err)
	if i.Name != "Ente" || i.Titles[0] != "Igiene" || !i.NeedsCode || len(s.asked) != 2 {
		t.Fatalf("%+v, asked %v", i, s.asked)
	}
	if _, err := i.Take(ctx, w, s, "", now); !errors.Is(err, wallet.ErrNeedsCode) || len(s.asked) != 2 {
		t.Fatalf("%v, asked %v", err, s.asked)
	}
	h, err := i.Take(ctx, w, s, "123456", now)
	must(t, err)
	if len(h.Tokens) != 1 || h.Tokens[0] != credential {
		t.Fatalf("%+v", h)
	}
	form, err := url.ParseQuery(strings.TrimSpace(s.sent[shop+"token"]))
	must(t, err)
	if form.Get("tx_code") != "123456" || form.Get("client_id") != "" {
		t.Errorf("%v", form)
	}
	bearer, body, _ := strings.Cut(s.sent[shop+"credential"], " ")
	var request oid4vci.CredentialRequest
	must(t, json.Unmarshal([]byte(body), &request))
	header, payload, err := jose.ParseUnverified(request.Proofs.JWT[0])
	must(t, err)
	if bearer != "t" || header.Typ != "openid4vci-proof+jwt" || !strings.HasPrefix(header.Kid, w.DID()+"#") || !strings.Contains(string(payload), `"aud":"https://ente.example/x"`) || strings.Contains(string(payload), "iss") {
		t.Errorf("%s %+v %s", bearer, header, payload)
	}
	must(t, h.Tell(ctx, s, true))
	if !strings.Contains(s.sent[shop+"notification"], "credential_accepted") {
		t.Error(s.sent[shop+"notification"])
	}
	must(t, h.Tell(ctx, s, false))
	if !strings.Contains(s.sent[shop+"notification"], "credential_failure") {
		t.Error(s.sent[shop+"notification"])
	}
}

// TestTheIssuersRefusalsAreTold with the step and the word of the protocol.
func TestTheIssuersRefusalsAreTold(t *testing.T) {
	w, err := wallet.New()
	must(t, err)
	for step, page := range map[string]string{"token": `{"error":"invalid_grant"}`, "nonce": `{"error":"x"}`, "credential": `{"error":"invalid_proof"}`} {
		s := newStand(`{"credentials":[{"credential":"x"}]}`)
		s.pages[shop+step] = page
		l, err := wallet.ReadOffer(link(t))
		must(t, err)
		i, err := l.Open(ctx, s)
		must(t, err)
		_, err = i.Take(ctx, w, s, "1", now)
		var refused *wallet.IssuerError
		if !errors.As(err, &refused) || refused.Step != step || refused.Code == "" {
			t.Errorf("%s: %v", step, err)
		}
	}
}

// TestWhatIsAwaitedStaysInTheVault: sealed with it, bounded, and gone once it has
// come. An older program refuses such a vault instead of forgetting it.
func TestWhatIsAwaitedStaysInTheVault(t *testing.T) {
	w, err := wallet.New()
	must(t, err)
	s := newStand(`{"transaction_id":"later","interval":30}`)
	l, err := wallet.ReadOffer(link(t))
	must(t, err)
	i, err := l.Open(ctx, s)
	must(t, err)
	h, err := i.Take(ctx, w, s, "1", now)
	must(t, err)
	must(t, w.Await(h.Later...))
	must(t, w.Await(h.Later...)) // once
	data, err := w.Seal(passphrase, cheap)
	must(t, err)
	w, err = wallet.Unseal(data, passphrase)
	must(t, err)
	waiting := w.Awaited()
	if len(waiting) != 1 || waiting[0].Transaction != "later" || waiting[0].Title != "Igiene" {
		t.Fatalf("%+v", waiting)
	}
	s.pages[shop+"deferred"] = `{"transaction_id":"later","interval":30}`
	if _, err := waiting[0].Collect(ctx, w, s, now); !errors.Is(err, wallet.ErrNotYet) {
		t.Error(err)
	}
	s.pages[shop+"deferred"] = `{"credentials":[{"credential":"x"}]}`
	got, err := waiting[0].Collect(ctx, w, s, now)
	must(t, err)
	if got.Tokens[0] != "x" {
		t.Errorf("%+v", got)
	}
	// A transaction that is over, because its answer was lost, costs nothing.
	s.pages[shop+"deferred"], s.pages[shop+"credential"] = `{"error":"invalid_transaction_id"}`, `{"credentials":[{"credential":"y"}]}`
	if got, err = waiting[0].Collect(ctx, w, s, now); err != nil || got.Tokens[0] != "y" {
		t.Errorf("%+v, %v", got, err)
	}
	s.pages[shop+"credential"] = `{"error":"invalid_token"}`
	var refused *wallet.IssuerError
	if _, err := waiting[0].Collect(ctx, w, s, now); !errors.As(err, &refused) || !refused.Final() {
		t.Error(err)
	}
	w.Collected(waiting...)
	data, err = w.Seal(passphrase, cheap)
	must(t, err)
	if w, err = wallet.Unseal(data, passphrase); err != nil || len(w.Awaited()) != 0 {
		t.Errorf("%v", err)
	}
	for n := range wallet.MaxLater + 1 {
		err = w.Await(wallet.Later{Transaction: strings.Repeat("x", n+1)})
	}
	if !errors.Is(err, wallet.ErrFull) {
		t.Error(err)
	}
	elsewhere := wallet.Later{Host: "ente.example", Deferred: "https://evil.example/d"}
	if _, err := elsewhere.Collect(ctx, w, s, now); !errors.Is(err, wallet.ErrOtherHost) {
		t.Error(err)
	}
}

// TestALostAnswerCostsNoOffer: the code is spent, so the wallet asks again, with
// a new nonce, a few times and not for ever.
func TestALostAnswerCostsNoOffer(t *testing.T) {
	w, err := wallet.New()
	must(t, err)
	for lost, ok := range map[int]bool{1: true, 2: true, 3: false, 11: true, 12: false} {
		s := newStand(`{"credentials":[{"credential":"x"}]}`)
		s.lose, s.busy = lost%10, lost/10
		l, err := wallet.ReadOffer(link(t))
		must(t, err)
		i, err := l.Open(ctx, s)
		must(t, err)
		h, err := i.Take(ctx, w, s, "1", now)
		if (err == nil) != ok || ok && len(h.Tokens) != 1 {
			t.Errorf("%d lost: %v", lost, err)
		}
	}
}

// TestAFullWalletSpendsNoOffer: the code works once, so that room is looked for
// before it is sent.
func TestAFullWalletSpendsNoOffer(t *testing.T) {
	w, err := wallet.New()
	must(t, err)
	for n := range wallet.MaxLater {
		must(t, w.Await(wallet.Later{Transaction: strings.Repeat("x", n+1)}))
	}
	s := newStand(`{"transaction_id":"later","interval":30}`)
	l, err := wallet.ReadOffer(link(t))
	must(t, err)
	i, err := l.Open(ctx, s)
	must(t, err)
	if _, err := i.Take(ctx, w, s, "1", now); !errors.Is(err, wallet.ErrFull) || s.sent[shop+"token"] != "" {
		t.Errorf("%v, sent %q", err, s.sent)
	}
}

// TestOneRefusalOfSeveralKeepsNothingBack: the code is spent for all of them.
func TestOneRefusalOfSeveralKeepsNothingBack(t *testing.T) {
	w, err := wallet.New()
	must(t, err)
	s := newStand(`{"credentials":[{"credential":"x"}]}`)
	meta := "https://ente.example/.well-known/openid-credential-issuer/x"
	s.pages[meta] = strings.Replace(s.pages[meta], `"a":{`, `"b":{"format":"vc+jwt"},"a":{`, 1)
	s.lose = 3 // all tries of the first
	l, err := wallet.ReadOffer(`{"credential_issuer":"https://ente.example/x","credential_configuration_ids":["b","a"],"grants":{"` + oid4vci.GrantType + `":{"pre-authorized_code":"c"}}}`)
	must(t, err)
	i, err := l.Open(ctx, s)
	must(t, err)
	if h, err := i.Take(ctx, w, s, "", now); err == nil || h == nil || len(h.Tokens) != 1 {
		t.Errorf("%+v, %v", h, err)
	}
}

// TestTheOfferPicksTheAuthorizationServer of several (OpenID4VCI 1.0 section
// 4.1.1), and none that the issuer does not name.
func TestTheOfferPicksTheAuthorizationServer(t *testing.T) {
	for server, ok := range map[string]bool{"https://ente.example/as": true, "https://ente.example/other": false} {
		s := newStand(`{}`)
		meta := "https://ente.example/.well-known/openid-credential-issuer/x"
		s.pages[meta] = strings.Replace(s.pages[meta], `{"cred`, `{"authorization_servers":["https://ente.example/x","https://ente.example/as"],"cred`, 1)
		s.pages["https://ente.example/.well-known/oauth-authorization-server/as"] = `{"issuer":"https://ente.example/as","token_endpoint":"` + shop + `as-token"}`
		l, err := wallet.ReadOffer(`{"credential_issuer":"https://ente.example/x","credential_configuration_ids":["a"],"grants":{"` + oid4vci.GrantType + `":{"pre-authorized_code":"c","authorization_server":"` + server + `"}}}`)
		must(t, err)
		if _, err = l.Open(ctx, s); (err == nil) != ok {
			t.Errorf("%s: %v, asked %v", server, err, s.asked)
		}
		if asked := strings.Join(s.asked, " "); ok != strings.Contains(asked, "oauth-authorization-server/as") {
			t.Errorf("%s: asked %s", server, asked)
		}
	}
}

// TestOnlyTheLastWordIsFinal: a server that is busy takes no credential away.
func TestOnlyTheLastWordIsFinal(t *testing.T) {
	for code, final := range map[string]bool{"invalid_transaction_id": true, "credential_request_denied": true, "invalid_token": true, "temporarily_unavailable": false, "server_error": false, "": false} {
		if (&wallet.IssuerError{Code: code}).Final() != final {
			t.Errorf("%q", code)
		}
	}
}
