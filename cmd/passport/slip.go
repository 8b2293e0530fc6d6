package main

import (
	"bytes"
	"slices"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/paper"
	"github.com/employment-passport/passport/issuer/issuervci"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier/intake"
)

// openSlip opens the file of a claim slip before an offer is made: links are
// shown once, and none must be lost to a folder that is not there.
func (a *app) openSlip(o offerOptions) (*target, error) {
	if o.holder != "" && !slices.Contains(i18n.Languages, o.holder) {
		return nil, fail(exitUsage, "print_language", "language", o.holder)
	}
	return a.openTarget(o.slip)
}

// drawSlip draws the claim slip of an offer, where one is wanted.
func (a *app) drawSlip(out *target, o offerOptions, made *issuervci.Made, learner schema.Learner) error {
	if o.slip == "" {
		return nil
	}
	title := ""
	for n, t := range made.Titles {
		if n > 0 {
			title += " · "
		}
		title += t
	}
	var pdf bytes.Buffer
	err := paper.Slips(&pdf, []paper.SlipData{{
		Name: nameOn(learner), Title: title, Issuer: made.Body, Reference: intake.FirstRunes(made.ID, 6), Link: made.Link, Code: made.TxCode, Until: made.Expires,
		Languages: [2]string{a.language(), o.holder},
	}}, paper.Options{Now: a.now()})
	if err != nil {
		return paperFailure("slip", err)
	}
	return out.write(pdf.Bytes())
}

// nameOn is whose slip it is.
func nameOn(l schema.Learner) string {
	return firstOf(l.Organisation, l.Name, strings.TrimSpace(l.GivenName+" "+l.FamilyName))
}
