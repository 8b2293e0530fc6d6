package schema

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// SamePerson tells whether two credentials speak of the same person: both name
// the same subject id and no different dates of birth, or where one of them
// names no id the same name and the same date of birth, both of which must be
// there. A key does not change its person, but a name may change: SameName asks
// for that.
func SamePerson(a, b *Credential) bool { return personOf(a).is(personOf(b)) }

// MayBePerson tells whether two credentials may speak of the same person: all
// that SamePerson takes for one, and where one of them names no subject id the
// same name with dates of birth that do not contradict each other, 1994 and a
// day of 1994. Too little to count by, and enough to warn.
func MayBePerson(a, b *Credential) bool {
	p, q := personOf(a), personOf(b)
	return p.is(q) || (p.id == "" || q.id == "") && p.name != "" && p.name == q.name && p.bornAs(q)
}

// SameName tells whether two credentials call their person the same, but for
// case, spaces and the way in which Unicode writes an accent. One that says no
// name contradicts none.
func SameName(a, b *Credential) bool {
	p, q := personOf(a).name, personOf(b).name
	return p == "" || q == "" || p == q
}

// person is what tells one person from another.
type person struct{ id, name, birth string }

func personOf(c *Credential) person {
	id, identity := c.Holder()
	p := person{id: id}
	for _, i := range identity {
		switch i.Type {
		case IdentityName:
			p.name = norm.NFC.String(strings.ToLower(norm.NFC.String(strings.Join(strings.Fields(i.Value), " "))))
		case IdentityBirthDate:
			p.birth = i.Value
		}
	}
	return p
}

func (p person) is(q person) bool {
	if p.id != "" && q.id != "" {
		return p.id == q.id && p.bornAs(q)
	}
	return p.name != "" && p.birth != "" && p.name == q.name && p.birth == q.birth
}

// bornAs tells whether no date of birth contradicts the other.
func (p person) bornAs(q person) bool {
	return strings.HasPrefix(p.birth, q.birth) || strings.HasPrefix(q.birth, p.birth)
}

// says tells whether p says of itself all that q says, so that any two of those
// that one person says agree: 1994 agrees with two birthdays, which do not agree
// with each other.
func (p person) says(q person) bool {
	return p.id == q.id && strings.HasPrefix(p.birth, q.birth) && (q.name == "" || q.name == p.name)
}

// people sorts credentials by whose they are and keeps their order. What names
// no subject id goes to every person with that name and date of birth. One key
// under two names, or with two dates of birth, is two people here: whether it is
// one, somebody must ask.
func people(all []*Credential) [][]*Credential {
	persons := make([]person, len(all))
	for i, c := range all {
		persons[i] = personOf(c)
	}
	var groups [][]*Credential
	seen := map[person]bool{}
	for _, leader := range persons {
		if seen[leader] {
			continue
		}
		seen[leader] = true
		if mine := belonging(leader, all, persons); len(mine) > 0 {
			groups = append(groups, mine)
		}
	}
	return groups
}

// belonging gives the credentials of one person: of a subject id, or of a name
// and a date of birth.
func belonging(leader person, all []*Credential, persons []person) (mine []*Credential) {
	for i, p := range persons {
		own := leader.id != "" && leader.says(p)
		paper := p.id == "" && p.name != "" && p.birth != "" && p.name == leader.name && p.birth == leader.birth
		if own || paper {
			mine = append(mine, all[i])
		}
	}
	return mine
}

// ofPerson keeps what is good for somebody: the same person by the same name.
func ofPerson(who *Credential, held []Held) []Held {
	return slices.DeleteFunc(slices.Clone(held), func(h Held) bool {
		return h.Credential == nil || !SamePerson(who, h.Credential) || !SameName(who, h.Credential)
	})
}
