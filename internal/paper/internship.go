package paper

import "github.com/employment-passport/passport/schema"

// internship is the final attestation: where, how many hours, and what the
// trainee did, of which only what was rated stands in the document.
func (a *a4) internship(v schema.View) {
	t := a.tongue
	a.title()
	a.person()
	d := v.Internship
	if d == nil {
		return
	}
	a.space(gap)
	a.fields(rows(
		field{t.words("paper.host"), once(nameOfProfile(d.Host))},
		field{t.words("paper.attended"), a.hours(d.HoursAttended, d.HoursPlanned, d.Percent())},
		field{t.words("paper.period"), a.period(v)},
		field{t.words("paper.internship_type"), t.code("paper.internship_type.", d.Type)},
		field{t.words("paper.where"), once(d.Place)},
		field{t.words("paper.working_hours"), once(d.WorkingHours)},
		field{t.words("paper.sector"), a.sector(d.Sector)},
		field{t.words("paper.part_of_course"), once(d.PartOfCourse)},
	))
	a.heading(t.words("paper.activities"), 14)
	for _, activity := range d.Activities {
		a.rated(activity)
	}
	a.both(margin, a.width(), t.words("paper.ratings"), style{ink: soft})
	a.internCompetences(d.Competences)
	a.closing(rows(
		field{t.words("paper.promoter"), once(nameOfProfile(d.Promoter))},
		field{t.words("paper.agreement"), once(d.AgreementRef)},
		field{t.words("paper.plan_ref"), once(d.PlanRef)},
		field{t.words("paper.issued"), t.day(v.IssuedOn)},
		field{t.words("paper.more"), once(v.Note)},
	), a.tutor("paper.promoter_tutor", d.PromoterTutor), a.tutor("paper.host_tutor", d.HostTutor))
}

func nameOfProfile(p *schema.Profile) string {
	if p == nil {
		return ""
	}
	return p.Name
}

// sepBase precedes the codes of the sectors (settori economico-professionali).
const sepBase = "https://w3id.org/employment-passport/sep/"

// sector is a code of the Italian classification, or words.
func (a *a4) sector(code string) twice {
	if code == "" {
		return twice{}
	}
	return a.tongue.each(func(lang string) string {
		if label := schema.Label(sepBase+code, lang); label != "" {
			return label
		}
		return code
	})
}

// rated writes one activity with its rating in a square before it.
func (a *a4) rated(activity schema.Activity) {
	const square = 6.5
	text := activity.Description
	if activity.Code != "" {
		text += " (" + activity.Code + ")"
	}
	f := measure(text, a.width()-square-3, style{})
	a.need(max(f.height, square) + 1)
	a.rect(box{margin, a.y, square, square}, edge)
	a.text(box{margin, a.y + 0.2, square, square}, activity.Rating, style{face: bold, align: 'C'})
	top := a.y
	a.y += 0.6
	a.write(margin+square+3, a.width()-square-3, text, style{})
	a.y = max(a.y, top+square) + 1.2
}

func (a *a4) internCompetences(all []schema.InternCompetence) {
	if len(all) == 0 {
		return
	}
	a.heading(a.tongue.words("paper.competences"), 14)
	for _, c := range all {
		a.need(12)
		a.write(margin, a.width(), c.Name, style{face: bold})
		a.list(append(append([]string(nil), c.Abilities...), c.Knowledge...))
		a.y += 1
	}
}

// tutor is who signs: the name stands once, beside the words of the first
// language.
func (a *a4) tutor(key string, who schema.Tutor) twice {
	name := who.Name
	if who.Role != "" {
		name += ", " + who.Role
	}
	both := a.tongue.words(key)
	both[0] += ": " + name
	return both
}
