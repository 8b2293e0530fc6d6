package issuerhttp_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/issuerhttp"
)

const document = `{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential"],"credentialSubject":{"id":"did:example:1"}}`

// open lets anybody sign as ente, as a conformance suite wants it.
func open(c *issuerhttp.Config) { c.VC = issuerhttp.VCAPI{Issuer: "ente", OpenUnsafe: true} }

// token takes the token out of its envelope.
func (a answer) token() string {
	a.t.Helper()
	var v struct {
		Credential struct {
			Context []string `json:"@context"`
			ID      string   `json:"id"`
			Type    string   `json:"type"`
		} `json:"verifiableCredential"`
	}
	must(a.t, json.Unmarshal(a.body, &v))
	token, found := strings.CutPrefix(v.Credential.ID, "data:application/vc+jwt,")
	if !found || v.Credential.Type != "EnvelopedVerifiableCredential" || len(v.Credential.Context) != 1 || v.Credential.Context[0] != "https://www.w3.org/ns/credentials/v2" {
		a.t.Fatalf("no envelope: %s", a.body)
	}
	return token
}

// A client's own document is signed by the body that is meant, revoked by its
// id, and never brought back.
func TestVCAPI(t *testing.T) {
	w := newWorld(t)
	a := w.post("officer ente", "/credentials/issue", `{"credential":`+document+`}`).is(http.StatusCreated)
	_, payload, err := jose.ParseUnverified(a.token())
	must(t, err)
	var doc struct {
		ID     string
		Issuer struct{ ID string }
		Status struct {
			List  string `json:"statusListCredential"`
			Index string `json:"statusListIndex"`
		} `json:"credentialStatus"`
	}
	must(t, json.Unmarshal(payload, &doc))
	if doc.Issuer.ID != "did:web:ente.example" {
		t.Errorf("signed %s", payload)
	}
	status := func(entry string, rest string) answer {
		return w.post("officer ente", "/credentials/status", fmt.Sprintf(`{"credentialId":%q,"credentialStatus":%s%s}`, doc.ID, entry, rest))
	}
	revoked := `{"type":"BitstringStatusListEntry","statusPurpose":"revocation"}`
	status(`{"type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"`+doc.Status.Index+`x"}`, `,"status":true`).is(http.StatusBadRequest, "faults")
	status(`{"type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListCredential":"https://other.example/1"}`, `,"status":true`).is(http.StatusBadRequest)
	status(`{"type":"StatusList2021Entry","statusPurpose":"revocation"}`, `,"status":true`).is(http.StatusBadRequest)
	status(`{"type":"BitstringStatusListEntry","statusPurpose":"message"}`, `,"status":true`).is(http.StatusBadRequest)
	status(revoked, ``).is(http.StatusBadRequest)
	status(`[]`, `,"status":true`).is(http.StatusBadRequest)
	status(revoked, `,"status":false`).is(http.StatusOK) // so it is
	status(`[{"type":"BitstringStatusListEntry","statusPurpose":"suspension","status":"1"}]`, ``).is(http.StatusConflict, "not_suspendable")
	status(`{"type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"`+doc.Status.Index+`","statusListCredential":"`+doc.Status.List+`"}`, `,"status":true`).is(http.StatusOK)
	status(revoked, `,"status":true`).is(http.StatusOK)
	status(`[{"type":"BitstringStatusListEntry","statusPurpose":"revocation","status":"1"}]`, ``).is(http.StatusOK)
	status(revoked, `,"status":false`).is(http.StatusConflict, "already_revoked")
	row, err := w.Find(t.Context(), doc.ID)
	must(t, err)
	if row.State != issuer.StateRevoked {
		t.Errorf("the credential is %s", row.State)
	}

	// Suspended and reinstated, both in the older shape.
	id := w.post("officer ente", "/api/v1/credentials", strings.Replace(w.issueJSON("Amina Haddad", ""), w.plain, w.susp, 1)).is(http.StatusCreated).str("id")
	for _, set := range []string{"1", "1", "0", "0"} {
		w.post("officer ente", "/credentials/status", fmt.Sprintf(`{"credentialId":%q,"credentialStatus":[{"type":"BitstringStatusListEntry","statusPurpose":"suspension","status":%q}]}`, id, set)).is(http.StatusOK)
		row, err := w.Find(t.Context(), id)
		must(t, err)
		if want := map[string]issuer.State{"1": issuer.StateSuspended, "0": issuer.StateIssued}[set]; row.State != want {
			t.Errorf("after %s it is %s", set, row.State)
		}
	}
}

