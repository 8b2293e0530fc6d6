package schema

import (
	"slices"
	"strconv"
	"strings"
)

// The token profile of Open Badges 3.0 (1EdTech, section 8.2.4): beside the
// document stand iss, jti, sub and nbf, which MUST repeat issuer.id, id,
// credentialSubject.id and validFrom, and exp, which repeats validUntil.

// contextsOB begin all editions of the Open Badges 3.0 context.
const contextsOB = "https://purl.imsglobal.org/spec/ob/v3p0/context"

// IsOpenBadge tells whether c is an Open Badges 3.0 credential, of a person's
// achievement, by its type and context.
func (c *Credential) IsOpenBadge() bool {
	return (contains(c.Types, "OpenBadgeCredential") || contains(c.Types, "AchievementCredential")) &&
		slices.ContainsFunc(c.Contexts, func(url string) bool { return strings.HasPrefix(url, contextsOB) })
}

// OpenBadgeFaults judges a credential, and the claims that came with it, by the
// token profile. Faults of the claims are "claim_missing" and
// "claim_contradicts"; the others say what the profile cannot do without.
func (c *Credential) OpenBadgeFaults() Faults {
	f := c.openBadgeDocument()
	if len(f) > 0 {
		return f
	}
	for _, claim := range c.openBadgeClaims() {
		switch claim.has {
		case claim.want:
		case "":
			f = f.with("claim_missing", "/"+claim.name, "claim", claim.name)
		default:
			f = f.with("claim_contradicts", "/"+claim.name, "claim", claim.name)
		}
	}
	return f
}

// openBadgeDocument judges the members that the claims repeat.
func (c *Credential) openBadgeDocument() (f Faults) {
	if !c.IsOpenBadge() {
		f = f.with("profile_other_document", "/type")
	}
	if c.ID == "" {
		f = f.with("missing", "/id", "member", "id")
	}
	if c.ValidFrom.IsZero() {
		f = f.with("missing", "/validFrom", "member", "validFrom")
	}
	if len(c.Subjects) != 1 || c.Subjects[0].ID == "" {
		f = f.with("profile_needs_holder", "/credentialSubject/id")
	}
	if c.ValidFrom.Nanosecond() != 0 || c.ValidUntil.Nanosecond() != 0 {
		f = f.with("time_form", "/validFrom") // a NumericDate here is whole seconds
	}
	return f
}

// openBadgeClaim is a claim as it is and as it must be, both as text.
type openBadgeClaim struct{ name, has, want string }

func (c *Credential) openBadgeClaims() [5]openBadgeClaim {
	subject, _ := c.Holder()
	return [...]openBadgeClaim{
		{"iss", c.Claims.Issuer, c.Issuer.ID},
		{"jti", c.Claims.ID, c.ID},
		{"sub", c.Claims.Subject, subject},
		{"nbf", c.Claims.notBefore, strconv.FormatInt(c.ValidFrom.Unix(), 10)},
		{"exp", c.Claims.expires, c.lastSecond()},
	}
}

// lastSecond is what exp must say: nothing without a validUntil.
func (c *Credential) lastSecond() string {
	if c.ValidUntil.IsZero() {
		return ""
	}
	return strconv.FormatInt(c.ValidUntil.Unix(), 10)
}

// WithOpenBadgeClaims adds to a compact document the claims of the profile that
// it does not have yet, behind its last member, in the order iss, jti, sub, nbf,
// exp. Its error is Faults: no Open Badge, no id of the subject, a claim that
// says something else.
func WithOpenBadgeClaims(document []byte) ([]byte, error) {
	c, err := ParseCredential(document)
	if err != nil {
		return nil, err
	}
	if faults := c.openBadgeDocument(); len(faults) > 0 {
		return nil, faults
	}
	b := append(make([]byte, 0, len(document)+512), document[:len(document)-1]...)
	for _, claim := range c.openBadgeClaims() {
		switch {
		case claim.has != "" && claim.has != claim.want:
			return nil, Faults(nil).with("claim_contradicts", "/"+claim.name, "claim", claim.name)
		case claim.has != "" || claim.want == "":
		case claim.name == "nbf" || claim.name == "exp":
			b = append(appendKey(b, claim.name), claim.want...)
		default:
			b = appendString(appendKey(b, claim.name), claim.want)
		}
	}
	return append(b, '}'), nil
}

// OpenBadgeFaults tells what keeps a learner from a token of the profile: it
// names its subject in sub, so that only a person with a key can have one.
func (l Learner) OpenBadgeFaults() (f Faults) {
	if l.Holder == "" {
		f = f.with("profile_needs_holder", "/holder")
	}
	return f
}
