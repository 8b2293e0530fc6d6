package issuer

import (
	"strings"
	"time"

	"github.com/employment-passport/passport/schema"
)

// personOf is a credential that says who somebody is, and nothing else.
func personOf(l schema.Learner) *schema.Credential {
	s := schema.Subject{ID: l.Holder, Identity: []schema.Identity{{Type: schema.IdentityName, Value: fullName(l)}}}
	if l.BirthDate != "" {
		s.Identity = append(s.Identity, schema.Identity{Type: schema.IdentityBirthDate, Value: l.BirthDate})
	}
	return &schema.Credential{Subjects: []schema.Subject{s}}
}

// Counts tells whether a credential is worth anything towards a composite on a
// day, as far as it tells by itself: it keeps its rules, has begun and has not
// run out. Whether it was revoked, its issuer knows.
func Counts(c *schema.Credential, now time.Time) bool {
	for _, end := range []time.Time{c.ValidUntil, c.Claims.Expires} {
		if !end.IsZero() && !now.Before(end) {
			return false
		}
	}
	return !c.Starts().After(now) && len(c.Rules(now)) == 0
}

// piecesOf keeps the pieces of one person, and does not take for good what has
// run out, whoever found it so. Nothing else may reach a record: a
// spare one of somebody else's would be signed years later, when a component
// falls and nobody looks.
func piecesOf(who *schema.Credential, all []Piece, now time.Time) (mine []Piece) {
	for _, p := range all {
		if p.Credential != nil && schema.SamePerson(who, p.Credential) && schema.SameName(who, p.Credential) {
			p.Good = p.Good && Counts(p.Credential, now)
			mine = append(mine, p)
		}
	}
	return mine
}

func heldOf(pieces []Piece) []schema.Held {
	held := make([]schema.Held, len(pieces))
	for n, p := range pieces {
		held[n] = schema.Held{Credential: p.Credential, Good: p.Good}
	}
	return held
}

// lacking says why what was brought makes no composite of a person: it stands
// under the person's key and another name, all of it is somebody else's, or
// something is missing, which is named.
func lacking(d *schema.PassportDefinition, p schema.Progress, who *schema.Credential, brought []Piece) error {
	var renamed, others []string
	for _, piece := range brought {
		c := piece.Credential
		switch {
		case !piece.Good || c == nil:
		case !schema.SamePerson(who, c):
			others = append(others, c.ID)
		case !schema.SameName(who, c) && meetsAny(d, p.Missing, c):
			renamed = append(renamed, c.ID)
		}
	}
	switch {
	case len(renamed) > 0:
		return refuse("award_other_name", "ids", strings.Join(renamed, ", "))
	case p.Have == 0 && len(others) > 0:
		return refuse("award_other_person", "id", others[0])
	}
	return incomplete(d, p)
}

func meetsAny(d *schema.PassportDefinition, all []schema.Requirement, c *schema.Credential) bool {
	for _, r := range all {
		if d.Meets(r, c) {
			return true
		}
	}
	return false
}
