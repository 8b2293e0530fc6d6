package main

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// holder gives the street a wallet with a key and the documents that were
// issued to it, checked by the newest bundle.
func (s *street) holder(documents ...[2]string) (trust []string) {
	s.t.Helper()
	s.t.Setenv("PASSPORT_WALLET", filepath.Join(s.dir, "wallet.age"))
	s.must("wallet", "init")
	did := strings.TrimSpace(s.must("wallet", "show"))
	for _, kind := range []string{"MicroCredential", "TrainingAttendance", "InternshipAttestation", "SkillsAssessment", "OperatorCompetence"} {
		s.must("trust", "recognise", "did:web:ente.example", "--schema", kind)
	}
	trust = []string{"--bundle", filepath.Join(s.dir, "trust.bundle"), "--anchor", s.anchor}
	var files []string
	for _, d := range documents {
		data, err := os.ReadFile(filepath.Join("../../examples/learners", d[1]))
		if err != nil {
			s.t.Fatal(err)
		}
		var learner map[string]any
		if err := json.Unmarshal(data, &learner); err != nil {
			s.t.Fatal(err)
		}
		learner["holder"] = did
		if data, err = json.Marshal(learner); err != nil {
			s.t.Fatal(err)
		}
		files = append(files, s.issue("ente", d[0], s.write(d[1], string(data))))
	}
	s.must(append([]string{"trust", "bundle", "--out"}, trust[1])...)
	s.must(append(append([]string{"wallet", "import"}, files...), trust...)...)
	return trust
}

// aminas are documents of each kind that a jobseeker holds.
var (
	aminas    = [][2]string{{"food-hygiene", "01-amina-diallo.json"}, {"kitchen-internship", "08-amina-diallo-internship.json"}, {"bilancio-competenze", "10-amina-diallo-bilancio.json"}}
	templates = []string{"01-food-hygiene-it.json", "08-internship-it.json", "10-skills-assessment-it.json"}
)

// TestRowN2Curriculum: the curriculum obeys the schema of JSON Resume 1.3.1; the
// Candidate XML is well-formed, one Candidate, with a UUID as its id and an
// education history; special categories are in none of the forms.
func TestRowN2Curriculum(t *testing.T) {
	s := newStreet(t, templates...)
	trust := s.holder(aminas...)
	own := s.write("own.json", `{"summary":"Mi piace cucinare.","experiences":[{"title":"Venditrice al mercato","from":"2012","until":"2017-05"}],"skills":["cucito"]}`)
	cv := func(format string) string {
		out := filepath.Join(s.dir, "cv."+format)
		s.must(append([]string{"wallet", "cv", "--format", format, "--own", own, "--out", out}, trust...)...)
		data, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}

	candidates, dec := 0, xml.NewDecoder(strings.NewReader(cv("europass-xml")))
	seen := map[string]string{}
	for open := ""; ; {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			open = token.Name.Local
			seen[open] += ""
			if open == "Candidate" && token.Name.Space == "http://www.europass.eu/1.0" {
				candidates++
			}
		case xml.CharData:
			seen[open] += strings.TrimSpace(string(token))
		}
	}
	if _, there := seen["EducationHistory"]; candidates != 1 || !there {
		t.Errorf("%d candidates, education history: %v", candidates, there)
	}
	if !regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`).MatchString(seen["DocumentID"]) {
		t.Errorf("DocumentID %q", seen["DocumentID"])
	}
	for _, private := range []string{"NationalityCode", "GenderCode", "Disability", "PersonLegalID", "BirthPlace", "Visa"} {
		if _, there := seen[private]; there {
			t.Errorf("the curriculum has %s", private)
		}
	}

	resume := cv("jsonresume")
	judgeResume(t, resume)
	for form, text := range map[string]string{"jsonresume": resume, "html": cv("html"), "pdf": cv("pdf")} {
		if form != "pdf" && (!strings.Contains(text, "Igiene degli alimenti in cucina") || strings.Contains(text, "Dakar")) {
			t.Errorf("%s lacks the certificate, or tells the place of birth", form)
		}
	}
}

// judgeResume holds a curriculum against the format's schema where "make
// interop" has put it, and always against the form of its dates and lists.
func judgeResume(t *testing.T, text string) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	resume, ok := doc.(map[string]any)
	if !ok || resume["basics"].(map[string]any)["name"] != "Amina Diallo" {
		t.Errorf("basics: %v", resume["basics"])
	}
	date := regexp.MustCompile(`"(startDate|endDate|date)": "([^"]*)"`)
	for _, m := range date.FindAllStringSubmatch(text, -1) {
		if !regexp.MustCompile(`^[12]\d{3}(-[01]\d(-[0-3]\d)?)?$`).MatchString(m[2]) {
			t.Errorf("%s is %q", m[1], m[2])
		}
	}
	for _, section := range []string{"work", "certificates", "skills", "languages"} {
		if list, ok := resume[section].([]any); !ok || len(list) == 0 {
			t.Errorf("no %s", section)
		}
	}
	const path = "../../passporttest/interop/node_modules/@jsonresume/schema/schema.json"
	file, err := os.Open(path)
	if err != nil {
		t.Log("the schema of JSON Resume is not at hand; make interop judges by it")
		return
	}
	defer file.Close()
	schema, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("resume.json", schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("resume.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := compiled.Validate(doc); err != nil {
		t.Error(err)
	}
}

const canary = "KANARIENVOGEL"

// privateFields are those that belong in the record of a service only.
var privateFields = []string{
	"fiscalCode", "nationalIdentityNumber", "citizenship", "residencePermit", "condition", "disability", "gender", "address", "phone",
	"targetGroup", "vulnerability", "allowancePaid", "iban",
}

