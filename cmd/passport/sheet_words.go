package main

import (
	"errors"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/issuer/sheet"
)

// saySheet says the faults of a sheet, and which columns were left out: a
// misspelt header must not go unnoticed.
func (a *app) saySheet(s *sheet.Sheet) {
	if len(s.Ignored) > 0 {
		a.tell("sheet.ignored", "columns", strings.Join(s.Ignored, ", "))
	}
	for _, f := range s.Faults {
		a.say("fault", a.sheetFault(f))
	}
	if s.TooManyFaults {
		a.tell("sheet.more_faults", "count", strconv.Itoa(len(s.Faults)))
	}
}

// sheetFault says a fault in words: where it is, what is wrong.
func (a *app) sheetFault(f sheet.Fault) string {
	args := map[string]string{"row": strconv.Itoa(f.Row), "column": f.Column, "message": a.sheetMessage(f)}
	if f.Column == "" {
		return oneLine(i18n.T(a.lang, "sheet.at.row", args))
	}
	return oneLine(i18n.T(a.lang, "sheet.at.cell", args))
}

// sheetMessage says what is wrong without the place, as a report needs it.
// What no rule of the sheet says comes from the rules of the document.
func (a *app) sheetMessage(f sheet.Fault) string {
	for _, key := range []string{"sheet.fault." + f.Code, "error." + f.Code} {
		if i18n.Has(key) {
			return oneLine(i18n.T(a.lang, key, f.Args))
		}
	}
	return f.Code
}

// sheetError turns a file that is no sheet into a failure with its hint.
func sheetError(err error) error {
	var bad *sheet.Error
	if !errors.As(err, &bad) {
		return err
	}
	f := fail(exitUsage, bad.Code).wrap(err)
	f.args = bad.Args
	return f
}
