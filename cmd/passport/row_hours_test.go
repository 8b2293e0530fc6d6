package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// internHours is a learner file of somebody who did so many hours of 480.
func (s *street) internHours(number, hours string) string {
	return s.write(number+".json", `{"name":"Amina Diallo","birthDate":"1994-03-12","documentNumber":"`+number+`",`+
		`"startedOn":"2026-03-02","completedOn":"2026-08-31","hoursAttended":`+hours+`,`+
		`"details":{"planRef":"PFI 41/3","activities":[{"description":"Pulizia e preparazione delle verdure","rating":"A"}]}}`)
}

// TestRowN4InternshipThreshold: 335 hours of 480 (69.8 %) are refused, 336 are
// attested, and so is not half an hour less.
func TestRowN4InternshipThreshold(t *testing.T) {
	s := newStreet(t, "08-internship-it.json")
	for number, hours := range map[string]string{"TIR-335": "335", "TIR-335-5": "335.5", "TIR-335-99": "335.99"} {
		code, out, talk := s.run("issue", "--issuer", "ente", "--template", "kitchen-internship", "--learner", s.internHours(number, hours))
		if code == exitOK || out != "" || !strings.Contains(talk, "/hoursAttended: "+hours+" of 480 hours: at least 70% is needed") {
			t.Errorf("%s hours: exit %d, %s%s", hours, code, out, talk)
		}
	}
	out := s.must("issue", "--issuer", "ente", "--template", "kitchen-internship", "--learner", s.internHours("TIR-336", "336"))
	if !strings.HasPrefix(out, "urn:uuid:") {
		t.Errorf("336 hours: %q", out)
	}
	if list := s.must("list", "--json"); strings.Count(list, `"status":"issued"`) != 1 {
		t.Errorf("signed: %s", list)
	}
}

// TestRowI4InternshipAndCourse: the attestation of an internship shows the
// course that it was part of, and the course's micro-credential how many hours
// of it were an internship.
func TestRowI4InternshipAndCourse(t *testing.T) {
	s := newStreet(t, "08-internship-it.json")
	s.must("trust", "recognise", "did:web:ente.example", "--schema", "InternshipAttestation")
	s.must("trust", "recognise", "did:web:ente.example", "--schema", "MicroCredential")
	course, err := os.ReadFile("../../examples/templates/01-food-hygiene-it.json")
	if err != nil {
		t.Fatal(err)
	}
	with := strings.Replace(string(course), `"legalValue"`, `"internshipHours": 6, "legalValue"`, 1)
	s.must("template", "add", s.write("course.json", with))

	attestation := s.issue("ente", "kitchen-internship", "../../examples/learners/08-amina-diallo-internship.json")
	code, said := s.verify(attestation, "it")
	if code != exitOK {
		t.Errorf("exit %d: %s", code, said)
	}
	says(t, said, "Igiene degli alimenti in cucina", "452", "480", "Trattoria Esempio S.r.l.", "Marco Bianchi", "Lucia Verdi", "Pulizia e preparazione delle verdure")

	micro := s.issue("ente", "food-hygiene", "../../examples/learners/01-amina-diallo.json")
	if code, said = s.verify(micro, "it"); code != exitOK {
		t.Errorf("exit %d: %s", code, said)
	}
	says(t, said, "Ore di tirocinio nel corso: 6")
	var report struct {
		Credentials []struct {
			Content struct{ InternshipHours float64 }
		}
	}
	text := s.must("verify", micro, "--bundle", filepath.Join(s.dir, "bundle"), "--anchor", s.anchor, "--json")
	if err := json.Unmarshal([]byte(text), &report); err != nil || len(report.Credentials) != 1 || report.Credentials[0].Content.InternshipHours != 6 {
		t.Errorf("as JSON: %+v (%v)", report, err)
	}
}

