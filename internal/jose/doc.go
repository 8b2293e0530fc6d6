// Package jose signs and verifies the tokens of Passport: JSON Web Signatures
// (RFC 7515) in the compact form, as VC-JOSE-COSE uses them.
//
// The attacker writes the whole token and chooses its header. The promise is:
// what Verify returns was signed by the key that the caller named, with the
// algorithm that this key demands, for the type that the caller expects, and
// there is one spelling of it only (but for the sign of an ECDSA S, see
// Canonical) and one reading of its JSON. Nothing is fetched, no key is taken
// from a header, and work and memory are bounded by the size limits below.
// The one kind of token that brings its own key is the proof of a wallet, which
// proves that key and nothing else; its KeyFunc is told of it.
//
// jwx does the arithmetic behind a gate of our own, because version 2 is
// lenient where it matters: it takes padded base64, line breaks inside a
// segment, unused bits, duplicate names and an absent alg. This is the only
// package that imports it.
package jose

// Type is the media type of a token without "application/", as `typ` holds it
// (RFC 7515 section 4.1.9; RFC 8725 section 3.11: explicit typing).
type Type string

// The types that Passport reads. TypeOpenBadge is the token of Open Badges 3.0,
// which has a format of its own and no type in its header, or "JWT".
const (
	TypeVC              Type = "vc+jwt"                  // VC-JOSE-COSE section 3.1.1
	TypeVP              Type = "vp+jwt"                  // VC-JOSE-COSE section 3.1.2
	TypeOpenBadge       Type = "JWT"                     // Open Badges 3.0 section 8.2, the JWT proof format
	TypeBundle          Type = "passport-bundle+jwt"     // the offline bundle
	TypeDelegation      Type = "passport-delegation+jwt" // root to signing key
	TypeStatusAssertion Type = "status-assertion+jwt"    // draft-demarco-oauth-status-assertions
	TypeProof           Type = "openid4vci-proof+jwt"    // OpenID4VCI 1.0 appendix F.1: a wallet proves its key
)

// Size limits in bytes. A credential of ours has 5 KB.
const (
	MaxToken        = 64 << 10 // one token
	MaxPresentation = 1 << 20  // a presentation carries tokens inside
	MaxSigned       = 32 << 20 // a bundle, and whatever is read with VerifyWithin
	MaxHeader       = 8 << 10  // decoded header
	MaxKid          = 1 << 10
)

func (t Type) limit() int {
	switch t {
	case TypeBundle:
		return MaxSigned
	case TypeVP:
		return MaxPresentation
	default:
		return MaxToken
	}
}

// Header is what a token says of itself, checked for form only. Typ and Cty
// are without "application/". JWK is JSON that nobody has read yet, and only a
// TypeProof that is asked for as such has one.
type Header struct{ Alg, Kid, Typ, Cty, JWK string }

// Type is the type of a token with this header: a token that names none is
// read as an Open Badge, the only kind that may.
func (h Header) Type() Type {
	if h.Typ == "" {
		return TypeOpenBadge
	}
	return Type(h.Typ)
}
