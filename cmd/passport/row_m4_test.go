package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestRowM4ManyIssuersOneWallet: credentials of three issuers and two years sit
// in one wallet, newest first, and the passport counts only the newest valid of
// those for one requirement.
func TestRowM4ManyIssuersOneWallet(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PASSPORT_HOME", filepath.Join(dir, "home"))
	t.Setenv("PASSPORT_WALLET", filepath.Join(dir, "wallet.age"))
	t.Setenv("PASSPORT_PASSPHRASE_FILE", filepath.Join(dir, "passphrase"))
	mustDo(t, os.WriteFile(filepath.Join(dir, "passphrase"), []byte("a passphrase of this test\n"), 0o600))
	at2025 := time.Date(2025, 1, 7, 9, 0, 0, 0, time.UTC)
	deskAt(t, at2025, "init", "--work-factor", "1")
	for _, name := range []string{"ente", "scuola", "centro"} {
		deskAt(t, at2025, "issuer", "add", name, "--did", "web", "--domain", name+".example", "--country", "IT")
	}
	desk(t, "wallet", "init")

	var files, ids []string
	for n, c := range []struct{ issuer, code, day string }{
		{"ente", "P1", "2025-03-14"}, {"centro", "P3", "2025-10-02"}, {"scuola", "P1", "2026-05-20"}, {"centro", "P2", "2026-11-19"},
	} {
		id, file := fmt.Sprintf("urn:uuid:9a3f6b2e-1c44-4b8a-9e21-00000000000%d", n), filepath.Join(dir, c.code+c.issuer+".jwt")
		m4Issue(t, dir, c.issuer, c.code, c.day, id, file)
		files, ids = append(files, file), append(ids, id)
	}
	anchor := desk(t, "trust", "init", "regione", "--did", "did:web:regione.example")
	for _, name := range []string{"ente", "scuola", "centro"} {
		desk(t, "trust", "recognise", "did:web:"+name+".example", "--schema", "MicroCredential", "--from", "2025-01-08")
	}
	bundle := filepath.Join(dir, "trust.bundle")
	trusted := []string{"--bundle", bundle, "--anchor", anchor}
	desk(t, "trust", "bundle", "--out", bundle)
	desk(t, append(append([]string{"wallet", "import"}, files...), trusted...)...)

	var order []string
	for line := range strings.Lines(desk(t, "wallet", "list", "--json")) {
		var row walletRow
		mustDo(t, json.Unmarshal([]byte(line), &row))
		order = append(order, row.IssuedAt+" "+row.Issuer)
	}
	want := "2026-11-19 did:web:centro.example, 2026-05-20 did:web:scuola.example, 2025-10-02 did:web:centro.example, 2025-03-14 did:web:ente.example"
	if got := strings.Join(order, ", "); got != want {
		t.Errorf("the wallet lists\n%s, want\n%s", got, want)
	}

	progress := func() (out progressOut) {
		mustDo(t, json.Unmarshal([]byte(desk(t, append([]string{"wallet", "progress", "--json", "--definition", "../../examples/definitions/passaporto-esempio.json"}, trusted...)...)), &out))
		return out
	}
	counted := func(out progressOut, id string) bool {
		for _, m := range out.Met {
			if m.ID == id {
				return true
			}
		}
		return false
	}
	if out := progress(); out.Have != 3 || !counted(out, ids[2]) || counted(out, ids[0]) {
		t.Errorf("of two for one requirement the newest counts, once: %+v, not %+v", out.Met, out.NotCounted)
	}
	desk(t, "revoke", ids[2], "--reason", "issued-in-error")
	desk(t, "trust", "bundle", "--out", bundle)
	if out := progress(); out.Have != 3 || counted(out, ids[2]) || !counted(out, ids[0]) {
		t.Errorf("once it is revoked, the older one counts: %+v, not %+v", out.Met, out.NotCounted)
	}
}

// m4Issue signs the example for a LifeComp code and a day.
func m4Issue(t *testing.T, dir, issuer, code, day, id, out string) {
	t.Helper()
	doc := annexDocument(t)
	doc["id"], doc["validFrom"] = id, day+"T00:00:00Z"
	delete(doc, "issuer")
	doc["issuer"] = object{"type": []string{"Profile"}, "name": issuer, "address": object{"type": []string{"Address"}, "addressCountryCode": "IT"}}
	subject := at(doc, "credentialSubject")
	subject["licenseNumber"] = "MC-" + id[len(id)-1:]
	subject["activityStartDate"], subject["activityEndDate"] = day+"T00:00:00Z", day+"T00:00:00Z"
	achievement := at(subject, "achievement")
	achievement["id"] = "https://" + issuer + ".example/" + code
	achievement["alignment"] = []any{
		object{"type": []string{"Alignment"}, "targetName": code, "targetFramework": "LifeComp", "targetCode": code, "targetUrl": "https://consorzio.example/skills/" + code},
		object{"type": []string{"Alignment"}, "targetName": "EQF 4", "targetFramework": "EQF", "targetType": "ext:EQFLevel", "targetUrl": "http://data.europa.eu/snb/eqf/4"},
	}
	data, err := json.Marshal(doc)
	mustDo(t, err)
	file := filepath.Join(dir, "document.json")
	mustDo(t, os.WriteFile(file, data, 0o600))
	on, err := time.Parse(time.DateOnly, day)
	mustDo(t, err)
	deskAt(t, on.Add(10*time.Hour), "issue", "--issuer", issuer, "--document", file, "--out", out)
}

// deskAt is desk at another time.
func deskAt(t *testing.T, now time.Time, line ...string) {
	t.Helper()
	var out, errOut bytes.Buffer
	a := &app{in: strings.NewReader(""), out: &out, err: &errOut, now: func() time.Time { return now }}
	root := newRootCommand(a)
	root.SetArgs(line)
	if code := a.report(root.ExecuteContext(t.Context())); code != exitOK {
		t.Fatalf("passport %v on %v: exit %d: %s", line, now, code, errOut.String())
	}
}
