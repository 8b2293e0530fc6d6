package paper

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/schema"
)

var today = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

const verifyBase = "https://verifica.example/v"

// course is a specimen of a short certificate.
type course struct {
	title, body string
	on          string
	level       string
}

var courses = []course{
	{"Organizzare il proprio lavoro", "Ente di formazione Aurora (esempio)", "2026-02-03", "4"},
	{"Adattarsi ai cambiamenti", "Ente di formazione Aurora (esempio)", "2026-02-17", "4"},
	{"Stare bene sul lavoro", "Cooperativa Il Ponte (esempio)", "2026-03-02", "4"},
	{"Capire gli altri", "Cooperativa Il Ponte (esempio)", "2026-03-09", "4"},
	{"Comunicare con colleghi e clienti", "Ente di formazione Aurora (esempio)", "2026-03-20", "4"},
	{"Lavorare in squadra", "Ente di formazione Aurora (esempio)", "2026-03-27", "4"},
	{"Imparare dai propri errori", "Cooperativa Il Ponte (esempio)", "2026-04-10", "4"},
	{"Pensare in modo critico", "Cooperativa Il Ponte (esempio)", "2026-04-24", "5"},
	{"Gestire il proprio apprendimento", "Ente di formazione Aurora (esempio)", "2026-05-04", "4"},
	{"Cercare informazioni in rete", "Scuola Digitale Lucana (esempio)", "2026-05-11", "4"},
	{"Comunicare con strumenti digitali", "Scuola Digitale Lucana (esempio)", "2026-05-18", "4"},
	{"Condividere documenti e dati in sicurezza con i colleghi", "Scuola Digitale Lucana (esempio)", "2026-05-25", "4"},
	{"Comportarsi bene in rete", "Scuola Digitale Lucana (esempio)", "2026-06-01", "4"},
	{"Proteggere i dati personali", "Scuola Digitale Lucana (esempio)", "2026-06-08", "4"},
	{"Risolvere problemi tecnici", "Scuola Digitale Lucana (esempio)", "2026-06-15", "4"},
	{"Dare valore alla sostenibilità", "Agenzia Verde Murgia (esempio)", "2026-09-07", "4"},
	{"Agire per l'ambiente", "Agenzia Verde Murgia (esempio)", "2026-09-14", "4"},
	{"Prendere l'iniziativa", "Ente di formazione Aurora (esempio)", "2026-10-05", "5"},
	{"Pianificare e gestire", "Ente di formazione Aurora (esempio)", "2026-10-12", "5"},
	{"Lavorare con gli altri a un progetto", "Ente di formazione Aurora (esempio)", "2026-11-18", "4"},
}

// person is a learner of the tests.
func person(name, original string) schema.Learner {
	return schema.Learner{Name: name, NameOriginalScript: original, BirthDate: "1994-03-12", BirthPlace: "Dakar", Result: "Superato", StartedOn: "2026-01-10"}
}

