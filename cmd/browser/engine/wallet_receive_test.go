package engine

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/oid4vci"
	"github.com/employment-passport/passport/passporttest/recognised"
)

const shop = "https://ente.example/oid4vci/"

func offerLink(t testing.TB) string {
	t.Helper()
	return offerLinkWith(t, oid4vci.TxCode{Length: 6})
}

func offerLinkWith(t testing.TB, code oid4vci.TxCode) string {
	t.Helper()
	o := oid4vci.Offer{Issuer: "https://ente.example/x", Configurations: []string{"a"}, Grants: oid4vci.Grants{PreAuthorized: &oid4vci.PreAuthorized{Code: "c", TxCode: &code}}}
	l, err := o.Link()
	must(t, err)
	return l
}

// counter answers as an issuer does, from a table.
func counter(pages map[string]string) func(Request) (Response, error) {
	all := map[string]string{
		"https://ente.example/.well-known/openid-credential-issuer/x": `{"credential_issuer":"https://ente.example/x","credential_endpoint":"` + shop + `credential",
			"nonce_endpoint":"` + shop + `nonce","deferred_credential_endpoint":"` + shop + `deferred","notification_endpoint":"` + shop + `notification",
			"display":[{"name":"Ente\u202e"}],"credential_configurations_supported":{"a":{"format":"vc+jwt","credential_metadata":{"display":[{"name":"Igiene"}]}}}}`,
		"https://ente.example/.well-known/oauth-authorization-server/x": `{"issuer":"https://ente.example/x","token_endpoint":"` + shop + `token"}`,
		shop + "token":        `{"access_token":"t","token_type":"Bearer"}`,
		shop + "nonce":        `{"c_nonce":"n"}`,
		shop + "notification": "",
	}
	for at, page := range pages {
		all[at] = page
	}
	return func(r Request) (Response, error) {
		page, ok := all[r.URL]
		switch {
		case !ok:
			return Response{}, errors.New("not there")
		case strings.Contains(page, `"error"`):
			return Response{Status: 400, Body: []byte(page)}, nil
		case strings.Contains(page, "transaction_id"):
			return Response{Status: 202, Body: []byte(page)}, nil
		}
		return Response{Status: 200, Body: []byte(page)}, nil
	}
}

// TestWalletReceives: a link asks nobody, a yes asks one host, and what comes is
// judged, kept, stored and only then told.
func TestWalletReceives(t *testing.T) {
	b := recognised.New(t)
	d := newDesk(t, b)
	d.create("")
	d.fetch = counter(map[string]string{shop + "credential": `{"credentials":[{"credential":"` + b.Issue(d.did()) + `"}],"notification_id":"i"}`})
	d.refused("wb_not_offer", "wallet.offer", map[string]any{"link": "https://ente.example/"})
	d.refused("wb_request", "wallet.take", map[string]any{})
	out := d.do("wallet.offer", map[string]any{"link": offerLink(t)})
	if out["host"] != "ente.example" || len(d.asked) > 0 {
		t.Fatalf("%v, asked %v", out, d.asked)
	}
	d.refused("wb_offer_host", "wallet.offer", map[string]any{"link": offerLink(t), "host": "evil.example"})
	out = d.do("wallet.offer", map[string]any{"link": offerLink(t), "host": "ente.example"})
	if out["name"] != "Ente" || out["needsCode"] != true || out["codeLength"] != 6.0 {
		t.Errorf("%v", out)
	}
	d.refused("wb_offer_code", "wallet.take", map[string]any{})
	before := len(d.asked)
	for _, wrong := range []string{"12345", "123-456-7", "abc", "--"} {
		if r := d.refused("wb_offer_digits", "wallet.take", map[string]any{"code": wrong, "lang": "it"}); r["message"] != "Servono 6 cifre" {
			t.Errorf("%q: %v", wrong, r)
		}
	}
	if len(d.asked) != before {
		t.Errorf("sent for a code that cannot be right: %v", d.asked[before:])
	}
	out = d.do("wallet.take", map[string]any{"code": " 12-34 ٥6 "})
	if kept := out["kept"].([]any); len(kept) != 1 || member(kept[0], "card", "status", "colour") != "green" {
		t.Fatalf("%v", out)
	}
	for _, at := range d.asked {
		if strings.HasSuffix(at, "notification") {
			t.Error("told before it was stored")
		}
	}
	if out := d.do("wallet.tell", map[string]any{}); out["told"] != true || d.asked[len(d.asked)-1] != "POST "+shop+"notification" {
		t.Errorf("%v, asked %v", out, d.asked)
	}
}

