package paper

import (
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
)

// attendance says that somebody was there, and in the same breath that nobody
// was assessed: it is the paper most often taken for more than it is.
func (a *a4) attendance(v schema.View) {
	t := a.tongue
	a.title()
	a.person()
	a.space(gap)
	a.framed(t.words("paper.no_exam"))
	d := v.Attendance
	if d == nil {
		return
	}
	a.space(gap)
	a.fields(rows(
		field{t.words("paper.attended"), a.hours(d.HoursAttended, d.HoursPlanned, d.Percent())},
		field{t.words("paper.minimum"), a.percent(d.MinimumAttendance)},
		field{t.words("paper.period"), a.period(v)},
		field{t.words("paper.issued"), t.day(v.IssuedOn)},
		field{t.words("paper.awarding"), a.awarding(v)},
		field{t.words("paper.provider"), once(v.Provider)},
		field{t.words("paper.partners"), once(strings.Join(d.Partners, ", "))},
		field{t.words("paper.programme"), once(d.Programme)},
		field{t.words("paper.activity"), t.term(v.Activity)},
		field{t.words("paper.participation"), t.term(v.Participation)},
		field{t.words("paper.funding"), t.code("paper.funding.", d.Funding)},
		field{t.words("paper.funded_by"), once(v.FundedBy)},
		field{t.words("paper.more"), once(v.Note)},
	))
	if len(d.Topics) > 0 {
		a.heading(colon(t.words("paper.topics")), 8)
		a.list(d.Topics)
	}
}

// hours as people count them: so many of so many.
func (a *a4) hours(attended, planned, share float64) twice {
	return a.tongue.each(func(lang string) string {
		return tongues{lang}.words("paper.attended_of", "attended", i18n.Number(lang, attended), "planned", i18n.Number(lang, planned), "percent", i18n.Number(lang, share))[0]
	})
}

func (a *a4) percent(v float64) twice {
	if v == 0 {
		return twice{}
	}
	return a.tongue.each(func(lang string) string { return i18n.Number(lang, v) + "%" })
}

// framed sets a sentence apart that nobody may overlook.
func (a *a4) framed(text twice) {
	w := a.width()
	h := heightOf(text, w-8, style{face: bold, size: 13}) + 5
	a.need(h)
	w = a.width()
	top := a.y
	a.y += 2.5
	a.both(margin+4, w-8, text, style{face: bold, size: 13})
	a.y += 2.5
	a.rect(box{margin, top, w, a.y - top}, edge)
}
