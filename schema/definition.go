package schema

import "time"

// PassportDefinition says which micro-credentials make an employment passport:
// a list of requirements and how many of them must be met. Its owner signs it
// (Compose), a trust bundle carries it, wallets count by it (Progress).
//
// Texts for people are maps from language (BCP 47) to words; each has at least
// the definition's own Language.
type PassportDefinition struct {
	ID           string            // URI, the same in every version
	Version      string            // of this list
	Language     string            // BCP 47; passports awarded by it are written in it
	Title        map[string]string // lang → text
	Notice       map[string]string // what readers must know; may be empty
	Example      bool              // not anybody's real list
	ValidFrom    Date
	Requirements []Requirement
	Minimum      int     // how many requirements must be met
	EQFLevels    []int   // of the passport as a whole; may be empty
	Owner        Profile // who signs it; of a file that nobody signed yet it may be empty
}

// Requirement is one micro-credential that a passport asks for.
type Requirement struct {
	Ref            string // short name, unique in the definition
	Framework      string // DigComp, LifeComp, …, as an alignment names it
	Code           string // in the framework; empty when URI says it
	URI            string // of the skill; may be empty when Code says it
	Label          map[string]string
	MinLevel       int      // EQF, 0 for any
	AcceptedBodies []string // DIDs; empty for any recognised one
	Offers         []Offer  // where it can be had
}

// Offer is a course that leads to a requirement.
type Offer struct{ Name, URL string }

// Constants of every definition and of the passports awarded by it.
const (
	KindPassportDefinition = "PassportDefinition"
	KindEmploymentPassport = "EmploymentPassport"

	DefinitionSchemaURL = ownSchemas + "definition/1"
	PassportSchemaURL   = ownSchemas + "passport/1"
)

// Bounds of a definition: its token must stay below 64 KiB.
const (
	maxRequirements = 60
	maxOffers       = 10
	maxDefinition   = 40 << 10 // bytes of the document
)

// In gives a text in lang, else in the definition's own language.
func (d *PassportDefinition) In(texts map[string]string, lang string) string {
	if s, ok := texts[lang]; ok {
		return s
	}
	return texts[d.Language]
}

// Requirement gives the requirement with that ref.
func (d *PassportDefinition) Requirement(ref string) (Requirement, bool) {
	for _, r := range d.Requirements {
		if r.Ref == ref {
			return r, true
		}
	}
	return Requirement{}, false
}

// Starts is the first day on which passports are awarded by it.
func (d *PassportDefinition) Starts() time.Time { return d.ValidFrom.t }
