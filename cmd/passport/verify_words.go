package main

import (
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// checkWords is the sentence of a check. A broken rule says which one, in the
// words of the rule.
func checkWords(lang string, c verifier.Check) string {
	args := make(map[string]string, len(c.Args)+1)
	for name, value := range c.Args {
		args[name] = neutral(value)
	}
	if rule := c.Args["rule"]; rule != "" {
		args["detail"] = rule
		if key := "error." + rule; i18n.Has(key) {
			args["detail"] = i18n.T(lang, key, args)
		}
	}
	key := "check." + c.Code
	if kase := c.Args["case"]; kase != "" && i18n.Has(key+"."+kase) {
		key += "." + kase
	}
	return i18n.T(lang, key, args)
}

// neutral takes out of a stranger's text what would act on a terminal or turn
// its reading direction: control characters, escape sequences, bidi marks.
func neutral(s string) string { return oneLine(s) }

// verdictWords is the headline: never green without its date.
func verdictWords(lang string, j verifier.Judgement) string {
	key := "verdict." + j.Verdict.String()
	if j.Amber {
		key = "verdict.amber"
	}
	return i18n.T(lang, key, map[string]string{"date": moment(lang, j.AsOf)})
}

// identityWords names a particular of the person: name, birth date and so on.
func identityWords(lang string, i schema.Identity) string {
	key := "label.identity." + strings.TrimPrefix(i.Type, "ext:")
	if !i18n.Has(key) {
		return neutral(i.Type)
	}
	return i18n.T(lang, key, nil)
}

// label of a vocabulary's URI, or the URI itself.
func label(lang, uri string) string {
	if words := schema.Label(uri, lang); words != "" {
		return words
	}
	return neutral(uri)
}

// withFramework names a skill and the list that it was taken from.
func withFramework(s schema.Skill) string {
	if s.Framework == "" {
		return s.Name
	}
	return s.Name + " (" + s.Framework + ")"
}
