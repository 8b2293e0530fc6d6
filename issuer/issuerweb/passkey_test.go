package issuerweb_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/issuer/issuerweb"
)

// TestPasskeyStory is a person's whole way: invited, a passkey made, signed out,
// signed in again, shut out.
func TestPasskeyStory(t *testing.T) {
	w := newWorld(t)
	code := w.invite("anna", officer("ente"))
	b := w.browser()
	b.get("/console/home").to(t, "/console")
	if page := b.get("/console/invite/"+code).is(t, http.StatusOK).body; !strings.Contains(page, "Hello, anna") || !strings.Contains(page, `data-kind="create"`) {
		t.Error(page)
	}
	in := b.redeem(code).is(t, http.StatusNoContent)
	cookie := in.Cookies()[0]
	if cookie.Name != "passport" || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || len(cookie.Value) != 43 {
		t.Errorf("%+v", cookie)
	}
	home := b.get("/console/home").is(t, http.StatusOK).body
	for _, want := range []string{"Hello, anna", "Officer", "Ente ente", "issue credentials", "Passkey"} {
		if !strings.Contains(home, want) {
			t.Errorf("the page lacks %q:\n%s", want, home)
		}
	}
	b.get("/console").to(t, "/console/home")
	b.post("/console/logout").to(t, "/console")
	b.get("/console/home").to(t, "/console")
	b.login().is(t, http.StatusNoContent)
	b.get("/console/home").is(t, http.StatusOK)

	_, err := w.access.DisableUser(t.Context(), admin, "anna")
	must(t, err)
	b.get("/console/home").to(t, "/console")
	b.login().is(t, http.StatusUnauthorized)
	for _, want := range []string{"user:anna user.redeem anna passkey", "user:anna signout anna", "user:anna signin anna passkey", "nobody signin.fail  passkey"} {
		if !strings.Contains(w.log(), want) {
			t.Errorf("the log lacks %q:\n%s", want, w.log())
		}
	}
	b.redeem2(code)
}

// redeem2 holds that an invitation does not work twice.
func (b *browser) redeem2(code string) {
	b.w.t.Helper()
	b.post("/console/invite/"+code+"/begin").is(b.w.t, http.StatusUnauthorized)
	b.get("/console/invite/"+code).is(b.w.t, http.StatusNotFound)
}

// TestAnswersAreGoodOnce: the same assertion again, an old one, one for another
// service, one of an unknown key.
func TestAnswersAreGoodOnce(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	b.redeem(w.invite("anna", officer("ente"))).is(t, http.StatusNoContent)
	finish := func(body string, status int) {
		t.Helper()
		b.do(http.MethodPost, "/console/login/finish", body).is(t, status)
	}
	good := b.assertion()
	finish(good, http.StatusNoContent)
	finish(good, http.StatusUnauthorized)

	late := b.assertion()
	w.pass(6 * time.Minute)
	finish(late, http.StatusUnauthorized)

	elsewhere := *b
	elsewhere.rp.Origin = "https://evil.example"
	finish(elsewhere.assertion(), http.StatusUnauthorized)
	elsewhere.rp = b.rp
	elsewhere.rp.ID = "evil.example"
	finish(elsewhere.assertion(), http.StatusUnauthorized)

	stranger := w.browser()
	stranger.aut = b.aut // with anna's handle
	finish(stranger.assertion(), http.StatusUnauthorized)

	found := *b // a key that somebody found, who does not know its PIN
	found.aut.Options.UserNotVerified = true
	finish(found.assertion(), http.StatusUnauthorized)
	found.key = newKey(t)
	found.redeem(w.invite("carla", officer("ente"))).is(t, http.StatusUnauthorized)

	b.key.Counter = 0 // a copy of the key, whose counter went back
	finish(b.assertion(), http.StatusUnauthorized)
	b.key.Counter = 100
	finish(b.assertion(), http.StatusNoContent)
	for _, junk := range []string{"", "{}", "[]", "null", `{"id":"x"}`, strings.Repeat("a", 100)} {
		finish(junk, http.StatusUnauthorized)
	}
	if got := b.do(http.MethodPost, "/console/login/finish", strings.Repeat("a", 70<<10)); got.StatusCode < 400 || got.StatusCode > 499 {
		t.Errorf("too much: %d", got.StatusCode)
	}
}

// TestSessionFixationInTheBrowser: a session that somebody else put into the
// browser is over once its owner signs in.
func TestSessionFixationInTheBrowser(t *testing.T) {
	w := newWorld(t)
	mallory := w.browser()
	planted := mallory.redeem(w.invite("mallory", access.Grant{Issuer: "ente", Role: access.Operator})).is(t, http.StatusNoContent).Cookies()[0]
	b := w.browser()
	b.c.Jar.SetCookies(w.base, []*http.Cookie{planted})
	fresh := b.redeem(w.invite("anna", officer("ente"))).is(t, http.StatusNoContent).Cookies()[0]
	if fresh.Value == planted.Value {
		t.Error("the planted id was kept")
	}
	mallory.get("/console/home").to(t, "/console")
	if page := b.get("/console/home").is(t, http.StatusOK).body; !strings.Contains(page, "Hello, anna") {
		t.Error("somebody else's page")
	}
}

