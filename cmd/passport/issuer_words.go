package main

import (
	"errors"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
	"github.com/employment-passport/passport/schema"
)

// issuerExits are the refusals that say something about the command line, not
// about the credential.
var issuerExits = map[string]int{
	"seen_missing": exitUsage, "seen_unknown": exitUsage,
	"issuer_unknown":       exitUsage,
	"issuer_name_form":     exitUsage,
	"issuer_title_missing": exitUsage,
	"template_unknown":     exitUsage,
	"credential_unknown":   exitUsage,
	"credential_ambiguous": exitUsage,
	"key_unknown":          exitUsage,
	"key_use_unknown":      exitUsage,
	"list_unknown":         exitUsage,
	"reason_unknown":       exitUsage,
	"until_past":           exitUsage,
	"merge_nothing":        exitUsage,
	"award_definition":     exitUsage,

	"award_definition_unknown": exitUsage,
	"did_method":               exitUsage,
	"profile_unknown":          exitUsage,
	"domain_missing":           exitUsage,
	"domain_form":              exitUsage,
	"status_base":              exitUsage,
	"issuer_country":           exitUsage,
	"issuer_region":            exitUsage,
	"region_country":           exitUsage,
	"self_check":               exitInternal,

	"offer_life":    exitUsage,
	"offer_items":   exitUsage,
	"offer_twice":   exitUsage,
	"offer_unknown": exitUsage,

	"person_unknown":   exitUsage,
	"person_ambiguous": exitUsage,
	"erase_rewrite":    exitInternal,

	"user_name":         exitUsage,
	"user_email":        exitUsage,
	"user_unknown":      exitUsage,
	"apikey_name":       exitUsage,
	"apikey_life":       exitUsage,
	"apikey_unknown":    exitUsage,
	"role_unknown":      exitUsage,
	"role_needs_issuer": exitUsage,
	"role_whole_home":   exitUsage,
	"proposal_form":     exitUsage,
	"proposal_learners": exitUsage,
}

// issuerFailure gives a refusal of the issuer, of its store or of a document's
// rules its words. Everything else passes through.
func (a *app) issuerFailure(err error) error {
	var done *failure
	var refused *issuer.Error
	var faults schema.Faults
	var store *boltstore.Error
	switch {
	case err == nil || errors.As(err, &done):
		return err
	case errors.As(err, &refused):
		exit, ok := issuerExits[refused.Code]
		if !ok {
			exit = exitInvalid
		}
		f := fail(exit, refused.Code).wrap(err)
		f.args = refused.Args
		return f
	case errors.As(err, &faults):
		return a.faultsFailure(faults).wrap(err)
	case errors.As(err, &store):
		return storeFailure(err)
	}
	return lentFailure(err)
}

// faultsFailure says what is wrong with a document: where and what, all faults
// in one line, with the hint of the first.
func (a *app) faultsFailure(faults schema.Faults) *failure {
	if len(faults) == 1 && faults[0].Code == "profile_needs_holder" {
		return fail(exitInvalid, faults[0].Code) // the field is fine as it is, and the hint says what else to do
	}
	f := fail(exitInvalid, "faults", "count", strconv.Itoa(len(faults)), "faults", faultList(a.lang, faults))
	switch faults[0].Code {
	case "json", "json_duplicate", "depth", "number", "size":
		f.exit = exitUsage // what cannot be read cannot be judged
	}
	if len(faults) > 1 {
		f.code = "faults_many"
	}
	return f
}

// faultWords says one fault: where, and what.
func faultWords(lang string, f schema.Fault) string {
	words := f.Code
	if key := "error." + f.Code; i18n.Has(key) {
		words = i18n.T(lang, key, f.Args)
	}
	if f.Pointer == "" {
		return words
	}
	return f.Pointer + ": " + words
}

// faultList says many in one line.
func faultList(lang string, faults schema.Faults) string {
	words := make([]string, len(faults))
	for n, f := range faults {
		words[n] = faultWords(lang, f)
	}
	return strings.Join(words, "; ")
}
