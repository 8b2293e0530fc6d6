package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
)

// TestBundleOnline: an authority fetches, over TLS, the lists of the body that
// it recognises and that issues elsewhere, and asks nobody else. What it
// fetched goes into the bundle, where it revokes.
func TestBundleOnline(t *testing.T) {
	const host = "example.com"
	dir := t.TempDir()
	t.Setenv("PASSPORT_PASSPHRASE_FILE", filepath.Join(dir, "passphrase"))
	if err := os.WriteFile(filepath.Join(dir, "passphrase"), []byte("correct horse battery staple\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	site := filepath.Join(dir, "site")

	t.Setenv("PASSPORT_HOME", filepath.Join(dir, "body"))
	desk(t, "init", "--work-factor", "1")
	desk(t, "issuer", "add", "ente", "--did", "web", "--domain", host, "--country", "IT", "--region", "ITF5")
	desk(t, "issuer", "add", "ignoto", "--did", "web", "--domain", "stranger.example", "--country", "IT")
	desk(t, "template", "add", "../../examples/templates/01-food-hygiene-it.json")
	token := filepath.Join(dir, "one.jwt")
	id := desk(t, "issue", "--issuer", "ente", "--template", "food-hygiene", "--learner", "../../examples/learners/01-amina-diallo.json", "--out", token)
	desk(t, "revoke", id, "--reason", "issued-in-error")
	desk(t, "status", "publish", "--out", site)
	list, err := os.ReadFile(filepath.Join(site, host, "status", "1"))
	if err != nil {
		t.Fatal(err)
	}

	t.Setenv("PASSPORT_HOME", filepath.Join(dir, "authority"))
	desk(t, "init", "--work-factor", "1")
	anchor := desk(t, "trust", "init", "regione", "--did", "did:web:regione.example")
	desk(t, "trust", "delegate")
	desk(t, "trust", "recognise", filepath.Join(site, host, ".well-known", "did-history.json"), "--schema", "MicroCredential", "--name", "Ente", "--country", "IT")

	for _, c := range []struct {
		name  string
		pages map[string][]byte
		asked []string
		exit  int
	}{
		{"the list is there", map[string][]byte{host + "/status/1": list}, []string{host + "/status/1", host + "/status/2"}, exitInvalid},
		{"a page of nonsense is left out", map[string][]byte{host + "/status/1": []byte("<html>")}, []string{host + "/status/1", host + "/status/2"}, exitUnknown},
		{"nobody answers", nil, []string{host + "/status/1"}, exitUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &webServer{pages: c.pages}
			bundle := filepath.Join(t.TempDir(), "trust.bundle")
			a := &app{in: strings.NewReader(""), out: new(bytes.Buffer), err: new(bytes.Buffer), now: time.Now}
			err := a.withAuthority(context.Background(), true, func(i *issuer.Issuer) error {
				tokens, err := a.fetchLists(t.Context(), w.client(t), i, "")
				if err != nil {
					return err
				}
				b, err := i.MakeBundle(t.Context(), a.actor(), "", issuer.BundleOptions{StatusLists: tokens})
				if err != nil {
					return err
				}
				return a.writeBundle(bundle, b.Packed)
			})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(w.asked, c.asked) {
				t.Errorf("asked %v, want %v", w.asked, c.asked)
			}
			var out, errOut bytes.Buffer
			if code := run([]string{"verify", token, "--bundle", bundle, "--anchor", anchor}, strings.NewReader(""), &out, &errOut); code != c.exit {
				t.Errorf("exit %d, want %d: %s%s", code, c.exit, out.String(), errOut.String())
			}
		})
	}
}
