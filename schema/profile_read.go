package schema

import (
	"slices"
	"strconv"
	"strings"
)

// ParseRegionProfile reads the file of a profile. It is as strict as the
// reader of a document: unknown members, doubles and numbers out of bounds are
// Faults, with pointers into the file.
func ParseRegionProfile(data []byte) (RegionProfile, error) {
	root, err := readTree(data)
	if err != nil {
		return RegionProfile{}, err
	}
	var r reading
	p := r.regionProfile(root)
	if err := r.faults.Err(); err != nil {
		return RegionProfile{}, err
	}
	return p, nil
}

func (r *reading) regionProfile(v value) (p RegionProfile) {
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "$schema":
			r.exactly(c, ProfileSchemaURL)
		case "country":
			p.Country = r.term(c, isProfileCountry, "country_unknown")
		case "region":
			p.Region = r.term(c, isRegion, "region_form")
		case "example":
			p.Example = r.boolean(c)
		case "notice":
			p.Notice = r.words(c)
		case "internship":
			p.Internship = r.internshipRule(c)
		case "allowance":
			p.Allowance = r.allowanceRule(c)
		case "legalNotices":
			p.Legal = list(r, c, r.legalNotice)
		case "publicAdministrationNotice":
			p.PublicBody = r.words(c)
		case "levelFramework":
			p.Levels = r.levelFramework(c)
		case "repertories":
			p.Repertories = r.texts(c, maxShort)
		case "accreditationScopes":
			p.ProviderScope = r.texts(c, maxShort)
		case "sources":
			p.Sources = r.texts(c, maxLong)
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "country", "example", "notice")
	if at := v.get("region"); p.Region != "" && p.Country != "" && !regionOf(p.Region, p.Country) {
		r.fault("region_elsewhere", at)
	}
	if p.Country == neutralCode {
		p.Country = ""
	}
	return p
}

func isProfileCountry(s string) bool { return s == neutralCode || isCountry(s) }

// regionOf tells whether a NUTS-2 region lies in a country, which NUTS calls
// EL when it is Greece.
func regionOf(region, country string) bool {
	if country == "GR" {
		country = "EL"
	}
	return isRegion(region) && strings.HasPrefix(region, country) && (country != "IT" || known("nuts").has(region))
}

// words reads a text in each of the five languages.
func (r *reading) words(v value) map[string]string {
	if !r.object(v) {
		return nil
	}
	words := map[string]string{}
	for c := v.first(); c.exists(); c = c.next() {
		if !slices.Contains(languages[:], c.key()) {
			r.unknown(c)
			continue
		}
		words[c.key()] = r.text(c, maxLong)
	}
	r.needs(v, languages[:]...)
	return words
}

func (r *reading) internshipRule(v value) (i InternshipRule) {
	if !r.object(v) {
		return i
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "minimumPercent":
			i.MinimumPercent = int(r.whole(c, 1, 100))
		case "maximumMonths":
			i.MaximumMonths = int(r.whole(c, 1, 120))
		case "agreementMonths":
			i.AgreementMonths = int(r.whole(c, 1, 120))
		case "types":
			i.Types = r.terms(c, isTemplateName, "profile_word")
		case "signers":
			i.Signers = r.terms(c, isTemplateName, "profile_word")
		case "events":
			i.Events = r.terms(c, isTemplateName, "profile_word")
		default:
			r.unknown(c)
		}
	}
	return i
}

func (r *reading) allowanceRule(v value) *AllowanceRule {
	if !r.object(v) {
		return nil
	}
	var a AllowanceRule
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "monthCents":
			a.Cents = r.whole(c, 1, maxMonthCents)
		case "fullFromPercent":
			a.FullPercent = int(r.whole(c, 1, 100))
		case "floorCents":
			a.FloorCents = r.whole(c, 1, maxMonthCents)
		default:
			r.unknown(c)
		}
	}
	if a.Cents > 0 && a.FloorCents > a.Cents {
		r.fault("number_range", v.get("floorCents"), "min", "1", "max", strconv.FormatInt(a.Cents, 10))
	}
	if a.Cents > 0 {
		r.needs(v, "fullFromPercent")
	}
	return &a
}

// legalNotice reads one notice; it speaks of a kind, of a legal value, or of
// both together.
func (r *reading) legalNotice(v value) (n LegalNotice) {
	if !r.object(v) {
		return n
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "kind":
			n.Kind = r.term(c, isDocumentName, "template_type")
		case "legalValue":
			n.LegalValue = r.term(c, isLegalValue, "legal_value")
		case "text":
			n.Text = r.words(c)
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "text")
	return n
}

func isDocumentName(s string) bool { return slices.Contains(Documents, s) }

func (r *reading) levelFramework(v value) (l LevelFramework) {
	if !r.object(v) {
		return l
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "name":
			l.Name = r.text(c, maxShort)
		case "title":
			l.Title = r.words(c)
		case "base":
			l.Base = r.link(c)
		case "codes":
			l.Codes = r.texts(c, maxShort)
			if c.kind() == isArray && c.size() != 8 {
				r.fault("number_range", c, "min", "8", "max", "8")
			}
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "name", "title", "base", "codes")
	return l
}

// whole reads a number without decimals between two bounds.
func (r *reading) whole(v value, least, most int64) int64 {
	f := r.number(v)
	n := int64(f)
	if v.kind() == isNumber && (f != float64(n) || n < least || n > most) {
		r.fault("number_range", v, "min", strconv.FormatInt(least, 10), "max", strconv.FormatInt(most, 10))
	}
	return n
}
