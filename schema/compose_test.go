package schema

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/employment-passport/passport/passporttest"
)

// noClock leaves out the rules about the future.
var noClock time.Time

var today = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// oracle reads a file of the public data that stands beside the project.
func oracle(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(oracleFolder(), filepath.FromSlash(name)))
	if err == nil {
		return data
	}
	if os.Getenv("PASSPORT_VECTORS") != "" {
		t.Fatalf("PASSPORT_VECTORS is set, but %s is missing: %v", name, err)
	}
	t.Skipf("no public data beside the project (%s)", name)
	return nil
}

func oracleFolder() string {
	if vectors := os.Getenv("PASSPORT_VECTORS"); vectors != "" {
		return filepath.Dir(filepath.Clean(vectors))
	}
	return filepath.FromSlash("../../shared")
}

func hygiene(t testing.TB) *Template { return template(t, "01-food-hygiene-it.json") }

func template(t testing.TB, file string) *Template {
	t.Helper()
	data, err := os.ReadFile("../examples/templates/" + file)
	if err != nil {
		t.Fatal(err)
	}
	tmpl, err := ParseTemplate(data)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return tmpl
}

func amina() Particulars {
	return Particulars{
		ID:     "urn:uuid:9a3f6b2e-1c44-4b8a-9e21-6f0a2d7c5b31",
		Issuer: IssuerProfile{ID: "did:web:ente.example", Name: "Ente Formazione Esempio S.c.s.", Country: "IT", Region: "ITF5"},
		Learner: Learner{
			Name: "Amina Diallo", BirthDate: "1994-03-12", DocumentNumber: "MC-PZ-2026-0042",
			Holder: "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
			Result: "Superato", StartedOn: "2026-11-02", CompletedOn: "2026-11-18",
		},
		ValidFrom:     time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC),
		StatusListURL: "https://ente.example/status/1",
		StatusIndex:   94567,
	}
}

// The agreed example is the shape: same members, same order, byte for byte.
func TestComposeWritesTheAgreedExample(t *testing.T) {
	var want bytes.Buffer
	if err := json.Compact(&want, oracle(t, "examples/microcredential.json")); err != nil {
		t.Fatal(err)
	}
	got, err := hygiene(t).Compose(amina())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Errorf("composed\n%s\nwant\n%s", got, want.Bytes())
	}
	c, err := ParseCredential(got)
	if err != nil {
		t.Fatal(err)
	}
	if faults := c.Rules(today); len(faults) > 0 {
		t.Errorf("our own document breaks rules: %v", faults)
	}
}

// BenchmarkCompose: the bare work is encoding/json writing the same document.
func BenchmarkCompose(b *testing.B) {
	tmpl, p := hygiene(b), amina()
	data, err := tmpl.Compose(p)
	if err != nil {
		b.Fatal(err)
	}
	same := decode(b, data)
	passporttest.Beside(b, func() {
		if _, err := json.Marshal(same); err != nil {
			b.Fatal(err)
		}
	}, func() {
		if _, err := tmpl.Compose(p); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkParseAndRules reads and judges a checked payload, as a verifier
// does; the bare work is encoding/json reading it into maps and judging nothing.
func BenchmarkParseAndRules(b *testing.B) {
	data, err := hygiene(b).Compose(amina())
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	passporttest.Beside(b, func() { decode(b, data) }, func() {
		c, err := ParseChecked(data)
		if err != nil {
			b.Fatal(err)
		}
		if f := c.Rules(today); len(f) > 0 {
			b.Fatal(f)
		}
	})
}