// TestACodeOfAnySigns: a code that is not of digits alone is sent as it was typed, and
// without what people put in between only where it is too long with that.
func TestACodeOfAnySigns(t *testing.T) {
	d := newDesk(t, recognised.New(t))
	d.create("")
	for _, c := range []struct {
		length      int
		typed, sent string
	}{
		{5, " K7-QM ", "K7-QM"}, {4, "K7-QM", "K7QM"}, {4, "k7 qm", "k7qm"}, {0, "K7-QM", "K7-QM"}, {0, "!!", "!!"}, {6, "K7-QM", ""}, {6, "--", ""},
	} {
		code := ""
		answers := counter(map[string]string{shop + "token": `{"error":"invalid_grant"}`})
		d.fetch = func(r Request) (Response, error) {
			if r.URL == shop+"token" {
				form, err := url.ParseQuery(string(r.Body))
				must(t, err)
				code = form.Get("tx_code")
			}
			return answers(r)
		}
		d.do("wallet.offer", map[string]any{"link": offerLinkWith(t, oid4vci.TxCode{Length: c.length, InputMode: "text"}), "host": "ente.example"})
		want := "wb_offer_spent"
		if c.sent == "" {
			want = "wb_offer_letters"
		}
		d.refused(want, "wallet.take", map[string]any{"code": c.typed})
		if code != c.sent {
			t.Errorf("%q of %d: sent %q", c.typed, c.length, code)
		}
	}
}

// TestAServiceOfThisMachine: who tries Passport at home takes an offer of the
// service there, by http. The page's policy says where it may ask so.
func TestAServiceOfThisMachine(t *testing.T) {
	d := newDesk(t, recognised.New(t))
	d.create("")
	d.refused("wb_unreachable", "wallet.offer", map[string]any{"link": "openid-credential-offer://?credential_offer_uri=http%3A%2F%2F127.0.0.1%3A8080%2Fo", "host": "127.0.0.1:8080"})
	if len(d.asked) != 1 {
		t.Fatalf("asked %v", d.asked)
	}
}

// TestThreatG11OffersThatLeadAstray: no address but https of the host that was
// agreed to is asked, wherever the issuer points.
func TestThreatG11OffersThatLeadAstray(t *testing.T) {
	d := newDesk(t, recognised.New(t))
	d.create("")
	for _, link := range []string{
		"openid-credential-offer://?credential_offer_uri=http%3A%2F%2Fente.example%2Fo",
		"openid-credential-offer://?credential_offer_uri=file%3A%2F%2F%2Fetc%2Fpasswd",
		"openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fuser%40ente.example%2Fo",
	} {
		d.refused("wb_offer_address", "wallet.offer", map[string]any{"link": link})
	}
	d.refused("wb_offer_address", "wallet.offer", map[string]any{"link": "openid-credential-offer://?credential_offer_uri=http%3A%2F%2F192.168.1.1%2Fo", "host": "192.168.1.1"})
	for _, cut := range []string{"openid-credential-offer://?credential_of", "https://ente.example/claim/abc"} {
		d.refused("wb_offer_cut", "wallet.offer", map[string]any{"link": cut})
	}
	d.refused("wb_not_offer", "wallet.offer", map[string]any{"link": "rubbish"})
	if len(d.asked) > 0 {
		t.Fatalf("asked %v", d.asked)
	}
	d.fetch = counter(map[string]string{"https://ente.example/.well-known/oauth-authorization-server/x": `{"issuer":"https://ente.example/x","token_endpoint":"https://evil.example/token"}`})
	d.refused("wb_offer_host", "wallet.offer", map[string]any{"link": offerLink(t), "host": "ente.example"})
	for _, at := range d.asked {
		if !strings.Contains(at, "https://ente.example/") {
			t.Errorf("asked %s", at)
		}
	}
}

