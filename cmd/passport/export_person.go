package main

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/internal/export"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/wallet"
)

// ownFailure tells one private member by its name, with the reason; the rest is
// told as the faults of any document.
func ownFailure(err error) error {
	if faults := schema.FaultsOf(err); len(faults) == 1 && faults[0].Code == "own_private" {
		return fail(exitInvalid, "own_private", "name", faults[0].Args["name"]).wrap(errors.New(faults[0].Pointer))
	}
	return err
}

func isRefused(err error, refused **wallet.RefusedError) bool { return errors.As(err, refused) }

func countOf[T any](list []T) string { return strconv.Itoa(len(list)) }

// sameperson takes the name from a credential bound to the wallet's key. Those
// bound to no key belong to whoever they name: without one of the wallet's own
// their names must agree, or it would be a curriculum of two people.
func (a *app) sameperson(w *wallet.Wallet, cv export.CV) (export.CV, error) {
	own := slices.IndexFunc(cv.Lines, func(l export.Line) bool {
		subject, _ := l.Credential.Holder()
		return subject == w.DID()
	})
	var names []string
	for _, l := range cv.Lines {
		name := export.PersonOf(l.Credential).Name
		if subject, _ := l.Credential.Holder(); subject == "" && !slices.ContainsFunc(names, func(n string) bool { return sameName(n, name) }) {
			names = append(names, name)
		}
	}
	switch {
	case len(cv.Lines) == 0:
		return cv, fail(exitInvalid, "cv_empty")
	case own >= 0:
		cv.Person = export.PersonOf(cv.Lines[own].Credential)
	case len(names) > 1:
		return cv, fail(exitUsage, "cv_persons", "names", strings.Join(names, ", "))
	default:
		cv.Person = export.PersonOf(cv.Lines[0].Credential)
	}
	kept := cv.Lines[:0]
	for _, l := range cv.Lines {
		if subject, _ := l.Credential.Holder(); subject == "" && !sameName(export.PersonOf(l.Credential).Name, cv.Person.Name) {
			a.warn("wallet.cv_other", "title", l.Credential.View().Title)
			continue
		}
		kept = append(kept, l)
	}
	cv.Lines = kept
	return cv, nil
}

func sameName(x, y string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(x), " "), strings.Join(strings.Fields(y), " "))
}
