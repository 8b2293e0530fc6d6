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

	"github.com/employment-passport/passport/schema"
)

// awardWorld is a region that is an authority, awards passports and gives the
// courses 1 to n-1, and a town with a home of its own that gives course n. The
// region has signed a definition that asks for all of them, or for min.
type awardWorld struct {
	dir, region, town string
	courses           int
	anchor            string
	ids               map[int]string // of the credentials, by course
}

func newAwardWorld(t *testing.T, courses, min int) *awardWorld {
	t.Helper()
	dir := t.TempDir()
	w := &awardWorld{dir: dir, region: filepath.Join(dir, "region"), town: filepath.Join(dir, "town"), courses: courses, ids: map[int]string{}}
	t.Setenv("PASSPORT_HOME", filepath.Join(dir, "nobody"))
	t.Setenv("PASSPORT_PASSPHRASE_FILE", filepath.Join(dir, "passphrase"))
	mustDo(t, os.WriteFile(filepath.Join(dir, "passphrase"), []byte("correct horse battery staple\n"), 0o600))
	mustDo(t, os.Mkdir(w.file("amina"), 0o700))
	for home, domain := range map[string]string{w.region: "regione.example", w.town: "comune.example"} {
		desk(t, "--home", home, "init", "--work-factor", "1")
		desk(t, "--home", home, "issuer", "add", "ente", "--did", "web", "--domain", domain, "--country", "IT", "--region", "ITF5")
	}
	mustDo(t, os.WriteFile(w.file("person.json"), []byte(`{"name":"Amina Diallo","givenName":"Amina","familyName":"Diallo","birthDate":"1991-04-07"}`), 0o600))
	for n := 1; n <= courses; n++ {
		w.give(t, n)
	}
	w.define(t, min)
	w.anchor = desk(t, "--home", w.region, "trust", "init", "autorita", "--did", "did:web:autorita.example")
	desk(t, "--home", w.region, "trust", "delegate")
	desk(t, "--home", w.region, "trust", "recognise", "did:web:regione.example", "--schema", "MicroCredential", "--schema", "EmploymentPassport")
	w.publish(t)
	desk(t, "--home", w.region, "trust", "recognise", w.file("lists", "comune.example", ".well-known", "did.json"), "--schema", "MicroCredential", "--name", "Comune", "--country", "IT")
	w.publish(t)
	return w
}

func (w *awardWorld) file(parts ...string) string {
	return filepath.Join(append([]string{w.dir}, parts...)...)
}

func (w *awardWorld) home(n int) string {
	if n == w.courses {
		return w.town
	}
	return w.region
}

// give adds the template of a course and issues it to Amina.
func (w *awardWorld) give(t *testing.T, n int) {
	t.Helper()
	var tpl map[string]any
	mustDo(t, json.Unmarshal(read(t, "../../examples/templates/02-digital-basics-it.json"), &tpl))
	tpl["name"] = fmt.Sprintf("course-%02d", n)
	achievement := tpl["credential"].(map[string]any)["credentialSubject"].(map[string]any)["achievement"].(map[string]any)
	achievement["id"] = fmt.Sprintf("urn:uuid:b7c1f6f0-6a4e-4f0b-9c1d-0000000000%02d", n)
	alignment := achievement["alignment"].([]any)
	achievement["alignment"] = []any{
		map[string]any{"type": []string{"Alignment"}, "targetName": fmt.Sprintf("skill %d", n), "targetFramework": "ESCO", "targetUrl": skillURL(n)},
		alignment[3],
	}
	body, err := json.Marshal(tpl)
	mustDo(t, err)
	mustDo(t, os.WriteFile(w.file("course.json"), body, 0o600))
	desk(t, "--home", w.home(n), "template", "add", w.file("course.json"))
	w.ids[n] = desk(t, "--home", w.home(n), "issue", "--issuer", "ente", "--template", fmt.Sprintf("course-%02d", n),
		"--learner", w.file("person.json"), "--out", w.token(n))
}

func (w *awardWorld) token(n int) string { return w.file("amina", fmt.Sprintf("%02d.jwt", n)) }

func skillURL(n int) string {
	return fmt.Sprintf("http://data.europa.eu/esco/skill/e439742d-558d-4f52-885e-0000000000%02d", n)
}

const definitionID = "https://regione.example/definitions/passaporto"

// define signs a definition that asks for every course, min of them.
func (w *awardWorld) define(t *testing.T, min int) {
	t.Helper()
	var requirements []string
	for n := 1; n <= w.courses; n++ {
		requirements = append(requirements, fmt.Sprintf(`{"ref":"R%02d","framework":"ESCO","uri":%q,"label":{"it":"Competenza %d"}}`, n, skillURL(n), n))
	}
	d, err := schema.ParseDefinition(fmt.Appendf(nil, `{"id":%q,"version":"1","language":"it","title":{"it":"Passaporto di prova"},
		"example":true,"validFrom":"2026-01-01","minimum":%d,"requirements":[%s]}`, definitionID, min, strings.Join(requirements, ",")))
	mustDo(t, err)
	document, err := d.Compose(schema.Particulars{
		Issuer:    schema.IssuerProfile{ID: "did:web:regione.example", Name: "ente", Country: "IT", Region: "ITF5"},
		ValidFrom: time.Now().UTC().Truncate(24 * time.Hour),
	})
	mustDo(t, err)
	mustDo(t, os.WriteFile(w.file("definition.json"), document, 0o600))
	desk(t, "--home", w.region, "issue", "--issuer", "ente", "--document", w.file("definition.json"), "--out", w.file("definition.jwt"))
}

// publish signs the lists of both homes and a bundle with them.
func (w *awardWorld) publish(t *testing.T) {
	t.Helper()
	for _, home := range []string{w.region, w.town} {
		desk(t, "--home", home, "status", "publish", "--out", w.file("lists"))
	}
	desk(t, "--home", w.region, "trust", "bundle", "--out", w.file("trust.bundle"), "--lists", w.file("lists"))
}

// try runs a command of the region with the bundle, and gives all that it said.
func (w *awardWorld) try(t *testing.T, line ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errOut bytes.Buffer
	line = append([]string{"--home", w.region}, line...)
	line = append(line, "--bundle", w.file("trust.bundle"), "--anchor", w.anchor)
	code = run(line, strings.NewReader(""), &out, &errOut)
	return code, out.String(), errOut.String()
}

func (w *awardWorld) award(t *testing.T, more ...string) (code int, stdout, stderr string) {
	t.Helper()
	return w.try(t, append([]string{"award", "--issuer", "ente", "--definition", definitionID, "--holder", w.file("person.json")}, more...)...)
}

func (w *awardWorld) verify(t *testing.T, files ...string) (code int, stdout string) {
	t.Helper()
	var tokens []byte
	for _, file := range files {
		tokens = append(tokens, read(t, file)...)
	}
	mustDo(t, os.WriteFile(w.file("shown.jwt"), tokens, 0o600))
	code, stdout, _ = w.try(t, "verify", w.file("shown.jwt"), "--json")
	return code, stdout
}

// tryPlain is try without a bundle.
func (w *awardWorld) tryPlain(t *testing.T, line ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errOut bytes.Buffer
	code = run(append([]string{"--home", w.region}, line...), strings.NewReader(""), &out, &errOut)
	return code, out.String(), errOut.String()
}