// TestFormsOfOtherPages: a POST that comes from elsewhere, or from nowhere, does
// nothing.
func TestFormsOfOtherPages(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	b.redeem(w.invite("anna", officer("ente"))).is(t, http.StatusNoContent)
	for _, header := range [][]string{
		{"Origin", "https://evil.example"},
		{"Origin", "null"},
		{"Origin", "", "Sec-Fetch-Site", ""},
		{"Origin", "", "Sec-Fetch-Site", "cross-site"},
		{"Origin", "", "Sec-Fetch-Site", "same-site"},
		{"Origin", "http://localhost:1"},
	} {
		for _, path := range []string{"/console/logout", "/console/logout/everywhere", "/console/proposals/x/approve", "/console/login/begin"} {
			b.do(http.MethodPost, path, "", header...).is(t, http.StatusForbidden)
		}
	}
	b.get("/console/home").is(t, http.StatusOK)
	b.get("/console/logout").is(t, http.StatusMethodNotAllowed)
}

// TestPagesAreHeldToTheirPolicy: no script or style within, nothing from
// elsewhere, nothing kept, told to nobody; in five languages.
func TestPagesAreHeldToTheirPolicy(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	code := w.invite("anna", officer("ente"))
	pages := []string{"/console", "/console/invite/" + code, "/console/invite/none"}
	check := func(path, lang string) {
		t.Helper()
		a := b.get(path + "?lang=" + lang)
		h := a.Header
		for _, bad := range []string{"<style", " style=", "onclick", "javascript:", "http://", "https://", "<script>"} {
			if strings.Contains(a.body, bad) {
				t.Errorf("%s in %s has %q", path, lang, bad)
			}
		}
		if h.Get("Content-Security-Policy") == "" || strings.Contains(h.Get("Content-Security-Policy"), "unsafe") || h.Get("Cache-Control") != "no-store" || h.Get("Referrer-Policy") != "same-origin" || h.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s: %v", path, h)
		}
		if !strings.Contains(a.body, `<html lang="`+lang+`">`) || strings.Contains(a.body, "console.") && !strings.Contains(a.body, "console.js") || strings.Contains(a.body, ">console.") {
			t.Errorf("%s in %s:\n%s", path, lang, a.body)
		}
	}
	for _, lang := range []string{"it", "en", "es", "el", "pl"} {
		for _, path := range pages {
			check(path, lang)
		}
	}
	b.redeem(code).is(t, http.StatusNoContent)
	for _, lang := range []string{"it", "en", "es", "el", "pl"} {
		check("/console/home", lang)
		check("/console/proposals/none", lang)
	}
	js := b.get("/console/assets/console.js").is(t, http.StatusOK)
	if len(js.body) > 4<<10 || js.Header.Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Errorf("%d bytes of %s", len(js.body), js.Header.Get("Content-Type"))
	}
	b.get("/console/assets/console.css").is(t, http.StatusOK)
	for _, path := range []string{"/console/assets/page.go", "/console/assets/..%2fconsole.js", "/console/assets/", "/console/proposals/..%2f..%2fetc%2fpasswd"} {
		b.get(path).is(t, http.StatusNotFound)
	}
}

// TestOpenedByItsNumber: a service on this machine that was given a number as its
// address has passkeys all the same, under the name of that machine.
func TestOpenedByItsNumber(t *testing.T) {
	w := newWorld(t, func(c *issuerweb.Config) {
		numbered := *c.Base
		numbered.Host = "127.0.0.1:" + c.Base.Port()
		c.Base = &numbered
	})
	number := "http://127.0.0.1:" + w.base.Port()
	w.browser().do(http.MethodGet, number+"/console", "").to(t, w.base.String()+"/console")
	b := w.browser()
	b.redeem(w.invite("anna", officer("ente"))).is(t, http.StatusNoContent)
	b.get("/console/home").is(t, http.StatusOK)
}

// TestThreatG13WhereToIsNeverTakenFromTheRequest: whatever a link says, a browser
// is sent to pages of ours that stand in the program.
func TestThreatG13WhereToIsNeverTakenFromTheRequest(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	b.redeem(w.invite("anna", officer("ente"))).is(t, http.StatusNoContent)
	for _, query := range []string{"next=https://evil.example", "redirect_uri=//evil.example", "return=/%2fevil.example", "next=/console/../..//evil.example", "redirect_uri=http://localhost@evil.example/"} {
		b.get("/console?"+query).to(t, "/console/home")
		w.browser().get("/console/home?"+query).to(t, "/console")
	}
	b.do(http.MethodPost, "/console/logout?next=https://evil.example", "").to(t, "/console")
}
