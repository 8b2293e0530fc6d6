package schema

import (
	"slices"
	"strings"
	"time"
)

// KindTrainingProviderAccreditation says what an authority lets a body issue:
// a recognition list is made from it.
const KindTrainingProviderAccreditation = "TrainingProviderAccreditation"

var accreditationKind = documentKind{
	name:            KindTrainingProviderAccreditation,
	achievementType: "QualityAssuranceCredential",
	schemaURL:       ownSchemas + "accreditation/1",
	schemaFile:      "data/accreditation-1.json",
	prefix:          "AC-",
	organisation:    true,
	shared:          frameAnd("qualityAssurance"),
	begin:           func(d *Document) { d.Accreditation = new(Accreditation) },
	onSubject:       func(r *reading, d *Document, c value) bool { return r.accreditationMember(d.Accreditation, c) },
	appendOnSubject: func(b []byte, d *Document) []byte { return appendAccreditation(b, d.Accreditation) },
	rules: func(j *judge, d *Document) {
		j.organisationValue(d)
		j.accreditation(d.Accreditation, d.Subject.Achievement.Quality, d.ValidFrom)
	},
	specimen: specimenAccreditation,
}

const atAccreditation = atSubject + "/accreditation"

// accreditationMember reads the member of credentialSubject that only an
// accreditation has.
func (r *reading) accreditationMember(a *Accreditation, c value) bool {
	if c.key() != "accreditation" {
		return false
	}
	*a = r.accreditation(c)
	return true
}

func (r *reading) accreditation(v value) (a Accreditation) {
	if !r.object(v) {
		return a
	}
	for c := v.first(); c.exists(); c = c.next() {
		if !r.accredited(&a, c) && !r.accreditedLimit(&a, c) {
			r.unknown(c)
		}
	}
	r.needs(v, "scheme", "scopes", "accreditationType", "accreditedFrom")
	return a
}

// accredited reads what was decided, and for how long.
func (r *reading) accredited(a *Accreditation, c value) bool {
	switch c.key() {
	case "scheme":
		a.Scheme = r.text(c, maxShort)
	case "act":
		a.Act = r.text(c, maxShort)
	case "scopes":
		a.Scopes = r.terms(c, isAccreditedScope, "accreditation_scope")
	case "accreditationType":
		a.Type = r.term(c, isAccreditation, "quality_type")
	case "decisionDate":
		a.DecidedOn = r.term(c, isDay, "date_form")
	case "accreditedFrom":
		a.From = r.term(c, isDay, "date_form")
	case "reviewDate":
		a.ReviewOn = r.term(c, isDay, "date_form")
	case "accreditedUntil":
		a.Until = r.term(c, isDay, "date_form")
	default:
		return false
	}
	return true
}

// accreditedLimit reads what narrows the accreditation, and the keys.
func (r *reading) accreditedLimit(a *Accreditation, c value) bool {
	switch c.key() {
	case "repertories":
		a.Repertories = r.texts(c, maxShort)
	case "limitEQF":
		a.LimitEQF = list(r, c, func(c value) int { return r.step(c, 8, "eqf_level") })
		r.distinct(c)
	case "limitFields":
		a.LimitFields = r.terms(c, isFieldOfStudy, "field_unknown")
	case "limitRegions":
		a.LimitRegions = r.terms(c, isTerritory, "territory_form")
	case "qaCertificate":
		a.QACertificate = r.text(c, maxShort)
	case "keys":
		a.Keys = list(r, c, r.accreditedKey)
	default:
		return false
	}
	return true
}

// isAccreditedScope knows the scopes of regional accreditation (access to
// work and lifelong training, higher training, vocational education, people at
// a disadvantage) and what a body may issue.
func isAccreditedScope(s string) bool {
	switch s {
	case "FC", "FS", "IeFP", "svantaggio", "issue:parte-seconda", "issue:parte-terza":
		return true
	}
	kind, ok := strings.CutPrefix(s, "issue:")
	return ok && slices.Contains(Documents, kind)
}

