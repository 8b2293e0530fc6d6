package main

import (
	"errors"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/internal/export"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier/report"
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
// bound to no key belong to whoever they name: all that they say of the person
// must agree, or it would be a curriculum of two people.
func (a *app) sameperson(w *wallet.Wallet, cv export.CV) (export.CV, error) {
	if len(cv.Lines) == 0 {
		return cv, fail(exitInvalid, "cv_empty")
	}
	bound := func(l export.Line) bool {
		subject, _ := l.Credential.Holder()
		return subject == w.DID()
	}
	own := slices.IndexFunc(cv.Lines, bound)
	if own < 0 {
		if names := people(cv.Lines); len(names) > 1 {
			return cv, fail(exitUsage, "cv_persons", "names", strings.Join(names, ", "))
		}
		cv.Person = export.PersonOf(cv.Lines[0].Credential)
		return cv, nil
	}
	mine := slices.Collect(filter(cv.Lines, bound))
	for _, l := range mine {
		if !sameBirth(l.Credential, mine[0].Credential) { // a name may change
			return cv, fail(exitUsage, "cv_persons", "names", named(mine[0].Credential)+", "+named(l.Credential))
		}
	}
	cv.Person = export.PersonOf(mine[0].Credential)
	cv.Lines = slices.Collect(filter(cv.Lines, func(l export.Line) bool {
		if bound(l) {
			return true
		}
		good := !slices.ContainsFunc(mine, func(m export.Line) bool { return !sameBirth(l.Credential, m.Credential) }) &&
			schema.SameName(l.Credential, mine[0].Credential)
		if !good {
			a.warn("wallet.cv_other", "title", l.Credential.View().Title)
		}
		return good
	}))
	return cv, nil
}

func filter(lines []export.Line, keep func(export.Line) bool) iter.Seq[export.Line] {
	return func(yield func(export.Line) bool) {
		for _, l := range lines {
			if keep(l) && !yield(l) {
				return
			}
		}
	}
}

// people names those of whom the lines speak, as far as they contradict each
// other; one name where none does.
func people(lines []export.Line) (names []string) {
	add := func(c *schema.Credential) {
		if name := named(c); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for i, l := range lines {
		for _, o := range lines[i+1:] {
			if !schema.SameName(l.Credential, o.Credential) || !sameBirth(l.Credential, o.Credential) {
				add(l.Credential)
				add(o.Credential)
			}
		}
	}
	return names
}

// sameBirth: a year agrees with every day in it, and silence with all.
func sameBirth(a, b *schema.Credential) bool {
	x, y := report.BirthDate(a), report.BirthDate(b)
	return strings.HasPrefix(x, y) || strings.HasPrefix(y, x)
}

// named is the name, and the date of birth that tells two of one name apart.
func named(c *schema.Credential) string {
	if birth := report.BirthDate(c); birth != "" {
		return export.PersonOf(c).Name + " (" + birth + ")"
	}
	return export.PersonOf(c).Name
}
