package verifier

import (
	"slices"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
)

// severalDefinitions is a Recognition that can tell all the definitions that it
// brings, so that two of one id and version by different owners are noticed.
type severalDefinitions interface {
	Definitions() []trust.Definition
}

// definitionOf gives the definition that a composite names, nil where nobody
// that the authority believes has published it. An id is no owner's alone: where
// two owners have published that version, the passport's issuer is held to its
// own, and nobody to a stranger's, which is noted.
func (r *Report) definitionOf(c *Credential) *schema.PassportDefinition {
	if r.definitions == nil {
		return nil
	}
	ref := c.passport().Definition
	all := r.published(ref)
	for _, d := range all {
		if d.Owner.ID == c.Document.Issuer.ID {
			return d
		}
	}
	if len(all) > 1 {
		r.noteClash(c, all)
		return nil
	}
	if len(all) == 1 {
		return all[0]
	}
	if d, ok := r.definitions.PassportDefinition(ref.ID, ref.Version); ok {
		return d
	}
	return nil
}

// published lists one version of a definition, once for each owner.
func (r *Report) published(ref schema.DefinitionRef) (all []*schema.PassportDefinition) {
	several, ok := r.definitions.(severalDefinitions)
	if !ok {
		return nil
	}
	for _, d := range several.Definitions() {
		known := slices.ContainsFunc(all, func(o *schema.PassportDefinition) bool { return o.Owner.ID == d.Passport.Owner.ID })
		if !known && d.Passport.ID == ref.ID && d.Passport.Version == ref.Version {
			all = append(all, d.Passport)
		}
	}
	return all
}

// noteClash tells that owners disagree about what a composite is held against:
// how much each of them asks for, and who they are.
func (r *Report) noteClash(c *Credential, all []*schema.PassportDefinition) {
	var need, owners []string
	for _, d := range all {
		need, owners = append(need, strconv.Itoa(d.Minimum)), append(owners, d.Owner.ID)
	}
	r.Checks = append(r.Checks, Check{Code: CodeBelowDefinition, Outcome: Noted, Credential: c.Number, Args: map[string]string{
		"case": "clash", "have": strconv.Itoa(len(c.passport().Components)),
		"need": strings.Join(need, " / "), "names": strings.Join(owners, ", "),
	}})
}

// belowDefinition holds what a composite names against what its definition asks
// for. A composite that names less, or what the definition does not know, breaks
// a rule of its own: its signature is good and it is INVALID.
func (r *Report) belowDefinition(c *Credential, d *schema.PassportDefinition) {
	if d == nil {
		return
	}
	met := map[string]bool{}
	var strange []string
	for _, part := range c.passport().Components {
		if _, known := d.Requirement(part.Requirement); known {
			met[part.Requirement] = true
		} else if len(strange) < maxNamed {
			strange = append(strange, part.Requirement)
		}
	}
	args := map[string]string{"have": strconv.Itoa(len(met)), "need": strconv.Itoa(d.Minimum)}
	switch {
	case len(strange) > 0:
		args["case"], args["names"] = "strange", strings.Join(strange, ", ")
	case len(met) >= d.Minimum:
		return
	}
	r.Checks = append(r.Checks, Check{Code: CodeBelowDefinition, Outcome: Failed, Credential: c.Number, Args: args})
}

// meeting gives the question whether what is shown meets a component's
// requirement. Without a definition everything does.
func meeting(d *schema.PassportDefinition, c schema.Component) func(*shown) bool {
	if d != nil {
		if r, known := d.Requirement(c.Requirement); known {
			return func(s *shown) bool { return s.aims.Meet(r) }
		}
	}
	return func(*shown) bool { return true }
}
