package issuerpublic

import (
	"context"
	"crypto"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// Each body's files stand at the host and path of their URLs, and nowhere else.
func TestFilesStandAtTheirURLs(t *testing.T) {
	h := newHome(t)
	first, second := h.issue("ente", false), h.issue("scuola", false)
	p := h.opened()
	served := handler(p)
	for url, want := range map[string]string{
		"https://ente.example/.well-known/did.json":                "application/did+json",
		"https://ENTE.example/.well-known/did.json":                "application/did+json",
		"https://ente.example/.well-known/did-history.json":        "application/json",
		"https://regione.example:8443/scuole/uno/did.json":         "application/did+json",
		"https://regione.example:8443/scuole/uno/did-history.json": "application/json",
		first.StatusList:                       "application/vc+jwt",
		second.StatusList:                      "application/vc+jwt",
		"https://ente.example/schemas/micro/1": "application/schema+json",
		"https://anyone.example/contexts/v1":   "application/ld+json",
	} {
		r := get(served, http.MethodGet, url)
		if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != want {
			t.Errorf("%s: %d %s", url, r.StatusCode, r.Header.Get("Content-Type"))
		}
	}
	for _, url := range []string{
		"https://regione.example:8443/.well-known/did.json", "https://regione.example/scuole/uno/did.json",
		"https://stranger.example/.well-known/did.json", "https://stranger.example/status/1", "https://ente.example/status/99",
		"https://ente.example/status/", "https://ente.example/", "https://ente.example/status/1/assertions/", "https://ente.example/schemas/none",
	} {
		if r := get(served, http.MethodGet, url); r.StatusCode != http.StatusNotFound || r.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d", url, r.StatusCode)
		}
	}
	for host, want := range map[string]bool{"ente.example": true, "Ente.Example": true, "regione.example:8443": true, "regione.example": false, "stranger.example": false, "": false} {
		if p.KnownHost(host) != want {
			t.Errorf("%q is known: %v", host, !want)
		}
	}
	for url, want := range map[string]bool{
		"https://ente.example/.well-known/did.json": true, first.StatusList: true, first.StatusList + "/assertions/" + strings.Repeat("A", 43): true,
		"https://ente.example/catalogue": false, "https://ente.example/trust/bundle": false, "https://ente.example/console": false,
		"https://stranger.example/status/1": false,
	} {
		if got := p.Takes(httptest.NewRequest(http.MethodGet, url, nil)); got != want {
			t.Errorf("%s is for this host: %v", url, got)
		}
	}
	var doc struct {
		ID string `json:"id"`
	}
	must(t, json.Unmarshal([]byte(bodyOf(t, get(served, http.MethodGet, "https://regione.example:8443/scuole/uno/did.json"))), &doc))
	if doc.ID != "did:web:regione.example%3A8443:scuole:uno" {
		t.Errorf("the document of %s", doc.ID)
	}
}

// P4: a list is for everybody alike; to get it needs nothing, and sets nothing.
func TestGetNeedsAndSetsNothing(t *testing.T) {
	h := newHome(t)
	row := h.issue("ente", false)
	served := handler(h.opened())
	r := get(served, http.MethodGet, row.StatusList, "Cookie", "session=1", "Authorization", "Bearer x", "Origin", "https://any.example")
	for name := range r.Header {
		if strings.Contains(strings.ToLower(name), "cookie") || name == "Vary" {
			t.Errorf("the answer says %s", name)
		}
	}
	if r.Header.Get("Access-Control-Allow-Origin") != "*" || r.Header.Get("Access-Control-Allow-Credentials") != "" {
		t.Error("pages of other origins cannot read it, or with a cookie")
	}
	if c := r.Header.Get("Cache-Control"); c != "public, max-age=30" {
		t.Errorf("caches: %s", c)
	}
	if bodyOf(t, r) != bodyOf(t, get(served, http.MethodGet, row.StatusList)) {
		t.Error("who is known gets another list")
	}
}

func TestConditionalRequests(t *testing.T) {
	h := newHome(t)
	row := h.issue("ente", false)
	p := h.opened()
	served := handler(p)
	whole := get(served, http.MethodGet, row.StatusList)
	tag, size := whole.Header.Get("ETag"), whole.Header.Get("Content-Length")
	if r := get(served, http.MethodGet, row.StatusList, "If-None-Match", tag); r.StatusCode != http.StatusNotModified || bodyOf(t, r) != "" {
		t.Errorf("who has it gets %d", r.StatusCode)
	}
	if r := get(served, http.MethodHead, row.StatusList); r.StatusCode != http.StatusOK || r.Header.Get("Content-Length") != size || bodyOf(t, r) != "" {
		t.Errorf("HEAD: %d, %s bytes", r.StatusCode, r.Header.Get("Content-Length"))
	}
	if r := get(served, http.MethodGet, row.StatusList, "Range", "bytes=0-9", "If-Range", tag); r.StatusCode != http.StatusPartialContent || len(bodyOf(t, r)) != 10 {
		t.Errorf("a range: %d", r.StatusCode)
	}
	h.pass(time.Minute)
	h.revoke(row)
	must(t, p.Publish(t.Context()))
	r := get(served, http.MethodGet, row.StatusList, "If-None-Match", tag, "If-Modified-Since", whole.Header.Get("Last-Modified"))
	if r.StatusCode != http.StatusOK || r.Header.Get("ETag") == tag {
		t.Errorf("a new list under an old tag: %d", r.StatusCode)
	}
}

