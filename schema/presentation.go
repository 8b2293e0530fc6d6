package schema

import "strings"

// Presentation is a verifiable presentation: what a holder shows.
type Presentation struct {
	ID       string
	Types    []string
	Holder   string
	Tokens   []string // compact JWS of each EnvelopedVerifiableCredential, in order
	Badges   []bool   // for each of Tokens: enveloped as an Open Badge, else as vc+jwt
	Embedded int      // credentials that stand in it without an envelope
	Claims   Claims
	Raw      []byte
}

// envelopeJWT is how a credential secured as a JWT stands in a presentation
// (VCDM 2.0 section 4.13): the token needs no further encoding.
const envelopeJWT = "data:application/vc+jwt,"

// envelopeBadge is the same for the token of Open Badges 3.0, which is no
// vc+jwt but a plain JWT (RFC 7519 section 10.3.1).
const envelopeBadge = "data:application/jwt,"

const typeEnveloped = "EnvelopedVerifiableCredential"

// ParsePresentation reads a presentation for verifying. Envelopes of other
// kinds than vc+jwt and jwt are refused: we could not judge what is in them. Its error
// is Faults.
func ParsePresentation(data []byte) (*Presentation, error) {
	root, err := readTree(data)
	if err != nil {
		return nil, err
	}
	var r reading
	p := r.presentation(root)
	for _, item := range root.get("verifiableCredential").each() {
		if !contains(typesOf(item), typeEnveloped) {
			p.Embedded++
			continue
		}
		token, ok := strings.CutPrefix(item.get("id").text(), envelopeJWT)
		badge := false
		if !ok {
			token, badge = strings.CutPrefix(token, envelopeBadge)
		}
		if !ok && !badge {
			r.fault("envelope_media", item.get("id"))
		}
		p.Tokens, p.Badges = append(p.Tokens, token), append(p.Badges, badge)
	}
	if len(r.faults) > 0 {
		return nil, r.faults
	}
	p.Raw = data
	return p, nil
}

// presentation reads the shape of section 4.13. What its credentials say is
// for the verifier; a presentation is issued without judging them.
func (r *reading) presentation(root value) *Presentation {
	p := &Presentation{}
	for m := root.first(); m.exists(); m = m.next() {
		switch m.key() {
		case "@context":
			r.contexts(m)
		case "id":
			p.ID = r.term(m, isURL, "not_url")
		case "type":
			p.Types = r.types(m, "VerifiablePresentation")
		case "holder":
			p.Holder = r.holder(m)
		case "verifiableCredential":
			r.presented(m)
		case "termsOfUse", "proof":
			r.typedObjects(m)
		case "vc", "vp":
			r.fault("claim_forbidden", m, "member", m.key())
		case "exp", "nbf", "iat":
			r.timeClaim(&p.Claims, m)
		}
	}
	r.needs(root, "@context", "type")
	for _, pair := range [...]struct{ claim, want string }{{"iss", p.Holder}, {"jti", p.ID}} {
		if v := root.get(pair.claim); v.exists() && (v.kind() != isString || pair.want != "" && v.text() != pair.want) {
			r.fault("claim_contradicts", v, "claim", pair.claim)
		}
	}
	return p
}

func (r *reading) holder(v value) string {
	if v.kind() == isObject {
		if v = v.get("id"); !v.exists() {
			r.faults = r.faults.with("missing", "/holder/id", "member", "id")
			return ""
		}
	}
	return r.term(v, isURL, "not_url")
}

// presented reads the credentials: objects always, never bare strings, each a
// credential or an envelope around one.
func (r *reading) presented(v value) {
	items := v.each()
	if len(items) > maxEntries {
		r.fault("too_many", v, "max", "100")
		return
	}
	for _, item := range items {
		if !r.object(item) {
			continue
		}
		types := typesOf(item)
		switch {
		case contains(types, typeEnveloped):
			if len(types) != 1 || !strings.HasPrefix(item.get("id").text(), "data:") {
				r.fault("envelope_form", item)
			}
		case !contains(types, "VerifiableCredential"):
			r.fault("type_base", item, "want", "VerifiableCredential")
		}
	}
}

func typesOf(v value) (types []string) {
	for _, t := range v.get("type").each() {
		if t.kind() == isString {
			types = append(types, t.text())
		}
	}
	return types
}
