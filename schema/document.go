package schema

import "time"

// Document is one of our documents: an Open Badges 3.0 achievement credential
// of a third, own type. Members that Open Badges defines keep its names; the
// others are ours and stand in the context at ContextURL.
type Document struct {
	Kind       string // third entry of type: MicroCredential
	ID         string // urn:uuid:…
	Name       string // the title again, for wallets
	Issuer     Issuer
	ValidFrom  time.Time // date of issuing
	ValidUntil time.Time // end of this technical copy, never of the skill; zero for none
	Subject    Person
	Evidence   []Evidence
	Status     []StatusEntry // revocation, then suspension when the template asks for it
	Schemas    []SchemaRef
	Supersedes string // id of the revoked credential that this one replaces

	// Content of the kind's own; at most one is set.
	Attendance    *Attendance
	Internship    *Internship
	Assessed      *Assessment
	Competence    *Competence
	Membership    *Membership
	Accreditation *Accreditation
	Passport      *Passport

	kind   *documentKind
	claims []string // registered JWT claims beside the document (Open Badges profile)
}

// newDocument is an empty document of a kind.
func newDocument(k *documentKind) Document {
	d := Document{Kind: k.name, kind: k}
	if k.begin != nil {
		k.begin(&d)
	}
	return d
}

// copy is a copy of which the content can be filled in without changing d.
func (d *Document) copy() *Document {
	c := new(Document)
	*c = *d
	c.Attendance = copyOf(d.Attendance)
	c.Internship = copyOf(d.Internship)
	c.Assessed = copyOf(d.Assessed)
	c.Competence = copyOf(d.Competence)
	c.Membership = copyOf(d.Membership)
	c.Accreditation = copyOf(d.Accreditation)
	c.Passport = copyOf(d.Passport)
	return c
}

func copyOf[T any](p *T) *T {
	if p == nil {
		return nil
	}
	c := *p
	return &c
}

// Person is the learner and what this learner did, or the organisation that
// holds the document.
type Person struct {
	ID             string     // DID of the person's key, empty without one
	Identity       []Identity // name first
	DocumentNumber string
	Started        time.Time // zero when not stated
	Completed      time.Time // zero when not stated
	Note           string
	Provider       *Profile // who taught, when it is not the issuer
	Results        []Result
	Achievement    Achievement
}

// Types of Identity that our documents know; every other is refused.
const (
	IdentityName               = "name"
	IdentityGivenName          = "ext:givenName"
	IdentityFamilyName         = "ext:familyName"
	IdentityNameOriginalScript = "ext:nameOriginalScript"
	IdentityBirthDate          = "ext:birthDate"
	IdentityBirthPlace         = "ext:birthPlace"
)

// Profile is an organisation.
type Profile struct {
	ID, Name        string
	Country, Region string
}

// Result is how the learner did. Scheme is the id of a ResultScheme.
type Result struct{ Scheme, Status, Value string }

// ResultScheme says what a result may be (ResultDescription of Open Badges).
type ResultScheme struct {
	ID, Name, Type     string
	Allowed            []string // from low to high
	Required, Max, Min string
}

// Achievement is what is learned and how it is assessed: the same for every
// learner of a course.
type Achievement struct {
	ID, Name, Description string
	Language              string   // BCP 47; every free text of the document is in it
	AwardingBody          *Profile // when it is not the issuer
	CourseCode            string
	Criteria              string
	Outcomes              []string
	Alignment             []Alignment
	Schemes               []ResultScheme
	FieldOfStudy          string  // ISCED-F 2013: 2, 3 or 4 digits
	Credits               float64 // ECTS, 0 when not stated
	Workload              Workload
	LevelNotApplicable    bool
	Assessment            []string // URIs of the assessment vocabulary
	Participation         string
	Supervision           string
	Quality               Quality
	EntryRequirements     []string
	Activity              string
	LearningSetting       string
	Schedule              string
	AssessmentLanguage    string
	FundedBy              string
	LegalValue            string
	LegalBasis            string
	Stackable             *bool // nil when not stated
	PartOf                []string
	InternshipHours       float64 // hours of it spent in an internship, 0 when not stated
}

// Alignment points to a skill or a level of a public framework.
type Alignment struct{ Name, Description, Framework, Code, Type, URL string }

// Constants of every document.
const (
	contextVC = "https://www.w3.org/ns/credentials/v2"
	contextOB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
	schemaOB  = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"

	typeJSONSchema   = "JsonSchema"
	typeOBSchema     = "1EdTechJsonSchemaValidator2019"
	typeStatusEntry  = "BitstringStatusListEntry"
	purposeRevoke    = "revocation"
	purposeSuspend   = "suspension"
	statusCompleted  = "Completed"
	resultTypeStatus = "Status"
	levelTypeEQF     = "ext:EQFLevel"
	levelTypeQNQ     = "ext:NQFLevel"
	unitHours        = "hours"
	unitECTS         = "ECTS"
)

// wireTime is the one form of an instant in our documents.
const wireTime = "2006-01-02T15:04:05Z"
