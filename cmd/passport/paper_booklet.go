package main

import (
	"context"
	"io"
	"runtime/debug"
	"strings"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/paper"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
	"github.com/spf13/cobra"
)

// printMore are the options of booklets and letters.
type printMore struct {
	learner, contact, definition string
	readingOrder                 bool
	days                         int
}

func (m *printMore) bind(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&m.learner, "learner", "", "all that this holder (a DID) has of this home, instead of IDs")
	f.StringVar(&m.contact, "contact", "", "where a person may ask or object: a desk, an address, opening hours")
	f.StringVar(&m.definition, "definition", "", "booklet and passport: passport definition (file) whose progress and words are printed")
	f.BoolVar(&m.readingOrder, "reading-order", false, "booklet: A5 pages one by one, not laid out for folding")
	f.IntVar(&m.days, "days", paper.DaysToObject, "revocation: days that the person has to object, from the day of the letter")
}

// printOptions completes what paper wants to know.
func (a *app) printOptions(o printOptions, options *paper.Options) error {
	if o.more.days < 1 || o.more.days > 3650 {
		return fail(exitUsage, "letter_days")
	}
	options.Contact, options.InReadingOrder = o.more.contact, o.more.readingOrder
	if o.more.definition == "" {
		return nil
	}
	d, err := a.readDefinition(o.more.definition)
	if err != nil {
		return err
	}
	options.Definition = func(ref schema.DefinitionRef) *schema.PassportDefinition {
		if d.ID != ref.ID || d.Version != ref.Version {
			return nil
		}
		return d
	}
	options.Progress = func(held []*schema.Credential) (have, need int) {
		all := make([]schema.Held, len(held))
		for i, c := range held {
			all[i] = schema.Held{Credential: c, Good: true} // a dated status: what has none is not given
		}
		p := d.Progress(all)
		return p.Have, p.Need
	}
	return nil
}

// ownDefinitions lets a passport of this home be printed with the words of the
// list that the home itself has signed. A file of another home's is printed
// without; that there is no home here is no fault.
func (a *app) ownDefinitions(ctx context.Context, sheets []paper.Sheet, options *paper.Options) {
	given, found := options.Definition, map[schema.DefinitionRef]*schema.PassportDefinition{}
	for _, s := range sheets {
		v := s.Credential.View()
		if v.Passport == nil || given != nil && given(v.Passport.Definition) != nil {
			continue
		}
		_ = a.withIssuer(ctx, false, func(i *issuer.Issuer) error {
			found[v.Passport.Definition] = homeDefinition(ctx, i, v.Passport.Definition)
			return nil
		})
	}
	options.Definition = func(ref schema.DefinitionRef) *schema.PassportDefinition {
		if given != nil {
			if d := given(ref); d != nil {
				return d
			}
		}
		return found[ref]
	}
}

// renderPaper lays sheets out. Booklets of many people are drawn on all cores.
func renderPaper(w io.Writer, layout paper.Layout, sheets []paper.Sheet, options paper.Options) error {
	if layout == paper.LayoutBooklet && !paper.OnePerson(sheets) {
		debug.SetGCPercent(paper.ManyGCPercent)
		return paper.Booklets(w, paper.BookletsOf(sheets), options)
	}
	return paper.Render(w, layout, sheets, options)
}

// readDefinition takes a definition as it was written or as it was signed. It
// says only how many marks the booklet has, so that nobody needs to judge it.
func (a *app) readDefinition(file string) (*schema.PassportDefinition, error) {
	data, err := a.readUpTo(file, maxSheet)
	if err != nil {
		return nil, err
	}
	if text := strings.TrimSpace(string(data)); strings.Count(text, ".") == 2 && !strings.HasPrefix(text, "{") {
		if d := definitionOf(text); d != nil {
			return d, nil
		}
	}
	d, err := schema.ParseDefinition(data)
	if err != nil {
		return nil, fail(exitUsage, "print_definition", "file", file).wrap(err)
	}
	return d, nil
}

// credentialsOf are the ids of what a holder has and has not lost, the oldest
// first, as a booklet grows.
func (a *app) credentialsOf(ctx context.Context, o printOptions, args []string) (ids []string, err error) {
	if o.sheet != "" || len(args) > 0 {
		return nil, fail(exitUsage, "print_learner")
	}
	err = a.withIssuer(ctx, false, func(i *issuer.Issuer) error {
		return i.List(ctx, issuer.Filter{State: issuer.StateIssued}, func(row issuer.Issuance) bool {
			if holderOfToken(row.Token) == o.more.learner {
				ids = append(ids, row.ID)
			}
			return true
		})
	})
	if err == nil && len(ids) == 0 {
		err = fail(exitInvalid, "print_nothing", "holder", o.more.learner)
	}
	return ids, err
}

// holderOfToken is the DID that a token of this home was issued to.
func holderOfToken(token string) string {
	_, payload, err := jose.ParseUnverified(token)
	if err != nil {
		return ""
	}
	c, err := schema.ParseCredential(payload)
	if err != nil {
		return ""
	}
	id, _ := c.Holder()
	return id
}
