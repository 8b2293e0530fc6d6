package schema

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// DefinitionsInForce gives, of signed definitions, those that count on a day: of
// each id and owner one version, ordered by id and owner. It is the one that
// started last; where none has started yet, the one that starts first. Versions
// are names and are not compared: of two that start on one day the one that was
// signed later counts. What has run out, and what is no definition, is left out.
func DefinitionsInForce(all []*Credential, on time.Time) (chosen []*Credential) {
	on = DateOf(on).t
	for _, c := range all {
		d, ok := c.Definition()
		if !ok || !c.ValidUntil.IsZero() && c.ValidUntil.Before(on) {
			continue
		}
		at := slices.IndexFunc(chosen, func(o *Credential) bool {
			other, _ := o.Definition()
			return other.ID == d.ID && other.Owner.ID == d.Owner.ID
		})
		switch {
		case at < 0:
			chosen = append(chosen, c)
		case rathers(c, chosen[at], on):
			chosen[at] = c
		}
	}
	slices.SortFunc(chosen, func(a, b *Credential) int {
		return cmp.Or(strings.Compare(a.definition.ID, b.definition.ID), strings.Compare(a.definition.Owner.ID, b.definition.Owner.ID))
	})
	return chosen
}

// rathers tells whether a counts rather than b.
func rathers(a, b *Credential, on time.Time) bool {
	from, other := a.definition.Starts(), b.definition.Starts()
	switch started := !from.After(on); {
	case started != !other.After(on):
		return started
	case !from.Equal(other):
		return from.After(other) == started
	}
	return cmp.Or(a.ValidFrom.Compare(b.ValidFrom), strings.Compare(a.ID, b.ID)) > 0
}
