package schema

import "time"

// Definition gives the passport definition that a credential is, whether or
// not it obeys its rules (see Rules). Whether anybody may sign one is the
// verifier's business: the permission asked for is that for EmploymentPassport.
func (c *Credential) Definition() (*PassportDefinition, bool) {
	if c.definition == nil {
		return nil, false
	}
	return &c.definition.PassportDefinition, true
}

// isDefinition tells whether a document claims to be one of our definitions.
func (c *Credential) isDefinition() bool {
	return contains(c.Types, KindPassportDefinition) && contains(c.Contexts, ContextURL)
}

// signedDefinition is a definition with what its credential says around it.
type signedDefinition struct {
	PassportDefinition
	from, until time.Time
	faults      Faults // what reading it found
	root        value
}

// readDefinition reads a definition in the form of a credential as strictly as
// readDocument reads one about a person.
func readDefinition(root value) *signedDefinition {
	var r reading
	d := &signedDefinition{root: root}
	for c := root.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "@context":
			r.only(c, contextVC, ContextURL)
		case "id":
			r.term(c, isUUIDURN, "not_uuid")
		case "type":
			r.only(c, "VerifiableCredential", KindPassportDefinition)
		case "name":
			r.text(c, maxShort)
		case "issuer":
			d.Owner = r.definitionOwner(c)
		case "validFrom":
			d.from = r.instant(c)
		case "validUntil":
			d.until = r.instant(c)
		case "credentialSubject":
			r.definitionSubject(&d.PassportDefinition, c)
		case "credentialStatus":
			r.statuses(c)
		case "credentialSchema":
			if r.schemaRef(c) != (SchemaRef{DefinitionSchemaURL, typeJSONSchema}) {
				r.fault("schema_entries", c)
			}
		case "supersedes":
			r.term(c, isUUIDURN, "not_uuid")
		default:
			r.unknown(c)
		}
	}
	r.needs(root, "@context", "type", "name", "issuer", "validFrom", "credentialSubject", "credentialSchema")
	d.faults = r.faults
	return d
}

func (r *reading) definitionSubject(d *PassportDefinition, v value) {
	if !r.object(v) {
		return
	}
	for c := v.first(); c.exists(); c = c.next() {
		if c.key() == "appliesFrom" {
			d.ValidFrom = r.day(c)
		} else {
			r.definitionMember(d, c)
		}
	}
	r.needs(v, "appliesFrom")
	r.definitionRules(d, v)
}

// checkDraft judges a definition that its issuer has yet to give an id and a
// status; a zero now leaves out the rules about the future.
func (d *signedDefinition) checkDraft(now time.Time) Faults {
	f := d.faults[:len(d.faults):len(d.faults)]
	if !d.until.IsZero() && d.until.Before(d.from) {
		f = f.with("dates_order", "/validUntil")
	}
	if !now.IsZero() && DateOf(d.from).t.After(DateOf(now).t) {
		f = f.with("issued_in_future", "/validFrom")
	}
	return f
}

// check judges a signed definition.
func (d *signedDefinition) check(now time.Time) Faults {
	r := reading{faults: d.checkDraft(now)}
	r.needs(d.root, "id", "credentialStatus")
	return r.faults
}
