package schema

// Learner is what a template leaves out: one person's part of a document. Its
// members are those of a learner file and the columns of a sheet.
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
}

// ParseLearner reads a learner file. Its error is Faults.
func ParseLearner(data []byte) (Learner, error) { return Learner{}, errNotYet }

// Check tells what is wrong with a learner's particulars, with pointers to
// the members above.
func (l Learner) Check() Faults { return nil }
