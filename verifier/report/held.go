package report

import (
	"slices"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/verifier/intake"
)

// CodeSeveralPeople notes that one input shows documents of several people;
// CodeBaseUnknown that a code leads where the authority does not.
const (
	CodeSeveralPeople = "several_people"
	CodeBaseUnknown   = "base_unknown"
)

// Finish gives a report what only whoever read the input can say: what of it
// could not be read, and the words that fit its documents. Codes stay; a verdict
// changes only by what was not read.
func Finish(r *verifier.Report, read intake.Taken) {
	r.Tell(read.Told...)
	sayKind(r, read.Tokens)
	sayOrganisations(r)
	sayStrangers(r)
	sayPeople(r)
}

// sayStrangers gives the advice about a missing list of revocations other words
// where nobody knows the issuer: no network brings the list of a stranger.
func sayStrangers(r *verifier.Report) {
	if !r.Has(verifier.CodeBundle) {
		return
	}
	for i, c := range r.Checks {
		if c.Code == verifier.CodeStatusOffline && slices.ContainsFunc(r.Checks, func(d verifier.Check) bool {
			return d.Code == verifier.CodeNotRecognised && d.Credential == c.Credential && d.Args["case"] == ""
		}) {
			r.Checks[i].Args = WithCase(c.Args, "stranger")
		}
	}
}

// sayKind lets the sentence about a key that may not sign this, or is not at
// hand, say what the text calls itself when that is a status list. The codes
// and the verdict stay.
func sayKind(r *verifier.Report, tokens []string) {
	if len(tokens) != 1 || !intake.IsStatusList(tokens[0]) {
		return
	}
	for i, c := range r.Checks {
		if c.Code == verifier.CodePurpose || c.Code == verifier.CodeKeyUnknown {
			r.Checks[i].Args = WithCase(c.Args, "list")
		}
	}
}

// sayOrganisations gives the question who shows a document other words where it
// belongs to a body: nobody compares a body with an identity document.
func sayOrganisations(r *verifier.Report) {
	bodies := map[int]bool{}
	for _, c := range r.Credentials() {
		bodies[c.Number] = schema.HeldByOrganisation(c.Document.Kind())
	}
	for i, c := range r.Checks {
		if c.Code == verifier.CodeHolderCompare && bodies[c.Credential] {
			r.Checks[i].Args = WithCase(c.Args, "organisation")
		}
	}
}

// sayPeople tells that one input shows documents of several people, which is no
// fault and not to be overlooked.
func sayPeople(r *verifier.Report) {
	var people []*schema.Credential
	var names []string
	for _, c := range r.Credentials() {
		name := PersonName(c.Document)
		if !schema.IsPersonal(c.Document.Kind()) || name == "" {
			continue
		}
		if !slices.ContainsFunc(people, func(p *schema.Credential) bool { return !Differ(p, c.Document) }) {
			people, names = append(people, c.Document), append(names, name)
		}
	}
	if len(people) > 1 {
		r.Tell(verifier.Check{Code: CodeSeveralPeople, Outcome: verifier.Noted, Args: map[string]string{"names": strings.Join(names, ", ")}})
	}
}

// Differ tells whether two credentials cannot be of one person: their dates of
// birth differ or, where one of them has none, their names do.
func Differ(x, y *schema.Credential) bool {
	a, b := BirthDate(x), BirthDate(y)
	if a != "" && b != "" {
		return !strings.HasPrefix(a, b) && !strings.HasPrefix(b, a)
	}
	return !schema.SameName(x, y)
}

// PersonName is the name of the person in a credential, "" where it has none.
func PersonName(c *schema.Credential) string { return particular(c, schema.IdentityName) }

func particular(c *schema.Credential, kind string) string {
	_, all := c.Holder()
	for _, i := range all {
		if i.Type == kind {
			return i.Value
		}
	}
	return ""
}

// WithCase gives arguments of a check that choose the words of one case.
func WithCase(args map[string]string, name string) map[string]string {
	all := map[string]string{"case": name}
	for k, v := range args {
		if k != "case" {
			all[k] = v
		}
	}
	return all
}

