package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/fetch"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/issuer/issuervci"
	"github.com/employment-passport/passport/wallet"
	"github.com/go-chi/chi/v5"
)

// vciDesk serves a training body's offers at https://example.com.
type vciDesk struct {
	deskWorld
	t      *testing.T
	offers *issuervci.Offers
	at     asker
	asked  []string
}

const counterBase = "https://" + onlineHost

// openCounter serves what has been offered so far. The wallet beside it reaches
// the server through the one door, under the name of its certificate.
func openCounter(t *testing.T, d deskWorld) *vciDesk {
	t.Helper()
	c := &vciDesk{deskWorld: d, t: t}
	a := &app{out: new(bytes.Buffer), err: new(bytes.Buffer), now: time.Now}
	store, err := a.openStore(t.Context())
	mustDo(t, err)
	t.Cleanup(func() { mustDo(t, store.Close()) })
	mustDo(t, a.unlockFirst(t.Context()))
	i, err := a.issuerOver(t.Context(), store, true)
	mustDo(t, err)
	c.offers, err = issuervci.NewOffers(issuervci.Config{Issuer: i, Store: store, Base: counterBase, Now: time.Now})
	mustDo(t, err)
	who, err := access.New(access.Config{Issuer: i, Store: store, Now: time.Now})
	mustDo(t, err)
	s, err := issuervci.New(issuervci.ServiceConfig{Offers: c.offers, Access: who, Authenticate: func(next http.Handler) http.Handler { return next }})
	mustDo(t, err)
	r := chi.NewRouter()
	r.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			c.asked = append(c.asked, r.Method+" "+r.URL.Path)
			next.ServeHTTP(w, r)
		})
	})
	s.Routes(r)
	c.at = asker{clientFor(t, r)}
	return c
}

// clientFor reaches a handler under any name.
func clientFor(t *testing.T, h http.Handler) *fetch.Client {
	t.Helper()
	server := httptest.NewTLSServer(h)
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return fetch.New(fetch.Config{
		Roots: roots, Now: time.Now, AllowLoopbackUnsafe: true,
		Lookup: func(context.Context, string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
		},
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
		},
	})
}

// offered makes an offer by the command line, as long as no server runs.
func (d deskWorld) offered(t *testing.T, more ...string) (made issuervci.Made) {
	t.Helper()
	line := append([]string{"offer", "--issuer", "ente", "--template", "food-hygiene", "--json", "--base-url", counterBase,
		"--learner", "../../examples/learners/02-abdullah.json"}, more...)
	mustDo(t, json.Unmarshal([]byte(desk(t, line...)), &made))
	return made
}

// receive takes an offer as the command does.
func (c *vciDesk) receive(o receiveOptions, arg string) (out, said string, err error) {
	c.t.Helper()
	var stdout, stderr bytes.Buffer
	a := &app{in: strings.NewReader(""), out: &stdout, err: &stderr, now: time.Now, lang: "en"}
	o.trust = walletTrust{bundle: c.bundle, anchor: c.anchor}
	r := receiving{app: a, o: o, at: c.at}
	if o.resume {
		err = r.collect(c.t.Context())
	} else {
		err = r.take(c.t.Context(), arg)
	}
	return strings.TrimSpace(stdout.String()), stderr.String(), err
}

func newCounterWorld(t *testing.T) deskWorld {
	t.Helper()
	d := newDeskWorld(t)
	desk(t, "trust", "bundle", "--out", d.bundle)
	t.Setenv("PASSPORT_WALLET", filepath.Join(d.dir, "wallet.age"))
	desk(t, "wallet", "init")
	return d
}

func isFailure(t *testing.T, err error, code string) {
	t.Helper()
	var f *failure
	if !errors.As(err, &f) || f.code != code {
		t.Errorf("%v, want %s", err, code)
	}
}

