package access_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
)

func (w *world) key(role access.Role, life time.Duration) (access.APIKey, string) {
	w.t.Helper()
	k, secret, err := w.AddAPIKey(w.t.Context(), admin, access.NewAPIKey{Name: "moodle", Grant: at("ente", role), Expires: life})
	must(w.t, err)
	return k, secret
}

func TestAPIKeyOpensWhatItWasMadeFor(t *testing.T) {
	w := newWorld(t)
	k, secret := w.key(access.Officer, 0)
	if !strings.HasPrefix(secret, "ppk_"+k.ID+"_") || len(secret) != 4+10+1+40 {
		t.Errorf("a secret of the form %d %q", len(secret), secret[:8])
	}
	if want := today.Add(access.KeyLife); !k.ExpiresAt.Equal(want) {
		t.Errorf("expires %s, want %s", k.ExpiresAt, want)
	}
	p, err := w.FromAPIKey(t.Context(), secret)
	must(t, err)
	if p.Actor != issuer.Actor("key:"+k.ID) || !p.ViaKey || p.May(access.ActIssue, "ente") != nil {
		t.Errorf("%+v", p)
	}
	is(t, p.May(access.ActIssue, "scuola"), access.ErrNotHere)
	w.wrote("cli:admin apikey.add " + k.ID + " officer of ente until 2027-11-22")
}

// TestNoSecretIsKept reads every file of the home, the log and what is listed.
func TestNoSecretIsKept(t *testing.T) {
	w := newWorld(t)
	_, secret := w.key(access.Officer, 0)
	w.add("anna", access.Officer)
	code, _, err := w.Invite(t.Context(), admin, "anna", false)
	must(t, err)
	cookie, err := w.Redeem(t.Context(), code, passkey("one"))
	must(t, err)
	second, _, err := w.Invite(t.Context(), admin, "anna", false)
	must(t, err)
	keys, err := w.APIKeys(t.Context())
	must(t, err)
	users, err := w.Users(t.Context())
	must(t, err)
	listed, err := json.Marshal([]any{keys, users})
	must(t, err)
	seen := w.log() + string(listed)
	files, err := filepath.Glob(filepath.Join(w.dir, "*"))
	must(t, err)
	for _, f := range files {
		if data, err := os.ReadFile(f); err == nil {
			seen += string(data)
		}
	}
	for name, s := range map[string]string{"key": secret[15:], "code": code[15:], "second code": second[15:], "cookie": cookie} {
		if strings.Contains(seen, s) {
			t.Errorf("the %s's secret is kept", name)
		}
	}
	if !strings.Contains(seen, "anna") {
		t.Error("nothing was read at all")
	}
}

// TestRefusedKeysCostTheSame: one look into the store and no write for each, so
// that the time of the answer tells nothing.
func TestRefusedKeysCostTheSame(t *testing.T) {
	w := newWorld(t)
	_, good := w.key(access.Officer, 0)
	revoked, dead := w.key(access.Officer, 0)
	_, err := w.RevokeAPIKey(t.Context(), admin, revoked.ID)
	must(t, err)
	_, old := w.key(access.Officer, time.Hour)
	w.pass(2 * time.Hour)
	for name, secret := range map[string]string{
		"unknown id": "ppk_aaaaaaaaaa_" + good[15:],
		"wrong":      good[:54] + other(good[54]),
		"another's":  good[:15] + dead[15:],
		"revoked":    dead,
		"expired":    old,
	} {
		views, updates := w.store.views.Load(), w.store.updates.Load()
		_, err := w.FromAPIKey(t.Context(), secret)
		is(t, err, access.ErrUnauthenticated)
		if v, u := w.store.views.Load()-views, w.store.updates.Load()-updates; v != 1 || u != 0 {
			t.Errorf("%s: %d views and %d updates", name, v, u)
		}
	}
	for _, secret := range []string{"", "ppk_", good + "a", good[:54], strings.ToUpper(good), "inv_" + good[4:], good[:14] + "-" + good[15:], strings.Repeat("a", 1<<16), "ppk_\x00aaaaaaaaa_" + good[15:]} {
		if _, err := w.FromAPIKey(t.Context(), secret); !errors.Is(err, access.ErrUnauthenticated) {
			t.Errorf("%.20q: %v", secret, err)
		}
	}
}

func other(c byte) string {
	if c == 'a' {
		return "b"
	}
	return "a"
}

// TestRevokedKeyIsRefusedAtTheNextRequest, also when another process revoked it.
func TestRevokedKeyIsRefusedAtTheNextRequest(t *testing.T) {
	w := newWorld(t)
	k, secret := w.key(access.Officer, 0)
	_, err := w.FromAPIKey(t.Context(), secret)
	must(t, err)
	gone, err := w.service().RevokeAPIKey(t.Context(), admin, k.ID)
	must(t, err)
	if gone.RevokedAt.IsZero() {
		t.Error("the key does not say that it is revoked")
	}
	_, err = w.FromAPIKey(t.Context(), secret)
	is(t, err, access.ErrUnauthenticated)
	again, err := w.RevokeAPIKey(t.Context(), admin, k.ID)
	must(t, err)
	if !again.RevokedAt.Equal(gone.RevokedAt) || strings.Count(w.log(), "apikey.revoke") != 1 {
		t.Error("revoked twice")
	}
	_, err = w.RevokeAPIKey(t.Context(), admin, "none")
	refused(t, err, "apikey_unknown")
}

func TestLastUseIsWrittenOnceADay(t *testing.T) {
	w := newWorld(t)
	_, secret := w.key(access.Operator, 0)
	before := w.store.updates.Load()
	for range 20 {
		_, err := w.FromAPIKey(t.Context(), secret)
		must(t, err)
	}
	if n := w.store.updates.Load() - before; n != 1 {
		t.Errorf("%d writes of 20 requests", n)
	}
	w.pass(24 * time.Hour)
	_, err := w.FromAPIKey(t.Context(), secret)
	must(t, err)
	keys, err := w.APIKeys(t.Context())
	must(t, err)
	if len(keys) != 1 || !keys[0].LastUsed.Equal(today.Truncate(24*time.Hour).Add(24*time.Hour)) || w.store.updates.Load()-before != 2 {
		t.Errorf("%+v", keys)
	}
}

func TestKeysThatCannotBe(t *testing.T) {
	w := newWorld(t)
	for code, n := range map[string]access.NewAPIKey{
		"apikey_name":       {Name: "a\nb", Grant: at("ente", access.Officer)},
		"apikey_life":       {Name: "a", Grant: at("ente", access.Officer), Expires: access.MaxKeyLife + 1},
		"role_unknown":      {Name: "a", Grant: at("ente", "king")},
		"role_needs_issuer": {Name: "a", Grant: access.Grant{Role: access.Officer}},
		"role_whole_home":   {Name: "a", Grant: at("ente", access.RegistryAdmin)},
		"issuer_unknown":    {Name: "a", Grant: at("nessuno", access.Officer)},
	} {
		_, secret, err := w.AddAPIKey(t.Context(), admin, n)
		refused(t, err, code)
		if secret != "" {
			t.Errorf("%s: a secret all the same", code)
		}
	}
}