// HolderAnswer is the answer about the holder in words: for bodies where all that
// is shown belongs to bodies, and with what is still open where it was signed for
// somebody, or some time ago.
func HolderAnswer(lang string, zone *time.Location, r *verifier.Report) string {
	word, args := holderWord(r), map[string]string{"audience": i18n.OneLine(r.Audience)}
	if c, ok := older(r, 0); ok {
		args["signed"] = moment(lang, zone, c.Args["signed"])
	}
	return i18n.T(lang, "holder."+word, args)
}

func holderWord(r *verifier.Report) string {
	people := len(r.Credentials()) == 0
	for _, c := range r.Credentials() {
		people = people || !schema.HeldByOrganisation(c.Document.Kind())
	}
	_, old := older(r, 0)
	switch {
	case r.Holder == verifier.HolderCompare && !people:
		return "organisation"
	case r.Holder == verifier.HolderCompare && ToAsk(r) != "":
		return "named"
	case r.Holder == verifier.HolderLive && ToAsk(r) != "":
		return "live.named"
	case r.Holder == verifier.HolderLive && old:
		return "live.older"
	}
	return first(string(r.Holder), "unknown")
}

// older finds the check of a credential (0: of any) that its holder has signed for
// who asks, and more than five minutes ago: by now it may be in other hands.
func older(r *verifier.Report, number int) (verifier.Check, bool) {
	i := slices.IndexFunc(r.Checks, func(c verifier.Check) bool {
		return c.Code == verifier.CodeHolderLive && c.Args["case"] == "older" && (number == 0 || c.Credential == number)
	})
	if i < 0 {
		return verifier.Check{}, false
	}
	return r.Checks[i], true
}

// ToCompare tells whether the person of a credential is still to be compared with
// an identity document.
func ToCompare(r *verifier.Report, c verifier.Credential) bool {
	_, old := older(r, c.Number)
	return old || c.Holder == verifier.HolderCompare
}

// ToAsk is the one name that all of an input was signed for where nobody has said
// who asks; "" where that question has no use.
func ToAsk(r *verifier.Report) (name string) {
	for _, c := range r.Checks {
		switch {
		case c.Code == verifier.CodePresentationExpired && c.Args["case"] == "audience", c.Code == verifier.CodeHolderLive && c.Args["case"] == "named":
			if name = r.Audience; c.Args["audience"] != name {
				return ""
			}
		case c.Code == verifier.CodeHolderCompare && c.Args["case"] == "":
			return "" // beside it lies what nobody has signed
		}
	}
	return name
}

// PartsOf names the components of a passport: by the requirement's label where
// the bundle (nil for none) has the definition, by their own title where they
// are shown.
func PartsOf(lang string, b *trust.Bundle, r *verifier.Report) Parts {
	titles := map[string]string{}
	for _, c := range r.Credentials() {
		titles[c.Document.ID] = first(c.Document.View().Title, c.Document.Name)
	}
	return func(ref schema.DefinitionRef, c schema.Component) string {
		if b != nil {
			if d, ok := b.PassportDefinition(ref.ID, ref.Version); ok {
				if q, ok := d.Requirement(c.Requirement); ok {
					return d.In(q.Label, lang)
				}
			}
		}
		return titles[c.ID]
	}
}

// ForeignBases are links before the digits of codes that the authority does not
// know. They are told, never opened. An authority that names none says nothing.
func ForeignBases(b *trust.Bundle, bases []string) (foreign []string) {
	if b == nil {
		return nil
	}
	known := b.Origin().VerifyBases
	if len(known) == 0 {
		return nil
	}
	for _, base := range bases {
		if base != "" && !slices.Contains(known, base) {
			foreign = append(foreign, base)
		}
	}
	return foreign
}

// BaseCheck is the note about a foreign link.
func BaseCheck(base string) verifier.Check {
	return verifier.Check{Code: CodeBaseUnknown, Outcome: verifier.Noted, Args: map[string]string{"base": base}}
}

// BirthDate is the date of birth in a credential as far as it says, "" where it
// has none.
func BirthDate(c *schema.Credential) string { return particular(c, schema.IdentityBirthDate) }
