package schema

// inheriting fills what a region does not say itself with what its country
// says. A list is taken
// whole or not at all.
func (p RegionProfile) inheriting(country RegionProfile) RegionProfile {
	i, of := &p.Internship, country.Internship
	i.MinimumPercent = orElse(i.MinimumPercent, of.MinimumPercent)
	i.MaximumMonths = orElse(i.MaximumMonths, of.MaximumMonths)
	i.AgreementMonths = orElse(i.AgreementMonths, of.AgreementMonths)
	i.Types, i.Signers, i.Events = orList(i.Types, of.Types), orList(i.Signers, of.Signers), orList(i.Events, of.Events)
	if p.Allowance == nil {
		p.Allowance = country.Allowance
	}
	if p.Legal == nil {
		p.Legal = country.Legal
	}
	if p.PublicBody == nil {
		p.PublicBody = country.PublicBody
	}
	if p.Levels.Name == "" {
		p.Levels = country.Levels
	}
	p.Repertories = orList(p.Repertories, country.Repertories)
	p.ProviderScope = orList(p.ProviderScope, country.ProviderScope)
	p.Sources = append(append([]string(nil), p.Sources...), country.Sources...)
	p.Assumed = country.Assumed
	return p
}

// assuming takes what a rule cannot do without from the neutral profile, and
// says so.
func (p RegionProfile) assuming(neutral RegionProfile) RegionProfile {
	if p.Internship.MinimumPercent == 0 {
		p.Internship.MinimumPercent = neutral.Internship.MinimumPercent
		p.Assumed = append(p.Assumed, "/internship/minimumPercent")
	}
	if len(p.Internship.Types) == 0 {
		p.Internship.Types = neutral.Internship.Types
		p.Assumed = append(p.Assumed, "/internship/types")
	}
	return p
}

func orElse(own, inherited int) int {
	if own != 0 {
		return own
	}
	return inherited
}

func orList(own, inherited []string) []string {
	if own != nil {
		return own
	}
	return inherited
}
