package schema

import (
	"strconv"
	"strings"
	"time"
)

// Template is a document with the learner's part left out: what a training
// body writes once for each course. Its file is
//
//	{"name":"…","type":"MicroCredential","suspendable":false,
//	 "publicAdministration":false,"credential":{…}}
//
// where credential holds name, credentialSubject (achievement, and where they
// are the same for everybody narrative, source, activityStartDate,
// activityEndDate and what the kind of document adds, but for the hours that
// somebody was there) and evidence.
type Template struct {
	Name                 string // lower-case letters, digits and hyphens
	Type                 string // kind of the document: MicroCredential, TrainingAttendance, …
	Suspendable          bool   // a second status entry, so that the credential can be suspended
	PublicAdministration bool   // the issuer is a public administration: paper carries its notice
	Raw                  []byte // the file as read

	part     Document
	personal Faults // of its texts, with pointers into the document
}

// ParseTemplate reads a template file. Its error is Faults, with pointers into
// the file.
func ParseTemplate(data []byte) (*Template, error) {
	root, err := readTree(data)
	if err != nil {
		return nil, err
	}
	var r reading
	t := &Template{Raw: append([]byte(nil), data...)}
	k := kindNamed(root.get("type").text())
	if k == nil {
		k = &microKind // so that its part is judged too
	}
	for c := root.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "name":
			t.Name = r.term(c, isTemplateName, "template_name")
		case "type":
			if t.Type = r.term(c, IsKind, "template_type"); t.Type == KindEmploymentPassport {
				r.fault("template_passport", c) // R13: it is awarded, by what a person holds
			}
		case "suspendable":
			t.Suspendable = r.boolean(c)
		case "publicAdministration":
			t.PublicAdministration = r.boolean(c)
		case "credential":
			t.part = r.templatePart(c, k)
		default:
			r.unknown(c)
		}
	}
	r.needs(root, "name", "type", "credential")
	if len(r.faults) > 0 {
		return nil, r.faults
	}
	t.personal = personalIn(root.get("credential"))
	return t, nil
}

// personalIn judges the texts of a template's part. A template that holds
// something personal can still be read, listed and mended; nothing is issued
// with it.
func personalIn(part value) (f Faults) {
	var r reading
	r.noPersonalNumbers(part)
	for _, fault := range r.faults {
		fault.Pointer = strings.TrimPrefix(fault.Pointer, "/credential")
		f = append(f, fault)
	}
	return f
}

// templatePart reads the document's part. What belongs to one learner or to
// one issuing has no place in it.
func (r *reading) templatePart(v value, k *documentKind) Document {
	m := newDocument(k)
	if !r.object(v) {
		return m
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "@context":
			r.only(c, contextVC, contextOB, ContextURL)
		case "type":
			r.only(c, "VerifiableCredential", "OpenBadgeCredential", m.Kind)
		case "name":
			m.Name = r.text(c, maxShort)
		case "credentialSubject":
			r.templateSubject(c, &m)
		case "evidence":
			m.Evidence = list(r, c, r.evidence)
		case "id", "issuer", "validFrom", "validUntil", "credentialStatus", "credentialSchema", "supersedes":
			r.fault("not_in_template", c, "member", c.key())
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "credentialSubject")
	if m.Name == "" {
		m.Name = m.Subject.Achievement.Name
	}
	return m
}

func (r *reading) templateSubject(v value, d *Document) {
	if !r.object(v) {
		return
	}
	p := &d.Subject
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "type":
			r.only(c, "AchievementSubject")
		case "activityStartDate":
			p.Started = r.instant(c)
		case "activityEndDate":
			p.Completed = r.instant(c)
		case "narrative":
			p.Note = r.text(c, maxLong)
		case "source":
			p.Provider = r.body(c)
		case "achievement":
			r.achievement(c, d)
		case "id", "identifier", "licenseNumber", "result", "hoursAttended":
			r.fault("not_in_template", c, "member", c.key())
		default:
			if d.kind.onSubject == nil || !d.kind.onSubject(r, d, c) {
				r.refused(c, d.kind)
			}
		}
	}
	r.needs(v, "achievement")
}

