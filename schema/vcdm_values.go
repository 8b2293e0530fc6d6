package schema

// languageValue reads a text, a language value object (section 11.1), or an
// array of those; it returns the first text.
func (r *reading) languageValue(v value) string {
	text := ""
	for i, item := range v.each() {
		one := item.text()
		if item.kind() == isObject {
			one = r.languageObject(item)
		} else if item.kind() != isString {
			r.fault("language_value", item)
		}
		if i == 0 {
			text = one
		}
	}
	return text
}

func (r *reading) languageObject(v value) string {
	for m := v.first(); m.exists(); m = m.next() {
		switch m.key() {
		case "@value", "@language":
		case "@direction":
			if d := m.text(); d != "ltr" && d != "rtl" {
				r.fault("language_value", m)
			}
		default:
			r.fault("language_value", m)
			continue
		}
		if m.kind() != isString {
			r.fault("language_value", m)
		}
	}
	if !v.get("@value").exists() {
		r.fault("language_value", v)
	}
	return v.get("@value").text()
}

// relatedResources is section 5.3: each has an id of its own and a digest.
func (r *reading) relatedResources(v value) {
	seen := map[string]bool{}
	for _, item := range v.each() {
		if !r.object(item) {
			continue
		}
		r.needs(item, "id")
		id := item.get("id")
		if id.exists() {
			r.term(id, isURL, "not_url")
		}
		if seen[id.text()] {
			r.fault("repeated", id)
		}
		seen[id.text()] = true
		sri, multibase := item.get("digestSRI"), item.get("digestMultibase")
		if !sri.exists() && !multibase.exists() {
			r.fault("digest_missing", item)
		}
		if id.text() == contextVC && (wrongDigest(sri, baseContextSRI) || wrongDigest(multibase, baseContextMultibase)) {
			r.fault("digest_wrong", item)
		}
	}
}

// Digests of the base context (section B.1), SHA-256 in the spellings of
// Subresource Integrity and of Multihash in base64url and base58.
var (
	baseContextSRI       = []string{"sha256-WZVc7WaX1h4D8rJVb+vlMIqxaEKEb1tYbX8fet7JJzQ="}
	baseContextMultibase = []string{"uEiBZlVztZpfWHgPyslVv6-UwirFoQoRvW1htfx963sknNA", "zQmUNM6HqwZxuJ5k6cYRKAiqjUkx1qxWJe4WTqsg7ZJtEFm"}
)

func wrongDigest(v value, right []string) bool {
	return v.exists() && !contains(right, v.text())
}
