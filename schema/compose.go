package schema

import (
	"strconv"
	"strings"
	"time"
)

// IssuerProfile is how the issuer appears in what it signs.
type IssuerProfile struct{ ID, Name, Country, Region string }

// StatusPlace is a place in a status list.
type StatusPlace struct {
	URL   string
	Index int
}

// Particulars are the facts of one issuing.
type Particulars struct {
	ID            string // urn:uuid:…
	Issuer        IssuerProfile
	Learner       Learner
	ValidFrom     time.Time
	ValidUntil    time.Time // zero for none
	StatusListURL string
	StatusIndex   int          // place for revocation
	Suspension    *StatusPlace // for a suspendable template, and only for it
	Supersedes    string       // id of the credential that this one replaces
}

// Compose writes the document: compact JSON, members in a fixed order, on
// which the QR dictionary relies, nothing escaped that JSON does not ask for.
// It refuses, with Faults, what would break a rule; pointers of faults in the
// learner's part start with /learner, the others point into the document.
//
// A learner without a document number gets one made of the credential's id.
func (t *Template) Compose(p Particulars) ([]byte, error) {
	m, own := t.fill(p)
	faults := append(p.Learner.Check(), own...).under("/learner")
	faults = append(append(faults, checkParticulars(t, p)...), t.personal...)
	for _, f := range m.check(nil, time.Time{}) {
		if member := t.learnerMember(f, p.Learner); member != "" {
			f = f.at("/learner" + member)
		}
		if !faults.at(f.Pointer) {
			faults = append(faults, f)
		}
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return m.appendJSON(make([]byte, 0, 4096)), nil
}

// CheckLearner tells what keeps this learner from getting this course's
// document on a day; pointers are to the learner's members.
func (t *Template) CheckLearner(l Learner, validFrom time.Time) Faults {
	p := Specimen(t)
	p.Learner, p.ValidFrom = l, validFrom
	m, own := t.fill(p)
	faults := append(l.Check(), own...)
	for _, f := range m.check(nil, validFrom) {
		if member := t.learnerMember(f, l); member != "" && !faults.at(member) {
			faults = append(faults, f.at(member))
		}
	}
	return faults
}

// at moves a fault to the learner's own file, whose members have names of their own.
func (f Fault) at(pointer string) Fault {
	f.Pointer = pointer
	if f.Code == "missing" {
		f.Args = map[string]string{"member": pointer[strings.LastIndexByte(pointer, '/')+1:]}
	}
	return f
}

// learnerMember is the member of a learner that a fault of the document speaks
// of, empty when it is none of the learner's.
func (t *Template) learnerMember(f Fault, l Learner) string {
	switch f.Code {
	case "annex_learner":
		if t.part.kind.organisation {
			return "/organisation"
		}
		return "/name"
	case "bearer_without_birth", "birth_in_future", "birth_date_form":
		return "/birthDate"
	case "birth_for_legal_value":
		if l.BirthDate == "" {
			return "/birthDate"
		}
		return "/birthPlace"
	case "issued_before_completion", "period_order":
		return "/completedOn"
	case "grade_without_scheme", "grade_without_assessment", "grade_not_allowed":
		return "/result"
	}
	return t.learnerPointer(f.Pointer)
}

// learnerPointer is where a learner says what the document says at pointer,
// empty when that is nothing of the learner's.
func (t *Template) learnerPointer(pointer string) string {
	member, ok := strings.CutPrefix(pointer, atSubject+"/")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(member, "/")
	switch name {
	case "activityStartDate":
		return "/startedOn"
	case "activityEndDate":
		return "/completedOn"
	case "hoursAttended":
		return "/hoursAttended"
	case "id":
		return "/holder"
	}
	if isFrameMember(name) {
		return ""
	}
	return "/details/" + member
}

// checkParticulars judges what an issuer, not a learner, brings.
func checkParticulars(t *Template, p Particulars) (f Faults) {
	if !isUUIDURN(p.ID) {
		f = f.with("not_uuid", "/id")
	}
	if !isDID(p.Issuer.ID) {
		f = f.with("not_did", "/issuer/id")
	}
	f = checkLine(f, "/issuer/name", p.Issuer.Name)
	if p.Issuer.Country != "" && !isCountry(p.Issuer.Country) {
		f = f.with("country_unknown", "/issuer/address/addressCountryCode")
	}
	if p.Issuer.Region != "" && !isRegion(p.Issuer.Region) {
		f = f.with("region_form", "/issuer/address/addressRegion")
	}
	if !isWebLink(p.StatusListURL) || p.Suspension != nil && !isWebLink(p.Suspension.URL) {
		f = f.with("not_link", "/credentialStatus/statusListCredential")
	}
	if p.StatusIndex < 0 || p.Suspension != nil && p.Suspension.Index < 0 {
		f = f.with("index_form", "/credentialStatus/statusListIndex")
	}
	if (p.Suspension != nil) != t.Suspendable {
		f = f.with("status_entries", "/credentialStatus")
	}
	if p.Supersedes != "" && !isUUIDURN(p.Supersedes) {
		f = f.with("not_uuid", "/supersedes")
	}
	return f
}

// fill joins the template's part with the particulars. Its faults are those of
// the learner's details, with pointers into the learner.
func (t *Template) fill(p Particulars) (*Document, Faults) {
	m := t.part.copy()
	m.ID = p.ID
	m.Issuer = Issuer(p.Issuer)
	m.ValidFrom, m.ValidUntil = p.ValidFrom, p.ValidUntil
	m.Supersedes = p.Supersedes
	m.Status = []StatusEntry{statusEntry(p.StatusListURL, p.StatusIndex, purposeRevoke)}
	if p.Suspension != nil {
		m.Status = append(m.Status, statusEntry(p.Suspension.URL, p.Suspension.Index, purposeSuspend))
	}
	m.Schemas = m.kind.schemaRefs(p.Suspension != nil)
	m.Subject.fill(p)
	if m.Subject.DocumentNumber == "" {
		m.Subject.DocumentNumber = m.kind.numberFrom(p.ID)
	}
	return m, m.ownMembers(p.Learner)
}

func statusEntry(url string, index int, purpose string) StatusEntry {
	i := strconv.Itoa(index)
	return StatusEntry{ID: url + "#" + i, Type: typeStatusEntry, Purpose: purpose, Index: i, ListURL: url, Size: 1}
}

func (s *Person) fill(p Particulars) {
	l := p.Learner
	s.ID = l.Holder
	s.Identity = l.identity()
	s.DocumentNumber = l.DocumentNumber
	if d, ok := optionalDay(l.StartedOn); ok && !d.IsZero() {
		s.Started = d.t
	}
	if d, ok := optionalDay(l.CompletedOn); ok && !d.IsZero() {
		s.Completed = d.t
	}
	s.Results = nil
	if schemes := s.Achievement.Schemes; len(schemes) > 0 {
		s.Results = []Result{{Scheme: schemes[0].ID, Status: statusCompleted, Value: l.Result}}
	} else if l.Result != "" {
		s.Results = []Result{{Status: statusCompleted, Value: l.Result}}
	}
}

// numberFrom makes a document number of a credential's id: the kind's prefix
// and its first eight digits.
func (k *documentKind) numberFrom(id string) string {
	id = strings.TrimPrefix(id, "urn:uuid:")
	if len(id) > 8 {
		id = id[:8]
	}
	return k.prefix + strings.ToUpper(id)
}
