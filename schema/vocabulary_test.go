package schema

import (
	"encoding/json"
	"strings"
	"testing"
)

// Our codes are those of the public lists, all of them and no others.
func TestVocabulariesAgainstThePublicLists(t *testing.T) {
	var lists map[string]json.RawMessage
	if err := json.Unmarshal(oracle(t, "vocab/eu-vocabularies.json"), &lists); err != nil {
		t.Fatal(err)
	}
	for ours, theirs := range map[string]string{
		"eqf": "eqf", "qnq": "nqfItaly", "activity": "learningActivityType", "mode": "learningMode", "assessment": "assessmentType",
		"supervision": "supervision", "accreditation": "accreditationType", "credit": "creditFramework", "setting": "learningSetting",
		"schedule": "learningSchedule", "isced-f": "iscedF", "nuts": "nutsItalyRegions", "language": "language",
	} {
		public := publicIDs(t, lists[theirs])
		v := known(ours)
		for id := range public {
			if !v.hasURI(id) {
				t.Errorf("%s lacks %s", ours, id)
			}
		}
		for code := range v.terms {
			if !public[v.base+code] {
				t.Errorf("%s has %s, which the public list lacks", ours, code)
			}
		}
	}
	countries := publicIDs(t, lists["country"])
	for code := range known("country").terms {
		if !countries[known("country").base+code] {
			t.Errorf("country %s is not in the public list", code)
		}
	}
}

func publicIDs(t *testing.T, list json.RawMessage) map[string]bool {
	t.Helper()
	var l struct{ Concepts []struct{ ID string } }
	if err := json.Unmarshal(list, &l); err != nil || len(l.Concepts) == 0 {
		t.Fatalf("public list: %v", err)
	}
	ids := map[string]bool{}
	for _, c := range l.Concepts {
		ids[c.ID] = true
	}
	return ids
}

func TestESCOSubsetAgainstThePublicList(t *testing.T) {
	public := string(oracle(t, "vocab/esco-1.2.0-subset-en.json"))
	if !strings.Contains(public, ESCOAttribution) {
		t.Error("the attribution sentence differs from the one that ESCO asks for")
	}
	for code, l := range known("esco").terms {
		if !strings.Contains(public, `"id": "`+escoSkill+code+`"`) {
			t.Errorf("%s is no ESCO skill", code)
		}
		if !strings.Contains(public, `"en": "`+l[1]+`"`) {
			t.Errorf("%s: the English words differ from ESCO's", code)
		}
	}
}

// Every term of every list has words in all five languages.
func TestEveryTermHasWords(t *testing.T) {
	if len(vocabularies()) < 16 {
		t.Errorf("%d vocabularies", len(vocabularies()))
	}
	for name, v := range vocabularies() {
		if len(v.terms) == 0 {
			t.Errorf("%s is empty", name)
		}
		for code := range v.terms {
			for _, lang := range languages {
				if strings.TrimSpace(v.label(code, lang)) == "" {
					t.Errorf("%s %s has no words in %s", name, code, lang)
				}
			}
		}
	}
}

// What an employer or a holder reads has words in the further languages too.
func TestTermsOfTheBrowserHaveWords(t *testing.T) {
	for _, name := range []string{
		"accreditation", "activity", "assessment", "country", "credit", "eqf", "language", "mode", "qnq", "schedule", "sep", "setting", "supervision",
	} {
		for code, l := range known(name).terms {
			for i, words := range l {
				if strings.TrimSpace(words) == "" {
					t.Errorf("%s %s has no words of number %d", name, code, i)
				}
			}
		}
	}
}

func TestLabels(t *testing.T) {
	for _, row := range []struct{ got, want string }{
		{Label("http://data.europa.eu/snb/assessment/6a4db9f11d", "it"), "prova pratica"},
		{Label("http://data.europa.eu/snb/assessment/6a4db9f11d", "pl"), "egzamin praktyczny"},
		{Label("http://data.europa.eu/snb/isced-f/1013", "es"), "Hoteles, restaurantes y restauración"},
		{Label("http://data.europa.eu/snb/isced-f/1019", "en"), "Personal services"},
		{Label("http://data.europa.eu/snb/eqf/3", "el"), "ΕΠΕΠ, επίπεδο 3"},
		{Label("http://data.europa.eu/snb/eqf/3", "fr"), "CEC, niveau 3"},
		{Label("http://data.europa.eu/snb/eqf/3", "de"), "EQF level 3"},
		{Label("http://data.europa.eu/snb/assessment/6a4db9f11d", "ar"), "اختبار عملي"},
		{Label("http://data.europa.eu/snb/isced-f/1019", "uk"), "Personal services"},
		{Label("http://data.europa.eu/snb/eqf/9", "it"), ""},
		{Label("", "it"), ""},
		{CountryName("SN", "it"), "Senegal"}, {CountryName("GR", "el"), "Ελλάδα"}, {CountryName("NZ", "it"), "NZ"},
		{RegionName("ITF5", "it"), "Basilicata"}, {RegionName("PL91", "it"), "PL91"},
		{SectorName("23", "it"), "servizi turistici"}, {SectorName("99", "it"), "99"},
		{LanguageName("pt-BR", "it"), "portoghese"}, {LanguageName("wo", "el"), "γουόλοφ"}, {LanguageName("eu", "it"), "eu"},
	} {
		if row.got != row.want {
			t.Errorf("got %q, want %q", row.got, row.want)
		}
	}
}
