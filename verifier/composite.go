package verifier

import (
	"slices"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/schema"
)

// Company is what one call shows, input after input, so that each composite in
// it can be judged by the components that any of them shows. It keeps little of
// each: a folder may hold thousands. The zero value is ready.
//
// A composite counts what it names by the word of its own issuer, who revokes
// it when a component falls. Whoever is shown the components need not wait for
// that: a revoked one makes the composite INVALID (component_revoked), unless
// its own issuer has replaced it by one that is shown and valid. What is not
// shown is not asked about.
type Company struct {
	byID, bySuperseded map[string][]*shown
}

// Judge judges the composites of a report again, by all that was added. A
// report without one stays as it is.
func (m *Company) Judge(r *Report) {
	if !r.HasComposite() {
		return
	}
	for i := range r.credentials {
		if c := &r.credentials[i]; c.passport() != nil {
			r.composite(c, m)
		}
	}
	r.decideAgain()
}

// JudgeTogether lets the reports of one call know of each other.
func JudgeTogether(reports ...*Report) {
	if !slices.ContainsFunc(reports, (*Report).HasComposite) {
		return
	}
	var m Company
	for _, r := range reports {
		m.Add(r)
	}
	for _, r := range reports {
		m.Judge(r)
	}
}

// HasComposite tells whether one of the report's credentials is a passport made
// of others, which JudgeTogether judges by what else is shown.
func (r *Report) HasComposite() bool {
	return slices.ContainsFunc(r.credentials, func(c Credential) bool { return c.passport() != nil })
}

// passport is the content of a composite, nil for anything else.
func (c *Credential) passport() *schema.Passport {
	if d, ok := c.Document.Document(); ok {
		return d.Passport
	}
	return nil
}

// compositeCodes are the checks that this file makes, and makes anew.
var compositeCodes = []string{CodeComponents, CodeComponentRevoked, CodeComponentReplaced, CodeComponentOther, CodeComponentOpen, CodeBelowDefinition}

// composite judges one composite by what is shown of it.
func (r *Report) composite(c *Credential, m *Company) {
	r.Checks = slices.DeleteFunc(r.Checks, func(k Check) bool {
		return k.Credential == c.Number && slices.Contains(compositeCodes, k.Code)
	})
	parts := c.passport().Components
	definition := r.definitionOf(c)
	r.belowDefinition(c, definition)
	var good, revoked, bad, replaced, unseen, unmet, other, open []found
	for _, part := range parts {
		switch f := m.find(c.Document, part, meeting(definition, part)); {
		case f.unmet:
			unmet = append(unmet, f)
		case f.unseen:
			unseen = append(unseen, f)
		case f.successor != nil:
			good, replaced = append(good, f), append(replaced, f)
		case f.ofSomebody:
			other = append(other, f)
		case f.shown == nil:
		case f.state == componentGood:
			good = append(good, f)
		case f.state == componentRevoked:
			revoked = append(revoked, f)
		case f.state == componentBad:
			bad = append(bad, f)
		default:
			open = append(open, f)
		}
	}
	r.tellComponents(c.Number, CodeComponentRevoked, Failed, "", revoked)
	r.tellComponents(c.Number, CodeComponentRevoked, Failed, "bad", bad)
	r.tellComponents(c.Number, CodeBelowDefinition, Failed, "unmet", unmet)
	r.tellComponents(c.Number, CodeComponentReplaced, Noted, "", replaced)
	r.tellComponents(c.Number, CodeComponentReplaced, Noted, "unseen", unseen)
	r.tellComponents(c.Number, CodeComponentOther, Noted, "", other)
	r.tellComponents(c.Number, CodeComponentOpen, Noted, "", open)
	count := Check{Code: CodeComponents, Outcome: Noted, Credential: c.Number, Args: pairs([]string{
		"count", strconv.Itoa(len(good) + len(revoked) + len(bad) + len(unmet) + len(open)), "of", strconv.Itoa(len(parts)),
	})}
	if len(good) == len(parts) {
		count.Outcome = Passed
	}
	r.Checks = append(r.Checks, count)
}

// maxNamed keeps a sentence readable; the ids name all of them.
const maxNamed = 5

// tellComponents adds one check about components, naming them by title and
// requirement; kase is the case of its words, many unless it has one.
func (r *Report) tellComponents(number int, code string, o Outcome, kase string, all []found) {
	if len(all) == 0 {
		return
	}
	var names, ids []string
	for i, f := range all {
		ids = append(ids, f.ID)
		if i < maxNamed {
			names = append(names, f.name())
		}
	}
	if len(all) > maxNamed {
		names = append(names, "…")
	}
	args := map[string]string{"count": strconv.Itoa(len(all)), "names": strings.Join(names, ", "), "ids": strings.Join(ids, " ")}
	if kase == "" && len(all) > 1 {
		kase = "many"
	}
	if kase != "" {
		args["case"] = kase
	}
	r.Checks = append(r.Checks, Check{Code: code, Outcome: o, Credential: number, Args: args})
}

// name of a component for people: its title, and the requirement that it meets.
func (f found) name() string {
	of := f.shown
	if f.successor != nil {
		of = f.successor
	}
	if of == nil || of.title == "" {
		return f.Requirement
	}
	return of.title + " (" + f.Requirement + ")"
}

// decideAgain draws every verdict of the report from its checks once more.
func (r *Report) decideAgain() {
	for i := range r.judged {
		r.judged[i].decide(r.Because(r.judged[i].Number))
	}
	for i := range r.credentials {
		r.credentials[i].decide(r.Because(r.credentials[i].Number))
	}
	r.decide(r.Because(0))
}