// TestRowN8NothingPrivateGetsOut plants such fields wherever something can be
// written: the learner's file, its details, a template's subject and
// achievement, the holder's own file, which refuse them at the door; the columns
// of a sheet, which are not read. Then every form in which a document can leave
// is searched.
func TestRowN8NothingPrivateGetsOut(t *testing.T) {
	s := newStreet(t, templates...)
	template, err := os.ReadFile("../../examples/templates/01-food-hygiene-it.json")
	if err != nil {
		t.Fatal(err)
	}
	refused := func(where string, args ...string) {
		t.Helper()
		if code, out, _ := s.run(args...); code == exitOK || strings.Contains(out, "urn:uuid:") {
			t.Errorf("%s: exit %d, %s", where, code, out)
		}
	}
	learner := `{"name":"Amina Diallo","birthDate":"1994-03-12","result":"Superato","completedOn":"2026-11-18",`
	for _, field := range privateFields {
		planted := `"` + field + `":"` + canary + `"`
		issue := func(file string) []string {
			return []string{"issue", "--issuer", "ente", "--template", "food-hygiene", "--learner", s.write("planted.json", file)}
		}
		refused(field+" of a learner", issue(learner+planted+`}`)...)
		refused(field+" in the details", issue(learner+`"details":{`+planted+`}}`)...)
		for _, at := range []string{`"credentialSubject": {`, `"achievement": {`, `"credential": {`} {
			refused(field+" of a template", "template", "add", s.write("planted.json",
				strings.Replace(strings.Replace(string(template), at, at+planted+",", 1), "food-hygiene", "planted", 1)))
		}
	}
	if list := s.must("list", "--json"); list != "" {
		t.Fatalf("something was issued: %s", list)
	}

	// A sheet may have more columns than we read: they stay where they are.
	head, row := "name;birthDate;documentNumber;result;completedOn", "Amina Diallo;1994-03-12;X-1;Superato;2026-11-18"
	for _, field := range privateFields {
		head, row = head+";"+field, row+";"+canary
	}
	s.must("issue", "--issuer", "ente", "--template", "food-hygiene", "--sheet", s.write("planted.csv", head+"\n"+row+"\n"), "--out", filepath.Join(s.dir, "sheet"))
	s.must("show", "X-1", "--json")

	trust := s.holder(aminas...)
	for _, field := range append(privateFields[:len(privateFields):len(privateFields)], "birthPlace") {
		if field == "phone" {
			continue // the holder may write how to be reached
		}
		refused(field+" of the holder's words", "wallet", "cv", "--own", s.write("own.json", `{"`+field+`":"`+canary+`"}`))
	}
	s.searchAll(trust)
}

// searchAll makes every export, token, code and PDF, and looks into each. The
// documents themselves name Amina's place of birth, which the issuer's template
// asks for and which no curriculum tells.
func (s *street) searchAll(trust []string) {
	out := func(name string) string { return filepath.Join(s.dir, "out-"+name) }
	for _, form := range []string{"europass-xml", "jsonresume", "html", "pdf"} {
		s.must(append([]string{"wallet", "cv", "--format", form, "--out", out("cv." + form)}, trust...)...)
	}
	for _, number := range []string{"X-1", "MC-PZ-2026-0042", "TIR-AN-2026-118", "SA-AN-2026-031"} {
		for _, form := range []string{"elm", "ob3-png", "ob3-svg"} {
			s.must("export", number, "--format", form, "--out", out(number+"."+form))
		}
		s.must("print", number, "--out", out(number+".pdf"))
		if number != "X-1" { // it was issued to nobody's wallet
			s.must("wallet", "present", number, "--format", "jwt", "--out", out(number+".vp"))
		}
	}
	files, err := filepath.Glob(out("*"))
	if err != nil || len(files) < 23 {
		s.t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			s.t.Fatal(err)
		}
		all := insides(data)
		for _, field := range append([]string{canary}, privateFields...) {
			if field == "condition" || field == "address" { // words of formats too: a country's address is a body's
				continue
			}
			if bytes.Contains(all, []byte(field)) || bytes.Contains(all, inUTF16(field)) {
				s.t.Errorf("%s holds %s", filepath.Base(file), field)
			}
		}
		if len(all) < 400 {
			s.t.Errorf("%s is too small to have been searched: %d bytes", filepath.Base(file), len(all))
		}
	}
}

// insides gives a file with all that is packed in it: base64url parts of tokens
// and deflated streams of PDFs.
func insides(data []byte) []byte {
	all := bytes.Clone(data)
	for rest := data; ; {
		at := bytes.Index(rest, []byte("stream\n"))
		if at < 0 {
			break
		}
		rest = rest[at+len("stream\n"):]
		if r, err := zlib.NewReader(bytes.NewReader(rest)); err == nil {
			inside, _ := io.ReadAll(io.LimitReader(r, 4<<20)) // what can be unpacked of it
			all = append(all, inside...)
		}
	}
	for _, part := range regexp.MustCompile(`[A-Za-z0-9_-]{40,}`).FindAll(all, -1) {
		if inside, err := base64.RawURLEncoding.DecodeString(string(part)); err == nil {
			all = append(all, inside...)
			for _, deeper := range regexp.MustCompile(`[A-Za-z0-9_-]{40,}`).FindAll(inside, -1) {
				if text, err := base64.RawURLEncoding.DecodeString(string(deeper)); err == nil {
					all = append(all, text...)
				}
			}
		}
	}
	return all
}

func inUTF16(s string) (out []byte) {
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u>>8), byte(u))
	}
	return out
}
