package schema

import "math/big"

// What the documents have beyond a micro-credential. Each type is the content
// of one document in one place; on the wire its members stand on achievement
// (what was learned and how it was assessed) or on credentialSubject (what
// this person did), under the same names, except where a comment names
// another place. Codes are full URIs unless a comment lists them.

// Attendance is the content of a TrainingAttendance: somebody was there, and
// nothing was assessed.
type Attendance struct {
	HoursPlanned      float64  `json:"hoursPlanned"`                // achievement
	HoursAttended     float64  `json:"hoursAttended"`               // subject; at most HoursPlanned
	MinimumAttendance float64  `json:"minimumAttendance,omitempty"` // achievement; percent
	Programme         string   `json:"programme,omitempty"`         // achievement
	Partners          []string `json:"partners,omitempty"`          // achievement; names
	Topics            []string `json:"topics,omitempty"`            // achievement
	Funding           string   `json:"funding,omitempty"`           // achievement; free, funded, paid
}

// Internship is the content of an InternshipAttestation.
type Internship struct {
	Type          string             `json:"internshipType"` // achievement; formativo-orientamento, inserimento-reinserimento, inclusione-sociale, altro
	Sector        string             `json:"sector,omitempty"`
	PartOfCourse  string             `json:"partOfCourse,omitempty"` // achievement; the course that the internship belongs to
	AgreementRef  string             `json:"agreementRef"`
	PlanRef       string             `json:"planRef"`
	Promoter      *Profile           `json:"promoter,omitempty"`
	Host          *Profile           `json:"host,omitempty"`
	HostActivity  string             `json:"hostActivity,omitempty"` // ATECO/NACE code of the host
	PromoterTutor Tutor              `json:"promoterTutor"`
	HostTutor     Tutor              `json:"hostTutor"`
	HoursPlanned  float64            `json:"hoursPlanned"`
	HoursAttended float64            `json:"hoursAttended"`
	WorkingHours  string             `json:"workingHours,omitempty"` // the schedule in words
	Place         string             `json:"place"`
	Activities    []Activity         `json:"activities"`
	Competences   []InternCompetence `json:"competences,omitempty"`
}

// Percent is the part of the planned hours that was attended, cut to one
// decimal so that 69.99 does not read as 70; 0 to 999.
func (i Internship) Percent() float64 { return percentOf(i.HoursAttended, i.HoursPlanned) }

// Percent is the part of the planned hours that was attended, as Internship has it.
func (a Attendance) Percent() float64 { return percentOf(a.HoursAttended, a.HoursPlanned) }

// percentOf cuts as reaches compares, by the decimals that people wrote, so that
// what is printed as 70 has reached 70. It gives 0 to 999, whatever it is asked.
func percentOf(part, whole float64) float64 {
	of := decimal(whole)
	if of.Sign() <= 0 {
		return 0
	}
	tenths := new(big.Rat).Mul(decimal(part), big.NewRat(1000, 1))
	tenths.Quo(tenths, of)
	cut := new(big.Int).Quo(tenths.Num(), tenths.Denom())
	switch {
	case cut.Sign() < 0:
		return 0
	case !cut.IsInt64() || cut.Int64() > 9990:
		return 999
	}
	return float64(cut.Int64()) / 10
}

// Tutor is a person who follows an internship.
type Tutor struct {
	Name string `json:"name"`
	Role string `json:"role,omitempty"`
}

// Activity is what a trainee did, rated A (best) to D.
type Activity struct {
	Description string `json:"description"`
	Code        string `json:"adaCode,omitempty"` // ADA.11.11.23
	Rating      string `json:"rating"`
}

// InternCompetence is what a trainee can do after an internship.
type InternCompetence struct {
	Name      string   `json:"name"`
	Knowledge []string `json:"knowledge,omitempty"`
	Abilities []string `json:"abilities,omitempty"`
}

// Assessment is the content of a SkillsAssessment (bilancio delle competenze).
// All of it stands on credentialSubject.
type Assessment struct {
	Operator    Operator        `json:"operator"`
	Phases      []Phase         `json:"phases"`
	Languages   []string        `json:"interviewLanguages"` // BCP 47
	Mediator    string          `json:"mediator,omitempty"`
	Experiences []Experience    `json:"experiences,omitempty"`
	Skills      []AssessedSkill `json:"skills"`
	Known       []KnownLanguage `json:"languagesKnown,omitempty"`
	Goal        string          `json:"goal,omitempty"`
	Plan        []PlanStep      `json:"plan,omitempty"`
	Confirmed   Confirmation    `json:"confirmedByHolder"`
}

// Operator leads the interviews.
type Operator struct {
	Name string `json:"name"`
	Role string `json:"role,omitempty"`
	Body string `json:"body,omitempty"` // organisation's name
}

// Phase of a skills assessment: accoglienza, investigazione, sintesi.
type Phase struct {
	Phase string  `json:"phase"`
	Date  string  `json:"date"` // YYYY-MM-DD
	Hours float64 `json:"hours,omitempty"`
}

// Experience of work, study or life: kind is work, study, informal,
// volunteering or family; From and Until are partial dates.
type Experience struct {
	Kind        string `json:"kind"`
	Title       string `json:"title"`
	Place       string `json:"place,omitempty"`
	Country     string `json:"country,omitempty"` // ISO 3166-1 alpha-2
	From        string `json:"from,omitempty"`
	Until       string `json:"until,omitempty"`
	Description string `json:"description,omitempty"`
}

