package jose

import (
	"errors"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/employment-passport/passport/internal/strictjson"
)

// params is the header as it is read: raw values of what we use, and the
// reasons to refuse the rest.
type params struct {
	alg, kid, typ, cty []byte
	jwk                []byte // taken of a proof only
	forbidden          string
	foreign            bool // a parameter beside alg, kid and typ
	crit               bool
}

func (p *params) see(name, value []byte) {
	switch string(name) {
	case "alg":
		p.alg = value
	case "kid":
		p.kid = value
	case "typ":
		p.typ = value
	case "cty":
		p.cty = value
	case "crit":
		p.crit = true
	case "jwk":
		p.jwk = append(p.jwk, value...)
	case "jku", "x5u", "x5c", "zip", "b64":
		// A key, or the address of one, chosen by the sender (A09 to A11);
		// compression bombs (A29); a payload that is not base64 (A15, RFC 7797).
		p.forbidden = string(name)
	}
	switch string(name) {
	case "alg", "kid", "typ":
	default:
		// VC-JOSE-COSE section 3.1: unknown parameters MUST be ignored. Open
		// Badges 3.0 allows none.
		p.foreign = true
	}
}

func parseHeader(segment string, want Type) (Header, error) {
	raw, err := decodeSegment(segment)
	if err != nil {
		return Header{}, err
	}
	if len(raw) > MaxHeader {
		return Header{}, refuse(CodeStructure, "the header is longer than %d bytes", MaxHeader)
	}
	var p params
	if err := strictjson.CheckObject(raw, p.see); err != nil {
		return Header{}, refuseHeader(err)
	}
	return p.judge(want)
}

// refuseHeader tells a header with a name twice from one that is no header.
func refuseHeader(err error) error {
	var failed *strictjson.Error
	if errors.As(err, &failed) && failed.Code == strictjson.CodeDuplicate {
		return refuseJSON("header", err)
	}
	return &Error{Code: CodeStructure, Err: err}
}

func (p *params) judge(want Type) (Header, error) {
	if p.forbidden != "" {
		return Header{}, refuse(CodeHeader, "the parameter %s is not taken", p.forbidden)
	}
	if p.jwk != nil && want != TypeProof {
		return Header{}, refuse(CodeHeader, "the parameter jwk is not taken")
	}
	if p.crit { // RFC 7515 section 4.1.11: we understand no extension, and an empty list is an error
		return Header{}, refuse(CodeCrit, "extensions that we do not understand")
	}
	h := Header{JWK: string(p.jwk)}
	var ok bool
	if h.Alg, ok = text(p.alg); !ok || !knownAlg(h.Alg) {
		return Header{}, refuse(CodeAlg, "not ES256, ES384, ES512 or EdDSA")
	}
	if h.Kid, ok = text(p.kid); !ok || h.Kid == "" && p.kid != nil || h.Kid != "" && !validKid(h.Kid) {
		return Header{}, refuse(CodeKid, "not a URI or a plain name of at most %d bytes", MaxKid)
	}
	if want == TypeOpenBadge {
		return p.judgeOpenBadge(h)
	}
	if h.Typ, ok = mediaType(p.typ); !ok || want != "" && h.Typ != string(want) {
		return Header{}, refuse(CodeType, "typ is not %q", want)
	}
	if h.Cty, ok = mediaType(p.cty); !ok {
		return Header{}, refuse(CodeType, "cty is not a media type")
	}
	return h, judgeContent(Type(h.Typ), h.Cty)
}

// judgeOpenBadge: Open Badges 3.0 section 8.2.3, typ MUST be "JWT" if it is
// there at all, in that spelling, and nothing may stand beside alg, kid and typ.
// Its third way to name a key, jwk, is refused before: the sender would choose
// the key (RFC 8725 section 3.8).
func (p *params) judgeOpenBadge(h Header) (Header, error) {
	typ, ok := text(p.typ)
	if !ok || p.typ != nil && typ != string(TypeOpenBadge) {
		return Header{}, refuse(CodeType, "typ is neither absent nor %q", TypeOpenBadge)
	}
	if p.cty != nil {
		return Header{}, refuse(CodeType, "a cty, which an Open Badge has not")
	}
	if p.foreign {
		return Header{}, refuse(CodeHeader, "a parameter beside alg, kid and typ")
	}
	h.Typ = typ
	return h, nil
}

// judgeContent: VC-JOSE-COSE section 3.1 has cty `vc` or `vp`, or none.
func judgeContent(typ Type, cty string) error {
	switch {
	case cty == "":
		return nil
	case strings.EqualFold(cty, "JWT"): // a token inside a token (A30)
		return refuse(CodeStructure, "a nested token")
	case typ == TypeVC && cty != "vc", typ == TypeVP && cty != "vp",
		typ == TypeBundle, typ == TypeDelegation, typ == TypeStatusAssertion:
		return refuse(CodeType, "cty does not fit typ")
	}
	return nil
}

// text reads a header value that must be a string; absent is empty.
func text(raw []byte) (string, bool) {
	if raw == nil {
		return "", true
	}
	if raw[0] != '"' {
		return "", false
	}
	plain, err := jsontext.AppendUnquote(nil, raw)
	return string(plain), err == nil
}

// mediaType takes the two documented spellings of typ and cty, `vc+jwt` and
// `application/vc+jwt` (RFC 7515 section 4.1.9), and returns the short one.
// Media types ignore case and take parameters; here `VC+JWT` and `vc+jwt;x`
// are other types, so that each token has one spelling (A27).
func mediaType(raw []byte) (string, bool) {
	s, ok := text(raw)
	if !ok || len(s) > 127 {
		return "", false
	}
	return strings.TrimPrefix(s, "application/"), true
}

// validKid takes what names a key here: an absolute URI (RFC 3986, a DID URL
// mostly) or a plain name such as a thumbprint. No path, no SQL, no control
// character has that form (A12).
func validKid(kid string) bool {
	if len(kid) > MaxKid || strings.Contains(kid, "..") {
		return false
	}
	scheme, _, isURI := strings.Cut(kid, ":")
	if isURI && (scheme == "" || !only(scheme, "+-.") || !letter(scheme[0])) {
		return false
	}
	if isURI {
		return only(kid, "-._~:/?#[]@!$&()*+,;=%")
	}
	return only(kid, "-._~")
}

// only tells whether s has nothing but ASCII letters, digits and the marks.
func only(s, marks string) bool {
	for i := range len(s) {
		if c := s[i]; !letter(c) && (c < '0' || c > '9') && strings.IndexByte(marks, c) < 0 {
			return false
		}
	}
	return true
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
