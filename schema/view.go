package schema

import "strings"

// View is what people want to see of a credential. Codes are full URIs; Label
// gives their words. Fields that a document lacks are empty.
type View struct {
	Kind           string   `json:"kind,omitempty"`
	Title          string   `json:"title,omitempty"`
	Description    string   `json:"description,omitempty"`
	Criteria       string   `json:"criteria,omitempty"`
	Language       string   `json:"language,omitempty"`
	DocumentNumber string   `json:"documentNumber,omitempty"`
	CourseCode     string   `json:"courseCode,omitempty"`
	AwardingBody   string   `json:"awardingBody,omitempty"` // the issuer's name unless another body awards
	Provider       string   `json:"provider,omitempty"`     // who taught, if another
	Outcomes       []string `json:"outcomes,omitempty"`
	Skills         []Skill  `json:"skills,omitempty"`

	Level              int      `json:"level,omitempty"` // EQF 1 to 8, 0 when not stated
	NationalLevel      string   `json:"nationalLevel,omitempty"`
	LevelNotApplicable bool     `json:"levelNotApplicable,omitempty"`
	Workload           Workload `json:"workload,omitzero"`
	Credits            float64  `json:"credits,omitempty"`         // ECTS
	InternshipHours    float64  `json:"internshipHours,omitempty"` // of the workload, spent in an internship

	Assessment        []string `json:"assessment,omitempty"`
	Participation     string   `json:"participation,omitempty"`
	Supervision       string   `json:"supervision,omitempty"`
	Quality           Quality  `json:"quality,omitzero"`
	EntryRequirements []string `json:"entryRequirements,omitempty"`
	FieldOfStudy      string   `json:"fieldOfStudy,omitempty"` // URI of ISCED-F 2013

	Result       string `json:"result,omitempty"`
	ResultStatus string `json:"resultStatus,omitempty"`
	ResultScheme string `json:"resultScheme,omitempty"`

	LegalValue string   `json:"legalValue,omitempty"`
	LegalBasis string   `json:"legalBasis,omitempty"`
	Stackable  bool     `json:"stackable,omitempty"`
	PartOf     []string `json:"partOf,omitempty"`
	Note       string   `json:"note,omitempty"`

	StartedOn   string     `json:"startedOn,omitempty"`   // YYYY-MM-DD
	CompletedOn string     `json:"completedOn,omitempty"` // YYYY-MM-DD
	IssuedOn    string     `json:"issuedOn,omitempty"`    // YYYY-MM-DD
	Evidence    []Evidence `json:"evidence,omitempty"`

	Activity string `json:"activity,omitempty"` // URI of the activity vocabulary
	Setting  string `json:"setting,omitempty"`
	Schedule string `json:"schedule,omitempty"`
	FundedBy string `json:"fundedBy,omitempty"`

	// One of these is set when the document is of that kind.
	Attendance    *Attendance    `json:"attendance,omitempty"`
	Internship    *Internship    `json:"internship,omitempty"`
	Assessed      *Assessment    `json:"skillsAssessment,omitempty"`
	Competence    *Competence    `json:"operatorCompetence,omitempty"`
	Membership    *Membership    `json:"membership,omitempty"`
	Accreditation *Accreditation `json:"accreditation,omitempty"`
	Passport      *Passport      `json:"passport,omitempty"`
}

// Skill is a reference to a skill in a public framework.
type Skill struct {
	Name      string `json:"name"`
	Framework string `json:"framework,omitempty"`
	URI       string `json:"uri,omitempty"`
}

// Workload is the effort that the learning asks; Unit is hours or ECTS.
type Workload struct {
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
}

// Quality says how the quality of the learning is assured.
type Quality struct {
	Type      string `json:"type"` // URI of the accreditation vocabulary
	Body      string `json:"body,omitempty"`
	Reference string `json:"reference,omitempty"`
	Date      string `json:"date,omitempty"` // YYYY-MM-DD
}

// Evidence is a file that proves the learning, by name and hash only.
type Evidence struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256,omitempty"` // lower-case hexadecimal
}

// View is the document for display.
func (c *Credential) View() View {
	if c.document == nil {
		return View{Title: c.Name, AwardingBody: c.Issuer.Name, IssuedOn: DateOf(c.ValidFrom).String()}
	}
	return c.document.view()
}

// View is what a template says of the learning, with nothing of a learner or an
// issuer.
func (t *Template) View() View { return t.part.view() }

func (m *Document) view() View {
	p, a := &m.Subject, &m.Subject.Achievement
	v := View{
		Kind: m.Kind, Title: m.Name, Description: a.Description, Criteria: a.Criteria, Language: a.Language,
		DocumentNumber: p.DocumentNumber, CourseCode: a.CourseCode, AwardingBody: m.Issuer.Name, Outcomes: a.Outcomes,
		LevelNotApplicable: a.LevelNotApplicable, Workload: a.Workload, Credits: a.Credits,
		Assessment: a.Assessment, Participation: a.Participation, Supervision: a.Supervision, Quality: a.Quality,
		EntryRequirements: a.EntryRequirements, LegalValue: a.LegalValue, LegalBasis: a.LegalBasis,
		Stackable: a.Stackable != nil && *a.Stackable, PartOf: a.PartOf, Note: p.Note, Evidence: m.Evidence,
		Activity: a.Activity, Setting: a.LearningSetting, Schedule: a.Schedule, FundedBy: a.FundedBy,
		InternshipHours: a.InternshipHours,
		Attendance:      m.Attendance, Internship: m.Internship, Assessed: m.Assessed, Competence: m.Competence,
		Membership: m.Membership, Accreditation: m.Accreditation, Passport: m.Passport,
		StartedOn: DateOf(p.Started).String(), CompletedOn: DateOf(p.Completed).String(), IssuedOn: DateOf(m.ValidFrom).String(),
	}
	if a.AwardingBody != nil {
		v.AwardingBody = a.AwardingBody.Name
	}
	if p.Provider != nil {
		v.Provider = p.Provider.Name
	}
	if a.FieldOfStudy != "" {
		v.FieldOfStudy = iscedBase + a.FieldOfStudy
	}
	if len(p.Results) > 0 {
		v.Result, v.ResultStatus = p.Results[0].Value, p.Results[0].Status
		if scheme, ok := a.scheme(p.Results[0].Scheme); ok {
			v.ResultScheme = scheme.Name
		}
	}
	v.align(a.Alignment)
	return v
}

// align tells levels from skills.
func (v *View) align(alignment []Alignment) {
	for _, al := range alignment {
		switch al.Framework {
		case "EQF":
			if level, ok := strings.CutPrefix(al.URL, eqfBase); ok && known("eqf").has(level) {
				v.Level = int(level[0] - '0')
			}
		case "QNQ":
			v.NationalLevel = al.URL
		default:
			v.Skills = append(v.Skills, Skill{al.Name, al.Framework, al.URL})
		}
	}
}