// J10 and J01: what is asked for is a key of a table, never a path of files.
func TestThreatJ01J10PublicPaths(t *testing.T) {
	h := newHome(t)
	h.issue("ente", false)
	secret := filepath.Join(filepath.Dir(h.dir), "secret")
	must(t, os.WriteFile(secret, []byte("secret"), 0o600))
	served := handler(h.opened())
	for _, path := range []string{
		"/status/..%2f..%2fsecret", "/status/%2e%2e/secret", "/../secret", "/status/1/../../secret", "/status/1%00", "/status/1;x", "/status//1",
		"/catalogue/..%2f..%2fsecret", "/catalogue/%2e%2e", "/catalogue/a%00b", "/catalogue/A", "/trust/..%2fx/bundle", "/schemas/..%2fmicro%2f1",
		"/.well-known/../.well-known/did.json/", "/%2ewell-known/did.json/x",
	} {
		r := get(served, http.MethodGet, "https://ente.example"+path)
		if body := bodyOf(t, r); r.StatusCode != http.StatusNotFound && r.StatusCode != http.StatusBadRequest || strings.Contains(body, "secret") {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodTrace, http.MethodPatch} {
		if r := get(served, method, "https://ente.example/status/1"); r.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", method, r.StatusCode)
		}
	}
}

// An assertion is signed for whoever has the token, once for all who ask at that
// time, and anew when the list has been.
func TestAssertion(t *testing.T) {
	h := newHome(t)
	row := h.issue("ente", true)
	p := h.opened()
	served := handler(p)
	hash, err := jose.CredentialHash(row.Token)
	must(t, err)
	url := row.StatusList + "/assertions/" + hash
	ask := func() (trust.Assertion, string) {
		t.Helper()
		r := get(served, http.MethodGet, url)
		token := bodyOf(t, r)
		if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "application/jwt" {
			t.Fatalf("%d %s %s", r.StatusCode, r.Header.Get("Content-Type"), token)
		}
		a, err := trust.ParseAssertion(t.Context(), token, h.statusKey)
		must(t, err)
		return a, token
	}
	said, first := ask()
	if said.CredentialHash != hash || said.Status != trust.AssertedValid || said.Issuer != "did:web:ente.example" {
		t.Errorf("it says %+v", said)
	}
	if _, again := ask(); again != first {
		t.Error("signed twice within a moment")
	}
	if r := get(served, http.MethodGet, row.SuspensionList+"/assertions/"+hash); r.StatusCode != http.StatusOK {
		t.Errorf("below its other list: %d", r.StatusCode)
	}
	// A suspension stands in the other list: this one is not signed anew for it.
	_, err = h.issuer.Suspend(t.Context(), clerk, row.ID, issuer.Reason{Code: schema.Disputed}, time.Time{})
	must(t, err)
	must(t, p.Publish(t.Context()))
	h.pass(assertionFresh)
	if said, _ := ask(); said.Status != trust.AssertedSuspended {
		t.Errorf("moments after the suspension: %s", said.Status)
	}
	h.pass(time.Minute)
	h.revoke(row)
	must(t, p.Publish(t.Context()))
	if said, _ := ask(); said.Status != trust.AssertedRevoked {
		t.Errorf("after the revocation: %s", said.Status)
	}
	h.keys.setAway("ente", true)
	h.pass(time.Hour)
	if r := get(served, http.MethodGet, url); r.StatusCode != http.StatusServiceUnavailable || r.Header.Get("Retry-After") == "" {
		t.Errorf("without its key: %d", r.StatusCode)
	}
}

// Whatever is not a credential of that list gets the same 404.
func TestAssertionOfOthers(t *testing.T) {
	h := newHome(t)
	row, other := h.issue("ente", false), h.issue("scuola", false)
	served := handler(h.opened())
	hash, err := jose.CredentialHash(other.Token)
	must(t, err)
	var bodies []string
	for _, url := range []string{
		row.StatusList + "/assertions/" + strings.Repeat("A", 43),
		row.StatusList + "/assertions/" + hash, // of another body
	} {
		r := get(served, http.MethodGet, url)
		if r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", url, r.StatusCode)
		}
		bodies = append(bodies, bodyOf(t, r))
	}
	if bodies[0] != bodies[1] {
		t.Error("the answers differ")
	}
	for _, hash := range []string{"", "x", strings.Repeat("A", 42) + "B", strings.Repeat("A", 44), strings.Repeat("=", 43), hash + "/", hash + "%00"} {
		if r := get(served, http.MethodGet, other.StatusList+"/assertions/"+hash); r.StatusCode != http.StatusNotFound {
			t.Errorf("%q: %d", hash, r.StatusCode)
		}
	}
}

// Who tries hashes is answered while somebody writes, and keeps nobody from it.
func TestTryingHashesAsksNoWriter(t *testing.T) {
	h := newHome(t)
	row := h.issue("ente", false)
	served := handler(h.opened())
	must(t, h.store.Update(t.Context(), func(issuer.Tx) error {
		if r := get(served, http.MethodGet, row.StatusList+"/assertions/"+strings.Repeat("A", 43)); r.StatusCode != http.StatusNotFound {
			t.Errorf("%d", r.StatusCode)
		}
		return nil
	}))
}

func (h *home) statusKey(ctx context.Context, id, kid string) (crypto.PublicKey, error) {
	for _, body := range []string{"ente", "scuola"} {
		keys, err := h.issuer.Keys(ctx, body)
		if err != nil {
			return nil, err
		}
		for _, k := range keys {
			if k.KID == kid && k.Signs(schema.KeyForStatus) {
				jwk, err := jose.ParseJWK(k.JWK)
				return jwk.Public(), err
			}
		}
	}
	return nil, issuer.ErrNoKey
}