// accreditation judges an accreditation: its days in order, and one word about
// quality (MC-IR-08).
func (j *judge) accreditation(a *Accreditation, q Quality, issued time.Time) {
	j.wants(a.Scheme == "" && a.Scopes == nil, "credentialSubject/accreditation")
	last := ""
	for _, day := range [...]struct{ member, value string }{
		{"/decisionDate", a.DecidedOn}, {"/accreditedFrom", a.From}, {"/reviewDate", a.ReviewOn}, {"/accreditedUntil", a.Until},
	} {
		if day.value != "" && day.value < last {
			j.fault("accreditation_dates", atAccreditation+day.member)
		}
		last = max(last, day.value)
	}
	if after(a.DecidedOn, issued) {
		j.fault("accreditation_dates", atAccreditation+"/decisionDate")
	}
	if q.Type != "" && a.Type != "" && q.Type != a.Type {
		j.fault("accreditation_quality", atAccreditation+"/accreditationType")
	}
}

// Issues gives what the accreditation lets its body issue: a permission for
// each document, with the scopes that go beyond a private act, in the
// accreditation's own time.
func (a *Accreditation) Issues() []Permission {
	from, until := dayTime(a.From), dayTime(a.Until)
	var documents []Permission
	var acts []string
	for _, s := range a.Scopes {
		switch kind, ok := strings.CutPrefix(s, "issue:"); {
		case !ok:
		case slices.Contains(Documents, kind):
			documents = append(documents, Permission{Schema: kind, From: from, Until: until})
		default:
			acts = append(acts, s)
		}
	}
	for i := range documents {
		documents[i].Scopes = slices.Clone(acts)
	}
	return documents
}

func dayTime(s string) time.Time {
	d, err := ParseDate(s)
	if err != nil {
		return time.Time{}
	}
	return d.t
}

// appendAccreditation writes what an accreditation adds to credentialSubject.
func appendAccreditation(b []byte, a *Accreditation) []byte {
	b = appendString(append(b, `,"accreditation":{"scheme":`...), a.Scheme)
	b = appendMember(b, `,"act":`, a.Act)
	b = appendTexts(b, `,"scopes":`, a.Scopes)
	b = appendTexts(b, `,"repertories":`, a.Repertories)
	b = appendMember(b, `,"accreditationType":`, a.Type)
	b = appendMember(b, `,"decisionDate":`, a.DecidedOn)
	b = appendMember(b, `,"accreditedFrom":`, a.From)
	b = appendMember(b, `,"reviewDate":`, a.ReviewOn)
	b = appendMember(b, `,"accreditedUntil":`, a.Until)
	if len(a.LimitEQF) > 0 {
		b = appendList(append(b, `,"limitEQF":`...), a.LimitEQF, func(b []byte, n int) []byte { return appendNumber(b, float64(n)) })
	}
	b = appendTexts(b, `,"limitFields":`, a.LimitFields)
	b = appendTexts(b, `,"limitRegions":`, a.LimitRegions)
	b = appendMember(b, `,"qaCertificate":`, a.QACertificate)
	if len(a.Keys) > 0 {
		b = appendList(append(b, `,"keys":`...), a.Keys, appendAccreditedKey)
	}
	return append(b, '}')
}

func specimenAccreditation(part *Document, l *Learner) {
	kind := part.Subject.Achievement.Quality.Type // the two must agree
	if kind == "" {
		kind = "http://data.europa.eu/snb/accreditation/003293d2ce"
	}
	var own specimenDetails
	own.add(part.Accreditation.Scheme == "", "accreditation", `{"scheme":"Accreditamento regionale","scopes":["FC","issue:MicroCredential"],`+
		`"accreditationType":"`+kind+`","accreditedFrom":"2026-01-01","accreditedUntil":"2028-12-31"}`)
	l.Details = own.object()
}
