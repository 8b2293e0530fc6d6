package export

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"image/png"
	"strings"
	"testing"
)

func elmed(t testing.TB, l Line, o Options) map[string]any {
	t.Helper()
	var b bytes.Buffer
	if err := ELM(&b, l, o); err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// at follows a path of members; a number picks of a list, * wants it in all.
func at(v any, path string) any {
	for _, step := range strings.Split(path, "/") {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			var i int
			if _, err := fmt.Sscan(step, &i); err != nil || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

const subject = "credentialSubject/hasClaim/0/"

// The members that the shapes want of every document, and of each claim.
func TestELMMembers(t *testing.T) {
	always := map[string]any{
		"@context/0": "https://www.w3.org/2018/credentials/v1", "@context/1": "http://data.europa.eu/snb/model/context/edc-ap",
		"type/0": "VerifiableCredential", "type/1": "EuropeanDigitalCredential",
		"credentialProfiles/id": "http://data.europa.eu/snb/credential/e34929035b", "credentialSchema/id": elmSchema, "credentialSchema/type": "ShaclValidator2017",
		"issuer/type": "Organisation", "issuer/location/address/countryCode/id": "http://publications.europa.eu/resource/authority/country/ITA",
		"issued": "2026-11-22T00:00:00Z", "issuanceDate": "2026-11-22T00:00:00Z", "validFrom": "2026-11-22T00:00:00Z", "credentialSubject/type": "Person",
		"displayParameter/individualDisplay/0/displayDetail/0/page":          1.0,
		subject + "awardedBy/awardingBody/0/location/address/countryCode/id": "http://publications.europa.eu/resource/authority/country/ITA",
	}
	for _, row := range []struct {
		template, learner string
		want              map[string]any
	}{
		{"01-", "01-", map[string]any{
			subject + "type": "LearningAchievement", subject + "title/it": "Igiene degli alimenti in cucina", "credentialSubject/dateOfBirth": "1994-03-12",
			subject + "specifiedBy/volumeOfLearning": "PT16H", subject + "specifiedBy/eqfLevel/id": "http://data.europa.eu/snb/eqf/3",
			subject + "specifiedBy/eqfLevel/inScheme/id":                              "http://data.europa.eu/snb/eqf/25831c2",
			subject + "specifiedBy/mode/id":                                           "http://data.europa.eu/snb/learning-assessment/9191af2ed9",
			subject + "specifiedBy/learningOutcome/0/title/it":                        "Applica le norme di igiene quando prepara i pasti",
			subject + "specifiedBy/learningOutcome/2/relatedESCOSkill/0/id":           "http://data.europa.eu/esco/skill/d9449998-c1f5-478c-a103-2255398cf0b6",
			subject + "specifiedBy/learningOutcome/2/relatedESCOSkill/0/prefLabel/en": "apply hygiene standards",
			subject + "provenBy/0/type":                                               "LearningAssessment", subject + "provenBy/0/grade/noteLiteral/it": "Superato",
			subject + "provenBy/0/specifiedBy/dcType/id": "http://data.europa.eu/snb/assessment/6a4db9f11d",
			subject + "provenBy/0/idVerification/id":     "http://data.europa.eu/snb/supervision-verification/70be69aaf9",
			subject + "influencedBy/0/type":              "LearningActivity", subject + "influencedBy/0/temporal/endDate": "2026-11-18T00:00:00Z",
		}},
		{"06-", "06-", map[string]any{subject + "type": "LearningActivity", subject + "workload": "PT3H", subject + "provenBy": nil,
			subject + "specifiedBy/dcType/id": "http://data.europa.eu/snb/learning-activity/efff75e10a"}},
		{"08-", "08-", map[string]any{subject + "type": "LearningActivity", subject + "workload": "PT452H", subject + "specifiedBy/volumeOfLearning": "PT480H",
			subject + "specifiedBy/dcType/id": "http://data.europa.eu/snb/learning-activity/bf5588ff84"}},
		{"10-", "10-", map[string]any{subject + "type": "LearningAssessment", subject + "grade/noteLiteral/it": "Senza voto", subject + "grade/noteLiteral/en": "No grade"}},
		{"12-", "12-", map[string]any{subject + "type": "LearningAchievement", subject + "provenBy/0/grade/noteLiteral/it": "Idonea"}},
	} {
		doc := elmed(t, verified(sampled(t, row.template, row.learner)), Options{Now: now})
		for _, wanted := range []map[string]any{always, row.want} {
			for path, want := range wanted {
				if got := at(doc, path); got != want {
					t.Errorf("%s: %s is %v, want %v", row.template, path, got, want)
				}
			}
		}
		walk(t, row.template, doc)
	}
}

// walk holds what every node of the model has: an id and a type, a concept its
// scheme and its words.
func walk(t *testing.T, name string, v any) {
	switch v := v.(type) {
	case map[string]any:
		if kind, ok := v["type"].(string); ok {
			if id, _ := v["id"].(string); id == "" {
				t.Errorf("%s: a %s without id", name, kind)
			}
			if kind == "Concept" && (at(v, "inScheme/id") == nil || len(v["prefLabel"].(map[string]any)) == 0) {
				t.Errorf("%s: the concept %v lacks scheme or words", name, v["id"])
			}
		}
		for _, one := range v {
			walk(t, name, one)
		}
	case []any:
		for _, one := range v {
			walk(t, name, one)
		}
	case nil:
		t.Errorf("%s: a null", name)
	}
}

// A page picture for each language, small, and a picture indeed.
func TestELMPages(t *testing.T) {
	doc := elmed(t, verified(sampled(t, "05-", "05-")), Options{Now: now})
	for i, lang := range []string{"POL", "ENG"} {
		page := fmt.Sprintf("displayParameter/individualDisplay/%d/", i)
		if got := at(doc, page+"language/id"); got != "http://publications.europa.eu/resource/authority/language/"+lang {
			t.Errorf("language %v", got)
		}
		content, _ := at(doc, page+"displayDetail/0/image/content").(string)
		data, err := base64.StdEncoding.DecodeString(content)
		if err != nil || len(data) > 40<<10 {
			t.Fatalf("%d bytes, %v", len(data), err)
		}
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil || img.Bounds().Dx() != pageWide || img.Bounds().Dy() != pageHigh {
			t.Errorf("%v", err)
		}
	}
}

func TestELMUpload(t *testing.T) {
	doc := elmed(t, verified(sampled(t, "01-", "01-")), Options{Now: now, Upload: true})
	if len(doc) != 1 || at(doc, "credential/issuer/type") != "Organisation" {
		t.Errorf("members %d", len(doc))
	}
}

func TestELMRefused(t *testing.T) {
	for _, row := range [][2]string{{"14-", "14-"}, {"16-", "16-"}} {
		if err := ELM(&bytes.Buffer{}, verified(sampled(t, row[0], row[1])), Options{Now: now}); !errors.Is(err, ErrKind) {
			t.Errorf("%s: %v", row[0], err)
		}
	}
	c := sampled(t, "01-", "01-")
	c.Issuer.Country = ""
	if err := ELM(&bytes.Buffer{}, verified(c), Options{Now: now}); !errors.Is(err, ErrCountry) {
		t.Errorf("no country: %v", err)
	}
}

func TestDuration(t *testing.T) {
	for hours, want := range map[float64]string{0: "", -1: "", 16: "PT16H", 1.5: "PT1H30M", 0.25: "PT0H15M", 452.5: "PT452H30M"} {
		if got := duration(hours); got != want {
			t.Errorf("%v hours: %q, want %q", hours, got, want)
		}
	}
}
