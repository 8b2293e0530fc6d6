package main

import (
	"bytes"

	"github.com/employment-passport/passport/internal/export"
	"github.com/employment-passport/passport/internal/paper"
)

// cvPaper lays a curriculum out on paper. The holder's summary stands among the
// holder's own words, where it is marked as such.
func cvPaper(w *bytes.Buffer, cv export.CV, o export.Options) error {
	plain := export.PlainOf(cv)
	d := paper.CVData{
		Language: cv.Language, Name: cv.Person.Full(), OriginalName: cv.Person.OriginalScript, Contact: plain.Contact, AsOf: plain.AsOf,
	}
	for _, e := range plain.Entries {
		d.Lines = append(d.Lines, paper.CVLine{Title: e.Title, Issuer: e.Body, Date: e.Date, About: e.About, Details: e.Details, Verified: e.Verified, QR: e.QR})
	}
	for _, l := range cv.Lines {
		if l.Verified {
			d.Tokens = append(d.Tokens, l.Token)
		}
	}
	for _, s := range plain.Own {
		section := paper.CVSection{Title: s.Title}
		for _, i := range s.Items {
			section.Items = append(section.Items, paper.CVItem{When: i.When, Title: i.Title, Where: i.Where, Text: i.Text})
		}
		d.Own = append(d.Own, section)
	}
	return paper.CV(w, d, paper.Options{Now: o.Now})
}