// TestAWalletReceives: the picture of an offer with a code beside it becomes a
// checked credential of this wallet's own key, and the issuer hears of it.
func TestAWalletReceives(t *testing.T) {
	d := newCounterWorld(t)
	picture, codeFile := filepath.Join(d.dir, "offer.png"), filepath.Join(d.dir, "code")
	made := d.offered(t, "--tx-code", "--for", "14d", "--qr", picture)
	mustDo(t, os.WriteFile(codeFile, []byte(made.TxCode+"\n"), 0o600))
	c := openCounter(t, d)

	// Without a yes nobody is asked for anything.
	_, said, err := c.receive(receiveOptions{}, picture)
	isFailure(t, err, "offer_confirm")
	if len(c.asked) > 0 || !strings.Contains(said, onlineHost) {
		t.Errorf("asked %v, said %q", c.asked, said)
	}
	_, _, err = c.receive(receiveOptions{yes: true}, picture)
	isFailure(t, err, "offer_code")

	id, said, err := c.receive(receiveOptions{yes: true, txCodeFile: codeFile}, picture)
	mustDo(t, err)
	if !strings.Contains(said, "Igiene") || strings.Contains(said, made.TxCode) {
		t.Errorf("%q", said)
	}
	var held struct{ ID, Owner, Check string }
	mustDo(t, json.Unmarshal([]byte(desk(t, "wallet", "show", id, "--json")), &held))
	if held.Owner != "self" || held.Check != "valid" {
		t.Errorf("%+v", held)
	}
	v, err := c.offers.Show(t.Context(), made.ID)
	mustDo(t, err)
	if len(v.Events) != 1 || v.Events[0] != "credential_accepted" || v.Credentials[0] != id {
		t.Errorf("%+v", v)
	}
	_, _, err = c.receive(receiveOptions{yes: true, txCodeFile: codeFile}, made.Whole)
	isFailure(t, err, "offer_spent")
}

// TestAWalletCollectsLater: what waits for approval is remembered in the vault
// and fetched by --resume.
func TestAWalletCollectsLater(t *testing.T) {
	d := newCounterWorld(t)
	made, gone := d.offered(t, "--hold"), d.offered(t, "--hold")
	c := openCounter(t, d)
	for _, m := range []issuervci.Made{made, gone} {
		out, said, err := c.receive(receiveOptions{yes: true}, m.Link)
		mustDo(t, err)
		if out != "" || !strings.Contains(said, "--resume") {
			t.Errorf("%q, %q", out, said)
		}
	}
	mustDo(t, c.offers.Approve(t.Context(), "user:ben", made.ID))
	mustDo(t, c.offers.Revoke(t.Context(), "user:ben", gone.ID))
	out, _, err := c.receive(receiveOptions{resume: true}, "")
	isFailure(t, err, "offer_refused")
	if v, err := c.offers.Show(t.Context(), made.ID); err != nil || len(v.Credentials) != 1 || v.Credentials[0] != out {
		t.Errorf("%q, %+v, %v", out, v, err)
	}
	if out, said, err := c.receive(receiveOptions{resume: true}, ""); err != nil || out != "" || !strings.Contains(said, "nothing") {
		t.Errorf("%q, %q, %v", out, said, err)
	}
}

// TestABadCredentialCostsNoGoodOne: of what one offer brings, each is judged for
// itself; the good ones are kept, because the code is spent.
func TestABadCredentialCostsNoGoodOne(t *testing.T) {
	d := newCounterWorld(t)
	var issued struct{ ID, Token string }
	mustDo(t, json.Unmarshal([]byte(desk(t, "issue", "--issuer", "ente", "--template", "food-hygiene", "--json", "--learner", "../../examples/learners/01-amina-diallo.json")), &issued))
	forged := issued.Token[:strings.LastIndexByte(issued.Token, '.')+1] + strings.Repeat("A", 86)
	var stdout, stderr bytes.Buffer
	a := &app{in: strings.NewReader(""), out: &stdout, err: &stderr, now: time.Now, lang: "en"}
	setup, err := a.walletSetup(t.Context(), walletTrust{bundle: d.bundle, anchor: d.anchor})
	mustDo(t, err)
	file, passphrase, err := a.walletAndPassphrase(t.Context())
	mustDo(t, err)
	k := keeping{receiving: receiving{app: a}, file: file, passphrase: passphrase, setup: setup, host: onlineHost}
	if err := k.keep(t.Context(), &wallet.Handed{Tokens: []string{forged, issued.Token}}, nil, nil); err == nil {
		t.Error("the bad one is not told")
	}
	if out := strings.TrimSpace(stdout.String()); out != issued.ID || !strings.Contains(stderr.String(), "error: "+onlineHost) {
		t.Errorf("%q, %q", out, stderr.String())
	}
	desk(t, "wallet", "show", issued.ID)
}

