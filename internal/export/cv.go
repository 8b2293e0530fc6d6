package export

import (
	"time"

	"github.com/employment-passport/passport/schema"
)

// Line is one credential of a curriculum. Verified is the caller's word: the
// credential was judged valid, with a status of the day AsOf. A line that is
// not verified is shown and said to be so; one that was judged invalid has no
// business here.
type Line struct {
	Credential *schema.Credential
	Token      string
	Verified   bool
	AsOf       time.Time // day of the status; zero when there is none
	QR         string    // the whole text of a printed code, empty for none
}

// CV is what a curriculum is made from: what others signed (Lines, in the order
// in which they are shown) and what the holder says (Own). Language is one of
// i18n.Languages.
type CV struct {
	Language string
	Person   Person
	Lines    []Line
	Own      Own
}

// Options of all exports. Now dates the document; the package reads no clock.
// Upload puts ELM into the envelope of the European upload form.
type Options struct {
	Now    time.Time
	Upload bool
}

// Person is whom a curriculum is about, as the documents name them. Given and
// Family are empty for a person of one name.
type Person struct {
	Name, Given, Family string
	OriginalScript      string
	BirthDate           string // YYYY, YYYY-MM or YYYY-MM-DD
}

// PersonOf reads the particulars that identify the holder of a credential.
func PersonOf(c *schema.Credential) Person {
	_, identity := c.Holder()
	var p Person
	for _, one := range identity {
		switch one.Type {
		case schema.IdentityName:
			p.Name = one.Value
		case schema.IdentityGivenName:
			p.Given = one.Value
		case schema.IdentityFamilyName:
			p.Family = one.Value
		case schema.IdentityNameOriginalScript:
			p.OriginalScript = one.Value
		case schema.IdentityBirthDate:
			p.BirthDate = one.Value
		}
	}
	return p
}

// noName stands where a form wants a name that the person does not have.
const noName = "—"

// parts gives both names for forms that want two. A person of one name has it
// as the given name.
func (p Person) parts() (given, family string) {
	switch {
	case p.Given == "" && p.Family == "":
		given, family = p.Name, noName
	case p.Given == "":
		given, family = noName, p.Family
	case p.Family == "":
		given, family = p.Given, noName
	default:
		return p.Given, p.Family
	}
	if given == "" {
		given = noName
	}
	return given, family
}

// Full is the name as on the identity document, or what there is of it.
func (p Person) Full() string {
	switch {
	case p.Name != "":
		return p.Name
	case p.Given != "" && p.Family != "":
		return p.Given + " " + p.Family
	}
	return p.Given + p.Family
}
