package schema

import "testing"

// One key is one person, unless it is said to be born on two days. Names under
// one key are compared apart, and spelled as they are heard.
func TestOneKeyTwoPeople(t *testing.T) {
	d := example(t)
	someone := func(holder, name, birth string) *Credential {
		m := ofAmina(1, 1, 10, 0)
		m.holder, m.name, m.birth = holder, name, birth
		return m.credential(t, d)
	}
	amina := someone(aminaDID, "Amina Diallo", "1994-03-12")
	for name, c := range map[string]struct {
		other        *Credential
		person, call bool
		maybe        bool
	}{
		"the same":                        {someone(aminaDID, "Amina Diallo", "1994-03-12"), true, true, true},
		"another birthday":                {someone(aminaDID, "Amina Diallo", "1980-01-01"), false, true, false},
		"the year of the birthday":        {someone(aminaDID, "Amina Diallo", "1994"), true, true, true},
		"another year":                    {someone(aminaDID, "Amina Diallo", "1999"), false, true, false},
		"another name":                    {someone(aminaDID, "Bruno Neri", "1994-03-12"), true, false, true},
		"capitals and spaces":             {someone(aminaDID, "AMINA  Diallo", "1994-03-12"), true, true, true},
		"no key":                          {someone("", "Amina Diallo", "1994-03-12"), true, true, true},
		"no key, the year only":           {someone("", "Amina Diallo", "1994"), false, true, true},
		"another key, name and day alike": {someone(otherDID, "Amina Diallo", "1994-03-12"), false, true, false},
		"no key, another year":            {someone("", "Amina Diallo", "1999"), false, true, false},
		"no key, another name":            {someone("", "Bruno Neri", "1994"), false, false, false},
	} {
		if got := SamePerson(amina, c.other); got != c.person || SamePerson(c.other, amina) != got {
			t.Errorf("%s: the same person %v", name, got)
		}
		if got := MayBePerson(amina, c.other); got != c.maybe || MayBePerson(c.other, amina) != got {
			t.Errorf("%s: perhaps the same person %v", name, got)
		}
		if got := SameName(amina, c.other); got != c.call {
			t.Errorf("%s: the same name %v", name, got)
		}
	}
	composed, decomposed := someone("", "Zoë D’Amico", "1994-03-12"), someone("", "ZOE\u0308 D’Amico", "1994-03-12")
	if !SamePerson(composed, decomposed) {
		t.Error("an accent written in two ways makes two people")
	}
}

// Two people under one key are not counted together, and a year of birth joins
// nobody to two birthdays.
func TestProgressOfOneKeyUnderTwoNames(t *testing.T) {
	d := example(t)
	bruno := ofAmina(2, 2, 10, 1)
	bruno.name = "Bruno Neri"
	younger := ofAmina(3, 3, 10, 2)
	younger.birth = "1994-11-01"
	year := ofAmina(4, 4, 10, 3)
	year.birth = "1994"
	list := held(t, d, ofAmina(1, 1, 10, 0), bruno, younger, year)
	if p := d.Progress(list); p.Have != 2 {
		t.Errorf("%v", p.Met)
	}
	if p := d.ProgressOf(bruno.credential(t, d), list); p.Have != 1 || p.Met[0].ID != idNumber(2) {
		t.Errorf("of Bruno: %v", p.Met)
	}
}

// A learner with one less than somebody else is counted alone.
func TestProgressOfLeavesOthersOut(t *testing.T) {
	d := example(t)
	ahead := []micro{ofAmina(1, 1, 10, 0), ofAmina(2, 2, 10, 1), ofAmina(3, 3, 10, 2)}
	mine := ofAmina(4, 4, 10, 0)
	mine.holder, mine.name, mine.birth = otherDID, "Bruno Neri", "1980-01-01"
	p := d.ProgressOf(mine.credential(t, d), held(t, d, append(ahead, mine)...))
	if p.Have != 1 || p.Met[0].ID != idNumber(4) || p.Missing[0].Ref != "LC-P2" {
		t.Errorf("%v, missing %v", p.Met, p.Missing)
	}
}
