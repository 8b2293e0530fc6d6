package verifier

import (
	"strconv"
	"strings"

	"github.com/employment-passport/passport/schema"
)

// definitionOf gives the definition that a composite names, nil where nobody
// that the authority believes has published it. A bundle carries a version once.
func (r *Report) definitionOf(c *Credential) *schema.PassportDefinition {
	if r.definitions == nil {
		return nil
	}
	ref := c.passport().Definition
	d, ok := r.definitions.PassportDefinition(ref.ID, ref.Version)
	if !ok {
		return nil
	}
	return d
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
