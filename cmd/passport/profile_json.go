package main

import "github.com/employment-passport/passport/schema"

// shownProfile is a profile as scripts read it, with what it inherits. A member
// that is not there is not known.
type shownProfile struct {
	profileLine
	Country    string            `json:"country,omitempty"`
	Region     string            `json:"region,omitempty"`
	Notice     map[string]string `json:"notice"`
	Internship struct {
		MinimumPercent  int      `json:"minimumPercent"`
		MaximumMonths   int      `json:"maximumMonths,omitempty"`
		AgreementMonths int      `json:"agreementMonths,omitempty"`
		Types           []string `json:"types,omitempty"`
		Signers         []string `json:"signers,omitempty"`
		Events          []string `json:"events,omitempty"`
	} `json:"internship"`
	Allowance    *shownAllowance   `json:"allowance,omitempty"`
	Legal        []shownLegal      `json:"legalNotices,omitempty"`
	PublicBody   map[string]string `json:"publicAdministrationNotice,omitempty"`
	Levels       *shownLevels      `json:"levelFramework,omitempty"`
	Repertories  []string          `json:"repertories,omitempty"`
	Scopes       []string          `json:"accreditationScopes,omitempty"`
	Sources      []string          `json:"sources,omitempty"`
	AssumedRules []string          `json:"assumed,omitempty"`
}

type shownAllowance struct {
	MonthCents      int64 `json:"monthCents,omitempty"`
	FullFromPercent int   `json:"fullFromPercent,omitempty"`
	FloorCents      int64 `json:"floorCents,omitempty"`
}

type shownLegal struct {
	Kind       string            `json:"kind,omitempty"`
	LegalValue string            `json:"legalValue,omitempty"`
	Text       map[string]string `json:"text"`
}

type shownLevels struct {
	Name  string            `json:"name"`
	Title map[string]string `json:"title"`
	Base  string            `json:"base"`
	Codes []string          `json:"codes"`
}

func shownProfileOf(place string, p schema.RegionProfile) shownProfile {
	s := shownProfile{
		profileLine: profileLine{p.Code(), place, p.Example}, Country: p.Country, Region: p.Region, Notice: p.Notice,
		PublicBody: p.PublicBody, Repertories: p.Repertories, Scopes: p.ProviderScope, Sources: p.Sources, AssumedRules: p.Assumed,
	}
	i := &s.Internship
	i.MinimumPercent, i.MaximumMonths, i.AgreementMonths = p.Internship.MinimumPercent, p.Internship.MaximumMonths, p.Internship.AgreementMonths
	i.Types, i.Signers, i.Events = p.Internship.Types, p.Internship.Signers, p.Internship.Events
	if r := p.Allowance; r != nil {
		s.Allowance = &shownAllowance{r.Cents, r.FullPercent, r.FloorCents}
	}
	for _, n := range p.Legal {
		s.Legal = append(s.Legal, shownLegal{n.Kind, n.LegalValue, n.Text})
	}
	if l := p.Levels; l.Name != "" {
		s.Levels = &shownLevels{l.Name, l.Title, l.Base, l.Codes}
	}
	return s
}
