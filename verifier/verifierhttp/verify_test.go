package verifierhttp

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// The VC API asks by status code: 2xx is VALID and nothing else is.
func TestVCAPIAnswersByStatus(t *testing.T) {
	w := newWorld(t)
	token := w.issue()
	a := w.ask(token)
	if a.status != http.StatusOK || a.Verified == nil || !*a.Verified || a.Verdict != "valid" {
		t.Fatalf("a good credential: %d %s", a.status, a.raw)
	}
	if a := w.post("/credentials/verify", map[string]any{"verifiableCredential": token, "options": map[string]any{"checks": []string{"proof"}}}); a.status != http.StatusOK {
		t.Errorf("as text, with options: %d", a.status)
	}
	refused := func(what string, a answer, verdict, reason string) {
		t.Helper()
		if a.status != http.StatusBadRequest || a.Verified == nil || *a.Verified || a.Report == nil || a.Report.Verdict != verdict || a.Report.Reason != reason || a.Code != reason {
			t.Errorf("%s: %d %s", what, a.status, a.raw)
		}
	}
	refused("a forged one", w.ask(token[:len(token)-8]+"AAAAAAAA"), "invalid", "signature_invalid")
	w.revoked = true
	refused("a revoked one", w.ask(token), "invalid", "revoked")
	w.revoked = false
	w.recognised = false
	refused("an unknown issuer", w.ask(token), "unknown", "issuer_not_recognised")
	if a := w.ask(token); strings.Contains(a.raw, `"verified":true`) {
		t.Error("UNKNOWN says verified")
	}
}

// Our own endpoint tells by its body: whatever can be read is judged with 200.
func TestOwnEndpointAnswersByVerdict(t *testing.T) {
	w := newWorld(t)
	token := w.issue()
	for what, c := range map[string]struct {
		tokens  []string
		verdict string
	}{
		"good":         {[]string{token}, "valid"},
		"forged":       {[]string{token[:len(token)-8] + "AAAAAAAA"}, "invalid"},
		"no token":     {[]string{"a.b.c"}, "invalid"},
		"good and bad": {[]string{token, "a.b.c"}, "invalid"},
	} {
		a := w.post("/api/v1/verify", map[string]any{"tokens": c.tokens})
		if a.status != http.StatusOK || a.Verdict != c.verdict || a.Verified != nil {
			t.Errorf("%s: %d %s", what, a.status, a.raw)
		}
	}
	a := w.post("/api/v1/verify?lang=it", map[string]any{"tokens": []string{"a.b.c"}})
	b := w.post("/api/v1/verify", map[string]any{"tokens": []string{"a.b.c"}}, "Accept-Language", "pl")
	if len(a.Checks) == 0 || a.Checks[0].Message == b.Checks[0].Message {
		t.Error("messages are not in the reader's language")
	}
}