// template reads one of the examples with another title, body and outcomes.
func template(t testing.TB, c course, outcomes ...string) *schema.Template {
	t.Helper()
	data, err := os.ReadFile("../../examples/templates/01-food-hygiene-it.json")
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := json.Unmarshal(data, &tree); err != nil {
		t.Fatal(err)
	}
	subject := tree["credential"].(map[string]any)["credentialSubject"].(map[string]any)
	achievement := subject["achievement"].(map[string]any)
	if c.title != "" {
		achievement["name"] = c.title
	}
	if len(outcomes) > 0 {
		achievement["learningOutcomes"] = outcomes
	}
	if data, err = json.Marshal(tree); err != nil {
		t.Fatal(err)
	}
	parsed, err := schema.ParseTemplate(data)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// specimen is a sheet as cmd fills it, with a token whose signature is random:
// paper checks none.
func specimen(t testing.TB, number int, c course, who schema.Learner, languages [2]string, outcomes ...string) Sheet {
	t.Helper()
	return sheetOf(t, payloadOf(t, number, c, who, outcomes...), languages)
}

// payloadOf is what a body signs.
func payloadOf(t testing.TB, number int, c course, who schema.Learner, outcomes ...string) []byte {
	t.Helper()
	who.DocumentNumber = fmt.Sprintf("MC-PZ-2026-%04d", number)
	who.CompletedOn = c.on
	on, err := time.Parse(time.DateOnly, c.on)
	if err != nil {
		t.Fatal(err)
	}
	p := schema.Particulars{
		ID: uuidOf(number, who.Name), Learner: who, ValidFrom: on.Add(24 * time.Hour),
		Issuer:        schema.IssuerProfile{ID: "did:web:aurora.example", Name: c.body, Country: "IT", Region: "ITF5"},
		StatusListURL: "https://aurora.example/status/1", StatusIndex: 4711 + number,
	}
	payload, err := template(t, c, outcomes...).Compose(p)
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

func uuidOf(number int, name string) string {
	sum := sha256.Sum256(fmt.Append(nil, number, name))
	sum[6], sum[8] = sum[6]&0x0f|0x40, sum[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

func sheetOf(t testing.TB, payload []byte, languages [2]string) Sheet {
	t.Helper()
	c, err := schema.ParseCredential(payload)
	if err != nil {
		t.Fatal(err)
	}
	token := tokenOf(payload)
	text, info, err := qr.Encode(verifyBase, []string{token}, qr.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if info.Frame == 0 {
		t.Fatal("an empty frame")
	}
	return Sheet{
		Credential: c, Token: token, QR: []QR{{Text: text}}, Languages: languages,
		ShortCode: c.View().DocumentNumber, VerifyBase: verifyBase, KeyFingerprint: "b3JkMjAyNi1hdXJvcmEta2V5LTE", StatusAsOf: today,
	}
}

func tokenOf(payload []byte) string {
	sum := sha256.Sum256(payload)
	rest := sha256.Sum256(sum[:])
	enc := base64.RawURLEncoding.EncodeToString
	return enc([]byte(`{"alg":"ES256","kid":"did:web:aurora.example#key-1","typ":"vc+jwt"}`)) + "." + enc(payload) + "." + enc(append(sum[:], rest[:]...))
}

// passportOf is a signed passport made of credentials.
func passportOf(t testing.TB, rows []Sheet, who schema.Learner, languages [2]string) Sheet {
	t.Helper()
	payload := bytes.Clone(rows[len(rows)-1].Credential.Raw)
	var tree map[string]any
	if err := json.Unmarshal(payload, &tree); err != nil {
		t.Fatal(err)
	}
	tree["id"], tree["name"] = uuidOf(900, who.Name), "Passaporto per l'occupazione"
	tree["type"] = []string{"VerifiableCredential", "OpenBadgeCredential", schema.KindEmploymentPassport}
	subject := tree["credentialSubject"].(map[string]any)
	subject["licenseNumber"] = "EP-PZ-2026-0007"
	var components []any
	for i, r := range rows {
		components = append(components, map[string]any{"id": r.Credential.ID, "requirement": fmt.Sprintf("R%02d", i+1)})
	}
	subject["definition"] = map[string]any{"id": "urn:uuid:0f1b3c52-54a7-4b2a-9c57-3a1de0a6b001", "version": "1"}
	subject["components"] = components
	subject["achievement"] = map[string]any{
		"id": "urn:uuid:0f1b3c52-54a7-4b2a-9c57-3a1de0a6b002", "type": []string{"Achievement"}, "achievementType": "ext:PassportToEmployment",
		"name": "Passaporto per l'occupazione", "inLanguage": "it", "criteria": map[string]any{"narrative": "Venti attestati brevi."},
		"description": "Chi lo ha possiede gli attestati brevi di un percorso.", "legalValue": "none",
	}
	delete(subject, "result")
	for _, entry := range tree["credentialSchema"].([]any) {
		if e := entry.(map[string]any); strings.Contains(e["id"].(string), "micro/1") {
			e["id"] = strings.Replace(e["id"].(string), "micro/1", "passport/1", 1)
		}
	}
	payload, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	return sheetOf(t, payload, languages)
}

// passportBooklet is a person with n of the courses, and the passport when all.
func passportBooklet(t testing.TB, n int, who schema.Learner, languages [2]string) Booklet {
	t.Helper()
	b := Booklet{Have: n, Need: len(courses), Languages: languages, Contact: "Sportello Lavoro, via Esempio 12, Potenza"}
	for i := range n {
		b.Rows = append(b.Rows, specimen(t, i+1, courses[i], who, languages))
	}
	if n == len(courses) {
		passport := passportOf(t, b.Rows, who, languages)
		b.Composite = &passport
	}
	return b
}
