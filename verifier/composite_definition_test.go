package verifier_test

import (
	"slices"
	"testing"

	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// published is a bundle that carries a definition.
type published struct {
	*trust.Bundle
	definition *schema.PassportDefinition
}

func (p published) PassportDefinition(id, version string) (*schema.PassportDefinition, bool) {
	return p.definition, id == p.definition.ID && version == p.definition.Version
}

// A passport below its definition is INVALID, whoever signed it: it names too
// little, what is not asked for, or what does not meet what it stands for.
func TestPassportBelowItsDefinition(t *testing.T) {
	for name, c := range map[string]struct {
		change func(d *schema.PassportDefinition)
		shown  bool
		kase   string
		want   verifier.Verdict
	}{
		"what it asks for, nothing shown": {func(*schema.PassportDefinition) {}, false, "", verifier.Valid},
		"what it asks for, all shown":     {meetAll, true, "", verifier.Valid},
		"more is asked for": {func(d *schema.PassportDefinition) {
			d.Minimum++
			d.Requirements = append(d.Requirements, schema.Requirement{Ref: "MORE"})
		}, false, "", verifier.Invalid},
		"something else is asked for":    {func(d *schema.PassportDefinition) { d.Requirements[1].Ref = "ELSE" }, false, "strange", verifier.Invalid},
		"a component that meets nothing": {func(d *schema.PassportDefinition) {}, true, "unmet", verifier.Invalid},
		"a body that is not accepted": {func(d *schema.PassportDefinition) {
			meetAll(d)
			d.Requirements[0].AcceptedBodies = []string{"did:web:altro.example"}
		}, true, "unmet", verifier.Invalid},
		"a definition of another version": {func(d *schema.PassportDefinition) { d.Version, d.Minimum = "other", 20 }, false, "", verifier.Valid},
	} {
		t.Run(name, func(t *testing.T) {
			w := emptyWorld(t)
			w.mayAward()
			w.addList(revocations, "revocation", now.Add(-hour))
			d := passportDefinition(t)
			d.Requirements = slices.Clone(d.Requirements)
			c.change(d)
			tokens := []string{w.award()}
			if c.shown {
				tokens = append(tokens, w.part(1), w.part(2), w.part(3))
			}
			v := w.verifier(func(cfg *verifier.Config) { cfg.Recognition = published{w.bundle(), d} })
			r, err := v.Verify(t.Context(), tokens, verifier.HolderBinding{})
			must(t, err)
			p := r.Credentials()[0]
			if p.Verdict != c.want || p.Genuine != verifier.Yes || (p.Reason == verifier.CodeBelowDefinition) != (c.want == verifier.Invalid) {
				t.Errorf("passport %s for %s", p.Verdict, p.Reason)
			}
			if c.want == verifier.Invalid {
				if got := check(t, r, verifier.CodeBelowDefinition); got.Args["case"] != c.kase {
					t.Errorf("told as %v", got.Args)
				}
			}
		})
	}
}

// meetAll lets the course of the example meet every requirement.
func meetAll(d *schema.PassportDefinition) {
	for i := range d.Requirements {
		d.Requirements[i].Framework, d.Requirements[i].Code = "", ""
		d.Requirements[i].URI = "http://data.europa.eu/esco/skill/d9449998-c1f5-478c-a103-2255398cf0b6"
		d.Requirements[i].MinLevel = 3
	}
}

// byOwners is a bundle in which several owners have published one version.
type byOwners struct {
	published
	all []trust.Definition
}

func (b byOwners) Definitions() []trust.Definition { return b.all }

// Of two definitions with one id and version, an issuer is held to its own; a
// stranger's makes no passport INVALID, in whatever order they stand.
func TestTwoOwnersOfOneDefinition(t *testing.T) {
	const stranger, another = "did:web:altro.example", "did:web:terzo.example"
	for name, c := range map[string]struct {
		owners  []string // "" is the issuer
		minimum []int
		want    verifier.Verdict
		noted   bool
	}{
		"its own last":               {[]string{stranger, ""}, []int{20, 3}, verifier.Valid, false},
		"its own first":              {[]string{"", stranger}, []int{3, 20}, verifier.Valid, false},
		"its own asks for more":      {[]string{stranger, ""}, []int{3, 20}, verifier.Invalid, false},
		"two strangers":              {[]string{stranger, another}, []int{20, 3}, verifier.Valid, true},
		"one stranger's, and no own": {[]string{stranger}, []int{20}, verifier.Invalid, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.mayAward()
			var all []trust.Definition
			for i, owner := range c.owners {
				d := passportDefinition(t)
				d.Owner.ID, d.Minimum = owner, c.minimum[i]
				if owner == "" {
					d.Owner.ID = w.body.did
				}
				all = append(all, trust.Definition{Passport: d})
			}
			v := w.verifier(func(cfg *verifier.Config) {
				cfg.Recognition = byOwners{published{w.bundle(), all[0].Passport}, all}
			})
			r, err := v.Verify(t.Context(), []string{w.award()}, verifier.HolderBinding{})
			must(t, err)
			if p := r.Credentials()[0]; p.Verdict != c.want {
				t.Errorf("passport %s for %s", p.Verdict, p.Reason)
			}
			noted := slices.ContainsFunc(r.Checks, func(k verifier.Check) bool {
				return k.Code == verifier.CodeBelowDefinition && k.Outcome == verifier.Noted && k.Args["case"] == "clash"
			})
			if noted != c.noted {
				t.Errorf("the clash is noted: %v", noted)
			}
		})
	}
}