// TestThreatG11OffersThatLeadAstray: no yes of a person makes the wallet speak
// http, go to a private address, follow a redirect, or leave the host that was
// agreed to.
func TestThreatG11OffersThatLeadAstray(t *testing.T) {
	d := newCounterWorld(t)
	c := openCounter(t, d)
	const head = "openid-credential-offer://?credential_offer_uri="
	for offer, code := range map[string]string{
		head + "http%3A%2F%2Fexample.com%2Fo":         "offer_address",
		head + "javascript%3Aalert(1)":                "offer_address",
		head + "file%3A%2F%2F%2Fetc%2Fpasswd":         "offer_address",
		head + "https%3A%2F%2Fuser%40example.com%2Fo": "offer_address",
		head + "https%3A%2F%2F10.0.0.1%2Fo":           "offer_address",
		head + "https%3A%2F%2F169.254.169.254%2Fo":    "offer_address",
		head + "https%3A%2F%2Fexample.com%3A22%2Fo":   "offer_address",
		"https://example.com/offer":                   "offer_link",
		"javascript:alert(1)":                         "offer_link",
		"openid4vp://?client_id=x":                    "offer_link",
	} {
		_, _, err := c.receive(receiveOptions{yes: true}, offer)
		isFailure(t, err, code)
	}
	if len(c.asked) > 0 {
		t.Errorf("asked %v", c.asked)
	}

	offer := func(issuer string) string {
		return `{"credential_issuer":"` + issuer + `","credential_configuration_ids":["a"],"grants":{"urn:ietf:params:oauth:grant-type:pre-authorized_code":{"pre-authorized_code":"c"}}}`
	}
	meta := func(more string) string {
		return `{"credential_issuer":"https://example.com/x",` + more + `"credential_endpoint":"https://example.com/c","credential_configurations_supported":{"a":{"format":"vc+jwt"}}}`
	}
	const at, wellKnown, server = "/o", "/.well-known/openid-credential-issuer/x", "/.well-known/oauth-authorization-server/x"
	for name, row := range map[string]struct {
		pages map[string]string
		code  string
	}{
		"an issuer elsewhere":    {map[string]string{at: offer("https://evil.example/x")}, "offer_host"},
		"an endpoint elsewhere":  {map[string]string{at: offer(counterBase + "/x"), wellKnown: strings.Replace(meta(""), "example.com/c", "evil.example/c", 1)}, "offer_host"},
		"a server elsewhere":     {map[string]string{at: offer(counterBase + "/x"), wellKnown: meta(`"authorization_servers":["https://evil.example"],`)}, "offer_host"},
		"a token elsewhere":      {map[string]string{at: offer(counterBase + "/x"), wellKnown: meta(""), server: `{"issuer":"https://example.com/x","token_endpoint":"https://evil.example/t"}`}, "offer_host"},
		"metadata of another":    {map[string]string{at: offer(counterBase + "/x"), wellKnown: strings.Replace(meta(""), "/x", "/y", 1)}, "offer_refused"},
		"a redirect":             {map[string]string{at: "redirect"}, "offer_address"},
		"a format nobody holds":  {map[string]string{at: offer(counterBase + "/x"), wellKnown: strings.Replace(meta(""), "vc+jwt", "mso_mdoc", 1), server: `{"issuer":"https://example.com/x","token_endpoint":"https://example.com/t"}`}, "offer_link"},
		"an offer that is none":  {map[string]string{at: "{}"}, "offer_refused"},
		"a place that is nobody": {nil, "offer_unreachable"},
	} {
		c.at = asker{clientFor(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			page, ok := row.pages[r.URL.Path]
			switch {
			case !ok:
				http.NotFound(w, r)
			case page == "redirect":
				http.Redirect(w, r, "https://evil.example/o", http.StatusFound)
			default:
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write([]byte(page))
			}
		}))}
		_, _, err := c.receive(receiveOptions{yes: true}, head+"https%3A%2F%2Fexample.com%2Fo")
		t.Log(name)
		isFailure(t, err, row.code)
	}
}

// TestAnOfferInAPictureWithAnother: nobody is sent to one of two, or to what is
// no offer.
func TestAnOfferInAPictureWithAnother(t *testing.T) {
	d := newCounterWorld(t)
	c := openCounter(t, d)
	file := filepath.Join(d.dir, "two.txt")
	mustDo(t, os.WriteFile(file, []byte("openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fa.example\nopenid-credential-offer://?credential_offer_uri=https%3A%2F%2Fb.example\n"), 0o600))
	_, _, err := c.receive(receiveOptions{yes: true}, file)
	isFailure(t, err, "offer_several")
	picture, err := qr.PNG("https://evil.example", qr.LevelM, 4)
	mustDo(t, err)
	mustDo(t, os.WriteFile(file, picture, 0o600))
	_, _, err = c.receive(receiveOptions{yes: true}, file)
	isFailure(t, err, "offer_link")
}