// TestWalletCollectsLater: what the issuer had yet to approve is remembered over a
// restart, asked for again, and forgotten when it will never come.
func TestWalletCollectsLater(t *testing.T) {
	b := recognised.New(t)
	d := newDesk(t, b)
	d.create("")
	d.fetch = counter(map[string]string{shop + "credential": `{"transaction_id":"later","interval":5}`, shop + "deferred": `{"transaction_id":"later","interval":5}`})
	d.do("wallet.offer", map[string]any{"link": offerLink(t), "host": "ente.example"})
	if out := d.do("wallet.take", map[string]any{"code": "123456"}); len(out["later"].([]any)) != 1 {
		t.Fatalf("%v", out)
	}
	d.restart(b)
	if out := d.do("wallet.load", map[string]any{"state": d.stored.State, "key": handle}); out["later"] != 1.0 {
		t.Fatalf("%v", out)
	}
	if out := d.do("wallet.collect", map[string]any{}); len(out["waiting"].([]any)) != 1 || out["save"] != nil {
		t.Errorf("%v", out)
	}
	d.fetch = counter(map[string]string{shop + "deferred": `{"credentials":[{"credential":"` + b.Issue(d.did()) + `"}]}`})
	if out := d.do("wallet.collect", map[string]any{}); len(out["kept"].([]any)) != 1 {
		t.Errorf("%v", out)
	}
	if later := d.do("wallet.list", map[string]any{})["later"].([]any); len(later) != 0 {
		t.Errorf("still waiting for %v", later)
	}
}

// TestSpentOffer: the protocol's refusals have words.
func TestSpentOffer(t *testing.T) {
	d := newDesk(t, recognised.New(t))
	d.create("")
	d.refused("wb_unreachable", "wallet.offer", map[string]any{"link": offerLink(t), "host": "ente.example"})
	d.fetch = counter(map[string]string{shop + "token": `{"error":"invalid_grant"}`})
	d.do("wallet.offer", map[string]any{"link": offerLink(t), "host": "ente.example"})
	d.refused("wb_offer_spent", "wallet.take", map[string]any{"code": "000000"})
}

// TestEveryWalletCallIsHostile: no input makes a call fall over, and each is
// refused in words.
func TestEveryWalletCallIsHostile(t *testing.T) {
	b := recognised.New(t)
	for _, open := range []bool{false, true} {
		d := newDesk(t, b)
		if open {
			d.create("")
			d.imported(b.Issue(d.did()))
		}
		for name := range walletCalls {
			for _, in := range []string{`null`, `[]`, `"x"`, `{`, `{"lang":"it","x":1}`, `{"ids":[null],"id":"\u0000","texts":[""],"tokens":["ey.."],"link":"::"}`, `{"lang":"it","lang":"en"}`, "\xff", `{"id":"` + strings.Repeat("9", 1<<16) + `"}`} {
				var out map[string]any
				if err := json.Unmarshal(d.engine.Call(t.Context(), name, []byte(in)), &out); err != nil {
					t.Fatalf("%s %q: %v", name, in, err)
				}
				if code := member(out["error"], "code"); code == "engine_fault" {
					t.Errorf("%s %.60q: %v", name, in, out["error"])
				}
			}
		}
	}
}

func FuzzWalletRestore(f *testing.F) {
	d := newDesk(f, nil)
	d.create("")
	f.Add("https://ente.example/wallet#3000100000001", d.stored.State)
	f.Fuzz(func(t *testing.T, text, state string) {
		d := newDesk(t, nil)
		in, err := json.Marshal(map[string]any{"texts": []string{text}, "words": "abaco", "key": "k"})
		must(t, err)
		if out := string(d.engine.Call(t.Context(), "wallet.restore", in)); strings.Contains(out, "engine_fault") {
			t.Error(out)
		}
		in, err = json.Marshal(map[string]any{"state": state, "key": "k"})
		must(t, err)
		if out := string(d.engine.Call(t.Context(), "wallet.load", in)); strings.Contains(out, "engine_fault") {
			t.Error(out)
		}
	})
}
