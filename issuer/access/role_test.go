package access_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/employment-passport/passport/issuer/access"
)

// may is who may do what, written out a second time: a change of the table in
// role.go is a change here.
var may = map[access.Act]string{ // roles by their first letters, in the order of Roles
	access.ActRead:      "r o as op au",
	access.ActPrepare:   "o as",
	access.ActApprove:   "o",
	access.ActIssue:     "o",
	access.ActSheets:    "o",
	access.ActOffers:    "o",
	access.ActRevoke:    "r o",
	access.ActSuspend:   "r o",
	access.ActPeople:    "r o",
	access.ActErase:     "r o",
	access.ActTemplates: "r o",
	access.ActKeys:      "r",
	access.ActAudit:     "r au",
	access.ActFeedback:  "r o op",
	access.ActUsers:     "r",
	access.ActIssuers:   "r",
}

var short = map[access.Role]string{access.RegistryAdmin: "r", access.Officer: "o", access.Assessor: "as", access.Operator: "op", access.Auditor: "au"}

// TestWhoMayDoWhat goes through every role, act and issuer: the principal's own,
// another one, and the home itself.
func TestWhoMayDoWhat(t *testing.T) {
	if len(may) != len(access.Acts()) || len(short) != len(access.Roles()) {
		t.Fatalf("%d acts and %d roles; the table here has %d and %d", len(access.Acts()), len(access.Roles()), len(may), len(short))
	}
	rows := 0
	for _, role := range access.Roles() {
		for _, act := range access.Acts() {
			allowed := slices.Contains(strings.Fields(may[act]), short[role])
			own, all := person("x", at("ente", role)), person("x", access.Grant{Role: role})
			for _, row := range []struct {
				p      access.Principal
				issuer string
				want   error
			}{
				{own, "ente", forbiddenUnless(allowed)},
				{own, "scuola", access.ErrNotHere},
				{own, "no such issuer", access.ErrNotHere},
				{own, "", access.ErrForbidden},
				{all, "ente", forbiddenUnless(allowed)},
				{all, "scuola", forbiddenUnless(allowed)},
				{all, "", forbiddenUnless(allowed)},
				{access.Principal{}, "ente", access.ErrNotHere},
				{access.Principal{}, "", access.ErrForbidden},
			} {
				rows++
				if err := row.p.May(act, row.issuer); !errors.Is(err, row.want) || row.want == nil && err != nil {
					t.Errorf("%s may %s at %q with %v: %v, want %v", role, act, row.issuer, row.p.Grants, err, row.want)
				}
			}
		}
	}
	if rows != 5*16*9 {
		t.Errorf("%d rows", rows)
	}
}

func forbiddenUnless(allowed bool) error {
	if allowed {
		return nil
	}
	return access.ErrForbidden
}

func TestGrantsOfOnePersonAddUp(t *testing.T) {
	p := person("x", at("ente", access.Operator), at("scuola", access.Officer), at("ente", access.Auditor))
	if p.May(access.ActAudit, "ente") != nil || p.May(access.ActFeedback, "ente") != nil || p.May(access.ActIssue, "scuola") != nil {
		t.Error("a grant does not count")
	}
	is(t, p.May(access.ActIssue, "ente"), access.ErrForbidden)
	is(t, p.May(access.ActAudit, "scuola"), access.ErrForbidden)
	if names, all := p.Issuers(access.ActRead); all || fmt.Sprint(names) != "[ente scuola]" {
		t.Error(names, all)
	}
	if names, all := p.Issuers(access.ActIssue); all || fmt.Sprint(names) != "[scuola]" {
		t.Error(names, all)
	}
	if names, all := person("y", access.Grant{Role: access.RegistryAdmin}).Issuers(access.ActUsers); !all || names != nil {
		t.Error(names, all)
	}
}

func TestContextCarriesThePrincipal(t *testing.T) {
	if _, ok := access.From(t.Context()); ok {
		t.Error("a principal out of nothing")
	}
	if p, ok := access.From(access.With(t.Context(), person("anna"))); !ok || p.ID != "anna" {
		t.Error(p, ok)
	}
}
