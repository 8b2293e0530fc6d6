package schema

import "strings"

// SamePerson tells whether two credentials speak of the same person: both name
// the same subject id, or where one of them names none the same name and the
// same date of birth, both of which must be there.
func SamePerson(a, b *Credential) bool { return personOf(a).is(personOf(b)) }

// person is what tells one person from another.
type person struct{ id, name, birth string }

func personOf(c *Credential) person {
	id, identity := c.Holder()
	p := person{id: id}
	for _, i := range identity {
		switch i.Type {
		case IdentityName:
			p.name = strings.ToLower(strings.Join(strings.Fields(i.Value), " "))
		case IdentityBirthDate:
			p.birth = i.Value
		}
	}
	return p
}

func (p person) is(q person) bool {
	if p.id != "" && q.id != "" {
		return p.id == q.id
	}
	return p.name != "" && p.birth != "" && p.name == q.name && p.birth == q.birth
}

// people sorts credentials by whose they are and keeps their order. What names
// no subject id goes to every person with that name and date of birth.
func people(all []*Credential) [][]*Credential {
	persons := make([]person, len(all))
	for i, c := range all {
		persons[i] = personOf(c)
	}
	var groups [][]*Credential
	seen := map[person]bool{}
	for _, p := range persons {
		leader := p
		if leader.id != "" {
			leader = person{id: p.id}
		}
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
	known := map[person]bool{}
	for _, p := range persons {
		if leader.id != "" && p.id == leader.id && p.name != "" && p.birth != "" {
			known[person{name: p.name, birth: p.birth}] = true
		}
	}
	for i, p := range persons {
		own := leader.id != "" && p.id == leader.id
		paper := p.id == "" && p.name != "" && p.birth != "" && (known[p] || p == leader)
		if own || paper {
			mine = append(mine, all[i])
		}
	}
	return mine
}
