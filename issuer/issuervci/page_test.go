package issuervci

import (
	"crypto/sha256"
	"encoding/base64"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/oid4vci"
	holding "github.com/employment-passport/passport/wallet"
)

// page asks for a page as a browser does.
func (w *world) page(at string) (status int, header http.Header, text string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, at, nil)
	must(w.t, err)
	answer, err := http.DefaultClient.Do(r)
	must(w.t, err)
	defer func() { _ = answer.Body.Close() }()
	data, err := io.ReadAll(answer.Body)
	must(w.t, err)
	return answer.StatusCode, answer.Header, string(data)
}

var href = regexp.MustCompile(`class="other" href="([^"]+)"`)

// TestAPageLeadsToTheWallet: in each of the wallet's eleven languages, Arabic from
// right to left, it says what, from whom and until
// when, its links are the offer, and reading it again and again spends nothing.
func TestAPageLeadsToTheWallet(t *testing.T) {
	w := newWorld(t)
	made := w.offered(withTxCode, func(n *NewOffer) { n.Life = 14 * 24 * time.Hour })
	for _, tongue := range i18n.BrowserTongues {
		lang := tongue.Code
		status, _, text := w.page(made.Page + "?lang=" + lang)
		plain := html.UnescapeString(text)
		day := i18n.Day(lang, made.Expires)
		for _, want := range []string{
			made.Body, made.Titles[0], day, i18n.T(lang, "claim.open", nil), i18n.T(lang, "claim.no_phone", nil), `<html lang="` + lang + `" dir="` + i18n.Dir(lang) + `">`,
			i18n.T(lang, "claim.number", map[string]string{"issuer": made.Body}),
		} {
			if !strings.Contains(plain, want) {
				t.Errorf("%s: no %q", lang, want)
			}
		}
		found := href.FindStringSubmatch(text)
		if status != http.StatusOK || found == nil || html.UnescapeString(found[1]) != made.Link {
			t.Fatalf("%s: %d, the link leads to %q", lang, status, found)
		}
	}
	_, _, text := w.page(made.Page + "?lang=it")
	status, header, behind := w.page(made.Page + "/offer")
	if _, err := oid4vci.ParseOffer([]byte(behind)); err != nil || status != http.StatusOK || header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("the offer behind the page: %d %v, %v", status, behind, err)
	}
	if status, _, _ := w.page(made.Page + "x/offer"); status != http.StatusNotFound && status != http.StatusBadRequest {
		t.Errorf("an offer that never was answers %d", status)
	}
	if link, err := holding.ReadOffer(made.Page + "?lang=it"); err != nil || link.Host == "" {
		t.Errorf("a wallet does not take the page's address: %v", err)
	}
	here := regexp.MustCompile(`class="open" href="([^"]+)"`).FindStringSubmatch(text)
	if here == nil {
		t.Fatal("no link to the wallet of this service")
	}
	place, fragment, _ := strings.Cut(html.UnescapeString(here[1]), "#offer=")
	if offer, err := url.PathUnescape(fragment); place != "/wallet?lang=it" || err != nil || offer != made.Link {
		t.Errorf("the wallet of this service gets %s from %s, %v", offer, here[1], err)
	}
	_, at, err := oid4vci.ParseLink(made.Link)
	must(t, err)
	if status, _, text := w.page(at); status != http.StatusOK || !strings.Contains(text, "pre-authorized_code") {
		t.Errorf("after the pages the offer is %d %s", status, text)
	}
	if v, err := w.offers.Show(t.Context(), made.ID); err != nil || v.State != Offered {
		t.Errorf("%+v, %v", v, err)
	}
}

// TestThreatJ07APageSaysNothingOfThePerson: no name, number or date of theirs, no
// cookie, no script, nothing from elsewhere; the address is in no log and is told
// to no other site.
func TestThreatJ07APageSaysNothingOfThePerson(t *testing.T) {
	w := newWorld(t)
	made := w.offered(withTxCode)
	status, header, text := w.page(made.Page)
	amina := w.amina()
	for _, secret := range []string{"Amina", "Diallo", amina.BirthDate, amina.DocumentNumber, made.TxCode, codeOf(made.Page[strings.LastIndexByte(made.Page, '/')+1:])} {
		if secret != "" && strings.Contains(text, secret) {
			t.Errorf("the page has %q", secret)
		}
	}
	sum := sha256.Sum256([]byte(pageStyle))
	policy := header.Get("Content-Security-Policy")
	if status != 200 || header.Get("Set-Cookie") != "" || strings.Contains(text, "<script") || strings.Contains(text, " style=") ||
		!strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || !strings.Contains(policy, base64.StdEncoding.EncodeToString(sum[:])) {
		t.Errorf("%d %v", status, header)
	}
	if !strings.Contains(text, "<style>"+pageStyle+"</style>") {
		t.Error("the style sheet is not the one that the policy names")
	}
	for name, want := range map[string]string{"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"} {
		if got := header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if log := w.log.String(); !strings.Contains(log, "/claim/{secret}") || strings.Contains(log, made.Page[len(w.server.URL)+len("/claim/"):]) {
		t.Errorf("the log: %s", log)
	}
}

// TestAPageOfAnEndedOffer: expired, revoked, redeemed, erased, or never made: the
// same calm words, and a way on.
func TestAPageOfAnEndedOffer(t *testing.T) {
	w := newWorld(t)
	ends := map[string]func(*Made){
		"expired": func(*Made) { w.clock.pass(11 * time.Minute) },
		"revoked": func(m *Made) { must(t, w.offers.Revoke(t.Context(), clerk, m.ID)) },
		"redeemed": func(m *Made) {
			_, at, err := oid4vci.ParseLink(m.Link)
			must(t, err)
			_, err = w.offers.redeem(t.Context(), "ente", oid4vci.TokenRequest{Code: codeOf(at[strings.LastIndexByte(at, '/')+1:])})
			must(t, err)
		},
	}
	var ended string
	for name, end := range ends {
		made := w.offered()
		if status, _, text := w.page(made.Page + "?lang=en"); status != 200 || !strings.Contains(text, "Minutes left: 10.") {
			t.Errorf("%s: before, %d %s", name, status, text)
		}
		end(made)
		status, _, text := w.page(made.Page + "?lang=en")
		if status != http.StatusNotFound || !strings.Contains(text, "Ask the desk for a new code") || strings.Contains(text, "openid-credential-offer") {
			t.Errorf("%s: %d %s", name, status, text)
		}
		ended = text
	}
	for _, secret := range []string{"x", strings.Repeat("a", 22) + "." + strings.Repeat("b", 43)} {
		if status, _, text := w.page(w.server.URL + "/claim/" + secret + "?lang=en"); status != http.StatusNotFound || text != ended {
			t.Errorf("%.80s: %d %s", secret, status, text)
		}
	}
}