// What is no token in its envelope is refused before anything is judged, and
// never with 5xx (E01, E02, A21, A22, A29, J06).
func TestThreatE01RefusedInputs(t *testing.T) {
	w := newWorld(t)
	token := w.issue()
	good := enveloped(envelopedCredential, "application/vc+jwt", token)
	with := func(name string, value any) map[string]any {
		e := map[string]any{}
		for k, v := range good {
			e[k] = v
		}
		if e[name] = value; value == nil {
			delete(e, name)
		}
		return map[string]any{"verifiableCredential": e}
	}
	big := strings.Repeat("a", maxToken) + ".b.c"
	for what, c := range map[string]struct {
		body   any
		status int
		code   string
	}{
		"nothing":                   {`{}`, 400, "envelope"},
		"null":                      {`{"verifiableCredential":null}`, 400, "envelope"},
		"a list":                    {`{"verifiableCredential":[]}`, 400, "envelope"},
		"no id":                     {with("id", nil), 400, "envelope"},
		"an id that is no text":     {with("id", 7), 400, "envelope"},
		"no context":                {with("@context", nil), 400, "envelope_context"},
		"another context":           {with("@context", "https://www.w3.org/2018/credentials/v1"), 400, "envelope_context"},
		"no type":                   {with("type", nil), 400, "envelope_type"},
		"an embedded credential":    {with("type", []string{"VerifiableCredential"}), 400, "envelope_type"},
		"two types":                 {with("type", []string{envelopedCredential, "Other"}), 400, "envelope_type"},
		"no data URL":               {with("id", "https://ente.example/1"), 400, "envelope_media"},
		"base64":                    {with("id", "data:application/vc+jwt;base64,"+token), 400, "envelope_media"},
		"another media type":        {with("id", "data:text/plain,"+token), 400, "envelope_media"},
		"a presentation's":          {with("id", "data:application/vp+jwt,"+token), 400, "envelope_media"},
		"a JWE":                     {map[string]any{"verifiableCredential": "a.b.c.d.e"}, 400, "token_structure"},
		"two segments":              {map[string]any{"verifiableCredential": "a.b"}, 400, "token_structure"},
		"two million dots":          {map[string]any{"verifiableCredential": strings.Repeat(".", maxBody)}, 413, "body_too_large"},
		"64 KiB and a little":       {map[string]any{"verifiableCredential": big}, 413, "token_too_large"},
		"an unknown member":         {`{"verifiableCredential":"a.b.c","x":1}`, 400, "body_unknown"},
		"a name twice":              {`{"verifiableCredential":"a.b.c","verifiableCredential":"a.b.c"}`, 400, "body_json"},
		"a name in another case":    {`{"VerifiableCredential":"a.b.c"}`, 400, "body_unknown"},
		"something after":           {`{"verifiableCredential":"a.b.c"} x`, 400, "body_json"},
		"options that are no group": {`{"verifiableCredential":"a.b.c","options":7}`, 400, "options"},
	} {
		a := w.post("/credentials/verify", c.body)
		if a.status != c.status || a.Code != c.code {
			t.Errorf("%s: %d %s, want %d %s", what, a.status, a.raw, c.status, c.code)
		}
	}
	if a := w.post("/credentials/verify", `{"verifiableCredential":"a.b.c"}`, "Content-Type", "text/plain"); a.status != http.StatusUnsupportedMediaType {
		t.Errorf("another content type: %d", a.status)
	}
	var many []string
	for range 200 {
		many = append(many, "a.b.c")
	}
	for what, body := range map[string]any{
		"none": map[string]any{"tokens": []string{}}, "many": map[string]any{"tokens": many}, "no list": `{}`,
	} {
		if a := w.post("/api/v1/verify", body); a.status != http.StatusBadRequest || a.Code != "tokens" {
			t.Errorf("%s: %d %s", what, a.status, a.raw)
		}
	}
}

// One presentation holds no more credentials than anybody judges (E02).
func TestThreatE02ManyCredentialsInOnePresentation(t *testing.T) {
	w := newWorld(t)
	var tokens []string
	for range 65 {
		tokens = append(tokens, "a.b.c")
	}
	a := w.present(w.show(tokens, nil), nil)
	if a.status != http.StatusBadRequest || a.Report.Reason != "too_many" {
		t.Errorf("%d %s", a.status, a.raw)
	}
	for range 10_000 {
		tokens = append(tokens, "a.b.c")
	}
	if a := w.post("/presentations/verify", map[string]any{"verifiablePresentation": strings.Repeat("a", 2*maxBody)}); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("ten thousand: %d", a.status)
	}
}

// What was shown is the signed text: members beside it change nothing (T3, B09).
func TestThreatB09OuterMembersChangeNothing(t *testing.T) {
	w := newWorld(t)
	e := enveloped(envelopedCredential, "application/vc+jwt", w.issue())
	e["credentialSubject"] = map[string]any{"name": "Somebody Else"}
	e["issuer"] = "did:web:evil.example"
	a := w.post("/credentials/verify", map[string]any{"verifiableCredential": e})
	if a.status != http.StatusOK || strings.Contains(a.raw, "Somebody Else") || strings.Contains(a.raw, "evil.example") {
		t.Errorf("%d %s", a.status, a.raw)
	}
}

// FuzzVerifyHTTP: no body brings an answer of the 5xx kind, and none but a
// verified one brings 2xx.
func FuzzVerifyHTTP(f *testing.F) {
	w := newWorld(f)
	good, err := json.Marshal(map[string]any{"verifiableCredential": enveloped(envelopedCredential, "application/vc+jwt", w.issue())})
	must(f, err)
	for _, body := range []string{string(good), `{}`, `{"verifiableCredential":"a.b.c"}`, `{"verifiableCredential":{"id":"data:application/vc+jwt,a.b.c"}}`, `[`, ``} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		w.t = t
		for _, path := range []string{"/credentials/verify", "/presentations/verify", "/api/v1/verify"} {
			a := w.post(path, body)
			if a.status >= 500 || a.status == http.StatusOK && path != "/api/v1/verify" && a.Verdict != "valid" {
				t.Fatalf("%s answers %d to %q", path, a.status, body)
			}
		}
	})
}
