package schema

// readDocument reads one of our own documents. Every member that it does not know
// is a fault, at every depth: this is how private data stays out (R12), and
// how a reader is certain to have seen all that was signed.
func readDocument(v value, k *documentKind) (*Document, Faults) {
	var r reading
	d := newDocument(k)
	r.document(v, &d)
	return &d, r.faults
}

func (r *reading) document(v value, m *Document) {
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "@context":
			r.only(c, contextVC, contextOB, ContextURL)
		case "id":
			m.ID = r.term(c, isUUIDURN, "not_uuid")
		case "type":
			r.only(c, "VerifiableCredential", "OpenBadgeCredential", m.Kind)
		case "name":
			m.Name = r.text(c, maxShort)
		case "issuer":
			m.Issuer = r.issuer(c)
		case "validFrom":
			m.ValidFrom = r.instant(c)
		case "validUntil":
			m.ValidUntil = r.instant(c)
		case "credentialSubject":
			r.person(c, m)
		case "evidence":
			m.Evidence = list(r, c, r.evidence)
		case "credentialStatus":
			m.Status = r.statuses(c)
		case "credentialSchema":
			m.Schemas = list(r, c, r.schemaRef)
		case "supersedes":
			m.Supersedes = r.term(c, isUUIDURN, "not_uuid")
		case "iss", "jti", "sub", "nbf", "exp", "iat":
			r.claim(m, c)
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "@context", "type", "credentialSubject")
}

// claim reads a registered JWT claim that stands beside the document, as the
// token profile of Open Badges 3.0 wants it. The claims that must repeat the
// document are compared with it by the rules.
func (r *reading) claim(m *Document, v value) {
	m.claims = append(m.claims, v.key())
	switch v.key() {
	case "iss", "sub", "jti":
		r.link(v)
	default:
		if _, ok := numericDate(v); !ok {
			r.fault("claim_form", v)
		}
	}
}

func (r *reading) issuer(v value) (i Issuer) {
	p := r.profile(v)
	if v.kind() == isObject && !isDID(p.ID) {
		r.fault("not_did", v.get("id"))
	}
	return Issuer(p)
}

func (r *reading) profile(v value) (p Profile) {
	if !r.object(v) {
		return p
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "id":
			p.ID = r.link(c)
		case "type":
			r.only(c, "Profile")
		case "name":
			p.Name = r.text(c, maxShort)
		case "address":
			p.Country, p.Region = r.place(c)
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "id", "type")
	return p
}

// body reads an organisation that is not the issuer.
func (r *reading) body(v value) *Profile {
	p := r.profile(v)
	if v.kind() == isObject {
		r.needs(v, "name")
	}
	return &p
}

// place reads a country and a region; streets have no business here.
func (r *reading) place(v value) (country, region string) {
	if !r.object(v) {
		return "", ""
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "type":
			r.only(c, "Address")
		case "addressCountryCode":
			country = r.term(c, isCountry, "country_unknown")
		case "addressRegion":
			region = r.term(c, isRegion, "region_form")
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "type", "addressCountryCode")
	return country, region
}

func (r *reading) person(v value, d *Document) {
	if !r.object(v) {
		return
	}
	p := &d.Subject
	for c := v.first(); c.exists(); c = c.next() {
		switch key := c.key(); {
		case key == "id":
			p.ID = r.term(c, isDID, "not_did")
		case key == "type":
			r.only(c, "AchievementSubject")
		case key == "identifier":
			p.Identity = list(r, c, r.identity)
		case key == "licenseNumber":
			p.DocumentNumber = r.text(c, maxShort)
		case key == "activityStartDate":
			p.Started = r.instant(c)
		case key == "activityEndDate":
			p.Completed = r.instant(c)
		case key == "narrative":
			p.Note = r.text(c, maxLong)
		case key == "source":
			p.Provider = r.body(c)
		case key == "result" && d.kind.results:
			p.Results = list(r, c, r.result)
		case key == "achievement":
			r.achievement(c, d)
		case d.kind.onSubject == nil || !d.kind.onSubject(r, d, c):
			r.refused(c, d.kind)
		}
	}
	r.needs(v, "type")
}

