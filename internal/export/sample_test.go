package export

import (
	"io/fs"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/examples"
	"github.com/employment-passport/passport/schema"
)

var now = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

// sampled composes a document from an example's template and learner, as an
// issuer does it.
func sampled(t testing.TB, template, learner string) *schema.Credential {
	t.Helper()
	return composed(t, read(t, "templates", template), read(t, "learners", learner))
}

func read(t testing.TB, folder, start string) []byte {
	t.Helper()
	names, err := fs.Glob(examples.Files, path.Join(folder, start+"*.json"))
	if err != nil || len(names) != 1 {
		t.Fatalf("%s/%s: %v, %v", folder, start, names, err)
	}
	data, err := examples.Files.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func composed(t testing.TB, template, learner []byte) *schema.Credential {
	t.Helper()
	c, err := schema.ParseCredential(composedBytes(t, template, learner))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func composedBytes(t testing.TB, template, learner []byte) []byte {
	t.Helper()
	course, err := schema.ParseTemplate(template)
	if err != nil {
		t.Fatal(err)
	}
	person, err := schema.ParseLearner(learner)
	if err != nil {
		t.Fatal(err)
	}
	data, err := course.Compose(schema.Particulars{
		ID:      "urn:uuid:" + stableUUID(string(template), string(learner)),
		Issuer:  schema.IssuerProfile{ID: "did:web:ente.example", Name: "Ente Esempio", Country: "IT", Region: "ITF5"},
		Learner: person, ValidFrom: now.Truncate(24 * time.Hour), StatusListURL: "https://ente.example/status/1", StatusIndex: 7,
	})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func verified(c *schema.Credential) Line {
	return Line{Credential: c, Token: someToken, Verified: true, AsOf: now}
}

// amina has one document of each kind that a person can hold, one of them
// unchecked, and words of her own.
func amina(t testing.TB, lang string) CV {
	t.Helper()
	micro, digital := sampled(t, "01-", "01-"), sampled(t, "02-", "01-")
	cv := CV{Language: lang, Person: PersonOf(micro), Lines: []Line{verified(micro), {Credential: digital, Token: someToken}}}
	for _, row := range [][2]string{{"06-", "06-"}, {"07-", "07-"}, {"08-", "08-"}, {"10-", "10-"}, {"12-", "12-"}} {
		cv.Lines = append(cv.Lines, verified(sampled(t, row[0], row[1])))
	}
	own, err := ParseOwn([]byte(ownWords))
	if err != nil {
		t.Fatal(err)
	}
	cv.Own = own
	return cv
}

const ownWords = `{
 "summary": "Mi piace cucinare per molte persone.\nCerco lavoro in una mensa o in un ristorante.",
 "contact": {"email": "amina@posta.example", "phone": "+39 0971 555 0199", "city": "Potenza", "country": "IT"},
 "experiences": [
  {"title": "Aiuto cuoca", "organisation": "Mensa Esempio", "place": "Potenza", "country": "IT", "from": "2024-05", "description": "Preparo le verdure e lavo la cucina."},
  {"title": "Venditrice al mercato", "place": "Dakar", "country": "SN", "from": "2012", "until": "2017"}],
 "education": [{"title": "Scuola secondaria", "place": "Dakar", "country": "SN", "from": "2006", "until": "2010-07"}],
 "languages": [{"language": "wo", "motherTongue": true}, {"language": "fr", "listening": "B2", "reading": "B1"}],
 "skills": ["cucito"]
}`

func mustContain(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, w := range wanted {
		if !strings.Contains(text, w) {
			t.Errorf("lacks %q", w)
		}
	}
}
