package main

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier/report"
)

// street is a home in which an authority recognises bodies, for the rows of
// the table of functions that ask what the verifier says.
type street struct {
	t      *testing.T
	dir    string
	anchor string
}

// newStreet makes a home with the bodies regione and ente, the authority
// registro, and the templates that are named by their files.
func newStreet(t *testing.T, templates ...string) *street {
	t.Helper()
	s := &street{t: t, dir: t.TempDir()}
	t.Setenv("PASSPORT_HOME", filepath.Join(s.dir, "home"))
	t.Setenv("PASSPORT_PASSPHRASE_FILE", s.write("passphrase", "a passphrase of this test\n"))
	s.must("init", "--work-factor", "1")
	s.must("issuer", "add", "regione", "--did", "web", "--domain", "regione.example", "--country", "IT", "--region", "ITF5")
	s.must("issuer", "add", "ente", "--did", "web", "--domain", "ente.example", "--country", "IT", "--region", "ITF5")
	s.anchor = strings.TrimSpace(s.must("trust", "init", "registro", "--did", "web", "--domain", "registro.example"))
	for _, name := range templates {
		s.must("template", "add", filepath.Join("../../examples/templates", name))
	}
	return s
}

func (s *street) write(name, text string) string {
	s.t.Helper()
	path := filepath.Join(s.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return path
}

// run gives the exit code, stdout and stderr of a command.
func (s *street) run(args ...string) (code int, out, talk string) {
	var o, e bytes.Buffer
	code = run(append(args, "--lang", "en"), strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

func (s *street) must(args ...string) string {
	s.t.Helper()
	code, out, talk := s.run(args...)
	if code != exitOK {
		s.t.Fatalf("%v: exit %d, %s%s", args, code, out, talk)
	}
	return out
}

// issue signs one document and gives the file of its token.
func (s *street) issue(by, template, learner string) string {
	s.t.Helper()
	out := filepath.Join(s.dir, by+"-"+template+"-"+filepath.Base(learner)+".jwt")
	s.must("issue", "--issuer", by, "--template", template, "--learner", learner, "--out", out)
	return out
}

// verify judges a token by the authority's newest bundle.
func (s *street) verify(token, lang string) (code int, said string) {
	s.t.Helper()
	bundle := filepath.Join(s.dir, "bundle")
	s.must("trust", "bundle", "--out", bundle)
	var out, talk bytes.Buffer
	code = run([]string{"verify", token, "--bundle", bundle, "--anchor", s.anchor, "--lang", lang}, strings.NewReader(""), &out, &talk)
	return code, out.String()
}

// says fails unless all the texts are there.
func says(t *testing.T, said string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(said, text) {
			t.Errorf("no %q in\n%s", text, said)
		}
	}
}

func accreditation(did, until string, scopes ...string) string {
	return `{"organisation":"Ente Formazione Lucania (esempio)","holder":"` + did + `","details":{"accreditation":{` +
		`"scheme":"Accreditamento regionale (esempio)","scopes":["` + strings.Join(scopes, `","`) + `"],` +
		`"accreditationType":"http://data.europa.eu/snb/accreditation/003293d2ce","accreditedFrom":"2024-01-01","accreditedUntil":"` + until + `"}}}`
}

// TestRowI1AccreditationEnded: of a body whose accreditation had ended on the
// day of issue the verifier says so, and that the document may be anybody's.
func TestRowI1AccreditationEnded(t *testing.T) {
	s := newStreet(t, "16-accreditation-it.json", "01-food-hygiene-it.json")
	s.must("trust", "recognise", "did:web:regione.example", "--schema", "TrainingProviderAccreditation", "--from", "2024-01-01")
	micro := s.issue("ente", "food-hygiene", "../../examples/learners/01-amina-diallo.json")

	ended := s.write("ended.json", accreditation("did:web:ente.example", "2024-12-31", "FC", "issue:MicroCredential"))
	s.must("trust", "recognise", s.issue("regione", "accreditamento-regionale", ended))
	code, said := s.verify(micro, "it")
	if code != exitUnknown {
		t.Errorf("exit %d", code)
	}
	says(t, said, "Emittente non accreditato alla data", "Ente Formazione Lucania (esempio) non era riconosciuto il giorno del rilascio")

	running := s.write("running.json", accreditation("did:web:ente.example", "2098-12-31", "FC", "issue:MicroCredential"))
	s.must("trust", "recognise", s.issue("regione", "accreditamento-regionale", running))
	if code, said := s.verify(micro, "it"); code != exitOK {
		t.Errorf("accredited on that day: exit %d, %s", code, said)
	}
}

// TestRowT5ScopeOfPublicActs: a competence certified as parte-terza is worth
// nothing of a body that was not accredited for it.
func TestRowT5ScopeOfPublicActs(t *testing.T) {
	s := newStreet(t, "16-accreditation-it.json")
	s.must("trust", "recognise", "did:web:regione.example", "--schema", "TrainingProviderAccreditation")
	data, err := os.ReadFile("../../examples/templates/12-operator-qrsp-it.json")
	if err != nil {
		t.Fatal(err)
	}
	certified := strings.Replace(string(data), `"legalValue": "atto-privato"`, `"legalValue": "parte-terza", "legalBasis": "D.Lgs. 13/2013 (esempio)"`, 1)
	s.must("template", "add", s.write("certified.json", certified))
	learner := s.write("sara.json", `{"name":"Sara Neri","birthDate":"1988-06-21","birthPlace":"Cremona","result":"Idonea","details":{"assessmentDate":"2026-05-14"}}`)
	token := s.issue("ente", "operatore-informagiovani", learner)

	for _, row := range []struct {
		scopes []string
		code   int
		says   string
	}{
		{[]string{"issue:MicroCredential", "issue:parte-terza"}, exitUnknown, "è riconosciuto, ma non per questo tipo di documento"},
		{[]string{"issue:OperatorCompetence"}, exitUnknown, "non può rilasciare documenti con questo valore legale"},
		{[]string{"issue:OperatorCompetence", "issue:parte-seconda"}, exitUnknown, "non può rilasciare documenti con questo valore legale"},
		{[]string{"issue:OperatorCompetence", "issue:parte-terza"}, exitOK, "documento di parte terza, atto pubblico"},
	} {
		file := s.write("accredited.json", accreditation("did:web:ente.example", "2098-12-31", row.scopes...))
		s.must("trust", "recognise", s.issue("regione", "accreditamento-regionale", file))
		code, said := s.verify(token, "it")
		if code != row.code {
			t.Errorf("%v: exit %d, want %d", row.scopes, code, row.code)
		}
		says(t, said, row.says)
	}
}

// TestRowC1OperatorAcrossBorders: a competence signed in Italy is read in
// Slovenia with Slovenian labels, in French too, and those words say that a
// machine made them.
func TestRowC1OperatorAcrossBorders(t *testing.T) {
	s := newStreet(t, "12-operator-qrsp-it.json")
	s.must("trust", "recognise", "did:web:ente.example", "--schema", "OperatorCompetence")
	token := s.issue("ente", "operatore-informagiovani", "../../examples/learners/12-sara-neri.json")
	for lang, words := range map[string][]string{
		"sl": {"Izdajatelj: ", "Datum izdaje: ", "Okvir kompetenc: QRSP", "Kompetenca: ESEMPIO.24.7 Accompagnare", "Spretnosti:\n    - Condurre",
			"Znanje:", "Ocenjeno dne: 14.\u00a05.\u00a02026", "Način ocenjevanja: ustni izpit", "Pravna vrednost: zasebna listina",
			"Ime in priimek: Sara Neri", "Besede je prevedel stroj"},
		"fr": {"Délivré par: ", "Référentiel: QRSP", "Savoir-faire:", "Évalué par: épreuve orale", "Mots traduits par une machine"},
		"it": {"Repertorio: QRSP", "Abilità:", "Valutato con: colloquio", "Valutatori: Marco Bianchi, Elena Gatti"},
		"pl": {"Ramy kompetencji: QRSP", "Oceniona dnia: 14.05.2026"},
	} {
		code, said := s.verify(token, lang)
		if code != exitOK {
			t.Errorf("%s: exit %d", lang, code)
		}
		says(t, said, words...)
		if marked := strings.Contains(said, "(Besede") || strings.Contains(said, "(Mots"); marked != (lang == "sl" || lang == "fr") {
			t.Errorf("%s: marked as a machine's: %v", lang, marked)
		}
	}
}

// TestRowN1EvidenceWords: the verifier shows of each skill how it is known, and
// calls what a person said of herself by its name.
func TestRowN1EvidenceWords(t *testing.T) {
	s := newStreet(t, "10-skills-assessment-it.json")
	s.must("trust", "recognise", "did:web:ente.example", "--schema", "SkillsAssessment")
	token := s.issue("ente", "bilancio-competenze", "../../examples/learners/10-amina-diallo-bilancio.json")
	_, said := s.verify(token, "it")
	says(t, said, "- cucinare per gruppi: autodichiarata (livello 3 di 4)\n",
		"- gestire il denaro alla cassa: documentata (livello 3 di 4) · Lettera del datore di lavoro, Dakar, 2017\n",
		"- lavorare in gruppo (ESCO): osservata", "- igiene degli alimenti (ESCO): valutata con una prova",
		"Fasi: accoglienza 05/10/2026, investigazione 14/10/2026, sintesi 26/10/2026", "Colloqui condotti da: Sara Neri", "Con la mediazione di: Fatou Ndiaye",
		"- wolof: lingua madre", "italiano: ascolto B1, lettura A2", "Confermato dalla persona: 26/10/2026, con la firma su carta")
	if strings.Count(said, "autodichiarata") != 1 {
		t.Error("more than one skill is called autodichiarata")
	}
	for lang, word := range map[string]string{"en": "self-declared", "es": "declarada por la persona", "el": "δηλωμένη", "pl": "zadeklarowana"} {
		_, said := s.verify(token, lang)
		says(t, said, word)
	}
}

// What nobody but the person says is grey where there are colours, and its word
// stands in it all the same.
func TestDeclaredSkillsAreFaint(t *testing.T) {
	var out bytes.Buffer
	p := &humanPrinter{lang: "it", colour: true, w: bufio.NewWriter(&out)}
	p.own(report.Contents("it", schema.View{Assessed: &schema.Assessment{Skills: []schema.AssessedSkill{
		{Name: "cucinare", Level: 2, Evidence: schema.EvidenceDeclared}, {Name: "servire", Level: 2, Evidence: schema.EvidenceObserved},
	}}}, nil))
	if err := p.w.Flush(); err != nil {
		t.Fatal(err)
	}
	says(t, out.String(), grey+"cucinare: autodichiarata (livello 2 di 4)"+normal, "    - servire: osservata (livello 2 di 4)\n")
}

// TestRowC2MembershipEnds: a membership is shown with its network and role, and
// leaving revokes it.
func TestRowC2MembershipEnds(t *testing.T) {
	s := newStreet(t, "14-network-membership-it.json", "15-network-membership-fr.json")
	s.must("trust", "recognise", "did:web:ente.example", "--schema", "NetworkMembership")
	local := s.issue("ente", "rete-insieme", "../../examples/learners/14-cooperativa-nuovi-passi.json")
	abroad := s.write("abroad.json", `{"organisation":"Cooperativa sociale Nuovi Passi & Co.","holder":"did:web:regione.example:enti:nuovi-passi",`+
		`"documentNumber":"NM-2","details":{"memberRole":"associato","memberSince":"2026-02-01"}}`)
	international := s.issue("ente", "reseau-com-in", abroad)
	for token, words := range map[string][]string{
		local: {"Rete: Rete territoriale per il lavoro (esempio)", "Ruolo nella rete: membro", "Dal: 15/01/2026", "Livello della rete: locale",
			"Organizzazione nel documento: Cooperativa sociale Nuovi Passi & Co. (did:web:regione.example:enti:nuovi-passi)"},
		international: {"Rete: Réseau international", "Ruolo nella rete: associato", "Livello della rete: internazionale"},
	} {
		code, said := s.verify(token, "it")
		if code != exitOK {
			t.Errorf("exit %d, %s", code, said)
		}
		says(t, said, words...)
		if strings.Contains(said, "Confrontare questi dati con un documento") {
			t.Error("a body has no identity document to compare")
		}
	}
	s.must("revoke", "NM-BO-2026-012", "--reason", "holder-request")
	if code, _ := s.verify(local, "it"); code != exitInvalid {
		t.Errorf("after leaving: exit %d", code)
	}
	if code, _ := s.verify(international, "it"); code != exitOK {
		t.Errorf("the other network: exit %d", code)
	}
}