// TestRowI6AttendanceOfThree: three people of a workshop, one command, three
// signed attendances that the verifier finds good.
func TestRowI6AttendanceOfThree(t *testing.T) {
	s := newStreet(t, "06-workshop-it.json")
	s.must("trust", "recognise", "did:web:ente.example", "--schema", "TrainingAttendance")
	register := s.write("register.csv", "Nome e cognome;Data di nascita;N. attestato;Data inizio;Data fine;Ore frequentate\n"+
		"Giulia Esposito;21/05/1999;BDL-1;10/11/2026;10/11/2026;3\n"+
		"Abdullah;1996;BDL-2;10/11/2026;10/11/2026;3\n"+
		"Ewa Nowak;03/1987;BDL-3;10/11/2026;10/11/2026;2,5\n")
	folder := filepath.Join(s.dir, "attendances")
	ids := s.must("issue", "--issuer", "ente", "--template", "workshop-interview", "--sheet", register, "--out", folder)
	if n := strings.Count(ids, "urn:uuid:"); n != 3 {
		t.Fatalf("%d signed: %s", n, ids)
	}
	tokens, err := filepath.Glob(filepath.Join(folder, "*.jwt"))
	if err != nil || len(tokens) != 3 {
		t.Fatalf("%v (%v)", tokens, err)
	}
	all := ""
	for _, token := range tokens {
		code, said := s.verify(token, "it")
		if code != exitOK {
			t.Errorf("%s: exit %d, %s", token, code, said)
		}
		says(t, said, "Bussola del lavoro: il colloquio di selezione")
		if strings.Contains(said, "Sa fare:") {
			t.Error("an attendance that says what somebody can do")
		}
		all += said
	}
	says(t, all, "Giulia Esposito", "Abdullah", "Ewa Nowak")
}

// TestRowI6ThreeScanned: three people come to a workshop with what they have, a
// printed code, a PDF and a token; one command signs three attendances, and
// the same scans again sign none. Whose paper was revoked stops the whole.
func TestRowI6ThreeScanned(t *testing.T) {
	s := newStreet(t, "01-food-hygiene-it.json", "06-workshop-it.json")
	s.must("trust", "recognise", "did:web:ente.example", "--schema", "MicroCredential")
	s.must("trust", "recognise", "did:web:ente.example", "--schema", "TrainingAttendance")
	scans := filepath.Join(s.dir, "scans")
	if err := os.MkdirAll(scans, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, person := range []string{"Amina Diallo", "Abdullah", "Ewa Nowak"} {
		first := strings.Fields(person)[0]
		learner := s.write(first+".json", `{"name":"`+person+`","birthDate":"1994","documentNumber":"MC-`+first+`","result":"Superato","completedOn":"2026-11-18"}`)
		s.must("issue", "--issuer", "ente", "--template", "food-hygiene", "--learner", learner, "--out", filepath.Join(s.dir, first+".jwt"))
	}
	s.must("qr", "encode", filepath.Join(s.dir, "Amina.jwt"), "--out", filepath.Join(scans, "1.png"))
	s.must("print", "MC-Abdullah", "--out", filepath.Join(scans, "2.pdf"))
	token, err := os.ReadFile(filepath.Join(s.dir, "Ewa.jwt"))
	if err != nil {
		t.Fatal(err)
	}
	s.write("scans/3.jwt", string(token))
	s.write("scans/4-again.jwt", string(token))

	bundle := filepath.Join(s.dir, "bundle")
	scan := []string{"issue", "--issuer", "ente", "--template", "workshop-interview", "--scan", scans, "--hours", "3", "--on", "2026-11-20", "--bundle", bundle, "--anchor", s.anchor}
	s.must("trust", "bundle", "--out", bundle)
	ids := s.must(scan...)
	if n := strings.Count(ids, "urn:uuid:"); n != 3 {
		t.Fatalf("%d signed: %s", n, ids)
	}
	for n, id := range strings.Fields(ids) {
		shown := s.must("show", id)
		says(t, shown, []string{"Amina Diallo", "Abdullah", "Ewa Nowak"}[n], "workshop-interview")
	}
	if again := s.must(scan...); again != ids {
		t.Errorf("the same scans again: %s", again)
	}
	s.must("revoke", "MC-Ewa", "--reason", "issued-in-error")
	s.must("trust", "bundle", "--out", bundle)
	if code, out, talk := s.run(scan...); code != exitInvalid || out != "" || !strings.Contains(talk, "3.jwt is not valid: nothing was issued") {
		t.Errorf("a revoked paper at the door: exit %d, %s%s", code, out, talk)
	}
}
