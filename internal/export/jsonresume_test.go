package export

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/i18n"
)

func resumed(t testing.TB, cv CV) string {
	t.Helper()
	var b bytes.Buffer
	if err := JSONResume(&b, cv, Options{Now: now}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The shape that the schema of JSON Resume 1.3.1 wants: dates of one to three
// parts, lists of objects, text where it asks for text.
func TestResumeShape(t *testing.T) {
	date := regexp.MustCompile(`^([1-2][0-9]{3}-[0-1][0-9]-[0-3][0-9]|[1-2][0-9]{3}-[0-1][0-9]|[1-2][0-9]{3})$`)
	for _, lang := range i18n.Languages {
		var doc map[string]any
		if err := json.Unmarshal([]byte(resumed(t, amina(t, lang))), &doc); err != nil {
			t.Fatal(err)
		}
		for section, count := range map[string]int{"work": 3, "education": 3, "certificates": 4, "languages": 5} {
			list, ok := doc[section].([]any)
			if !ok || len(list) != count {
				t.Errorf("%s: %s has %d entries, want %d", lang, section, len(list), count)
			}
			for _, entry := range list {
				for name, value := range entry.(map[string]any) {
					text, isText := value.(string)
					if strings.HasSuffix(strings.ToLower(name), "date") && !date.MatchString(text) {
						t.Errorf("%s: %s is %q", section, name, text)
					}
					if isText && text == "" {
						t.Errorf("%s: %s is empty", section, name)
					}
				}
			}
		}
	}
}

// A declared skill is never told like a tested one, nor own words like verified.
func TestResumeSaysWhatThingsRestOn(t *testing.T) {
	text := resumed(t, amina(t, "en"))
	var doc struct {
		Work   []resumeWork
		Skills []resumeSkill
	}
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	levels := map[string]string{}
	for _, s := range doc.Skills {
		levels[s.Name] = s.Level
	}
	for name, want := range map[string]string{
		"apply hygiene standards": "assessed in a test", "cucinare per gruppi": "self-declared",
		"cucito": "the person’s own words, not checked",
	} {
		if levels[name] != want {
			t.Errorf("%s: %q, want %q of %v", name, levels[name], want, levels)
		}
	}
	if !doc.Work[0].Verification.Verified || doc.Work[0].Verification.AsOf != "2026-11-22" || doc.Work[1].Verification.Verified {
		t.Errorf("%+v", doc.Work)
	}
	mustContain(t, text, `"lastModified": "2026-11-22T10:00:00"`, `"standing": "not checked"`)
}
