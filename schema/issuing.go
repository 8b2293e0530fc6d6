package schema

import (
	"strconv"
	"time"
)

// maxID bounds the id of a document that is to be signed, in bytes: the register
// finds it by its id.
const maxID = 4096

// CheckForIssuing judges a raw document that a client wants signed: all that
// ParseCredential refuses, and besides every word that no known context
// explains. One of our own documents must obey its rules too, and those of what
// may be signed about a person; a zero now leaves out those about the future.
func CheckForIssuing(data []byte, now time.Time) Faults {
	root, err := readTree(data)
	if err != nil {
		return FaultsOf(err)
	}
	var r reading
	c := r.credential(root)
	r.intelligible(root)
	if len(c.ID) > maxID {
		r.fault("too_long", root.get("id"), "max", strconv.Itoa(maxID))
	}
	if k := c.ourKind(); k != nil && len(r.faults) == 0 {
		m, faults := readDocument(root, k)
		r.noPersonalNumbers(root)
		return append(m.checkForSigning(m.check(faults, now)), r.faults...)
	}
	if c.isDefinition() && len(r.faults) == 0 {
		return readDefinition(root).checkDraft(now)
	}
	return r.faults
}

// CheckPresentationForIssuing judges a raw presentation that a client wants
// signed. The credentials in it are not judged: whoever verifies does that.
func CheckPresentationForIssuing(data []byte) Faults {
	root, err := readTree(data)
	if err != nil {
		return FaultsOf(err)
	}
	var r reading
	r.presentation(root)
	r.intelligible(root)
	return r.faults
}

// intelligible demands an IRI for every member at the top and every type.
func (r *reading) intelligible(root value) {
	m := r.mapContexts(root.get("@context"))
	for c := root.first(); c.exists(); c = c.next() {
		if c.key() != "@context" && !m.knows(c.key()) {
			r.fault("unknown_member", c, "member", shorten(c.key()))
		}
		if c.key() != "@context" && c.key() != "verifiableCredential" {
			r.typesKnown(m, c)
		}
	}
}

// typesKnown looks at the types of v and of all that is in it. What stands
// under jsonSchema is data of another language.
func (r *reading) typesKnown(m *mapping, v value) {
	if v.key() == "type" || v.key() == "@type" {
		for _, t := range v.each() {
			if t.kind() == isString && !m.knows(t.text()) {
				r.fault("type_unmapped", t, "type", shorten(t.text()))
			}
		}
		return
	}
	if v.key() == "jsonSchema" {
		return
	}
	for c := v.first(); c.exists(); c = c.next() {
		r.typesKnown(m, c)
	}
}

// WithIssuer gives a raw document its issuer where it has none: the member is
// absent, or an object without an id. A document that names another issuer is
// refused, as is one whose issuer is null.
func WithIssuer(data []byte, p IssuerProfile) ([]byte, error) {
	root, err := readTree(data)
	if err != nil {
		return nil, err
	}
	issuer := root.get("issuer")
	if id := issuer.get("id"); issuer.kind() == isString || id.exists() {
		if issuer.text() != p.ID && (id.kind() != isString || id.text() != p.ID) {
			return nil, Faults{{Code: "issuer_other", Pointer: "/issuer"}}
		}
		return data, nil
	}
	if issuer.exists() && issuer.kind() != isObject {
		return nil, Faults{{Code: "want_object", Pointer: "/issuer"}}
	}
	return writeWithIssuer(root, issuer, p), nil
}

// writeWithIssuer writes root compactly, with the issuer's id put first into
// what it says of the issuer.
func writeWithIssuer(root, issuer value, p IssuerProfile) []byte {
	b := []byte{'{'}
	for c := root.first(); c.exists(); c = c.next() {
		if c.key() == "issuer" {
			continue
		}
		b = appendKey(b, c.key())
		b = appendValue(b, c)
	}
	b = appendKey(b, "issuer")
	b = appendString(append(b, `{"id":`...), p.ID)
	if !issuer.get("name").exists() && p.Name != "" {
		b = appendMember(b, `,"name":`, p.Name)
	}
	for c := issuer.first(); c.exists(); c = c.next() {
		b = appendValue(appendKey(b, c.key()), c)
	}
	return append(b, "}}"...)
}

// appendKey writes a member's name, after a comma where one is due.
func appendKey(b []byte, key string) []byte {
	if last := b[len(b)-1]; last != '{' && last != '[' {
		b = append(b, ',')
	}
	return append(appendString(b, key), ':')
}

func appendValue(b []byte, v value) []byte {
	switch v.kind() {
	case isString:
		return appendString(b, v.text())
	case isObject:
		b = append(b, '{')
		for c := v.first(); c.exists(); c = c.next() {
			b = appendValue(appendKey(b, c.key()), c)
		}
		return append(b, '}')
	case isArray:
		b = append(b, '[')
		for c := v.first(); c.exists(); c = c.next() {
			if b[len(b)-1] != '[' {
				b = append(b, ',')
			}
			b = appendValue(b, c)
		}
		return append(b, ']')
	default:
		return append(b, v.text()...)
	}
}
