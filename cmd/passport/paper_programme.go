package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/employment-passport/passport/internal/paper"
)

// printProgramme is print --layout programme: the calendar of workshops of a
// file, in the file's language and beside it in that of --lang-holder.
func (a *app) printProgramme(o printOptions, options paper.Options, args []string) error {
	if len(args) != 1 {
		return fail(exitUsage, "programme_input")
	}
	data, err := a.readUpTo(args[0], paper.MaxProgramme)
	if err != nil {
		return err
	}
	p, err := paper.ParseProgramme(data)
	if err != nil {
		return err
	}
	var pdf bytes.Buffer
	if err := paper.PrintProgramme(&pdf, p, [2]string{firstOf(p.Language, a.lang), o.holder}, options); err != nil {
		return paperFailure(o.layout, err)
	}
	out, err := a.openTarget(o.out)
	if err != nil {
		return err
	}
	defer out.drop()
	if err := out.write(pdf.Bytes()); err != nil || o.out == "-" {
		return err
	}
	if a.json {
		return json.NewEncoder(a.out).Encode(struct {
			File      string `json:"file"`
			Layout    string `json:"layout"`
			Workshops int    `json:"workshops"`
		}{o.out, o.layout, len(p.Workshops)})
	}
	_, err = fmt.Fprintln(a.out, o.out)
	return err
}
