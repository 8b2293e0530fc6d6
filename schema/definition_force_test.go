package schema

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// signedVersion is a version as its owner signs it.
func signedVersion(t *testing.T, id, owner, version, starts, signed string) *Credential {
	t.Helper()
	d := *example(t)
	d.ID, d.Version, d.Owner = id, version, Profile{}
	var err error
	if d.ValidFrom, err = ParseDate(starts); err != nil {
		t.Fatal(err)
	}
	on, err := ParseDate(signed)
	if err != nil {
		t.Fatal(err)
	}
	data, err := d.Compose(Particulars{ID: idNumber(1), Issuer: IssuerProfile{ID: owner, Name: "Ente"}, ValidFrom: on.t})
	if err != nil {
		t.Fatal(err)
	}
	c, err := ParseCredential(data)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Versions are names: 10 is no older than 9, and the one that counts is the one
// that has started last, in whatever order they come.
func TestDefinitionsInForce(t *testing.T) {
	const id, ours, theirs = "https://consorzio.example/d", "did:web:consorzio.example", "did:web:altro.example"
	version := func(name, starts, signed string) *Credential { return signedVersion(t, id, ours, name, starts, signed) }
	for name, c := range map[string]struct {
		all  []*Credential
		want []string
	}{
		"the one that started last":   {[]*Credential{version("9", "2026-01-01", "2026-01-01"), version("10", "2026-06-01", "2026-01-02")}, []string{"10"}},
		"not one that starts later":   {[]*Credential{version("1", "2026-01-01", "2026-01-01"), version("2", "2027-11-22", "2026-11-01")}, []string{"1"}},
		"none has started":            {[]*Credential{version("2", "2027-06-01", "2026-01-01"), version("1", "2027-01-01", "2026-01-01")}, []string{"1"}},
		"of one day the later signed": {[]*Credential{version("b", "2026-01-01", "2026-01-01"), version("a", "2026-01-01", "2026-03-01")}, []string{"a"}},
		"starts today":                {[]*Credential{version("1", "2026-01-01", "2026-01-01"), version("2", "2026-11-22", "2026-11-01")}, []string{"2"}},
		"each owner's":                {[]*Credential{signedVersion(t, id, theirs, "7", "2026-01-01", "2026-01-01"), version("1", "2026-02-01", "2026-01-01")}, []string{"7", "1"}},
		"no definition":               {[]*Credential{ofAmina(1, 1, 1, 0).credential(t, example(t))}, nil},
	} {
		for range 2 {
			var got []string
			for _, one := range DefinitionsInForce(c.all, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)) {
				got = append(got, one.definition.Version)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: %s", name, strings.Join(got, " "))
			}
			slices.Reverse(c.all)
		}
	}
}
