package qr

import (
	"crypto/sha256"
	"encoding/base64"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/schema"
)

// issued composes a shipped template for the shipped learner of its number, as
// a body with a usual name would issue it.
func issued(t testing.TB, template, learner string) []byte {
	t.Helper()
	tmpl, err := schema.ParseTemplate(read(t, template))
	if err != nil {
		t.Fatalf("%s: %v", template, err)
	}
	l, err := schema.ParseLearner(read(t, learner))
	if err != nil {
		t.Fatalf("%s: %v", learner, err)
	}
	p := particulars(l)
	if l.DocumentNumber == "" {
		p.Learner.DocumentNumber = "XX-2026-0417"
	}
	data, err := tmpl.Compose(p)
	if err != nil {
		t.Fatalf("%s for %s: %v", template, learner, err)
	}
	return data
}

func particulars(l schema.Learner) schema.Particulars {
	return schema.Particulars{
		ID: "urn:uuid:6b1f0c1e-52a7-4b0e-9d2c-8f3a7e5d4c21", ValidFrom: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC),
		Issuer:        schema.IssuerProfile{ID: "did:web:formazione-lavoro.example", Name: "Istituto Formazione e Lavoro", Country: "IT", Region: "ITH5"},
		StatusListURL: "https://formazione-lavoro.example/status/3", StatusIndex: 101793, Learner: l,
	}
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// pairs are the templates of the newer documents with their learners.
func pairs(t testing.TB) (all [][2]string) {
	t.Helper()
	const folder = "../../examples/"
	learners, err := filepath.Glob(folder + "learners/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, learner := range learners {
		number := filepath.Base(learner)[:3]
		templates, err := filepath.Glob(folder + "templates/" + number + "*.json")
		if err != nil {
			t.Fatal(err)
		}
		if len(templates) == 1 && number >= "06-" {
			all = append(all, [2]string{templates[0], learner})
		}
	}
	if len(all) < 10 {
		t.Fatalf("%d pairs of template and learner", len(all))
	}
	return all
}

// passportOf20 is a composite of the shipped definition.
func passportOf20(t testing.TB, l schema.Learner) []byte {
	t.Helper()
	d, err := schema.ParseDefinition(read(t, "../../examples/definitions/passaporto-esempio.json"))
	if err != nil {
		t.Fatal(err)
	}
	var components []schema.Component
	for _, r := range d.Requirements {
		sum := sha256.Sum256([]byte(r.Ref))
		components = append(components, schema.Component{ID: "urn:uuid:" + uuidText(sum[:16]), Requirement: r.Ref})
	}
	if len(components) != 20 {
		t.Fatalf("%d components", len(components))
	}
	data, err := schema.ComposePassport(d, components, particulars(l))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

var amina = schema.Learner{Name: "Amina Diallo", BirthDate: "1994-03-12", Holder: holder, DocumentNumber: "EP-2026-0417"}

// openBadge is the strict token of Open Badges 3.0 around a document.
func openBadge(t testing.TB, document []byte) string {
	t.Helper()
	data, err := schema.WithOpenBadgeClaims(document)
	if err != nil {
		t.Fatal(err)
	}
	enc := base64.RawURLEncoding.EncodeToString
	body := enc([]byte(`{"alg":"ES256","kid":"did:web:formazione-lavoro.example#key-1"}`)) + "." + enc(data)
	sum := sha256.Sum256([]byte(body))
	return body + "." + enc(append(sum[:], sum[:]...))
}

// TestSizesOfEveryKind: the examples of the newer documents fit one printed
// code, and so does a passport of twenty.
func TestSizesOfEveryKind(t *testing.T) {
	most := func(name string, limit int, token string) {
		frame, number, err := encodeSmallest([]string{token}, utmost)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		t.Logf("%-46s %s, dictionary %d", name, BudgetOf(len(frame)), number)
		if len(frame) > limit {
			t.Errorf("%s: %d bytes, want at most %d", name, len(frame), limit)
		}
	}
	const kid = "did:web:formazione-lavoro.example#key-1"
	for _, pair := range pairs(t) {
		most(filepath.Base(pair[1]), PaperCap, sign("vc+jwt", kid, issued(t, pair[0], pair[1])))
	}
	long := amina
	long.GivenName, long.FamilyName, long.NameOriginalScript = "Amina", "Diallo", "أمينة ديالو"
	most("a passport of twenty", PaperTarget, sign("vc+jwt", kid, passportOf20(t, amina)))
	most("the same with all spellings of the name", PaperCap, sign("vc+jwt", kid, passportOf20(t, long)))
	most("the same as a strict Open Badges token", PaperCap, openBadge(t, passportOf20(t, long)))
	most("a micro-credential as a strict token", PaperTarget, openBadge(t, example(t)))
}

// TestEveryKindComesBack packs documents of every kind whose values are
// replaced at random, with each dictionary, and reads them again.
func TestEveryKindComesBack(t *testing.T) {
	g := &generator{rand.New(rand.NewPCG(20, 27))}
	documents := [][]byte{example(t), passportOf20(t, amina)}
	for _, pair := range pairs(t) {
		documents = append(documents, issued(t, pair[0], pair[1]))
	}
	for n := range 1200 {
		document := documents[n%len(documents)]
		token := sign("vc+jwt", g.value(), g.garbled(document))
		if n%5 == 0 && strings.Contains(string(document), `"credentialSubject":{"id":`) {
			token = openBadge(t, document)
		}
		frame, err := encodeFrame([]string{token}, released[1+n%(len(released)-1)], none)
		if err != nil {
			t.Fatalf("%d: %v", n, err)
		}
		if back, err := DecodeFrame(frame); err != nil || !slices.Equal(back, []string{token}) {
			t.Fatalf("%d: got %.200q, %v", n, back, err)
		}
	}
}

// garbled replaces some of the strings of a document by values that have a
// marker, or look as if they had.
func (g *generator) garbled(document []byte) []byte {
	parts := strings.Split(string(document), `"`)
	for range 1 + g.IntN(8) {
		parts[1+2*g.IntN(len(parts)/2)] = g.value()
	}
	return []byte(strings.Join(parts, `"`))
}