// AssessedSkill is a skill and how it is known. Evidence is declared,
// documented, observed or assessed, and the four are never confused: whatever
// shows a skill shows its word.
type AssessedSkill struct {
	Name      string   `json:"name"`
	Framework string   `json:"framework,omitempty"`
	Code      string   `json:"code,omitempty"`
	URL       string   `json:"url,omitempty"`
	Level     int      `json:"level"` // 1 to 4
	Evidence  string   `json:"evidenceLevel"`
	Refs      []string `json:"evidenceRefs,omitempty"`
}

// Levels of evidence, weakest first.
const (
	EvidenceDeclared   = "declared"
	EvidenceDocumented = "documented"
	EvidenceObserved   = "observed"
	EvidenceAssessed   = "assessed"
)

// KnownLanguage is a language of the person; the five CEFR levels are A1 to
// C2, all empty for a mother tongue.
type KnownLanguage struct {
	Language    string `json:"language"` // BCP 47
	Mother      bool   `json:"motherTongue,omitempty"`
	Listening   string `json:"listening,omitempty"`
	Reading     string `json:"reading,omitempty"`
	Interaction string `json:"interaction,omitempty"`
	Production  string `json:"production,omitempty"`
	Writing     string `json:"writing,omitempty"`
}

// PlanStep is one thing to do next.
type PlanStep struct {
	Action string `json:"action"`
	By     string `json:"by,omitempty"`   // who
	When   string `json:"when,omitempty"` // partial date
}

// Confirmation tells how the person confirmed: key, paper or witness.
type Confirmation struct {
	Date string `json:"date"` // YYYY-MM-DD
	Mode string `json:"mode"`
}

// Competence is the content of an OperatorCompetence (QRSP, COM-IN).
type Competence struct {
	Framework   string   `json:"framework"`             // achievement, as competenceFramework; QRSP, COM-IN, OTHER
	Section     string   `json:"section,omitempty"`     // achievement, as frameworkSection
	Profile     *Coded   `json:"professionalProfile"`   // achievement
	Competence  Coded    `json:"competence"`            // achievement
	Knowledge   []string `json:"knowledge"`             // achievement
	Abilities   []string `json:"abilities"`             // achievement
	WorkContext string   `json:"workContext,omitempty"` // achievement
	AssessedOn  string   `json:"assessmentDate"`        // subject; YYYY-MM-DD
	Assessors   []string `json:"assessors,omitempty"`   // subject; names
	RenewBy     string   `json:"renewBy,omitempty"`     // subject; YYYY-MM-DD
}

// Coded is a code of a repertory and its words.
type Coded struct {
	Code string `json:"code,omitempty"`
	Name string `json:"name"`
}

// Membership is the content of a NetworkMembership. All of it stands on
// credentialSubject.
type Membership struct {
	Network     Network  `json:"network"`
	Role        string   `json:"memberRole"` // coordinatore, membro, associato
	Since       string   `json:"memberSince"`
	Until       string   `json:"memberUntil,omitempty"`
	CharterHash string   `json:"charterHash,omitempty"` // SHA-256, lower-case hexadecimal
	Themes      []string `json:"themes,omitempty"`
}

// Network of organisations. Level is local, national, sectoral or international.
type Network struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Level       string   `json:"networkLevel"`
	Territory   string   `json:"territory,omitempty"` // NUTS code
	Coordinator *Profile `json:"coordinator,omitempty"`
}

// Accreditation is the content of a TrainingProviderAccreditation: who may
// issue what. All of it stands on credentialSubject as accreditation, save
// legalValue and legalBasis.
type Accreditation struct {
	Scheme        string          `json:"scheme"`
	Act           string          `json:"act,omitempty"`
	Scopes        []string        `json:"scopes"` // FC, FS, IeFP, svantaggio; issue:MicroCredential, …, issue:parte-terza
	Repertories   []string        `json:"repertories,omitempty"`
	Type          string          `json:"accreditationType"` // URI of the accreditation vocabulary
	DecidedOn     string          `json:"decisionDate,omitempty"`
	From          string          `json:"accreditedFrom"` // YYYY-MM-DD
	ReviewOn      string          `json:"reviewDate,omitempty"`
	Until         string          `json:"accreditedUntil,omitempty"`
	LimitEQF      []int           `json:"limitEQF,omitempty"`
	LimitFields   []string        `json:"limitFields,omitempty"` // ISCED-F
	LimitRegions  []string        `json:"limitRegions,omitempty"`
	QACertificate string          `json:"qaCertificate,omitempty"`
	Keys          []AccreditedKey `json:"keys,omitempty"`
}

// AccreditedKey is a key of the provider, as JSON Web Key (RFC 7517) in text.
type AccreditedKey struct {
	JWK   string `json:"publicKeyJwk"`
	Use   KeyUse `json:"keyUse"`
	From  string `json:"from,omitempty"`
	Until string `json:"until,omitempty"`
}

// Passport is the content of an EmploymentPassport: which micro-credentials
// met which requirement, by id and reference only, so that it fits one QR.
// Both stand on credentialSubject.
type Passport struct {
	Definition DefinitionRef `json:"definition"`
	Components []Component   `json:"components"`
}

// DefinitionRef names a version of a PassportDefinition.
type DefinitionRef struct {
	ID      string `json:"id"`
	Version string `json:"version"`
}

// Component is a micro-credential that meets a requirement.
type Component struct {
	ID          string `json:"id"`          // of the credential
	Requirement string `json:"requirement"` // ref in the definition
}
