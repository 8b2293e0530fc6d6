package verifier

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/employment-passport/passport/schema"
)

// recognise asks whether the authority lets this issuer give this document on
// that day with that key. The issuer's date is its own word, so a compromised
// key and a withdrawn body need the credential to be reaffirmed.
func (p *part) recognise(ctx context.Context) {
	if !p.known {
		return // no anchor or no usable bundle: said already
	}
	r := p.v.cfg.Recognition
	if r.Denied(p.digest) {
		p.fail(CodeDenied)
	}
	entity, err := r.Entity(ctx, p.doc.Issuer.ID)
	switch {
	case errors.Is(err, ErrNotRecognised):
		p.out.Recognised = No
		p.undecided(CodeNotRecognised)
		return
	case err != nil:
		p.undecided(CodeRecognitionUnknown)
		return
	}
	reaffirmed := r.Reaffirmed(p.digest)
	p.out.IssuedBy = entity.Name
	p.out.Recognised = No
	if p.keyStands(entity, reaffirmed) && p.permitted(entity) && p.standing(entity, reaffirmed) {
		p.out.Recognised = Yes
		p.pass(CodeRecognised, "issuer", entity.Name, "authority", p.origin.Authority.Name)
	}
}

// keyStands judges the key by the list, by thumbprint and not by name. A day
// outside its window contradicts what the issuer says of its key; a date of the
// token alone that lies outside, or no day at all, leaves it open.
func (p *part) keyStands(entity schema.Entity, reaffirmed bool) bool {
	keys := listed(entity.Keys, p.by.key.Thumbprint)
	covered := func(t time.Time) bool {
		return slices.ContainsFunc(keys, func(k schema.Key) bool { return k.Covers(t) })
	}
	switch {
	case len(keys) == 0:
		p.undecided(CodeKeyUnlisted)
		return false
	case keys[0].State == schema.KeyCompromised && !reaffirmed:
		p.fail(CodeKeyCompromised, "date", day(keys[0].CompromisedAt))
		return false
	case keys[0].State == schema.KeyCompromised:
		p.note(CodeReaffirmed)
	case p.doc.ValidFrom.IsZero():
		p.undecided(CodeNotRecognised, "case", "date", "issuer", entity.Name)
		return false
	case !covered(p.doc.ValidFrom):
		p.fail(CodeKeyTime, "from", day(keys[0].From), "until", day(keys[0].Until))
		return false
	case !covered(p.doc.Starts()):
		p.undecided(CodeKeyTime, "from", day(keys[0].From), "until", day(keys[0].Until))
		return false
	}
	return true
}

// listed finds a credential key by thumbprint, under every name that it has;
// each has its own window, and a compromise under any of them is that of all.
func listed(keys []schema.Key, thumbprint string) (found []schema.Key) {
	for _, k := range keys {
		if k.Thumbprint == thumbprint && fits(k.Use, forCredentials) {
			found = append(found, worstState(k, keys))
		}
	}
	return found
}

// permitted: this document, in this scope, on that day.
func (p *part) permitted(entity schema.Entity) bool {
	why := "document"
	scope := p.doc.Scope()
	for _, permission := range entity.RecognizedTo {
		switch {
		case !p.isDocument(permission.Schema):
		case p.doc.ValidFrom.IsZero(), !permission.Covers(p.doc.ValidFrom), !permission.Covers(p.doc.Starts()):
			why = "date"
		case scope != "" && !slices.Contains(permission.Scopes, scope):
			why = "scope"
		default:
			return true
		}
	}
	p.undecided(CodeNotRecognised, "case", why, "issuer", entity.Name)
	return false
}

// isDocument tells whether a permission for name is one for this document. What
// is ours goes by its name or by the id of our schema, because its rules have
// been judged; other schemas that it names give it nothing. A foreign document
// goes by the schema that it names, on its issuer's word, and never by one of
// ours, whose rules nobody has asked of it.
func (p *part) isDocument(name string) bool {
	kind := p.doc.Kind()
	if kind == schema.KindPassportDefinition {
		kind = schema.KindEmploymentPassport // who may award passports may say what makes one
	}
	if kind != "" {
		return name == kind || name == schema.SchemaOf(kind)
	}
	return !schema.IsOwnSchema(name) && slices.ContainsFunc(p.doc.Schemas, func(s schema.SchemaRef) bool { return s.ID == name })
}

// standing judges the body itself.
func (p *part) standing(entity schema.Entity, reaffirmed bool) bool {
	switch entity.State {
	case schema.EntityRecognised, schema.EntityLapsed:
	case schema.EntityClosed:
		p.aged(CodeIssuerClosed, "issuer", entity.Name)
	case schema.EntityWithdrawn:
		if !reaffirmed {
			p.undecided(CodeRecognitionWithdrawn, "issuer", entity.Name)
			return false
		}
		p.note(CodeReaffirmed)
	default:
		p.undecided(CodeNotRecognised, "issuer", entity.Name)
		return false
	}
	return true
}
