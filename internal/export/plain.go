package export

import (
	"strings"
	"time"

	"github.com/employment-passport/passport/schema"
)

// Plain is a curriculum in words that are ready to be laid out, for whoever
// draws it: paper does. What is verified stays apart from what is not, and both
// from the holder's own words.
type Plain struct {
	Contact []string
	AsOf    time.Time // the oldest status of what is verified; zero for none
	Entries []Entry
	Own     []Section
}

// Entry is one document. Date is that of issuing, YYYY-MM-DD.
type Entry struct {
	Title, Body, Date string
	About             string   // when it was learned, how long it took, its level
	Details           []string // what the person can do
	Verified          bool
	QR                string
}

// Section is a part of the holder's own words.
type Section struct {
	Title string
	Items []Item
}

// Item is one thing that the holder says.
type Item struct{ When, Title, Where, Text string }

// PlainOf sorts and words a curriculum.
func PlainOf(cv CV) Plain {
	c := sorted(cv)
	p := Plain{}
	for _, r := range c.all() {
		if r.line == nil {
			continue
		}
		p.Entries = append(p.Entries, Entry{
			Title: c.role(r), Body: c.where(r), Date: r.view.IssuedOn, About: c.about(r), Details: c.details(r), Verified: r.line.Verified, QR: r.line.QR,
		})
		if asOf := r.line.AsOf; r.line.Verified && !asOf.IsZero() && (p.AsOf.IsZero() || asOf.Before(p.AsOf)) {
			p.AsOf = asOf
		}
	}
	c.plainOwn(&p)
	return p
}

// about is what stands under a line and is nothing that a person can do.
func (c *curriculum) about(r record) string {
	when, extra := c.period(r.from, r.until), c.extra(r)
	if when == "" || extra == "" {
		return when + extra
	}
	return when + " · " + extra
}

// details are the outcomes, and of a skills assessment each skill with the word
// that says how it is known.
func (c *curriculum) details(r record) []string {
	all := append([]string(nil), r.outcomes...)
	if r.view.Assessed == nil {
		return all
	}
	for _, s := range r.view.Assessed.Skills {
		all = append(all, s.Name+" ("+c.known(skill{line: r.line, evidence: s.Evidence})+")")
	}
	for _, l := range r.view.Assessed.Known {
		all = append(all, strings.TrimSuffix(schema.LanguageName(l.Language, c.Language)+": "+c.fluency(l), ": "))
	}
	return all
}

func (c *curriculum) plainOwn(p *Plain) {
	if c.Own.empty() {
		return
	}
	own := c.pageOwn()
	p.Contact = own.Contact
	add := func(key string, items []Item) {
		if len(items) > 0 {
			p.Own = append(p.Own, Section{c.t("export.cv." + key), items})
		}
	}
	episodes := func(records []cvRecord) (items []Item) {
		for _, r := range records {
			items = append(items, Item{r.When, r.Title, r.Where, r.Text})
		}
		return items
	}
	if own.Summary != "" {
		add("summary", []Item{{Text: own.Summary}})
	}
	add("experiences", episodes(own.Work))
	add("studies", episodes(own.Education))
	var spoken, can []Item
	for _, l := range own.Languages {
		spoken = append(spoken, Item{Title: l.Name, Text: l.Fluency})
	}
	add("languages", spoken)
	for _, s := range own.Skills {
		can = append(can, Item{Title: s})
	}
	add("skills", can)
}