// Who signs: the one named, the one of the DID, the only one; and never one that
// the principal has nothing to do with.
func TestVCAPIChoosesTheIssuer(t *testing.T) {
	w := newWorld(t)
	with := func(member, options string) string {
		return `{"credential":` + strings.Replace(document, `"type"`, member+`"type"`, 1) + `,"options":{` + options + `}}`
	}
	w.post("officer ente", "/credentials/issue", with(`"issuer":"did:web:ente.example",`, ``)).is(http.StatusCreated)
	w.post("officer ente", "/credentials/issue", with(`"issuer":{"id":"did:web:ente.example"},`, `"mandatoryPointers":["/issuer"]`)).is(http.StatusCreated)
	w.post("officer ente", "/credentials/issue", with(`"issuer":"did:web:altro.example",`, ``)).is(http.StatusBadRequest, "faults")
	w.post("officer ente", "/credentials/issue", with(``, `"issuer":"altro"`)).is(http.StatusNotFound, "issuer_unknown")
	w.post("officer ente", "/credentials/issue", with(`"id":"urn:example:1",`, `"credentialId":"urn:example:2"`)).is(http.StatusUnprocessableEntity, "vc_credential_id")
	w.post("officer ente", "/credentials/issue", with(`"id":"urn:example:1",`, `"credentialId":"urn:example:1"`)).is(http.StatusCreated)
	w.post("officer ente", "/credentials/issue", with(`"id":"urn:example:1",`, ``)).is(http.StatusConflict, "id_taken")
	w.post("admin", "/credentials/issue", with(``, ``)).is(http.StatusForbidden)
	w.post("", "/credentials/issue", with(``, ``)).is(http.StatusUnauthorized)
	first := w.keyed("officer ente", "/credentials/issue", "vc-1", with(``, ``)).is(http.StatusCreated)
	if again := w.keyed("officer ente", "/credentials/issue", "vc-1", with(``, ``)).is(http.StatusCreated); string(again.body) != string(first.body) || again.header.Get("Idempotent-Replayed") != "true" {
		t.Error("a repetition was signed anew")
	}
	w.post("officer ente", "/credentials/issue", with(`"colour":"red",`, ``)).is(http.StatusBadRequest, "faults")
}

// Every credential of the W3C data model suite has the outcome of its name, over
// HTTP and without a key, as the suite asks.
func TestThreatC17PublicCredentials(t *testing.T) {
	dir := os.Getenv("PASSPORT_VECTORS")
	set := dir != ""
	if !set {
		dir = "../../../shared/vectors"
	}
	files, err := filepath.Glob(filepath.Join(dir, "vcdm2/tests/input/credential-*.json"))
	must(t, err)
	more, err := filepath.Glob(filepath.Join(dir, "vcdm2/tests/input/*/credential-*.json"))
	must(t, err)
	if files = append(files, more...); len(files) == 0 {
		if set {
			t.Fatalf("no public test files at %s", dir)
		}
		t.Skipf("no public test files at %s", dir)
	}
	w := newWorldWith(t, nil, open)
	dates := strings.NewReplacer("PAST DATE", "2020-01-01T00:00:00Z", "FUTURE DATE", "2030-01-01T00:00:00Z")
	refused := 0
	for _, file := range files {
		name := filepath.Base(file)
		data, err := os.ReadFile(file)
		must(t, err)
		a := w.post("", "/credentials/issue", `{"credential":`+dates.Replace(string(data))+`,"options":{}}`)
		switch want := strings.Contains(name, "-ok"); {
		case strings.Contains(name, "-fail-or-inject"):
		case want && a.status != http.StatusCreated, !want && a.status != http.StatusBadRequest:
			t.Errorf("%s: %d %s", name, a.status, a.body)
		case want:
			a.token()
		default:
			refused++
			if kind := a.str("type"); !strings.HasPrefix(kind, "https://www.w3.org/TR/vc-data-model#") {
				t.Errorf("%s: the problem is %s", name, kind)
			}
		}
	}
	t.Logf("%d credentials, %d refused", len(files), refused)
	if refused < 37 { // the other 15 of the suite are presentations, which nobody issues here
		t.Errorf("%d refused, want 37 or more", refused)
	}
}

// What is open is open for one body and two routes.
func TestOpenVCAPIIsNarrow(t *testing.T) {
	if _, err := issuerhttp.New(issuerhttp.Config{}); err == nil {
		t.Error("an API without its parts was made")
	}
	w := newWorldWith(t, nil, open)
	w.post("", "/credentials/issue", `{"credential":`+document+`,"options":{"issuer":"altro"}}`).is(http.StatusNotFound)
	w.post("", "/api/v1/credentials", w.issueJSON("Amina Haddad", "")).is(http.StatusUnauthorized)
	w.get("", "/api/v1/credentials").is(http.StatusUnauthorized)
	w.keys["stranger"] = "wrong"
	w.post("stranger", "/credentials/issue", `{"credential":`+document+`}`).is(http.StatusUnauthorized)
}

// TestThreatE01DocumentTooLargeForAToken: what would make a token that nobody
// takes is refused before it has a place in the register.
func TestThreatE01DocumentTooLargeForAToken(t *testing.T) {
	w := newWorld(t)
	with := func(n int) string {
		return `{"credential":` + strings.Replace(document, `"id":"did`, `"more":"`+strings.Repeat("x", n)+`","id":"did`, 1) + `}`
	}
	a := w.post("officer ente", "/credentials/issue", with(60_000)).is(http.StatusBadRequest, "faults")
	if fault := a.list("errors")[0]; fault["code"] != "too_long" || fault["pointer"] != "/credential" {
		t.Errorf("%s", a.body)
	}
	if n := len(w.get("officer ente", "/api/v1/credentials").list("credentials")); n != 0 {
		t.Errorf("%d rows are left of it", n)
	}
	w.post("officer ente", "/credentials/issue", with(46_000)).is(http.StatusCreated)
}
