package schema

import (
	"strconv"
	"strings"
)

// passportKind is the composite: which micro-credentials met which requirement
// of which definition. It teaches and assesses nothing itself.
var passportKind = documentKind{
	name:            KindEmploymentPassport,
	achievementType: "ext:PassportToEmployment",
	schemaURL:       PassportSchemaURL,
	schemaFile:      "data/passport-1.json",
	prefix:          "EP-",
	shared: set("id", "type", "achievementType", "name", "description", "inLanguage", "creator", "criteria",
		"legalValue", "legalBasis"),

	begin:           func(d *Document) { d.Passport = &Passport{} },
	onSubject:       readPassport,
	appendOnSubject: appendPassport,
	rules:           passportRules,
}

func readPassport(r *reading, d *Document, c value) bool {
	switch c.key() {
	case "definition":
		d.Passport.Definition = r.definitionRef(c)
	case "components":
		d.Passport.Components = r.components(c)
	default:
		return false
	}
	return true
}

func (r *reading) definitionRef(v value) (d DefinitionRef) {
	if !r.object(v) {
		return d
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "id":
			d.ID = r.link(c)
		case "version":
			d.Version = r.term(c, isDefinitionName, "definition_name")
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "id", "version")
	return d
}

func (r *reading) components(v value) (all []Component) {
	switch {
	case v.kind() != isArray:
		r.fault("want_list", v)
	case v.size() == 0:
		r.fault("passport_components", v)
	case v.size() > maxRequirements:
		r.fault("too_many", v, "max", strconv.Itoa(maxRequirements))
	default:
		for c := v.first(); c.exists(); c = c.next() {
			all = append(all, r.component(c))
		}
	}
	return all
}

func (r *reading) component(v value) (m Component) {
	if !r.object(v) {
		return m
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "id":
			m.ID = r.term(c, isUUIDURN, "not_uuid")
		case "requirement":
			m.Requirement = r.term(c, isDefinitionName, "definition_name")
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "id", "requirement")
	return m
}

// passportRules: a passport names its definition and its components, each
// credential and each requirement once, and never itself. It is worth a private
// act at most: what its components are worth they say themselves.
func passportRules(j *judge, d *Document) {
	p, at := d.Passport, atSubject+"/components"
	j.privateAct(d)
	j.wants(p.Definition == DefinitionRef{}, "credentialSubject/definition")
	if len(p.Components) == 0 && !j.faults.at(at) {
		j.fault("passport_components", at)
	}
	ids, refs := map[string]bool{d.ID: true}, map[string]bool{}
	for i, c := range p.Components {
		here := at + "/" + strconv.Itoa(i)
		if c.ID != "" && ids[c.ID] {
			j.fault("component_twice", here+"/id")
		}
		if c.Requirement != "" && refs[c.Requirement] {
			j.fault("component_twice", here+"/requirement")
		}
		ids[c.ID], refs[c.Requirement] = true, true
	}
}

func appendPassport(b []byte, d *Document) []byte {
	p := d.Passport
	b = appendString(append(b, `,"definition":{"id":`...), p.Definition.ID)
	b = append(appendMember(b, `,"version":`, p.Definition.Version), '}')
	return appendList(append(b, `,"components":`...), p.Components, appendComponent)
}

func appendComponent(b []byte, c Component) []byte {
	b = appendString(append(b, `{"id":`...), c.ID)
	return append(appendMember(b, `,"requirement":`, c.Requirement), '}')
}

// ComposePassport writes an EmploymentPassport: d met by components, for the
// learner of p. It needs no template; of the learner it takes who it is and the
// document number, and no details. Its error is Faults, as Template.Compose has
// them: pointers of the learner's part start with /learner. Whether components
// are valid and whose they are the caller has asked (see Progress).
func ComposePassport(d *PassportDefinition, components []Component, p Particulars) ([]byte, error) {
	t := &Template{Type: KindEmploymentPassport, part: d.part(components, p.Issuer.Country)}
	p.Learner.Details, p.Learner.Result, p.Learner.HoursAttended = "", "", 0
	data, err := t.Compose(p)
	if f := append(FaultsOf(err), d.covers(components)...); len(f) > 0 {
		return nil, f
	}
	return data, err
}

// covers tells what keeps components from being a passport of d.
func (d *PassportDefinition) covers(components []Component) (f Faults) {
	at := atSubject + "/components"
	met := map[string]bool{}
	for i, c := range components {
		if !isUUIDURN(c.ID) {
			f = f.with("not_uuid", at+"/"+strconv.Itoa(i)+"/id")
		}
		if _, ok := d.Requirement(c.Requirement); !ok {
			f = f.with("component_unasked", at+"/"+strconv.Itoa(i)+"/requirement")
		}
		met[c.Requirement] = true
	}
	if len(components) > 0 && len(met) < d.Minimum {
		f = f.with("passport_incomplete", at, "have", strconv.Itoa(len(met)), "need", strconv.Itoa(d.Minimum))
	}
	return f
}

// part is what all passports of the definition that are awarded in a country
// say.
func (d *PassportDefinition) part(components []Component, country string) Document {
	m := newDocument(&passportKind)
	lang, words := d.languageIn(country)
	m.Name = d.In(d.Title, lang)
	m.Passport.Definition = DefinitionRef{ID: d.ID, Version: d.Version}
	m.Passport.Components = components
	m.Subject.Achievement = Achievement{
		ID: d.ID, Name: m.Name, Description: m.Name, Language: lang, Criteria: m.Name, LegalValue: "none",
	}
	if words != "" {
		m.Subject.Achievement.Criteria = strings.NewReplacer(
			"{n}", strconv.Itoa(d.Minimum), "{of}", strconv.Itoa(len(d.Requirements))).Replace(words)
	}
	if country == "IT" {
		m.Subject.Achievement.LegalValue = "atto-privato"
	}
	return m
}

// languageIn chooses the one language of a passport: that of the country where
// it is awarded, if the definition has a title in it, else the definition's
// own. words is how a passport is earned, empty in a language of which we have
// no words.
func (d *PassportDefinition) languageIn(country string) (lang, words string) {
	lang = map[string]string{"IT": "it", "ES": "es", "GR": "el", "CY": "el", "PL": "pl"}[country]
	if _, ok := d.Title[lang]; !ok {
		lang = d.Language
	}
	return lang, earned[lang]
}

// earned says how a passport is earned.
var earned = map[string]string{
	"it": "Almeno {n} delle {of} microcredenziali richieste sono valide.",
	"en": "At least {n} of the {of} micro-credentials asked for are valid.",
	"es": "Al menos {n} de las {of} microcredenciales requeridas son válidas.",
	"el": "Τουλάχιστον {n} από τα {of} μικροδιαπιστευτήρια που ζητούνται ισχύουν.",
	"pl": "Co najmniej {n} z {of} wymaganych mikropoświadczeń jest ważnych.",
}
