package export

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/i18n"
)

func europass(t testing.TB, cv CV) string {
	t.Helper()
	var b bytes.Buffer
	if err := Europass(&b, cv, Options{Now: now}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// xmlNode is an element with its namespace, for asking about any document.
type xmlNode struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []xmlNode  `xml:",any"`
}

// all finds the elements at a path of local names below n.
func (n xmlNode) all(path ...string) (found []xmlNode) {
	if len(path) == 0 {
		return []xmlNode{n}
	}
	for _, c := range n.Children {
		if c.XMLName.Local == path[0] {
			found = append(found, c.all(path[1:]...)...)
		}
	}
	return found
}

func (n xmlNode) text(path ...string) string {
	if found := n.all(path...); len(found) > 0 {
		return found[0].Text
	}
	return ""
}

func parsed(t testing.TB, text string) xmlNode {
	t.Helper()
	var root xmlNode
	dec := xml.NewDecoder(strings.NewReader(text))
	if err := dec.Decode(&root); err != nil {
		t.Fatal(err)
	}
	for {
		next, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return root
		}
		if e, ok := next.(xml.StartElement); ok {
			t.Fatalf("a second element %s after the first", e.Name.Local)
		}
	}
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// What the format wants of every document (BR-CV-02, BR-COM-4, cardinalities).
func TestCandidate(t *testing.T) {
	for _, lang := range i18n.Languages {
		root := parsed(t, europass(t, amina(t, lang)))
		if root.XMLName != (xml.Name{Space: nsEuropass, Local: "Candidate"}) {
			t.Fatalf("root is %v", root.XMLName)
		}
		id := root.all("DocumentID")
		if len(id) != 1 || !uuid.MatchString(id[0].Text) || id[0].XMLName.Space != nsHR {
			t.Errorf("DocumentID %+v", id)
		}
		for _, row := range []struct {
			path  string
			count int
		}{
			{"CandidateSupplier", 1}, {"CandidateSupplier/PartyID", 1}, {"CandidateSupplier/PersonContact/PersonName", 1}, {"CandidateSupplier/PrecedenceCode", 1},
			{"CandidatePerson", 1}, {"CandidatePerson/PersonName/GivenName", 1}, {"CandidatePerson/PersonName/FamilyName", 1},
			{"CandidatePerson/Communication", 3}, {"CandidatePerson/BirthDate", 1}, {"CandidatePerson/PrimaryLanguageCode", 1},
			{"CandidatePerson/NationalityCode", 0}, {"CandidatePerson/GenderCode", 0}, {"CandidatePerson/ResidencyCountryCode", 0},
			{"CandidateProfile", 1}, {"CandidateProfile/EducationHistory", 1}, {"CandidateProfile/EducationHistory/EducationOrganizationAttendance", 2},
			{"CandidateProfile/EmploymentHistory/EmployerHistory", 3}, {"CandidateProfile/Certifications/Certification", 3},
			{"CandidateProfile/ConferencesAndSeminars/ConferenceAndSeminar", 1}, {"CandidateProfile/Others/Other", 7},
		} {
			if n := len(root.all(strings.Split(row.path, "/")...)); n != row.count {
				t.Errorf("%s: %d of %s, want %d", lang, n, row.path, row.count)
			}
		}
		if got := root.all("CandidateProfile")[0].Attrs; len(got) != 1 || got[0].Value != lang {
			t.Errorf("profile's language %v", got)
		}
	}
}

// Every skill says how it is known, every record what it rests on.
func TestCandidateSaysWhatThingsRestOn(t *testing.T) {
	root := parsed(t, europass(t, amina(t, "it")))
	skills := map[string]string{}
	for _, c := range root.all("CandidateProfile", "PersonQualifications", "PersonCompetency") {
		if c.text("TaxonomyID") == "other" {
			skills[c.text("CompetencyID")] = c.text("CompetencyName")
		}
	}
	for id, want := range map[string]string{
		"http://data.europa.eu/esco/skill/d9449998-c1f5-478c-a103-2255398cf0b6": "(valutata con una prova)",
		"cucinare per gruppi": "(autodichiarata)",
		"cucito":              "(parole della persona, non controllate)",
	} {
		if !strings.HasSuffix(skills[id], want) {
			t.Errorf("%s: %q, want it to end with %q", id, skills[id], want)
		}
	}
	var texts []string
	for _, path := range []string{
		"CandidateProfile/EmploymentHistory/EmployerHistory/PositionHistory/Description",
		"CandidateProfile/EducationHistory/EducationOrganizationAttendance/AttendancePeriod/Description",
		"CandidateProfile/Certifications/Certification/Description", "CandidateProfile/ConferencesAndSeminars/ConferenceAndSeminar/Description",
	} {
		for _, n := range root.all(strings.Split(path, "/")...) {
			texts = append(texts, n.Text)
		}
	}
	count := func(word string) (n int) {
		for _, text := range texts {
			if strings.Contains(text, word) {
				n++
			}
		}
		return n
	}
	if v, u, o := count("(verificato, valido al 22/11/2026"), count("(non controllato"), count("(parole della persona"); v != 5 || u != 1 || o != 3 || len(texts) != 9 {
		t.Errorf("%d verified, %d unchecked, %d own of %d", v, u, o, len(texts))
	}
}

func TestCandidateIsStable(t *testing.T) {
	first, again := europass(t, amina(t, "el")), europass(t, amina(t, "el"))
	if first != again {
		t.Error("the same curriculum gives two documents")
	}
	cv := amina(t, "el")
	cv.Lines = cv.Lines[1:]
	if id := func(text string) string { return parsed(t, text).text("DocumentID") }; id(first) == id(europass(t, cv)) {
		t.Error("another curriculum bears the same id")
	}
}

// Without anything to put there, education stays: its cardinality is 1.
func TestEducationIsAlwaysThere(t *testing.T) {
	micro := sampled(t, "01-", "02-")
	root := parsed(t, europass(t, CV{Language: "it", Person: PersonOf(micro), Lines: []Line{verified(micro)}}))
	if n := len(root.all("CandidateProfile", "EducationHistory")); n != 1 {
		t.Errorf("%d", n)
	}
}

// Row N12: a person of one name and with a year of birth has a curriculum.
func TestRowN12OneNameExports(t *testing.T) {
	micro := sampled(t, "01-", "02-")
	cv := CV{Language: "it", Person: PersonOf(micro), Lines: []Line{verified(micro)}}
	root := parsed(t, europass(t, cv))
	given, family, born := root.text("CandidatePerson", "PersonName", "GivenName"), root.text("CandidatePerson", "PersonName", "FamilyName"), root.text("CandidatePerson", "BirthDate")
	if given != "Abdullah" || family != "—" || born != "1996" {
		t.Errorf("%q %q born %q", given, family, born)
	}
	mustContain(t, page(t, cv), "<bdi>Abdullah</bdi>", "عبد الله")
	mustContain(t, resumed(t, cv), `"name": "Abdullah"`)
	var elm bytes.Buffer
	if err := ELM(&elm, verified(micro), Options{Now: now}); err != nil {
		t.Fatal(err)
	}
	mustContain(t, elm.String(), `"fullName": {`, `"it": "Abdullah"`, `"it": "—"`)
}