func isTemplateName(s string) bool {
	if s == "" || len(s) > 64 || s[0] == '-' {
		return false
	}
	for _, c := range []byte(s) {
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-') {
			return false
		}
	}
	return true
}

// Title is the name of what is learned.
func (t *Template) Title() string { return t.part.Name }

// Language is the language of the course's texts (BCP 47).
func (t *Template) Language() string { return t.part.Subject.Achievement.Language }

// Scope names the permission that the legal value asks of an issuer (R10).
func (t *Template) Scope() string { return scopeOf(t.part.Subject.Achievement.LegalValue) }

// NeedsBirth tells whether every learner must have a date and a place of
// birth, because the document is worth more than a private act.
func (t *Template) NeedsBirth() bool {
	return !t.part.kind.organisation && isPublicAct(t.part.Subject.Achievement.LegalValue)
}

// StatesHours tells whether the document says how many hours somebody attended.
func (t *Template) StatesHours() bool { return t.part.statesHours() }

func (m *Document) statesHours() bool { return m.Attendance != nil || m.Internship != nil }

// ForOrganisation tells whether the document is held by an organisation and
// not by a person.
func (t *Template) ForOrganisation() bool { return t.part.kind.organisation }

// Check composes a specimen and tells what is wrong with the template, with
// pointers into its file.
func (t *Template) Check() Faults {
	m, _ := t.fill(Specimen(t))
	var faults Faults
	for _, f := range append(m.check(nil, time.Time{}), t.personal...) {
		f.Pointer = "/credential" + f.Pointer
		faults = append(faults, f)
	}
	return faults
}

// Specimen gives particulars of an invented person of usual size, for trying a
// template before anybody is issued anything.
func Specimen(t *Template) Particulars {
	p := Particulars{
		ID:     "urn:uuid:00000000-0000-4000-8000-000000000000",
		Issuer: IssuerProfile{ID: "did:web:ente.example", Name: "Ente Formazione Esempio S.c.s.", Country: "IT", Region: "ITF5"},
		Learner: Learner{
			Name: "Amina Diallo", BirthDate: "1994-03-12",
			Holder:         "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
			DocumentNumber: t.part.kind.prefix + "PZ-2026-0042", CompletedOn: "2026-11-18",
		},
		ValidFrom:     time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC),
		StatusListURL: "https://ente.example/status/1",
		StatusIndex:   94567,
	}
	if t.NeedsBirth() {
		p.Learner.BirthPlace = "Dakar"
	}
	if end := t.part.Subject.Completed; !end.IsZero() {
		p.Learner.CompletedOn = ""
		if end.After(p.ValidFrom) {
			p.ValidFrom = DateOf(end).t.AddDate(0, 0, 1)
		}
	}
	if start := t.part.Subject.Started; p.Learner.CompletedOn != "" && start.After(p.ValidFrom) {
		p.ValidFrom = DateOf(start).t.AddDate(0, 0, 1)
		p.Learner.CompletedOn = DateOf(start).String()
	}
	if schemes := t.part.Subject.Achievement.Schemes; len(schemes) > 0 {
		p.Learner.Result = schemes[0].specimen()
	}
	if t.part.kind.organisation {
		p.Learner = Learner{Organisation: "Cooperativa sociale Esempio", Holder: "did:web:socio.example", DocumentNumber: p.Learner.DocumentNumber}
	}
	if t.part.kind.specimen != nil {
		t.part.kind.specimen(&t.part, &p.Learner)
	}
	if t.Suspendable {
		p.Suspension = &StatusPlace{URL: "https://ente.example/status/2", Index: 31415}
	}
	return p
}

// specimen is a result that the scheme allows.
func (s ResultScheme) specimen() string {
	for _, candidate := range []string{s.Required, s.Max} {
		if candidate != "" && s.allows(candidate) {
			return candidate
		}
	}
	if len(s.Allowed) > 0 {
		return s.Allowed[len(s.Allowed)-1]
	}
	return strconv.Itoa(10)
}
