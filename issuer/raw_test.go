package issuer_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

const rawDocument = `{"@context":["https://www.w3.org/ns/credentials/v2"],
"type":["VerifiableCredential"],"validFrom":"2026-11-22T00:00:00Z","credentialSubject":{"id":"did:example:1"}}`

// A client's document gets its issuer, an id and a place in the list, and is
// otherwise signed as it came.
func TestIssueRaw(t *testing.T) {
	d := newDesk(t)
	row, err := d.IssueRaw(t.Context(), clerk, issuer.RawOffer{Issuer: "ente", Document: []byte(rawDocument)})
	must(t, err)
	_, payload, err := jose.ParseUnverified(row.Token)
	must(t, err)
	doc, err := schema.ParseCredential(payload)
	must(t, err)
	if doc.Issuer.ID != "did:web:ente.example" || doc.ID != row.ID || len(doc.Status) != 1 || doc.Status[0].ListURL != row.StatusList {
		t.Errorf("signed %s", payload)
	}
	if !strings.Contains(string(payload), `"credentialSubject":{"id":"did:example:1"}`) {
		t.Errorf("the subject changed: %s", payload)
	}
	_, err = d.Revoke(t.Context(), clerk, row.ID, mistake)
	must(t, err)
	if !d.bit(t, row.StatusList, row.StatusIndex) {
		t.Error("not revoked")
	}
	_, err = d.Reissue(t.Context(), clerk, row.ID, nil)
	refused(t, err, "reissue_raw")
}

func TestIssueRawRefuses(t *testing.T) {
	d := newDesk(t)
	with := func(more string) issuer.RawOffer {
		return issuer.RawOffer{Issuer: "ente", Document: []byte(strings.Replace(rawDocument, `"type":[`, more+`,"type":[`, 1))}
	}
	for name, row := range map[string]struct {
		offer issuer.RawOffer
		code  string
	}{
		"another's name": {with(`"issuer":"did:web:other.example"`), "issuer_other"},
		"a place in our own list": {with(`"credentialStatus":{"type":"BitstringStatusListEntry","statusPurpose":"revocation",` +
			`"statusListIndex":"1","statusListCredential":"https://ente.example/status/1"}`), "status_own_list"},
		"an unknown member":    {with(`"colour":"red"`), "unknown_member"},
		"an id without an end": {with(`"id":"urn:x:` + strings.Repeat("a", 4091) + `"`), "too_long"},
	} {
		_, err := d.IssueRaw(t.Context(), clerk, row.offer)
		var faults schema.Faults
		if !errors.As(err, &faults) || !faults.Has(row.code) {
			t.Errorf("%s: %v", name, err)
		}
	}
	own := with(`"id":"urn:uuid:9a3f6b2e-1c44-4b8a-9e21-6f0a2d7c5b31"`)
	_, err := d.IssueRaw(t.Context(), clerk, own)
	must(t, err)
	_, err = d.IssueRaw(t.Context(), clerk, own)
	refused(t, err, "id_taken")
	own.IdempotencyKey = "once"
	own.Document = []byte(rawDocument)
	first, err := d.IssueRaw(t.Context(), clerk, own)
	must(t, err)
	again, err := d.IssueRaw(t.Context(), clerk, own)
	must(t, err)
	if again.ID != first.ID || again.Token != first.Token || !again.Repeated {
		t.Errorf("a repetition gave %s after %s", again.ID, first.ID)
	}
}

