package report

import (
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// Headline is the verdict in a few words: never green without its date.
func Headline(lang string, j verifier.Judgement) string { return headline(lang, nil, j) }

func headline(lang string, zone *time.Location, j verifier.Judgement) string {
	key := "verdict." + j.Verdict.String()
	if j.Amber {
		key = "verdict.amber"
	}
	return i18n.T(lang, key, map[string]string{"date": MomentIn(lang, zone, j.AsOf)})
}

// Asked says which day or time the reader asked about, an ISO date or an
// instant: the date of the headline is that of the last news, which may be long
// before.
func Asked(lang, at string) string {
	asked := i18n.Date(lang, at)
	if t, err := time.Parse(time.RFC3339, at); err == nil {
		asked = Moment(lang, t)
	}
	return i18n.T(lang, "verdict.at", map[string]string{"date": asked})
}

// TookPlace is when the activity began and ended, one day where both are one;
// "" where the document does not say.
func TookPlace(lang string, v schema.View) string {
	from, until := i18n.Date(lang, v.StartedOn), i18n.Date(lang, v.CompletedOn)
	if from == until {
		return until
	}
	return joined(" – ", from, until)
}

// joined leaves the empty parts out.
func joined(with string, parts ...string) string {
	var there []string
	for _, p := range parts {
		if p != "" {
			there = append(there, p)
		}
	}
	return strings.Join(there, with)
}

// Words is the sentence of a check as programs get it, with days as they were
// signed. A broken rule says which one, in the words of the rule.
func Words(lang string, c verifier.Check) string {
	args := make(map[string]string, len(c.Args)+1)
	for name, value := range c.Args {
		args[name] = i18n.OneLine(value)
	}
	if rule := c.Args["rule"]; rule != "" {
		args["detail"] = rule
		if key := "error." + rule; i18n.Has(key) {
			args["detail"] = i18n.T(lang, key, args)
		}
	}
	return i18n.T(lang, "check."+c.Code+caseOf("check.", c), args)
}

// caseOf is the part of a key that tells one case of a check from the others,
// "" where the catalogue has no words of its own for it.
func caseOf(area string, c verifier.Check) string {
	if kase := c.Args["case"]; kase != "" && i18n.Has(area+c.Code+"."+kase) {
		return "." + kase
	}
	return ""
}

// checkDays are the arguments of checks that hold a day.
var checkDays = []string{"date", "from", "until", "status", "validUntil", "exp"}

// Sentence is Words with its days and moments as people read them.
func Sentence(lang string, c verifier.Check) string { return sentence(lang, nil, c) }

func sentence(lang string, zone *time.Location, c verifier.Check) string {
	return Words(lang, readable(lang, zone, c))
}

func readable(lang string, zone *time.Location, c verifier.Check) verifier.Check {
	read := c
	read.Args = make(map[string]string, len(c.Args))
	for name, value := range c.Args {
		read.Args[name] = value
	}
	for _, name := range checkDays {
		if value, ok := read.Args[name]; ok {
			read.Args[name] = i18n.Date(lang, value)
		}
	}
	if at, ok := read.Args["signed"]; ok {
		read.Args["signed"] = moment(lang, zone, at)
	}
	return read
}

// Label of a vocabulary's URI, or the URI itself.
func Label(lang, uri string) string {
	if words := schema.Label(uri, lang); words != "" {
		return words
	}
	return i18n.OneLine(uri)
}

// IdentityLabel names a particular of the person: name, birth date and so on.
func IdentityLabel(lang string, i schema.Identity) string {
	key := "label.identity." + strings.TrimPrefix(i.Type, "ext:")
	if !i18n.Has(key) {
		return i18n.OneLine(i.Type)
	}
	return i18n.T(lang, key, nil)
}

// WithFramework names a skill and the list that it was taken from.
func WithFramework(s schema.Skill) string {
	if s.Framework == "" {
		return s.Name
	}
	return s.Name + " (" + s.Framework + ")"
}

// first of the values that is not empty.
func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
