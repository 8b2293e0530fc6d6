package export

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"regexp"
	"testing"

	"github.com/employment-passport/passport/schema"
)

// oddWords are what a stranger may put where a term, a date or a number stands.
var oddWords = []any{
	"online", "", "/", "//", "http://", "urn:", "1994", "2026-13-40", "\u0000", "٣", "😀", 0, -1, 1e300, true, nil,
	[]any{}, map[string]any{}, []any{"x", nil}, map[string]any{"en": "x"}, "http://data.europa.eu/snb/",
}

// TestFormsOfOddDocuments: no document, however odd, stops a form: it is written
// or refused.
func TestFormsOfOddDocuments(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, row := range [][2]string{{"01-", "01-"}, {"06-", "06-"}, {"07-", "07-"}, {"08-", "08-"}, {"10-", "10-"}, {"12-", "12-"}} {
		good := composedBytes(t, read(t, "templates", row[0]), read(t, "learners", row[1]))
		for range 10 {
			var o any
			if err := json.Unmarshal(good, &o); err != nil {
				t.Fatal(err)
			}
			for range 1 + r.IntN(4) {
				spoil(r, o)
			}
			odd, err := json.Marshal(o)
			if err != nil {
				t.Fatal(err)
			}
			allForms(t, odd)
		}
	}
}

// TestELMOfAWord: where a term of a list should stand, a word is left out.
func TestELMOfAWord(t *testing.T) {
	for _, kind := range []string{"01-", "06-"} {
		good := composedBytes(t, read(t, "templates", kind), read(t, "learners", kind))
		allForms(t, regexp.MustCompile(`"formOfParticipation":"[^"]*"`).ReplaceAll(good, []byte(`"formOfParticipation":"online"`)))
		if e := (&elm{lang: "it"}); e.concept("online") != nil {
			t.Error("a word is a concept")
		}
	}
}

// spoil puts an odd word somewhere into a value.
func spoil(r *rand.Rand, v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, inside := range v { // the order of a map is chance too
			if r.IntN(3) == 0 {
				v[key] = oddWords[r.IntN(len(oddWords))]
				return
			}
			spoil(r, inside)
			return
		}
	case []any:
		if len(v) > 0 {
			spoil(r, v[r.IntN(len(v))])
		}
	}
}

// allForms writes a document that can be read at all.
func allForms(t testing.TB, data []byte) {
	c, err := schema.ParseCredential(data)
	if err != nil {
		return
	}
	defer func() {
		if v := recover(); v != nil {
			t.Errorf("%v from %s", v, data)
		}
	}()
	line := verified(c)
	cv := CV{Language: "it", Person: PersonOf(c), Lines: []Line{line}}
	var out bytes.Buffer
	_ = ELM(&out, line, Options{Now: now}) // refusing is an answer
	_ = Europass(&out, cv, Options{Now: now})
	_ = JSONResume(&out, cv, Options{Now: now})
	_ = HTML(&out, cv, Options{Now: now})
	_ = BadgeSVG(&out, line, "it")
	PlainOf(cv)
}

// No document makes a form panic.
func FuzzForms(f *testing.F) {
	f.Add([]byte(`{"type":["VerifiableCredential"]}`))
	f.Fuzz(func(t *testing.T, data []byte) { allForms(t, data) })
}
