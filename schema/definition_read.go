package schema

import (
	"math"
	"strconv"
)

// ParseDefinition reads the file of a definition that nobody has signed yet:
//
//	{"id":"https://…","version":"1","language":"it","title":{"it":"…"},
//	 "notice":{…},"example":false,"validFrom":"2026-01-01","minimum":20,
//	 "eqfLevels":[4,5],"owner":{"id":"did:…","name":"…"},
//	 "requirements":[{"ref":"LC-P1","framework":"LifeComp","code":"P1",
//	   "label":{"it":"…"},"minLevel":4,"acceptedBodies":["did:…"],
//	   "offers":[{"name":"…","url":"https://…"}]}]}
//
// notice, example, eqfLevels, owner and of a requirement code or uri, minLevel,
// acceptedBodies and offers may be left out. Its error is Faults; a member that
// is not among these is refused.
func ParseDefinition(data []byte) (*PassportDefinition, error) {
	root, err := readTree(data)
	if err != nil {
		return nil, err
	}
	var r reading
	d := &PassportDefinition{}
	for c := root.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "owner":
			d.Owner = r.definitionOwner(c)
		case "validFrom":
			d.ValidFrom = r.day(c)
		default:
			r.definitionMember(d, c)
		}
	}
	r.needs(root, "validFrom")
	r.definitionRules(d, root)
	if len(data) > maxDefinition {
		r.fault("definition_size", root)
	}
	if len(r.faults) > 0 {
		return nil, r.faults
	}
	return d, nil
}

// definitionMember reads a member that the file and the signed subject share.
func (r *reading) definitionMember(d *PassportDefinition, c value) {
	switch c.key() {
	case "id":
		d.ID = r.link(c)
	case "version":
		d.Version = r.term(c, isDefinitionName, "definition_name")
	case "language":
		d.Language = r.term(c, isLanguage, "language_form")
	case "title":
		d.Title = r.wordings(c, maxShort)
	case "notice":
		d.Notice = r.wordings(c, maxLong)
	case "example":
		d.Example = r.boolean(c)
	case "minimum":
		d.Minimum = r.count(c, maxRequirements)
		if d.Minimum == 0 && c.kind() == isNumber {
			r.fault("definition_minimum", c)
		}
	case "eqfLevels":
		d.EQFLevels = list(r, c, r.eqf)
		r.distinct(c)
	case "requirements":
		d.Requirements = r.requirements(c)
	default:
		r.unknown(c)
	}
}

func (r *reading) requirements(v value) (all []Requirement) {
	switch {
	case v.kind() != isArray:
		r.fault("want_list", v)
	case v.size() == 0:
		r.fault("empty", v)
	case v.size() > maxRequirements:
		r.fault("too_many", v, "max", strconv.Itoa(maxRequirements))
	default:
		for c := v.first(); c.exists(); c = c.next() {
			all = append(all, r.requirement(c))
		}
	}
	return all
}

func (r *reading) requirement(v value) (q Requirement) {
	if !r.object(v) {
		return q
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "ref":
			q.Ref = r.term(c, isDefinitionName, "definition_name")
		case "framework":
			q.Framework = r.term(c, isFramework, "framework_unknown")
		case "code":
			q.Code = r.text(c, maxShort)
		case "uri":
			q.URI = r.link(c)
		case "label":
			q.Label = r.wordings(c, maxShort)
		case "minLevel":
			q.MinLevel = r.eqf(c)
		case "acceptedBodies":
			q.AcceptedBodies = r.terms(c, isDID, "not_did")
		case "offers":
			q.Offers = r.offers(c)
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "ref", "framework", "label")
	if q.Code == "" && q.URI == "" && !v.get("code").exists() && !v.get("uri").exists() {
		r.fault("requirement_target", v)
	}
	return q
}

func (r *reading) offers(v value) []Offer {
	if v.kind() == isArray && v.size() > maxOffers {
		r.fault("too_many", v, "max", strconv.Itoa(maxOffers))
		return nil
	}
	return list(r, v, func(c value) (o Offer) {
		if !r.object(c) {
			return o
		}
		for m := c.first(); m.exists(); m = m.next() {
			switch m.key() {
			case "name":
				o.Name = r.text(m, maxShort)
			case "url":
				o.URL = r.term(m, isWebLink, "not_link")
			default:
				r.unknown(m)
			}
		}
		r.needs(c, "name", "url")
		return o
	})
}

// definitionOwner reads who signs: an id and a name, because where a body is and
// what it may do is in the recognition list.
func (r *reading) definitionOwner(v value) (p Profile) {
	if !r.object(v) {
		return p
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "id":
			p.ID = r.term(c, isDID, "not_did")
		case "name":
			p.Name = r.text(c, maxShort)
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "id", "name")
	return p
}

// wordings reads texts by language.
func (r *reading) wordings(v value, most int) map[string]string {
	if !r.object(v) {
		return nil
	}
	if v.size() > maxItems {
		r.fault("too_many", v, "max", strconv.Itoa(maxItems))
		return nil
	}
	texts := make(map[string]string, v.size())
	for c := v.first(); c.exists(); c = c.next() {
		if !isLanguage(c.key()) {
			r.fault("language_form", c)
		}
		texts[c.key()] = r.text(c, most)
	}
	return texts
}

// count reads a whole number from 1 to most; any other is 0.
func (r *reading) count(v value, most int) int {
	f := r.number(v)
	if f != math.Trunc(f) || f < 1 || f > float64(most) {
		return 0
	}
	return int(f)
}

func (r *reading) eqf(v value) int {
	level := r.count(v, 8)
	if level == 0 && v.kind() == isNumber {
		r.fault("eqf_level", v)
	}
	return level
}

func (r *reading) day(v value) Date {
	d, err := ParseDate(r.term(v, isDay, "date_form"))
	if err != nil {
		return Date{}
	}
	return d
}

// definitionRules judges what one member says of another.
func (r *reading) definitionRules(d *PassportDefinition, v value) {
	r.needs(v, "id", "version", "language", "title", "minimum", "requirements")
	if n := len(d.Requirements); n > 0 && d.Minimum > n {
		r.fault("definition_minimum", v.get("minimum"), "requirements", strconv.Itoa(n))
	}
	if d.Language != "" { // R18: every text has the primary language
		r.inLanguage(d.Language, d.Title, v.get("title"))
		r.inLanguage(d.Language, d.Notice, v.get("notice"))
	}
	seen := map[string]bool{}
	c := v.get("requirements").first()
	for _, q := range d.Requirements {
		if q.Ref != "" && seen[q.Ref] {
			r.fault("repeated", c.get("ref"))
		}
		seen[q.Ref] = true
		if d.Language != "" {
			r.inLanguage(d.Language, q.Label, c.get("label"))
		}
		c = c.next()
	}
}

func (r *reading) inLanguage(lang string, texts map[string]string, v value) {
	if _, ok := texts[lang]; !ok && v.kind() == isObject {
		r.fault("language_primary", v, "language", lang)
	}
}

// isDefinitionName tells whether s may name a requirement or a version: short,
// because every passport repeats it and has to fit a printed code.
func isDefinitionName(s string) bool {
	if s == "" || len(s) > 24 {
		return false
	}
	for _, c := range []byte(s) {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_') {
			return false
		}
	}
	return true
}
