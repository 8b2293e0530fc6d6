package paper

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
)

// eachOnA4 draws every sheet as a document of its own. An empty kind takes any.
func eachOnA4(kind string, content func(*a4, schema.View)) func(*page, []Sheet, Options) error {
	return func(p *page, sheets []Sheet, o Options) error {
		for i := range sheets {
			s := &sheets[i]
			if s.Credential == nil {
				return errors.New("a sheet without a credential")
			}
			v := s.Credential.View()
			if kind != "" && v.Kind != kind {
				return fmt.Errorf("%w: a %s on the paper of a %s", ErrKind, v.Kind, kind)
			}
			a, err := p.beginA4(s, o)
			if err != nil {
				return err
			}
			content(a, v)
			if err := a.finish(); err != nil {
				return err
			}
		}
		return nil
	}
}

// micro is the certificate of a micro-credential: the sixteen rows of Annex I
// of the Council Recommendation of 2022, in plain words.
func (a *a4) micro(v schema.View) {
	a.title()
	a.person()
	a.outcomes(v)
	a.skills(v)
	a.space(gap)
	a.fields(a.annex(v))
}

// outcomes is what the person can do: what an employer reads first.
func (a *a4) outcomes(v schema.View) {
	if len(v.Outcomes) == 0 {
		return
	}
	a.heading(colon(a.tongue.words("paper.outcomes")), 8)
	a.list(v.Outcomes)
}

func (a *a4) skills(v schema.View) {
	if len(v.Skills) == 0 {
		return
	}
	var names []string
	for _, s := range v.Skills {
		name := s.Name
		if s.Framework != "" {
			name += " (" + s.Framework + ")"
		}
		names = append(names, name)
	}
	a.space(gap - 1)
	a.field2(field{a.tongue.words("paper.skills"), once(strings.Join(names, "; "))})
}

// field2 writes one particular over the whole width.
func (a *a4) field2(f field) {
	a.need(min(f.height(a.width()), 25))
	a.field(f, margin, a.width())
	a.y += 1.8
}

func colon(b twice) twice {
	for i, s := range b {
		if s != "" {
			b[i] = s + ":"
		}
	}
	return b
}

// annex are the rows of Annex I that the head of the page does not show.
func (a *a4) annex(v schema.View) []field {
	t := a.tongue
	return append(rows(
		field{t.words("paper.awarding"), a.awarding(v)},
		field{t.words("paper.issued"), t.day(v.IssuedOn)},
		field{t.words("paper.period"), a.period(v)},
		field{t.words("paper.length"), a.workload(v)},
		field{t.words("paper.level"), a.level(v)},
		field{t.words("paper.test"), t.terms(v.Assessment)},
		field{t.words("paper.result"), once(v.Result)},
		field{t.words("paper.participation"), t.term(v.Participation)},
		field{t.words("paper.quality"), a.quality(v)},
		field{t.words("paper.supervision"), t.term(v.Supervision)},
		field{t.words("paper.entry"), a.entry(v)},
		field{t.words("paper.stackable"), a.yes(v.Stackable)},
		field{t.words("paper.provider"), once(v.Provider)},
		field{t.words("paper.funded_by"), once(v.FundedBy)},
	), rows(field{t.words("paper.more"), once(v.Note)})...)
}

// awarding is the body that awards, with its region and country.
func (a *a4) awarding(v schema.View) twice {
	return once(joined(v.AwardingBody, a.placeOf()))
}

// period is when the learning was.
func (a *a4) period(v schema.View) twice {
	switch {
	case v.CompletedOn == "":
		return a.tongue.day(v.StartedOn)
	case v.StartedOn == "" || v.StartedOn == v.CompletedOn:
		return a.tongue.day(v.CompletedOn)
	}
	return a.between(v.StartedOn, v.CompletedOn)
}

// between is a span of days.
func (a *a4) between(from, until string) twice {
	return a.tongue.each(func(lang string) string {
		return tongues{lang}.words("paper.from_to", "from", i18n.Date(lang, from), "until", i18n.Date(lang, until))[0]
	})
}

func (a *a4) workload(v schema.View) twice {
	return a.tongue.each(func(lang string) string {
		var parts []string
		one := tongues{lang}
		if v.Workload.Value > 0 {
			key := "paper.hour_count"
			if v.Workload.Unit == "ECTS" {
				key = "paper.ects_count"
			}
			parts = append(parts, one.words(key, "count", i18n.Number(lang, v.Workload.Value))[0])
		}
		if v.Credits > 0 {
			parts = append(parts, one.words("paper.ects_count", "count", i18n.Number(lang, v.Credits))[0])
		}
		return strings.Join(parts, ", ")
	})
}

func (a *a4) level(v schema.View) twice {
	switch {
	case v.Level > 0:
		return a.tongue.words("paper.level_eqf", "level", strconv.Itoa(v.Level))
	case v.LevelNotApplicable:
		return a.tongue.words("paper.level_none")
	}
	return twice{}
}

// quality is who vouches for the course; names and numbers are said once.
func (a *a4) quality(v schema.View) twice {
	both := a.tongue.term(v.Quality.Type)
	for _, part := range []string{v.Quality.Body, v.Quality.Reference, i18n.Date(a.tongue[0], v.Quality.Date)} {
		if part == "" {
			continue
		}
		last := 0
		if both[1] != "" {
			last = 1
		}
		both[last] = strings.TrimPrefix(both[last]+", "+part, ", ")
	}
	return both
}

func (a *a4) entry(v schema.View) twice {
	if len(v.EntryRequirements) == 0 {
		return a.tongue.words("paper.entry_none")
	}
	return once(strings.Join(v.EntryRequirements, "; "))
}

func (a *a4) yes(b bool) twice {
	if b {
		return a.tongue.words("paper.yes")
	}
	return a.tongue.words("paper.no")
}
