package schema

import "strings"

// There is no JSON-LD processor here, on purpose: it would fetch, it would
// cost more than a signature, and its answer would depend on servers. What an
// issuer must not sign can be told by a few rules over the contexts that we
// know by heart and over those that stand in the document itself.

// knownContext is what a context does that we know by heart.
type knownContext struct {
	terms   []string
	anyTerm bool // it has an @vocab: every term has an IRI under it
}

var knownContexts = map[string]knownContext{
	contextVC: {terms: append(strings.Fields(protectedTerms), strings.Fields(baseMembers)...)},
	"https://www.w3.org/ns/credentials/examples/v2":        {anyTerm: true},
	"https://www.w3.org/ns/credentials/undefined-terms/v2": {anyTerm: true},
	ContextURL: {terms: append([]string{KindPassportDefinition, typeOBSchema, "supersedes"}, Documents...)},
	"https://purl.imsglobal.org/spec/ob/v3p0/context.json":       {terms: strings.Fields(badgeTerms)},
	"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.0.json": {terms: strings.Fields(badgeTerms)},
	"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": {terms: strings.Fields(badgeTerms)},
	"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": {terms: strings.Fields(badgeTerms)},
	contextOB: {terms: strings.Fields(badgeTerms)},
	"https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": {terms: []string{typeOBSchema, "1EdTechRevocationList", "1EdTechCredentialRefresh"}},
}

// protectedTerms are the types and general terms of the base context, which
// nobody may redefine (VCDM 2.0 section 5.2 and appendix B.1).
const protectedTerms = "id type description digestMultibase digestSRI mediaType name VerifiableCredential EnvelopedVerifiableCredential " +
	"VerifiablePresentation EnvelopedVerifiablePresentation JsonSchemaCredential JsonSchema BitstringStatusListCredential " +
	"BitstringStatusList BitstringStatusListEntry DataIntegrityProof _sd _sd_alg aud cnf exp iat iss jku kid nbf sub x5u ..."

// baseMembers are the members of a credential and of a presentation.
const baseMembers = "@context confidenceMethod credentialSchema credentialStatus credentialSubject evidence issuer proof refreshService " +
	"relatedResource renderMethod termsOfUse validFrom validUntil holder verifiableCredential jti"

// badgeTerms are the types and general terms of Open Badges 3.0.
const badgeTerms = "OpenBadgeCredential Achievement AchievementCredential AchievementSubject Address Alignment Criteria EndorsementCredential " +
	"EndorsementSubject Evidence GeoCoordinates IdentifierEntry IdentityObject Image Profile Related Result ResultDescription " +
	"RubricCriterionLevel alignment description endorsement endorsementJwt image inLanguage name narrative url awardedDate"

// mapping is what the contexts of a document make of its terms.
type mapping struct {
	terms     map[string]bool
	protected map[string]value // terms that an inline context protects, with their definition
	anyTerm   bool
}

// knows tells whether a term or a type has an IRI.
func (m *mapping) knows(term string) bool { return m.anyTerm || m.terms[term] || isURL(term) }

// mapContexts reads @context as an issuer must: every URL known, every inline
// context harmless.
func (r *reading) mapContexts(v value) *mapping {
	m := &mapping{terms: map[string]bool{}, protected: map[string]value{}}
	for _, item := range v.each() {
		switch item.kind() {
		case isObject:
			r.inlineContext(m, item)
		case isString:
			context, ok := knownContexts[item.text()]
			if !ok {
				r.fault("context_unknown", item)
			}
			for _, term := range context.terms {
				m.terms[term] = true
			}
			m.anyTerm = m.anyTerm || context.anyTerm
		}
	}
	return m
}

// inlineContext reads one context object: its keywords, then its terms.
func (r *reading) inlineContext(m *mapping, v value) {
	protect := v.get("@protected").text() == "true"
	for c := v.first(); c.exists(); c = c.next() {
		if strings.HasPrefix(c.key(), "@") {
			r.contextKeyword(m, c)
		}
	}
	for c := v.first(); c.exists(); c = c.next() {
		if !strings.HasPrefix(c.key(), "@") {
			r.inlineTerm(m, c, protect)
		}
	}
}

func (r *reading) contextKeyword(m *mapping, v value) {
	switch v.key() {
	case "@vocab":
		m.anyTerm = v.kind() == isString
		if v.kind() != isNull && !isURL(v.text()) {
			r.fault("context_item", v)
		}
	case "@version", "@protected", "@language", "@direction", "@base", "@propagate":
	default: // @import would have to be fetched
		r.fault("context_item", v)
	}
}

func (r *reading) inlineTerm(m *mapping, v value, protect bool) {
	term := v.key()
	if before, ok := m.protected[term]; ok && !same(before, v) || isProtectedTerm(term) {
		r.fault("term_redefined", v, "member", shorten(term))
		return
	}
	m.terms[term] = r.definition(m, v)
	if protect {
		m.protected[term] = v
	}
	if scoped := v.get("@context"); scoped.kind() == isObject {
		inner := &mapping{terms: m.terms, protected: m.protected, anyTerm: m.anyTerm}
		r.inlineContext(inner, scoped)
	}
}

// definition tells whether the definition of a term gives it an IRI.
func (r *reading) definition(m *mapping, v value) bool {
	id := v
	if v.kind() == isObject {
		if id = v.get("@id"); !id.exists() {
			return m.anyTerm || isURL(v.key())
		}
	}
	switch {
	case id.kind() == isNull:
		return false
	case id.kind() == isString && (strings.HasPrefix(id.text(), "@") || isURL(id.text()) || m.knows(id.text())):
		return true
	}
	r.fault("context_item", id)
	return false
}

func isProtectedTerm(term string) bool {
	return contains(strings.Fields(protectedTerms), term) || contains(strings.Fields(baseMembers), term)
}

// same compares two values member by member.
func same(a, b value) bool {
	if a.kind() != b.kind() || a.text() != b.text() || a.size() != b.size() {
		return false
	}
	ca, cb := a.first(), b.first()
	for ; ca.exists() && cb.exists(); ca, cb = ca.next(), cb.next() {
		if ca.key() != cb.key() || !same(ca, cb) {
			return false
		}
	}
	return true
}
