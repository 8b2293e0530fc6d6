package access

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/employment-passport/passport/issuer"
)

// String is the grant as the audit log has it: "officer of ferrara".
func (g Grant) String() string {
	if g.Issuer == "" {
		return string(g.Role)
	}
	return string(g.Role) + " of " + g.Issuer
}

// checkGrant refuses a role that there is not, and one without the issuer that
// it needs. A registry admin is one of the whole home or none.
func checkGrant(tx issuer.Tx, g Grant) error {
	switch {
	case !slices.Contains(Roles(), g.Role):
		known := make([]string, len(Roles()))
		for n, r := range Roles() {
			known[n] = string(r)
		}
		return refuse("role_unknown", "role", string(g.Role), "known", strings.Join(known, ", "))
	case g.Issuer == "" && !g.Role.WholeHome():
		return refuse("role_needs_issuer", "role", string(g.Role))
	case g.Issuer != "" && g.Role == RegistryAdmin:
		return refuse("role_whole_home", "role", string(g.Role))
	case g.Issuer == "":
		return nil
	}
	_, err := tx.Issuer(g.Issuer)
	return unknown(err, "issuer_unknown", "issuer", g.Issuer)
}

// userName is the form of a user's name: it stands in the audit log for good and
// between "+" there, and people type it.
var userName = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?$`)

// label tells whether a text is fit to be shown in a line.
func label(s string) bool {
	return s != "" && len(s) <= 100 && strings.TrimSpace(s) == s && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}
