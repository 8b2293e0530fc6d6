package main

import (
	"encoding/csv"
	"errors"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
)

// references are the credentials that a command is about: one argument, or the
// column of a sheet.
func (a *app) references(file string, args []string) ([]string, error) {
	if (file == "") == (len(args) == 0) {
		return nil, fail(exitUsage, "credential_missing")
	}
	if file == "" {
		return args, nil
	}
	data, err := a.readUpTo(file, maxSheet)
	if err != nil {
		return nil, err
	}
	refs, err := readReferences(string(data))
	if err != nil {
		return nil, fail(exitUsage, "references_form", "file", file).wrap(err)
	}
	return refs, nil
}

// readReferences takes the column headed id, or else documentNumber, of a CSV
// with commas or semicolons; a sheet of one column may do without a header. A
// report of "issue --sheet" is such a sheet.
func readReferences(text string) ([]string, error) {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	r.FieldsPerRecord = -1
	if head, _, _ := strings.Cut(text, "\n"); strings.Count(head, ";") > strings.Count(head, ",") {
		r.Comma = ';'
	}
	rows, err := r.ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, errors.Join(errors.New("no rows"), err)
	}
	column := referenceColumn(rows[0])
	switch {
	case column >= 0:
		rows = rows[1:]
	case len(rows[0]) == 1:
		column = 0
	default:
		return nil, errors.New("no column of ids")
	}
	var refs []string
	for _, row := range rows {
		if column < len(row) && strings.TrimSpace(row[column]) != "" {
			refs = append(refs, strings.TrimSpace(row[column]))
		}
	}
	if len(refs) == 0 {
		return nil, errors.New("no ids")
	}
	return refs, nil
}

// referenceColumn finds the column by its head; -1 is none.
func referenceColumn(head []string) int {
	for _, wanted := range [][]string{{"id"}, {"documentnumber", "document number", "numero attestato", "número de certificado", "αριθμός βεβαίωσης", "numer zaświadczenia"}} {
		for n, cell := range head {
			for _, w := range wanted {
				if strings.ToLower(strings.TrimSpace(cell)) == w {
					return n
				}
			}
		}
	}
	return -1
}

// failureWords is the sentence of a failure.
func (a *app) failureWords(f *failure) string {
	if key := "error." + f.code; i18n.Has(key) {
		return oneLine(i18n.T(a.lang, key, f.args))
	}
	return oneLine(f.Error())
}
