package schema

import (
	"strconv"
	"time"
)

// Bounds of a foreign credential; ours are narrower.
const (
	maxContexts = 20
	maxSubjects = 100
	maxEntries  = 100
)

// credential reads the shape that VCDM 2.0 (REC 2025-05-15, section 4) gives
// to every credential.
func (r *reading) credential(root value) *Credential {
	c := &Credential{}
	for m := root.first(); m.exists(); m = m.next() {
		switch m.key() {
		case "@context":
			c.Contexts = r.contexts(m)
		case "id":
			c.ID = r.term(m, isURL, "not_url")
		case "type":
			c.Types = r.types(m, "VerifiableCredential")
		case "issuer":
			c.Issuer = r.anyIssuer(m)
		case "validFrom":
			c.ValidFrom = r.anyInstant(m)
		case "validUntil":
			c.ValidUntil = r.anyInstant(m)
		case "credentialSubject":
			c.Subjects = r.subjects(m)
		case "credentialStatus":
			c.Status = r.anyStatus(m)
		case "credentialSchema":
			c.Schemas = r.schemas(m)
		case "name", "description":
			c.setName(m.key(), r.languageValue(m))
		case "termsOfUse", "evidence", "refreshService", "proof":
			r.typedObjects(m)
		case "relatedResource":
			r.relatedResources(m)
		case "supersedes":
			c.Supersedes = m.text()
		case "vc", "vp": // VC-JOSE-COSE section 1.1.2.1: MUST NOT be present
			r.fault("claim_forbidden", m, "member", m.key())
		case "exp", "nbf", "iat":
			r.timeClaim(&c.Claims, m)
		}
	}
	r.needs(root, "@context", "type", "issuer", "credentialSubject")
	if !c.ValidFrom.IsZero() && !c.ValidUntil.IsZero() && c.ValidUntil.Before(c.ValidFrom) {
		r.fault("dates_order", root.get("validUntil"))
	}
	r.claimsAgree(root, c)
	return c
}

func (c *Credential) setName(member, text string) {
	if member == "name" {
		c.Name = text
	}
}

// contexts reads @context: the base context first, then URLs and objects.
// Nothing is ever fetched, so only the form matters here.
func (r *reading) contexts(v value) []string {
	items := v.each()
	if len(items) == 0 || len(items) > maxContexts || items[0].kind() != isString || items[0].text() != contextVC {
		r.fault("context_base", v)
		return nil
	}
	urls := make([]string, 0, len(items))
	for _, item := range items {
		switch {
		case item.kind() == isObject:
			urls = append(urls, "")
		case item.kind() == isString && isURL(item.text()):
			urls = append(urls, item.text())
		default:
			r.fault("context_item", item)
		}
	}
	return urls
}

// types reads type, one or many, of which one must be base.
func (r *reading) types(v value, base string) []string {
	all := make([]string, 0, 3)
	if v.size() > maxEntries {
		r.fault("too_many", v, "max", strconv.Itoa(maxEntries))
		return nil
	}
	for _, item := range v.each() {
		if item.kind() != isString || item.text() == "" {
			r.fault("type_form", item)
			return nil
		}
		if contains(all, item.text()) {
			r.fault("repeated", item)
		}
		all = append(all, item.text())
	}
	if !contains(all, base) {
		r.fault("type_base", v, "want", base)
	}
	return all
}

func (r *reading) anyIssuer(v value) (i Issuer) {
	switch v.kind() {
	case isString:
		i.ID = r.term(v, isURL, "not_url")
	case isObject:
		if !v.get("id").exists() {
			r.needs(v, "id")
			return i
		}
		i.ID = r.term(v.get("id"), isURL, "not_url")
		i.Name = r.languageValue(v.get("name"))
		r.languageValue(v.get("description"))
		address := v.get("address")
		i.Country, i.Region = address.get("addressCountryCode").text(), address.get("addressRegion").text()
	default:
		r.fault("want_object", v)
	}
	return i
}

func (r *reading) anyInstant(v value) time.Time {
	t, ok := parseInstant(v.text())
	if v.kind() != isString || !ok {
		r.fault("time_form", v)
	}
	return t
}

func (r *reading) subjects(v value) []Subject {
	items := v.each()
	if len(items) == 0 || len(items) > maxSubjects {
		r.fault("subjects", v, "max", strconv.Itoa(maxSubjects))
		return nil
	}
	all := make([]Subject, 0, len(items))
	for _, item := range items {
		if !r.object(item) {
			continue
		}
		if item.size() == 0 {
			r.fault("empty", item)
		}
		s := Subject{}
		if id := item.get("id"); id.exists() {
			s.ID = r.term(id, isURL, "not_url")
		}
		for _, one := range item.get("identifier").each() {
			if hash := one.get("identityHash"); hash.kind() == isString && one.get("hashed").text() != "true" {
				s.Identity = append(s.Identity, Identity{one.get("identityType").text(), hash.text()})
			}
		}
		all = append(all, s)
	}
	return all
}

// typedObjects reads members of which each object must say its type; an id is
// optional and must be a URL.
func (r *reading) typedObjects(v value) []value {
	items := v.each()
	if len(items) == 0 || len(items) > maxEntries {
		r.fault("empty", v)
	}
	for _, item := range items {
		if !r.object(item) {
			continue
		}
		if !item.get("type").exists() {
			r.needs(item, "type")
		}
		for _, t := range item.get("type").each() {
			if t.kind() != isString || t.text() == "" {
				r.fault("type_form", t)
			}
		}
		if id := item.get("id"); id.exists() {
			r.term(id, isURL, "not_url")
		}
	}
	return items
}

func (r *reading) anyStatus(v value) []StatusEntry {
	items := r.typedObjects(v)
	all := make([]StatusEntry, 0, len(items))
	for _, item := range items {
		s := StatusEntry{
			ID:      item.get("id").text(),
			Type:    firstType(item),
			Purpose: item.get("statusPurpose").text(),
			ListURL: item.get("statusListCredential").text(),
			Size:    1,
		}
		if index := item.get("statusListIndex"); index.kind() == isString {
			s.Index = index.text()
		}
		if size := item.get("statusSize"); size.exists() {
			n, err := strconv.Atoi(size.text())
			if s.Size = n; err != nil || size.kind() != isNumber || n < 1 {
				s.Size = -1
			}
		}
		all = append(all, s)
	}
	return all
}

func firstType(v value) string {
	if types := v.get("type").each(); len(types) > 0 {
		return types[0].text()
	}
	return ""
}

func (r *reading) schemas(v value) []SchemaRef {
	items := r.typedObjects(v)
	all := make([]SchemaRef, 0, len(items))
	for _, item := range items {
		if item.kind() == isObject {
			r.needs(item, "id")
			all = append(all, SchemaRef{item.get("id").text(), firstType(item)})
		}
	}
	return all
}
