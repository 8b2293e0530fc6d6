package verifier

import (
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/employment-passport/passport/internal/strictjson"
)

// claims are the registered claims of a token (RFC 7519 section 4.1) beside the
// document. jose has judged their form, except iat's.
type claims struct {
	iss, sub, jti, nonce   string
	aud                    []string
	exp, iat, nbf          time.Time
	issuer, holder         string // of the document, to find a key before the signature is checked
	badIat, badAud, status bool
}

// readClaims goes once over the outermost members.
func readClaims(payload []byte) (claims, error) {
	var c claims
	err := strictjson.CheckObject(payload, c.see)
	return c, err
}

func (c *claims) see(name, value []byte) {
	switch string(name) {
	case "iss":
		c.iss, _ = text(value)
	case "sub":
		c.sub, _ = text(value)
	case "jti":
		c.jti, _ = text(value)
	case "nonce":
		c.nonce, _ = text(value)
	case "aud":
		c.aud, c.badAud = audience(value)
	case "exp":
		c.exp, _ = seconds(value)
	case "nbf":
		c.nbf, _ = seconds(value)
	case "iat":
		var ok bool
		c.iat, ok = seconds(value)
		c.badIat = !ok
	case "issuer":
		c.issuer = idOf(value)
	case "holder":
		c.holder = idOf(value)
	case "credentialStatus":
		c.status = true
	}
}

func text(value []byte) (string, bool) {
	if len(value) == 0 || value[0] != '"' {
		return "", false
	}
	plain, err := jsontext.AppendUnquote(nil, value)
	return string(plain), err == nil
}

func seconds(value []byte) (time.Time, bool) {
	n, err := strconv.ParseUint(string(value), 10, 38)
	if err != nil {
		return time.Time{}, false
	}
	return time.Unix(int64(n), 0).UTC(), true
}

// audience is a string or an array of strings (RFC 7519 section 4.1.3). One
// that names nobody is bad: an empty array, an empty name.
func audience(value []byte) (all []string, bad bool) {
	if one, ok := text(value); ok {
		all = []string{one}
	} else if strictjson.UnmarshalChecked(value, &all) != nil {
		return nil, true
	}
	return all, len(all) == 0 || slices.Contains(all, "")
}

// idOf reads a member that is a URL or an object with an id.
func idOf(value []byte) string {
	if s, ok := text(value); ok {
		return s
	}
	var object struct {
		ID string `json:"id"`
	}
	if strictjson.UnmarshalChecked(value, &object) != nil {
		return ""
	}
	return object.ID
}

// disagreement names the first claim that contradicts the document
// (VC-JOSE-COSE section 3.1.3: iss and issuer, jti and id, sub and
// credentialSubject.id must not), or is empty.
func (c *claims) disagreement(issuer, id, subject string) string {
	switch {
	case c.iss != "" && c.iss != issuer:
		return "iss"
	case c.jti != "" && id != "" && c.jti != id:
		return "jti"
	case c.sub != "" && subject != "" && c.sub != subject:
		return "sub"
	}
	return ""
}
