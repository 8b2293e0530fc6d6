package schema

import (
	"cmp"
	"slices"
	"strings"
)

// Held is a credential that somebody holds. Good says that the caller has had
// it judged and found valid; nothing else counts.
type Held struct {
	Credential *Credential
	Good       bool
}

// Progress is how far somebody is on the way to a passport. Met and Missing
// stand in the order of the definition's requirements.
type Progress struct {
	Have     int // requirements met
	Need     int // the definition's minimum
	Met      []Component
	Missing  []Requirement
	Complete bool
}

// Meets tells whether a credential meets a requirement, as Meet does of what
// decides it. Whether the credential is valid is not asked.
func (d *PassportDefinition) Meets(r Requirement, c *Credential) bool {
	return AimsOf(c).Meet(r)
}

func (r Requirement) names(a Alignment) bool {
	return r.URI != "" && a.URL == r.URI || r.Code != "" && a.Framework == r.Framework && a.Code == r.Code
}

// Aims is what of a credential decides which requirements it meets, without the
// text that the credential was read from.
type Aims struct {
	micro     bool
	issuer    string
	level     int
	alignment []Alignment
}

// AimsOf keeps what Meet asks for.
func AimsOf(c *Credential) Aims {
	m, ok := c.Document()
	if !ok || m.Kind != KindMicroCredential {
		return Aims{}
	}
	a := Aims{micro: true, issuer: strings.Clone(c.Issuer.ID), level: c.View().Level}
	for _, one := range m.Subject.Achievement.Alignment {
		a.alignment = append(a.alignment, Alignment{
			Framework: strings.Clone(one.Framework), Code: strings.Clone(one.Code), URL: strings.Clone(one.URL),
		})
	}
	return a
}

// Meet tells whether they are of a micro-credential that is aligned with the
// requirement by framework and code or by URI, at its level or above, from a
// body that it accepts.
func (a Aims) Meet(r Requirement) bool {
	return a.micro && (len(r.AcceptedBodies) == 0 || contains(r.AcceptedBodies, a.issuer)) &&
		(r.MinLevel == 0 || a.level >= r.MinLevel) && slices.ContainsFunc(a.alignment, r.names)
}

// Progress counts the good credentials of one person. Of several that meet the
// same requirement the newest counts, of one course taken twice the newest
// copy; one credential meets one requirement, chosen so that as many as
// possible are met. Where held has credentials of several people, those of the
// person who has got furthest are counted; see ProgressOf for a certain one.
func (d *PassportDefinition) Progress(held []Held) Progress {
	best := d.count(nil)
	for _, mine := range people(good(held)) {
		if p := d.count(mine); p.Have > best.Have {
			best = p
		}
	}
	return best
}

// ProgressOf counts the good credentials of the person that who speaks of, and
// of nobody else, however far others have got.
func (d *PassportDefinition) ProgressOf(who *Credential, held []Held) Progress {
	return d.count(good(ofPerson(who, held)))
}

// good gives what counts, newest first, each id once.
func good(held []Held) []*Credential {
	var all []*Credential
	for _, h := range held {
		if h.Good && h.Credential != nil {
			all = append(all, h.Credential)
		}
	}
	slices.SortStableFunc(all, newestFirst)
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(c *Credential) bool {
		again := seen[c.ID]
		seen[c.ID] = true
		return again || c.ID == "" // a component is named by its id
	})
}

func newestFirst(a, b *Credential) int {
	return cmp.Or(b.ValidFrom.Compare(a.ValidFrom), strings.Compare(a.ID, b.ID), strings.Compare(string(a.Raw), string(b.Raw)))
}

// course is one course of one body, with the copies that a person holds of its
// credential, newest first.
type course []*Credential

// meeting is the newest copy that meets r, nil for none.
func (c course) meeting(d *PassportDefinition, r Requirement) *Credential {
	for _, one := range c {
		if d.Meets(r, one) {
			return one
		}
	}
	return nil
}

// count assigns one person's credentials, newest first, to requirements.
func (d *PassportDefinition) count(mine []*Credential) Progress {
	m := matching{by: map[int]int{}}
	courses := coursesOf(mine)
	for _, r := range d.Requirements {
		m.able = append(m.able, able(d, r, courses))
	}
	p := Progress{Need: d.Minimum}
	for i := range d.Requirements {
		m.assign(i, map[int]bool{})
	}
	taken := map[int]int{} // requirement → course
	for course, requirement := range m.by {
		taken[requirement] = course
	}
	for i, r := range d.Requirements {
		if course, ok := taken[i]; ok {
			p.Met = append(p.Met, Component{ID: courses[course].meeting(d, r).ID, Requirement: r.Ref})
		} else {
			p.Missing = append(p.Missing, r)
		}
	}
	p.Have = len(p.Met)
	p.Complete = p.Have >= p.Need && p.Have > 0
	return p
}

func coursesOf(mine []*Credential) (all []course) {
	at := map[string]int{}
	for _, c := range mine {
		m, ok := c.Document()
		if !ok {
			continue
		}
		name := c.Issuer.ID + " " + m.Subject.Achievement.ID
		if m.Subject.Achievement.ID == "" {
			name = c.ID
		}
		if i, known := at[name]; known {
			all[i] = append(all[i], c)
			continue
		}
		at[name] = len(all)
		all = append(all, course{c})
	}
	return all
}

// able lists the courses that meet r, the one with the newest such copy first.
func able(d *PassportDefinition, r Requirement, courses []course) []int {
	var list []int
	newest := map[int]*Credential{}
	for i, c := range courses {
		if one := c.meeting(d, r); one != nil {
			list, newest[i] = append(list, i), one
		}
	}
	slices.SortFunc(list, func(a, b int) int { return newestFirst(newest[a], newest[b]) })
	return list
}

// matching joins requirements and courses, each once (augmenting paths, Kuhn
// 1955): somebody whose course would meet two requirements is not told that
// one of them is missing while another course of theirs stands by unused.
type matching struct {
	able [][]int
	by   map[int]int // course → requirement
}

func (m *matching) assign(requirement int, tried map[int]bool) bool {
	for _, course := range m.able[requirement] {
		if tried[course] {
			continue
		}
		tried[course] = true
		if other, taken := m.by[course]; !taken || m.assign(other, tried) {
			m.by[course] = requirement
			return true
		}
	}
	return false
}
