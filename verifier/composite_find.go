package verifier

import "github.com/employment-passport/passport/schema"

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
	doc   *schema.Credential
	state componentState
}

type shownAll struct {
	byID, bySuperseded map[string][]shown
}

func shownIn(reports []*Report) shownAll {
	all := shownAll{map[string][]shown{}, map[string][]shown{}}
	for _, r := range reports {
		for _, c := range r.credentials {
			if c.IssuedBy == "" || c.Document.ID == "" || c.passport() != nil {
				continue
			}
			one := shown{c.Document, r.componentState(c.Number)}
			all.byID[one.doc.ID] = append(all.byID[one.doc.ID], one)
			if old := one.doc.Supersedes; old != "" {
				all.bySuperseded[old] = append(all.bySuperseded[old], one)
			}
		}
	}
	return all
}

// componentState judges a credential for itself: who shows it is a question to
// the composite too, and a copy that has run out says nothing of the skill. A
// denied token is a forgery, and not the component whose id it bears.
func (r *Report) componentState(number int) componentState {
	top := rankValid
	for _, c := range r.Checks {
		if c.Credential != 0 && c.Credential != number || c.Code == CodePresentationMissing || c.Code == CodeMemberUnsupported {
			continue
		}
		if c.Code == CodeDenied && c.Outcome == Failed {
			return componentOpen
		}
		if rank := c.rank(); rank != rankHolder && rank > top {
			top = rank
		}
	}
	switch {
	case top <= rankAmber:
		return componentGood
	case top == rankRevoked:
		return componentRevoked
	case top == rankSuspended, top > rankRevoked:
		return componentBad
	}
	return componentOpen
}

// found is what a call shows of one component.
type found struct {
	schema.Component
	shown      *schema.Credential // nil: not shown
	successor  *schema.Credential // that it counts through
	state      componentState
	ofSomebody bool // it is shown, and belongs to somebody else
}

// find looks for a component and, where it does not stand, for what replaced it.
func (all shownAll) find(composite *schema.Credential, c schema.Component) found {
	f := found{Component: c}
	for _, one := range all.byID[c.ID] {
		switch {
		case !schema.SamePerson(composite, one.doc):
			f.ofSomebody = true
		case f.shown == nil || one.state > f.state:
			f.shown, f.state = one.doc, one.state
		}
	}
	if f.state == componentGood || f.shown == nil && f.ofSomebody {
		return f
	}
	if next := all.successor(c.ID, f.shown, composite, map[string]bool{}); next != nil {
		f.successor, f.state = next, componentGood
	}
	return f
}

// successor follows a chain of replacements to one that is valid. Who replaced
// a shown one is its own issuer; it says whose the new one is. Of one that is
// not shown the successor must name the composite's person itself.
func (all shownAll) successor(id string, old, composite *schema.Credential, seen map[string]bool) *schema.Credential {
	if seen[id] {
		return nil
	}
	seen[id] = true
	for _, next := range all.bySuperseded[id] {
		switch {
		case old != nil && (next.doc.Issuer.ID != old.Issuer.ID || next.doc.Kind() != old.Kind()):
		case old == nil && !schema.SamePerson(composite, next.doc):
		case next.state == componentGood:
			return next.doc
		default:
			if last := all.successor(next.doc.ID, next.doc, composite, seen); last != nil {
				return last
			}
		}
	}
	return nil
}
