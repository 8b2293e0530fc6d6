package schema

import (
	"encoding/base64"
	"strings"
)

// accreditedKey reads a key of the accredited body.
func (r *reading) accreditedKey(v value) (k AccreditedKey) {
	if !r.object(v) {
		return k
	}
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "publicKeyJwk":
			k.JWK = r.publicJWK(c)
		case "keyUse":
			k.Use = KeyUse(r.term(c, isKeyUse, "key_use"))
		case "from":
			k.From = r.term(c, isDay, "date_form")
		case "until":
			k.Until = r.term(c, isDay, "date_form")
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "publicKeyJwk", "keyUse")
	return k
}

func isKeyUse(s string) bool { return s == string(KeyForCredentials) || s == string(KeyForStatus) }

// publicJWK reads the public members of a JSON Web Key (RFC 7517) and writes
// them as one text in this order: kty, crv, x, y, kid. Everything else is
// refused, and the private parts of a key above all.
func (r *reading) publicJWK(v value) string {
	if !r.object(v) {
		return ""
	}
	var kty, crv, x, y, kid string
	for c := v.first(); c.exists(); c = c.next() {
		switch c.key() {
		case "kty":
			kty = r.term(c, isKeyType, "key_form")
		case "crv":
			crv = r.term(c, isCurve, "key_form")
		case "x":
			x = r.term(c, isCoordinate, "key_form")
		case "y":
			y = r.term(c, isCoordinate, "key_form")
		case "kid":
			kid = r.link(c)
		case "d", "p", "q", "dp", "dq", "qi", "k", "oth":
			r.fault("key_private", c)
		default:
			r.unknown(c)
		}
	}
	r.needs(v, "kty", "crv", "x", "kid")
	if kty != "" && crv != "" && (kty == "EC") != (crv != "Ed25519") {
		r.fault("key_form", v)
	}
	if isKeyType(kty) && (kty == "EC") != v.get("y").exists() {
		r.fault("key_form", v)
	}
	return string(appendJWK(nil, kty, crv, x, y, kid))
}

func appendJWK(b []byte, kty, crv, x, y, kid string) []byte {
	b = appendString(append(b, `{"kty":`...), kty)
	b = appendMember(b, `,"crv":`, crv)
	b = appendMember(b, `,"x":`, x)
	b = appendMember(b, `,"y":`, y)
	return append(appendMember(b, `,"kid":`, kid), '}')
}

func isKeyType(s string) bool { return s == "EC" || s == "OKP" }

func isCurve(s string) bool { return s == "P-256" || s == "P-384" || s == "P-521" || s == "Ed25519" }

// isCoordinate tells whether s is base64url of 32, 48 or 66 bytes, one spelling
// only. Whether it lies on the curve is asked by whoever uses the key.
func isCoordinate(s string) bool {
	if len(s) != 43 && len(s) != 64 && len(s) != 88 || strings.ContainsAny(s, "\r\n") {
		return false
	}
	_, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return err == nil
}

func appendAccreditedKey(b []byte, k AccreditedKey) []byte {
	b = append(append(b, `{"publicKeyJwk":`...), k.JWK...)
	b = appendMember(b, `,"keyUse":`, string(k.Use))
	b = appendMember(b, `,"from":`, k.From)
	return append(appendMember(b, `,"until":`, k.Until), '}')
}
