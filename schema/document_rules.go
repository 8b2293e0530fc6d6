package schema

import (
	"strconv"
	"strings"
	"time"
)

// Paths that the rules name often.
const (
	atSubject     = "/credentialSubject"
	atIdentifier  = atSubject + "/identifier"
	atAchievement = atSubject + "/achievement"
)

// check judges a document by the integrity rules R1 to R12 and R18 of
// the documents' data model (after WE BUILD's MC-IR-01 to 09). faults are those
// that reading it found. A zero now leaves out the rules about the future.
func (m *Document) check(faults Faults, now time.Time) Faults {
	j := judge{faults}
	j.annex(m)
	j.envelope(m)
	j.people(m)
	j.dates(m, now)
	j.levels(&m.Subject.Achievement, m.kind.level)
	j.results(&m.Subject)
	j.achievement(&m.Subject.Achievement)
	if m.kind.rules != nil {
		m.kind.rules(&j, m)
	}
	return j.faults
}

type judge struct{ faults Faults }

func (j *judge) fault(code, pointer string, args ...string) {
	j.faults = j.faults.with(code, pointer, args...)
}

// element is something that must not be absent, with a code of its own.
type element struct {
	absent        bool
	code, pointer string
}

func (j *judge) elements(all []element) {
	for _, e := range all {
		if e.absent && !j.faults.at(e.pointer) {
			j.fault(e.code, e.pointer)
		}
	}
}

// annex is R1 for what every document says: who, what, by whom and when.
func (j *judge) annex(m *Document) {
	a := &m.Subject.Achievement
	j.elements([]element{
		{len(m.Subject.Identity) == 0, "annex_learner", atIdentifier},
		{a.Name == "", "annex_title", atAchievement + "/name"},
		{m.Issuer.Country == "", "annex_country", "/issuer/address"},
		{m.Issuer.Name == "", "annex_awarding_body", "/issuer/name"},
		{m.ValidFrom.IsZero(), "annex_issue_date", "/validFrom"},
	})
}

// envelope judges the frame of the document: names, links, references.
func (j *judge) envelope(m *Document) {
	j.wants(m.ID == "", "id")
	j.wants(m.Name == "", "name")
	j.wants(len(m.Status) == 0, "credentialStatus")
	j.wants(m.Subject.DocumentNumber == "", "credentialSubject/licenseNumber")
	if m.Name != "" && m.Subject.Achievement.Name != "" && m.Name != m.Subject.Achievement.Name {
		j.fault("title_differs", "/name")
	}
	if m.Supersedes != "" && m.Supersedes == m.ID {
		j.fault("supersedes_self", "/supersedes") // R15: the link joins two documents
	}
	for i, s := range m.Status {
		if s.ID != "" && s.ID != s.ListURL+"#"+s.Index {
			at := "/credentialStatus"
			if len(m.Status) > 1 {
				at += "/" + strconv.Itoa(i)
			}
			j.fault("status_entry_id", at+"/id")
		}
	}
	if !m.schemasNamed() && !j.faults.at("/credentialSchema") {
		j.fault("schema_entries", "/credentialSchema")
	}
	j.region(m.Issuer, "/issuer/address/addressRegion")
}

func (j *judge) wants(absent bool, member string) {
	if absent && !j.faults.at("/"+member) {
		j.fault("missing", "/"+member, "member", member[strings.LastIndexByte(member, '/')+1:])
	}
}

// schemasNamed tells whether a document names our schema and, after it, that
// of Open Badges. A second status entry breaks the latter, so such a document
// must not name it.
func (m *Document) schemasNamed() bool {
	refs := m.Schemas
	if len(refs) == 0 || refs[0] != (SchemaRef{m.kind.schemaURL, typeJSONSchema}) {
		return false
	}
	return len(refs) == 1 || len(refs) == 2 && len(m.Status) <= 1 && refs[1] == SchemaRef{schemaOB, typeOBSchema}
}

// region: a NUTS code starts with its country, which statisticians call EL for
// Greece; regions of Italy are known one by one.
func (j *judge) region(i Issuer, at string) {
	if len(i.Region) != 4 || len(i.Country) != 2 {
		return
	}
	country := i.Region[:2]
	if country == "EL" {
		country = "GR"
	}
	if country != i.Country {
		j.fault("region_elsewhere", at)
	} else if country == "IT" && !known("nuts").has(i.Region) {
		j.fault("region_unknown", at)
	}
}

// people judges what identifies the learner. Without a key, paper can only be
// compared with an identity document, and a name alone compares nothing.
func (j *judge) people(m *Document) {
	p := &m.Subject
	if len(p.Identity) == 0 {
		return
	}
	count := map[string]int{}
	for i, id := range p.Identity {
		at := atIdentifier + "/" + strconv.Itoa(i)
		if count[id.Type]++; count[id.Type] == 2 {
			j.fault("identity_twice", at+"/identityType")
		}
		if id.Type == IdentityBirthDate && id.Value != "" {
			if _, err := ParsePartialDate(id.Value); err != nil {
				j.fault("birth_date_form", at+"/identityHash")
			}
		}
	}
	if count[IdentityName] == 0 {
		j.fault("annex_learner", atIdentifier)
	}
	if m.kind.organisation {
		j.organisation(p)
		return
	}
	if p.ID == "" && count[IdentityBirthDate] == 0 {
		j.fault("bearer_without_birth", atIdentifier)
	}
	if isPublicAct(p.Achievement.LegalValue) && (count[IdentityBirthDate] == 0 || count[IdentityBirthPlace] == 0) {
		j.fault("birth_for_legal_value", atIdentifier)
	}
}

// organisation: a body has a name and a DID of its own; nothing else of what
// identifies a person is any of its.
func (j *judge) organisation(p *Person) {
	j.wants(p.ID == "", "credentialSubject/id")
	for i, id := range p.Identity {
		if at := atIdentifier + "/" + strconv.Itoa(i) + "/identityType"; id.Type != IdentityName && !j.faults.at(at) {
			j.fault("identity_type", at)
		}
	}
}

// dates is R2 and R3 (MC-IR-02, MC-IR-03), and the claims that must agree.
func (j *judge) dates(m *Document, now time.Time) {
	p := &m.Subject
	if !m.ValidUntil.IsZero() && m.ValidUntil.Before(m.ValidFrom) {
		j.fault("dates_order", "/validUntil")
	}
	if !p.Started.IsZero() && !p.Completed.IsZero() && p.Completed.Before(p.Started) {
		j.fault("period_order", atSubject+"/activityEndDate")
	}
	if DateOf(p.Completed).t.After(m.ValidFrom) {
		j.fault("issued_before_completion", "/validFrom")
	}
	if now.IsZero() {
		return
	}
	today := DateOf(now)
	if DateOf(m.ValidFrom).t.After(today.t) {
		j.fault("issued_in_future", "/validFrom")
	}
	for i, id := range p.Identity {
		if id.Type == IdentityBirthDate && PartialDate(id.Value).AfterDay(today) {
			j.fault("birth_in_future", atIdentifier+"/"+strconv.Itoa(i)+"/identityHash")
		}
	}
}
