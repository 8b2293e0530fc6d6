package main

import (
	"testing"

	"github.com/employment-passport/passport/internal/export"
	"github.com/employment-passport/passport/schema"
)

func lineOf(name, birth string) export.Line {
	who := []schema.Identity{{Type: schema.IdentityName, Value: name}}
	if birth != "" {
		who = append(who, schema.Identity{Type: schema.IdentityBirthDate, Value: birth})
	}
	return export.Line{Credential: &schema.Credential{Subjects: []schema.Subject{{Identity: who}}}}
}

// TestACurriculumIsOfOnePerson: two of one name who were born on two days are
// two people; a year agrees with a day in it, and who says less with all.
func TestACurriculumIsOfOnePerson(t *testing.T) {
	for _, c := range []struct {
		lines []export.Line
		want  int
	}{
		{[]export.Line{lineOf("Ali Hassan", "1994-03-12"), lineOf("Ali Hassan", "1988-01-02")}, 2},
		{[]export.Line{lineOf("Ali Hassan", "1994"), lineOf("Ali Hassan", "1994-03-12"), lineOf("Ali Hassan", "1994-03-13")}, 2},
		{[]export.Line{lineOf("Ali Hassan", "1994-03-12"), lineOf("ali  hassan", "1994")}, 0},
		{[]export.Line{lineOf("Ali Hassan", "1994-03-12"), lineOf("Ali Hassan", "")}, 0},
		{[]export.Line{lineOf("Ali Hassan", ""), lineOf("Amina Diallo", "")}, 2},
	} {
		if names := people(c.lines); len(names) != c.want {
			t.Errorf("%q, want %d", names, c.want)
		}
	}
}
