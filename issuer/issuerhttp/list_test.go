package issuerhttp_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Pages bring every credential once, in order, while others are issued.
func TestPagesWhileIssuing(t *testing.T) {
	w := newWorld(t)
	const before = 23
	var want []string
	for n := range before {
		want = append(want, w.issue("Learner "+string(rune('A'+n))).str("id"))
	}
	w.post("officer altro", "/api/v1/credentials", strings.Replace(w.issueJSON("Other", ""), `"ente"`, `"altro"`, 1)).is(http.StatusCreated)
	for _, who := range []string{"officer ente", "auditor"} {
		var got []string
		path := "/api/v1/credentials?limit=5&issuer=ente"
		for pages := 0; path != "" && pages < 20; pages++ {
			a := w.get(who, path).is(http.StatusOK)
			for _, c := range a.list("credentials") {
				got = append(got, c["id"].(string))
			}
			if pages < 3 {
				want = append(want, w.issue("Later "+string(rune('A'+pages))).str("id"))
			}
			path = ""
			if next := a.str("next"); next != "" {
				path = "/api/v1/credentials?limit=5&issuer=ente&cursor=" + next
				if link := a.header.Get("Link"); !strings.HasPrefix(link, "<https://passport.example/api/v1/credentials?") || !strings.HasSuffix(link, `>; rel="next"`) || !strings.Contains(link, next) {
					t.Errorf("Link: %s", link)
				}
			}
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s: %d credentials in pages, want %d", who, len(got), len(want))
		}
	}
	for _, bad := range []string{"limit=0", "limit=201", "limit=x", "cursor=!", "cursor=bm9ib2R5", "status=lost", "since=yesterday"} {
		if said := w.get("auditor", "/api/v1/credentials?"+bad).is(http.StatusUnprocessableEntity, "query"); said.str("hint") == "" {
			t.Errorf("%s: no hint: %s", bad, said.body)
		}
	}
	// A cursor at another body's credential is one at none (J08).
	cursor := "/api/v1/credentials?cursor=" + base64.RawURLEncoding.EncodeToString([]byte(want[0]))
	w.get("auditor", cursor).is(http.StatusOK)
	w.get("officer altro", cursor).is(http.StatusUnprocessableEntity, "query")
	if a := w.get("auditor", "/api/v1/credentials?learner=other").is(http.StatusOK); len(a.list("credentials")) != 1 {
		t.Errorf("found %s", a.body)
	}
	for who, found := range map[string]int{"auditor": 1, "officer ente": 1, "officer altro": 0} {
		if a := w.get(who, "/api/v1/credentials?id="+want[0]).is(http.StatusOK); len(a.list("credentials")) != found {
			t.Errorf("%s found %s", who, a.body)
		}
	}
	if a := w.get("auditor", "/api/v1/credentials?status=revoked&id="+want[0]).is(http.StatusOK); len(a.list("credentials")) != 0 {
		t.Errorf("found %s", a.body)
	}
	w.post("officer ente", "/credentials/issue", `{"credential":`+strings.Replace(document, `"type"`, `"id":"https://ente.example/c/1?x=1","type"`, 1)+`}`).is(http.StatusCreated)
	if a := w.get("officer ente", "/api/v1/credentials?id="+url.QueryEscape("https://ente.example/c/1?x=1")).is(http.StatusOK); len(a.list("credentials")) != 1 {
		t.Errorf("found %s", a.body)
	}
	if a := w.get("auditor", "/api/v1/credentials?status=revoked&since=2026-11-22&template="+w.plain).is(http.StatusOK); len(a.list("credentials")) != 0 {
		t.Errorf("found %s", a.body)
	}
	var seqs []float64
	for path := "/api/v1/audit?limit=50"; path != ""; {
		a := w.get("auditor", path).is(http.StatusOK)
		for _, e := range a.list("entries") {
			seqs = append(seqs, e["seq"].(float64))
		}
		if path = ""; a.str("next") != "" {
			path = "/api/v1/audit?limit=50&cursor=" + a.str("next")
		}
	}
	for n, seq := range seqs {
		if int(seq) != n+1 {
			t.Fatalf("entry %d of the log is %v", n, seq)
		}
	}
}

// A list that has not changed is not sent twice (J10).
func TestThreatJ10ConditionalLists(t *testing.T) {
	w := newWorld(t)
	id := w.issue("Amina Haddad").str("id")
	for _, path := range []string{"/api/v1/credentials", at(id), "/api/v1/templates", "/api/v1/issuers", "/api/v1/keys?issuer=ente", "/api/v1/proposals"} {
		first := w.get("officer ente", path).is(http.StatusOK)
		tag := first.header.Get("ETag")
		if tag == "" || first.header.Get("Cache-Control") != "private, no-cache" {
			t.Errorf("%s: %v", path, first.header)
		}
		for _, sent := range []string{tag, `"x", W/` + tag, "*"} {
			r := request{method: "GET", path: path, who: "officer ente", header: map[string]string{"If-None-Match": sent}}
			if a := w.do(r).is(http.StatusNotModified); len(a.body) != 0 {
				t.Errorf("%s: 304 with a body", path)
			}
		}
		r := request{method: "GET", path: path, who: "officer ente", header: map[string]string{"If-None-Match": `"x"`, "Range": "bytes=0-3"}}
		w.do(r).is(http.StatusOK)
		head := w.do(request{method: "HEAD", path: path, who: "officer ente"}).is(http.StatusOK)
		if head.header.Get("ETag") != tag || len(head.body) != 0 {
			t.Errorf("HEAD %s: %v", path, head.header)
		}
	}
	tag := w.get("officer ente", "/api/v1/credentials").header.Get("ETag")
	w.post("officer ente", at(id)+"/revoke", `{"reason":"holder-request"}`).is(http.StatusOK)
	w.do(request{method: "GET", path: "/api/v1/credentials", who: "officer ente", header: map[string]string{"If-None-Match": tag}}).is(http.StatusOK)
}

// Every refusal in the reader's language, the code being the same.
func TestRefusalsInFiveLanguages(t *testing.T) {
	w := newWorld(t)
	missing := at("urn:uuid:00000000-0000-4000-8000-000000000000")
	seen := map[string]bool{}
	for _, lang := range []string{"it", "en", "es", "el", "pl"} {
		for _, r := range []request{
			{method: "GET", path: missing, who: "officer ente", header: map[string]string{"Accept-Language": lang + ", en;q=0.1"}},
			{method: "GET", path: missing + "?lang=" + lang, who: "officer ente"},
		} {
			a := w.do(r).is(http.StatusNotFound, "credential_unknown")
			if a.header.Get("Content-Language") != lang || a.header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s: %v", lang, a.header)
			}
			seen[a.str("title")] = true
		}
		r := request{method: "GET", path: missing, header: map[string]string{"Accept-Language": lang}}
		seen[w.do(r).is(http.StatusUnauthorized).str("hint")] = true
		faulty := request{method: "POST", path: "/api/v1/credentials", who: "officer ente", header: map[string]string{"Accept-Language": lang},
			body: strings.Replace(w.issueJSON("Amina Haddad", ""), `"1994-03-12"`, `"1994-13-45"`, 1)}
		seen[fmt.Sprint(w.do(faulty).is(http.StatusUnprocessableEntity, "faults").list("errors")[0]["message"])] = true
	}
	if len(seen) != 15 {
		t.Errorf("%d sentences, want 3 in 5 languages: %v", len(seen), seen)
	}
}