// refused notes a member that documents of this kind do not have.
func (r *reading) refused(v value, k *documentKind) {
	if k.refused != nil {
		if code := k.refused(v.key()); code != "" {
			r.fault(code, v, "member", shorten(v.key()))
			return
		}
	}
	r.unknown(v)
}

func (r *reading) identity(v value) (i Identity) {
	if !r.object(v) {
		return i
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "type":
			r.exactly(c, "IdentityObject")
		case "hashed":
			if r.boolean(c) {
				r.fault("fixed_value", c, "want", "false")
			}
		case "identityHash":
			i.Value = r.text(c, maxShort)
		case "identityType":
			i.Type = r.identityType(c)
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "type", "hashed", "identityHash", "identityType")
	return i
}

func (r *reading) identityType(v value) string {
	switch s := v.text(); {
	case isIdentityType(s):
	case isPrivate(s):
		r.fault("private_data", v, "member", shorten(s))
	default:
		r.fault("identity_type", v)
	}
	return v.text()
}

func isIdentityType(s string) bool {
	switch s {
	case IdentityName, IdentityGivenName, IdentityFamilyName, IdentityNameOriginalScript, IdentityBirthDate, IdentityBirthPlace:
		return true
	}
	return false
}

func (r *reading) result(v value) (res Result) {
	if !r.object(v) {
		return res
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "type":
			r.only(c, "Result")
		case "resultDescription":
			res.Scheme = r.link(c)
		case "status":
			r.exactly(c, statusCompleted)
			res.Status = statusCompleted
		case "value":
			res.Value = r.text(c, maxShort)
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "type", "status")
	return res
}

func (r *reading) evidence(v value) (e Evidence) {
	if !r.object(v) {
		return e
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "type":
			r.only(c, "Evidence")
		case "name":
			e.Name = r.text(c, maxShort)
		case "sha256":
			e.SHA256 = r.term(c, isSHA256, "hash_form")
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "type", "name", "sha256")
	return e
}

// statuses reads one entry, or the two of a credential that can be suspended.
func (r *reading) statuses(v value) []StatusEntry {
	if v.kind() != isArray {
		return []StatusEntry{r.status(v, purposeRevoke)}
	}
	if v.size() != 2 {
		r.fault("status_entries", v)
		return nil
	}
	first := v.first()
	return []StatusEntry{r.status(first, purposeRevoke), r.status(first.next(), purposeSuspend)}
}

func (r *reading) status(v value, purpose string) (s StatusEntry) {
	if !r.object(v) {
		return s
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "id":
			s.ID = r.link(c)
		case "type":
			r.exactly(c, typeStatusEntry)
			s.Type = c.text()
		case "statusPurpose":
			r.exactly(c, purpose)
			s.Purpose = c.text()
		case "statusListIndex":
			s.Index = r.term(c, isIndex, "index_form")
		case "statusListCredential":
			s.ListURL = r.term(c, isWebLink, "not_link")
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "id", "type", "statusPurpose", "statusListIndex", "statusListCredential")
	s.Size = 1
	return s
}

func (r *reading) schemaRef(v value) (s SchemaRef) {
	if !r.object(v) {
		return s
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "id":
			s.ID = r.link(c)
		case "type":
			s.Type = r.text(c, maxShort)
		default:
			r.unknown(c)
		}
	}
	return s
}

// needs notes the members that v lacks.
func (r *reading) needs(v value, names ...string) {
	for _, name := range names {
		if !v.get(name).exists() && len(r.faults) < maxFaults {
			r.faults = r.faults.with("missing", v.pointer()+"/"+name, "member", name)
		}
	}
}
