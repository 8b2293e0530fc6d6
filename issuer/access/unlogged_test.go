package access_test

import (
	"context"
	"errors"
	"testing"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/schema"
)

// TestNothingHappensUnlogged is P14 for who may do what: when the log cannot be
// written nobody is added, invited, let in or shut out, and nothing is approved.
func TestNothingHappensUnlogged(t *testing.T) {
	w := newWorld(t)
	template := w.template()
	row := w.issue(template, 1)
	key, secret := w.key(access.Officer, 0)
	cookie := w.signedIn("anna", access.Officer)
	w.add("ben", access.Officer)
	code, _, err := w.Invite(t.Context(), admin, "ben", false)
	must(t, err)
	o := w.prepare(anna, access.Draft{Kind: access.KindRevoke, Issuer: "ente", Credential: row.ID, Reason: schema.IssuedInError})

	store := deaf{w.store}
	i, err := issuer.New(issuer.Config{Store: store, Keys: w.ring, Now: w.now})
	must(t, err)
	s, err := access.New(access.Config{Issuer: i, Store: store, Now: w.now})
	must(t, err)
	ctx, before := t.Context(), w.log()
	for name, act := range map[string]func() error{
		"add key": func() error {
			_, _, err := s.AddAPIKey(ctx, admin, access.NewAPIKey{Name: "x", Grant: at("ente", access.Officer)})
			return err
		},
		"revoke key": func() error { _, err := s.RevokeAPIKey(ctx, admin, key.ID); return err },
		"add user": func() error {
			_, err := s.AddUser(ctx, admin, access.NewUser{Name: "x", Grants: []access.Grant{at("ente", access.Officer)}})
			return err
		},
		"disable":   func() error { _, err := s.DisableUser(ctx, admin, "anna"); return err },
		"invite":    func() error { _, _, err := s.Invite(ctx, admin, "anna", true); return err },
		"redeem":    func() error { _, err := s.Redeem(ctx, code, passkey("ben")); return err },
		"sign in":   func() error { _, err := s.SignIn(ctx, passkey("anna")); return err },
		"sign out":  func() error { return s.SignOut(ctx, cookie) },
		"failed":    func() error { return s.SignInFailed(ctx, "passkey") },
		"prepare":   func() error { _, err := s.Prepare(ctx, anna, issuing(template, 2)); return err },
		"approve":   func() error { _, err := s.Approve(ctx, ben, o.ID); return err },
		"reject":    func() error { _, err := s.Reject(ctx, ben, o.ID); return err },
		"four eyes": func() error { _, err := i.SetFourEyes(ctx, admin, "ente", true); return err },
	} {
		if err := act(); !errors.Is(err, errDeaf) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if w.log() != before {
		t.Error("something was logged")
	}
	// All is as it was.
	if _, err := w.FromAPIKey(ctx, secret); err != nil {
		t.Error("the key was revoked")
	}
	if _, err := w.FromSession(ctx, cookie); err != nil {
		t.Error("the session has ended")
	}
	if _, err := w.Invited(ctx, code); err != nil {
		t.Error("the invitation was taken")
	}
	if now, err := w.Proposal(ctx, ben, o.ID); err != nil || now.State != access.StateOpen {
		t.Errorf("%+v %v", now, err)
	}
	users, err := w.Users(ctx)
	must(t, err)
	keys, err := w.APIKeys(ctx)
	must(t, err)
	if now, err := w.issuer.Find(ctx, row.ID); err != nil || now.State != issuer.StateIssued || len(users) != 2 || len(keys) != 1 {
		t.Errorf("%+v %v, %d users, %d keys", now, err, len(users), len(keys))
	}
}

var errDeaf = errors.New("the log cannot be written")

// deaf is a store whose log cannot be written.
type deaf struct{ issuer.Store }

func (d deaf) Update(ctx context.Context, f func(issuer.Tx) error) error {
	return d.Store.Update(ctx, func(tx issuer.Tx) error { return f(deafTx{tx}) })
}

type deafTx struct{ issuer.Tx }

func (deafTx) AppendAudit(issuer.AuditEntry) error { return errDeaf }