// Every credential of the W3C data model suite has the outcome of its name on
// the whole path of issuing.
func TestPublicCredentials(t *testing.T) {
	dir := os.Getenv("PASSPORT_VECTORS")
	set := dir != ""
	if !set {
		dir = "../../shared/vectors"
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
	d := newDesk(t)
	body, err := d.Body(t.Context(), "ente")
	must(t, err)
	dates := strings.NewReplacer("PAST DATE", "2020-01-01T00:00:00Z", "FUTURE DATE", "2030-01-01T00:00:00Z")
	for _, file := range files {
		name := filepath.Base(file)
		data, err := os.ReadFile(file)
		must(t, err)
		_, err = d.IssueRaw(t.Context(), clerk, issuer.RawOffer{Issuer: body.Name, Document: []byte(dates.Replace(string(data)))})
		accepted := err == nil
		want := strings.Contains(name, "-ok")
		if accepted != want && !strings.Contains(name, "-fail-or-inject") {
			t.Errorf("%s: accepted is %v: %v", name, accepted, err)
		}
	}
	t.Logf("%d credentials", len(files))
}

func TestKeysAndPublicFiles(t *testing.T) {
	d := newDesk(t)
	plain, _ := d.templateNames(t)
	d.issue(t, plain, "MC-1")
	d.clock.pass(72 * time.Hour)
	fresh, err := d.RotateKey(t.Context(), clerk, "ente", schema.KeyForCredentials)
	must(t, err)
	if fresh.KID != "did:web:ente.example#key-2" {
		t.Errorf("the new key is %s", fresh.KID)
	}
	if row := d.issue(t, plain, "MC-2"); row.KeyID != fresh.KID {
		t.Errorf("signed by %s", row.KeyID)
	}
	_, err = d.CompromiseKey(t.Context(), clerk, "ente", "#status-1")
	must(t, err)
	_, err = d.StatusList(t.Context(), "https://ente.example/status/1")
	refused(t, err, "no_active_key")
	_, err = d.RotateKey(t.Context(), clerk, "ente", schema.KeyForStatus)
	must(t, err)
	_, err = d.RetireKey(t.Context(), clerk, "ente", "#key-1")
	refused(t, err, "key_not_active")
	_, err = d.RetireKey(t.Context(), clerk, "ente", "#key-9")
	refused(t, err, "key_unknown")

	files := map[string]string{}
	must(t, d.Publish(t.Context(), func(path string, data []byte) error {
		files[path] = string(data)
		return nil
	}))
	doc := files["ente.example/.well-known/did.json"]
	history := files["ente.example/.well-known/did-history.json"]
	for _, kid := range []string{"#key-1", "#key-2", "#status-1", "#status-2"} {
		want := kid != "#status-1" // compromised: in the history, not in the document
		if strings.Contains(doc, kid+`"`) != want || !strings.Contains(history, kid+`"`) {
			t.Errorf("%s in the document: %v, want %v", kid, !want, want)
		}
	}
	if !strings.Contains(history, `"until":"2026-11-25","state":"retired"`) || strings.Count(files["ente.example/status/1"], ".") != 2 {
		t.Errorf("history %s", history)
	}
}

func TestBodies(t *testing.T) {
	d := newDesk(t)
	good := issuer.NewIssuer{Name: "demo", Country: "PL", Method: "key", StatusBase: "https://demo.example/s/"}
	r, err := d.AddIssuer(t.Context(), clerk, good)
	must(t, err)
	keys, err := d.Keys(t.Context(), "demo")
	must(t, err)
	if len(keys) != 1 || !keys[0].Signs(schema.KeyForStatus) || !keys[0].Signs(schema.KeyForCredentials) || r.StatusBase != "https://demo.example/s" {
		t.Errorf("%+v with %d keys", r, len(keys))
	}
	_, err = d.RotateKey(t.Context(), clerk, "demo", schema.KeyForCredentials)
	refused(t, err, "key_is_identity")
	made := len(d.keys.keys)
	for code, change := range map[string]func(*issuer.NewIssuer){
		"issuer_exists":        func(n *issuer.NewIssuer) {},
		"issuer_address_taken": func(n *issuer.NewIssuer) { n.Name = "two" },
		"issuer_name_form":     func(n *issuer.NewIssuer) { n.Name = "../two" },
		"did_method":           func(n *issuer.NewIssuer) { n.Method = "jwk" },
		"status_base":          func(n *issuer.NewIssuer) { n.StatusBase = "http://demo.example" },
		"domain_missing":       func(n *issuer.NewIssuer) { n.Method = "web" },
		"domain_form":          func(n *issuer.NewIssuer) { n.Name, n.Method, n.Domain = "two", "web", "user@host" },
		"issuer_country":       func(n *issuer.NewIssuer) { n.Country = "XX" },
		"issuer_region":        func(n *issuer.NewIssuer) { n.Region = "Basilicata" },
		"region_country":       func(n *issuer.NewIssuer) { n.Region = "ITF5" },
	} {
		n := good
		change(&n)
		_, err := d.AddIssuer(t.Context(), clerk, n)
		refused(t, err, code)
	}
	for _, name := range []string{"Quarto!", "è", "ente2%2f", "Nome Con Spazi", "", "-a", strings.Repeat("a", 41), "authority:x"} {
		n := good
		n.Name = name
		_, err := d.AddIssuer(t.Context(), clerk, n)
		refused(t, err, "issuer_name_form") // it would stand in addresses
	}
	if len(d.keys.keys) != made {
		t.Errorf("bodies that were refused left %d keys behind", len(d.keys.keys)-made)
	}
}
