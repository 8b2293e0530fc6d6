package main

import (
	"net/url"
	"strings"
	"testing"
)

// TestServeLogsNobody: the whole life of a credential over HTTP, refusals and
// mistakes with it, and neither the log nor the metrics has a name, a number, a
// secret, an address for letters or a token.
func TestServeLogsNobody(t *testing.T) {
	home, command := newHome(t)
	key := command("apikey", "add", "moodle", "--issuer", "ente", "--role", "officer", "--quiet")
	command("user", "add", "anna", "--role", "officer", "--issuer", "ente", "--email", "canaria.mail@ente.example", "--quiet")
	invite := command("user", "invite", "anna", "--quiet")
	w := startService(t, home, "logLevel: debug\n")
	w.settled("ente.example", "/status/1")
	auth := []string{"Authorization", "Bearer " + key, "Content-Type", asJSON}
	ask := func(method, path, body string, more ...string) string {
		_, text := w.ask(method, path, body, append(append([]string{}, auth...), more...)...)
		return text
	}
	id, token := w.issue(key, "Canaria Zzyzx", "CANARY-0042")
	at := "/api/v1/credentials/" + url.PathEscape(id)
	wrapped := `{"@context":"https://www.w3.org/ns/credentials/v2","type":"EnvelopedVerifiableCredential","id":"data:application/vc+jwt,` + token + `"}`
	body := issueBody("Canaria Zzyzx", "CANARY-0043")
	for _, c := range []struct{ method, path, body string }{
		{"GET", at, ""}, {"GET", "/api/v1/credentials?learner=Canaria+Zzyzx", ""}, {"GET", "/api/v1/credentials?canary=Zzyzx", ""}, {"GET", "/api/v1/people?name=Canaria", ""}, {"GET", "/api/v1/audit", ""},
		{"POST", at + "/suspend", `{"reason":"disputed","note":"canary-note Zzyzx"}`}, {"POST", at + "/reinstate", `{}`}, {"POST", at + "/revoke", `{"reason":"issued-in-error","note":"canary-note Zzyzx"}`},
		{"POST", "/credentials/verify", `{"verifiableCredential":` + wrapped + `}`}, {"POST", "/api/v1/verify", `{"tokens":["` + token + `"]}`}, {"POST", "/api/v1/verify", `{"tokens":["canary.not.token"]}`},
		{"POST", "/api/v1/credentials", strings.Replace(body, "1990-05-17", "canary-date Zzyzx", 1)}, {"POST", "/api/v1/credentials", strings.Replace(body, "food-hygiene", "canary-template", 1)},
		{"POST", "/api/v1/credentials", `{"canary`}, {"POST", "/api/v1/credentials", `{"canary-field Zzyzx":1}`}, {"GET", "/canary-path/Zzyzx", ""}, {"GET", "/api/v1/credentials/canary-id", ""},
		{"POST", "/api/v1/offers", `{"issuer":"ente","items":[{"template":"food-hygiene","learner":{"name":"Canaria Zzyzx","birthDate":"1990-05-17","documentNumber":"CANARY-0044"}}],"txCode":true}`},
		{"POST", "/console/login/begin", `{"name":"canary-user"}`}, {"POST", "/console/login/finish", `{"id":"canary-credential"}`}, {"GET", "/console/invite/canary-code", ""},
	} {
		ask(c.method, c.path, c.body)
		w.ask(c.method, c.path, c.body, "Authorization", "Bearer canary-wrong-key", "Cookie", "passport=canary-cookie", "User-Agent", "canary-agent", "Referer", "https://canary.example/Zzyzx")
	}
	for range 2 {
		ask("POST", "/api/v1/credentials", body, "Idempotency-Key", "canary-idempotency")
	}
	w.ask("POST", "/api/v1/sheets?issuer=ente&template=food-hygiene", "name;documentNumber\nCanaria Zzyzx;CANARY-0045\n", "Authorization", "Bearer "+key, "Content-Type", "text/csv")
	w.ask("POST", "/oid4vci/ente/token", "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Apre-authorized_code&pre-authorized_code=canary-code&tx_code=4242", "Content-Type", "application/x-www-form-urlencoded")
	if u, err := url.Parse(invite[strings.LastIndex(invite, "http"):]); err == nil {
		w.ask("GET", u.RequestURI(), "")
	}
	metrics := ask("GET", "/metrics", "")
	if err := w.stop(); err != nil {
		t.Error(err)
	}
	secret := key[strings.LastIndex(key, "_")+1:]
	for _, hidden := range []string{"anaria", "Zzyzx", "CANARY-", "canary", secret, token, strings.Split(token, ".")[2], strings.Split(token, ".")[1][:40], "eyJ", servePassphrase, "1990-05-17", "canaria.mail"} {
		for name, text := range map[string]string{"log": w.log.String(), "metrics": metrics} {
			if i := strings.Index(text, hidden); i >= 0 {
				t.Errorf("the %s has %q: …%s…", name, hidden, text[max(0, i-200):min(len(text), i+100)])
			}
		}
	}
	if strings.Count(w.log.String(), "msg=request") < 40 {
		t.Errorf("the log has not seen it: %s", w.log)
	}
}
