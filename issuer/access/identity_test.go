package access_test

import (
	"testing"

	"github.com/employment-passport/passport/issuer/access"
)

func openID(subject, email, body string) access.Proof {
	return access.Proof{Identity: &access.Identity{Issuer: "https://id.example", Subject: subject, Email: email, Body: body}}
}

// TestIdentityIsBoundOnce: by an invitation, or by the verified address of the
// first sign-in; from then on only the subject counts.
func TestIdentityIsBoundOnce(t *testing.T) {
	w := newWorld(t)
	for _, n := range []access.NewUser{
		{Name: "anna", Grants: []access.Grant{at("ente", access.Officer)}},
		{Name: "ben", Email: "ben@ente.example", Grants: []access.Grant{at("ente", access.Officer)}},
	} {
		_, err := w.AddUser(t.Context(), admin, n)
		must(t, err)
	}
	_, err := w.SignIn(t.Context(), openID("1", "", ""))
	is(t, err, access.ErrUnauthenticated) // a stranger

	code, _, err := w.Invite(t.Context(), admin, "anna", false)
	must(t, err)
	_, err = w.Redeem(t.Context(), code, openID("1", "", ""))
	must(t, err)
	cookie, err := w.SignIn(t.Context(), openID("1", "", ""))
	must(t, err)
	if p, _ := w.FromSession(t.Context(), cookie); p.ID != "anna" {
		t.Errorf("signed in as %q", p.ID)
	}

	cookie, err = w.SignIn(t.Context(), openID("2", "Ben@ente.example", ""))
	must(t, err)
	if p, _ := w.FromSession(t.Context(), cookie); p.ID != "ben" {
		t.Errorf("signed in as %q", p.ID)
	}
	// The address passed to a new colleague: it opens ben's account no more.
	_, err = w.SignIn(t.Context(), openID("3", "ben@ente.example", ""))
	is(t, err, access.ErrUnauthenticated)
	// Nor can ben's identity be bound to somebody else.
	code, _, err = w.Invite(t.Context(), admin, "anna", false)
	must(t, err)
	_, err = w.Redeem(t.Context(), code, openID("2", "", ""))
	is(t, err, access.ErrUnauthenticated)
	w.wrote("user:anna user.redeem anna openid", "user:ben signin ben openid")
}

// TestAProviderOfABodySpeaksForItsPeopleOnly: it cannot make itself a registry
// admin, or somebody of another body.
func TestAProviderOfABodySpeaksForItsPeopleOnly(t *testing.T) {
	w := newWorld(t)
	for _, n := range []access.NewUser{
		{Name: "carla", Email: "carla@region.example", Grants: []access.Grant{{Role: access.RegistryAdmin}}},
		{Name: "dino", Email: "dino@scuola.example", Grants: []access.Grant{at("scuola", access.Officer)}},
		{Name: "ester", Email: "ester@both.example", Grants: []access.Grant{at("ente", access.Officer), at("scuola", access.Officer)}},
		{Name: "franco", Email: "franco@ente.example", Grants: []access.Grant{at("ente", access.Officer)}},
	} {
		_, err := w.AddUser(t.Context(), admin, n)
		must(t, err)
	}
	for subject, email := range map[string]string{"1": "carla@region.example", "2": "dino@scuola.example", "3": "ester@both.example"} {
		_, err := w.SignIn(t.Context(), openID(subject, email, "ente"))
		is(t, err, access.ErrUnauthenticated)
	}
	_, err := w.SignIn(t.Context(), openID("4", "franco@ente.example", "ente"))
	must(t, err)
}

func TestUsersThatCannotBe(t *testing.T) {
	w := newWorld(t)
	_, err := w.AddUser(t.Context(), admin, access.NewUser{Name: "anna", Email: "a@ente.example", Grants: []access.Grant{at("ente", access.Officer)}})
	must(t, err)
	ok := []access.Grant{at("ente", access.Officer)}
	for _, row := range []struct {
		code string
		n    access.NewUser
	}{
		{"user_exists", access.NewUser{Name: "anna", Grants: ok}},
		{"user_email_taken", access.NewUser{Name: "ben", Email: "A@ente.example", Grants: ok}},
		{"user_email", access.NewUser{Name: "ben", Email: "Ben <b@ente.example>", Grants: ok}},
		{"user_email", access.NewUser{Name: "ben", Email: "nobody", Grants: ok}},
		{"user_name", access.NewUser{Name: "", Grants: ok}},
		{"user_name", access.NewUser{Name: "Anna Neri", Grants: ok}},
		{"user_name", access.NewUser{Name: "anna+ben", Grants: ok}},
		{"user_name", access.NewUser{Name: "-anna", Grants: ok}},
		{"role_unknown", access.NewUser{Name: "ben"}},
		{"role_needs_issuer", access.NewUser{Name: "ben", Grants: []access.Grant{{Role: access.Assessor}}}},
		{"issuer_unknown", access.NewUser{Name: "ben", Grants: []access.Grant{at("x", access.Officer)}}},
	} {
		_, err := w.AddUser(t.Context(), admin, row.n)
		refused(t, err, row.code)
	}
	users, err := w.Users(t.Context())
	must(t, err)
	if len(users) != 1 {
		t.Errorf("%+v", users)
	}
}
