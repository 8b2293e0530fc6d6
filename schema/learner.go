package schema

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Learner is what a template leaves out: one person's part of a document. Its
// members are those of a learner file and, but for the last two, the columns of
// a sheet.
type Learner struct {
	Name               string `json:"name,omitempty"` // as on the identity document
	GivenName          string `json:"givenName,omitempty"`
	FamilyName         string `json:"familyName,omitempty"`
	NameOriginalScript string `json:"nameOriginalScript,omitempty"`
	BirthDate          string `json:"birthDate,omitempty"` // YYYY, YYYY-MM or YYYY-MM-DD
	BirthPlace         string `json:"birthPlace,omitempty"`
	Holder             string `json:"holder,omitempty"` // DID of the person's key
	DocumentNumber     string `json:"documentNumber,omitempty"`
	Result             string `json:"result,omitempty"`
	StartedOn          string `json:"startedOn,omitempty"`   // YYYY-MM-DD
	CompletedOn        string `json:"completedOn,omitempty"` // YYYY-MM-DD

	HoursAttended float64 `json:"hoursAttended,omitempty"` // where the document states them
	Organisation  string  `json:"organisation,omitempty"`  // name of the body that holds the document, instead of a person's
	Details       Details `json:"details,omitempty"`       // members of credentialSubject of the document's own
}

// Details is the text of a JSON object, empty for none. It is text so that two
// learners can be compared; as JSON it stands for the object itself.
type Details string

// MarshalJSON writes the object.
func (d Details) MarshalJSON() ([]byte, error) {
	if d == "" {
		return []byte("null"), nil
	}
	return []byte(d), nil
}

// UnmarshalJSON takes any JSON; ParseLearner and Check judge it.
func (d *Details) UnmarshalJSON(data []byte) error {
	if *d = Details(data); *d == "null" {
		*d = ""
	}
	return nil
}

// ParseLearner reads a learner file. Its error is Faults, with pointers to the
// members; a member that Learner does not have is refused.
func ParseLearner(data []byte) (Learner, error) {
	var l Learner
	root, err := readTree(data)
	if err != nil {
		return l, err
	}
	var r reading
	for c := root.first(); c.exists(); c = c.next() {
		field := l.field(c.key())
		switch {
		case c.key() == "hoursAttended":
			l.HoursAttended = r.hoursAttended(c)
		case c.key() == "details":
			l.Details = r.details(c)
		case field == nil:
			r.unknown(c)
		case c.kind() != isString:
			r.fault("want_text", c)
		default:
			*field = c.text()
		}
	}
	faults := append(r.faults, l.Check()...)
	return l, faults.Err()
}

// field is the place for the member called name, nil for a name that a
// learner does not have.
func (l *Learner) field(name string) *string {
	switch name {
	case "name":
		return &l.Name
	case "givenName":
		return &l.GivenName
	case "familyName":
		return &l.FamilyName
	case "nameOriginalScript":
		return &l.NameOriginalScript
	case "birthDate":
		return &l.BirthDate
	case "birthPlace":
		return &l.BirthPlace
	case "holder":
		return &l.Holder
	case "documentNumber":
		return &l.DocumentNumber
	case "result":
		return &l.Result
	case "startedOn":
		return &l.StartedOn
	case "completedOn":
		return &l.CompletedOn
	case "organisation":
		return &l.Organisation
	}
	return nil
}

// Check tells what is wrong with a learner's particulars by themselves, with
// pointers to the members above. Template.CheckLearner adds what one course
// asks of them.
func (l Learner) Check() Faults {
	var f Faults
	for _, line := range [...]struct{ pointer, text string }{
		{"/name", l.Name}, {"/givenName", l.GivenName}, {"/familyName", l.FamilyName},
		{"/nameOriginalScript", l.NameOriginalScript}, {"/birthPlace", l.BirthPlace},
		{"/documentNumber", l.DocumentNumber}, {"/result", l.Result}, {"/organisation", l.Organisation},
	} {
		f = checkLine(f, line.pointer, line.text)
	}
	f = l.checkForSigning(f)
	f = l.checkOwn(f)
	if l.fullName() == "" {
		f = f.with("annex_learner", "/name")
	}
	if l.Holder != "" && !isDID(l.Holder) {
		f = f.with("not_did", "/holder")
	}
	if _, err := ParsePartialDate(l.BirthDate); l.BirthDate != "" && err != nil {
		f = f.with("birth_date_form", "/birthDate")
	}
	switch {
	case l.Organisation != "" && l.Holder == "":
		f = f.with("organisation_without_did", "/holder")
	case l.Holder == "" && l.BirthDate == "":
		f = f.with("bearer_without_birth", "/birthDate")
	}
	started, startedOK := optionalDay(l.StartedOn)
	completed, completedOK := optionalDay(l.CompletedOn)
	if !startedOK {
		f = f.with("date_form", "/startedOn")
	}
	if !completedOK {
		f = f.with("date_form", "/completedOn")
	}
	if !started.IsZero() && !completed.IsZero() && completed.t.Before(started.t) {
		f = f.with("period_order", "/completedOn")
	}
	return f
}

// checkForSigning holds the rules of what may be signed about a person.
func (l Learner) checkForSigning(f Faults) Faults {
	f = checkName(f, "/name", l.Name, false)
	f = checkName(f, "/givenName", l.GivenName, false)
	f = checkName(f, "/familyName", l.FamilyName, false)
	f = checkName(f, "/nameOriginalScript", l.NameOriginalScript, false)
	f = checkName(f, "/birthPlace", l.BirthPlace, true)
	f = checkNumber(f, "/documentNumber", l.DocumentNumber)
	return checkResult(f, "/result", l.Result)
}

// checkLine judges an optional line of text as reading.text judges a member.
func checkLine(f Faults, pointer, s string) Faults {
	switch {
	case s == "":
		return f
	case !utf8.ValidString(s), hasControl(s):
		return f.with("text_control", pointer)
	case utf8.RuneCountInString(s) > maxShort:
		return f.with("too_long", pointer, "max", strconv.Itoa(maxShort))
	case s[0] == ' ' || s[len(s)-1] == ' ':
		return f.with("text_space", pointer)
	}
	return f
}

func optionalDay(s string) (Date, bool) {
	if s == "" {
		return Date{}, true
	}
	d, err := ParseDate(s)
	return d, err == nil && isDay(s)
}

// fullName is the name as on the identity document, or what the parts make.
func (l Learner) fullName() string {
	if l.Name != "" {
		return l.Name
	}
	if l.Organisation != "" {
		return l.Organisation
	}
	return strings.TrimSpace(l.GivenName + " " + l.FamilyName)
}

func (l Learner) identity() []Identity {
	all := make([]Identity, 0, 6)
	for _, id := range [...]Identity{
		{IdentityName, l.fullName()},
		{IdentityGivenName, l.GivenName},
		{IdentityFamilyName, l.FamilyName},
		{IdentityNameOriginalScript, l.NameOriginalScript},
		{IdentityBirthDate, l.BirthDate},
		{IdentityBirthPlace, l.BirthPlace},
	} {
		if id.Value != "" {
			all = append(all, id)
		}
	}
	return all
}
