package main

import (
	"context"
	"strconv"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/sheet"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// scanOptions: instead of typing a class, the desk scans what people carry.
type scanOptions struct {
	files []string
	hours float64
	on    string
	trust verifyOptions
}

// runIssueScan signs one document for each person whose paper or phone was
// scanned. Only what is valid names a person; a person who showed several
// documents is one person; the same scans again issue nothing twice.
func runIssueScan(ctx context.Context, a *app, o issueOptions) error {
	people, err := a.scannedPeople(ctx, o.scan)
	if err != nil {
		return err
	}
	rows := make([]sheet.Row, len(people))
	for n, learner := range people {
		rows[n] = sheet.Row{Learner: learner, Key: sheet.Key(o.issuer, o.template, learner)}
	}
	return a.withIssuer(ctx, true, func(i *issuer.Issuer) error {
		issued, err := a.issueRows(ctx, i, o, rows)
		for _, row := range issued {
			if row.Repeated {
				a.warn("issue.scanned_before", "id", row.ID)
			}
		}
		return err
	})
}

// scannedPeople reads every file and gives each person once, in the order of
// the scans. A scan that names nobody for certain stops the whole: nobody who
// was there may be lost without a word.
func (a *app) scannedPeople(ctx context.Context, o scanOptions) ([]schema.Learner, error) {
	setup, err := a.verifySetup(ctx, o.trust)
	if err != nil {
		return nil, err
	}
	inputs, _, err := a.verifyInputs(o.files)
	if err != nil {
		return nil, err
	}
	var people []schema.Learner
	var seen []*schema.Credential
	for _, in := range inputs {
		read, problem := a.readVerifyInput(ctx, setup, in)
		if problem != nil {
			return nil, problem
		}
		if len(read.Told) > 0 { // something in it could not be read: somebody may be missing
			return nil, fail(exitInvalid, "scan_not_valid", "file", in.name)
		}
		credentials, assertions := credentialTokens(read.Tokens)
		for _, token := range credentials {
			report, err := setup.verify(ctx, append([]string{token}, assertions...))
			if err != nil {
				return nil, err
			}
			found := report.Credentials()
			if report.Verdict != verifier.Valid || len(found) != 1 {
				return nil, fail(exitInvalid, "scan_not_valid", "file", in.name)
			}
			c := found[0].Document
			if schema.HeldByOrganisation(c.Kind()) {
				return nil, fail(exitInvalid, "scan_nobody", "file", in.name)
			}
			switch before := known(seen, c); {
			case before == nil:
			case !schema.SameName(before, c): // one key under two names: who was there?
				return nil, fail(exitInvalid, "scan_nobody", "file", in.name)
			default:
				continue
			}
			seen = append(seen, c)
			people = append(people, attendant(c, o))
		}
	}
	if len(people) == 0 {
		return nil, fail(exitInvalid, "scan_nobody", "file", strconv.Itoa(len(inputs)))
	}
	return people, nil
}

// known gives the credential of the same person among those seen.
func known(seen []*schema.Credential, c *schema.Credential) *schema.Credential {
	for _, s := range seen {
		if schema.SamePerson(s, c) {
			return s
		}
	}
	return nil
}

// attendant is who the credential speaks of, with what the desk says of today
// and nothing of what the credential was given for.
func attendant(c *schema.Credential, o scanOptions) schema.Learner {
	l := c.Learner()
	l.DocumentNumber, l.Result, l.Details = "", "", ""
	l.StartedOn, l.CompletedOn, l.HoursAttended = o.on, o.on, o.hours
	return l
}
