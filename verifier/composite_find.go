package verifier

import (
	"slices"
	"strings"

	"github.com/employment-passport/passport/schema"
)

// componentState is what a component is worth, judged by itself; of two tokens
// with one id the higher state counts.
type componentState int

const (
	componentOpen componentState = iota // nobody can say, or this copy has run out
	componentGood
	componentRevoked
	componentBad // suspended, a broken rule, a stolen key
)

// shown is a credential of this call that may be a component: its signature is
// good and its issuer is a body that the authority names. Anybody else could
// write a component's id into a document of their own.
type shown struct {
	who         *schema.Credential // id, issuer and subject only
	kind, title string
	aims        schema.Aims
	state       componentState
}

// Add takes in what a report shows.
func (m *Company) Add(r *Report) {
	if m.byID == nil {
		m.byID, m.bySuperseded = map[string][]*shown{}, map[string][]*shown{}
	}
	for _, c := range r.credentials {
		d := c.Document
		if c.IssuedBy == "" || d.ID == "" || c.passport() != nil {
			continue
		}
		one := &shown{
			who: slim(d), kind: d.Kind(), title: strings.Clone(d.View().Title), aims: schema.AimsOf(d), state: r.componentState(c.Number),
		}
		m.byID[one.who.ID] = append(m.byID[one.who.ID], one)
		if d.Supersedes != "" {
			old := strings.Clone(d.Supersedes)
			m.bySuperseded[old] = append(m.bySuperseded[old], one)
		}
	}
}

// slim keeps what tells whose and which a credential is, and lets go of the text
// that it was read from.
func slim(d *schema.Credential) *schema.Credential {
	subject, identity := d.Holder()
	who := schema.Subject{ID: strings.Clone(subject)}
	for _, i := range identity {
		if i.Type == schema.IdentityName || i.Type == schema.IdentityBirthDate {
			who.Identity = append(who.Identity, schema.Identity{Type: strings.Clone(i.Type), Value: strings.Clone(i.Value)})
		}
	}
	return &schema.Credential{
		ID: strings.Clone(d.ID), Issuer: schema.Issuer{ID: strings.Clone(d.Issuer.ID)}, Subjects: []schema.Subject{who},
	}
}

// ofTheDevice are the checks on a whole report that speak of everything in it:
// the clock and the bundle. The others speak of a presentation, of another
// credential beside this one, or of what could not be read at all.
var ofTheDevice = []string{CodeClock, CodeNoAnchor, CodeBundleRefused, CodeBundleRollback, CodeBundleExpired, CodeBundleOld}

// componentState judges a credential for itself: who shows it, and in what
// company, are no questions to it, and a copy that has run out says nothing of
// the skill; but one that was suspended before it ran out is suspended. A denied
// token is a forgery, and not the component whose id it bears.
func (r *Report) componentState(number int) componentState {
	top, suspended, revoked := rankValid, false, false
	for _, c := range r.Checks {
		if c.Credential != number && (c.Credential != 0 || !slices.Contains(ofTheDevice, c.Code)) {
			continue
		}
		if c.Code == CodeDenied && c.Outcome == Failed {
			return componentOpen
		}
		rank := c.rank()
		suspended = suspended || rank == rankSuspended
		revoked = revoked || rank == rankRevoked
		if rank != rankHolder && rank > top {
			top = rank
		}
	}
	switch {
	case top > rankRevoked:
		return componentBad
	case revoked:
		return componentRevoked
	case suspended:
		return componentBad
	case top <= rankAmber:
		return componentGood
	}
	return componentOpen
}

// found is what a call shows of one component.
type found struct {
	schema.Component
	shown      *shown // nil: not shown
	successor  *shown // that it counts through
	unseen     bool   // only its successor is shown, whose word it is that it replaces this one
	state      componentState
	ofSomebody bool // it is shown, and belongs to somebody else
	unmet      bool // it is shown and good, and is not what the requirement asks for
}

// find looks for a component and, where it does not stand, for what replaced it.
// meets tells whether what is shown meets the component's requirement. What may
// be the person's, by the id that the composite names, counts for nothing and
// fells it all the same: a birth date written short hides no revocation.
func (m *Company) find(composite *schema.Credential, c schema.Component, meets func(*shown) bool) found {
	f := found{Component: c}
	for _, one := range m.byID[c.ID] {
		switch {
		case !schema.SamePerson(composite, one.who) && !m.fells(composite, one, meets):
			if f.shown == nil {
				f.shown, f.ofSomebody = one, true
			}
		case f.shown == nil, f.ofSomebody, one.state > f.state, one.state == f.state && !meets(f.shown):
			f.shown, f.state, f.ofSomebody = one, one.state, false
		}
	}
	if f.state == componentGood {
		f.unmet = !meets(f.shown)
	}
	if f.state == componentGood || f.ofSomebody {
		return f
	}
	if next := m.successor(c.ID, f.shown, composite, meets, map[string]bool{}); next != nil {
		f.successor, f.state, f.unseen = next, componentGood, f.shown == nil
	}
	return f
}

// fells tells whether what bears a component's id is perhaps the composite's
// person's and has fallen, with nothing valid in its place.
func (m *Company) fells(composite *schema.Credential, one *shown, meets func(*shown) bool) bool {
	return one.state > componentGood && schema.MayBePerson(composite, one.who) &&
		m.successor(one.who.ID, one, composite, meets, map[string]bool{}) == nil
}

// successor follows a chain of replacements to one that is valid and meets what
// the first one met. Who replaced a shown one is its own issuer; it says whose
// the new one is. Of one that is not shown the successor must be a
// micro-credential of the composite's person, and is told, but counts for
// nothing: whose the old one was, nobody has seen, and whoever hides a revoked
// component must gain nothing by it.
func (m *Company) successor(id string, old *shown, composite *schema.Credential, meets func(*shown) bool, seen map[string]bool) *shown {
	if seen[id] {
		return nil
	}
	seen[id] = true
	for _, next := range m.bySuperseded[id] {
		switch {
		case old != nil && (next.who.Issuer.ID != old.who.Issuer.ID || next.kind != old.kind):
		case old == nil && (next.kind != schema.KindMicroCredential || !schema.SamePerson(composite, next.who)):
		case next.state == componentGood && meets(next):
			return next
		default:
			if last := m.successor(next.who.ID, next, composite, meets, seen); last != nil {
				return last
			}
		}
	}
	return nil
}
