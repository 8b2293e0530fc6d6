package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/verifier"
)

const onlineHost = "example.com" // the name in the test server's certificate

// deskWorld is a home with one issuer at onlineHost that an authority
// recognises, one credential without its stapled word, and one bundle.
type deskWorld struct{ dir, token, bundle, anchor, id string }

func newDeskWorld(t *testing.T) deskWorld {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("PASSPORT_HOME", filepath.Join(dir, "home"))
	t.Setenv("PASSPORT_PASSPHRASE_FILE", filepath.Join(dir, "passphrase"))
	mustDo(t, os.WriteFile(filepath.Join(dir, "passphrase"), []byte("correct horse battery staple\n"), 0o600))
	d := deskWorld{dir: dir, bundle: filepath.Join(dir, "trust.bundle")}
	desk(t, "init", "--work-factor", "1")
	desk(t, "issuer", "add", "ente", "--did", "web", "--domain", onlineHost, "--country", "IT", "--region", "ITF5")
	desk(t, "template", "add", "../../examples/templates/01-food-hygiene-it.json")
	d.id, d.token = d.issue(t, "ente")
	d.anchor = desk(t, "trust", "init", "regione", "--did", "did:web:regione.example")
	desk(t, "trust", "delegate")
	desk(t, "trust", "recognise", "did:web:"+onlineHost, "--schema", "MicroCredential")
	return d
}

func mustDo(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (d deskWorld) issue(t *testing.T, issuer string) (id, token string) {
	t.Helper()
	file := filepath.Join(d.dir, issuer+".jwt")
	id = desk(t, "issue", "--issuer", issuer, "--template", "food-hygiene", "--learner", "../../examples/learners/01-amina-diallo.json", "--out", file)
	return id, strings.Fields(string(read(t, file)))[0]
}

func read(t *testing.T, path ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(path...))
	mustDo(t, err)
	return data
}

// judge gives one verdict for each file of tokens, judged by one command.
func (d deskWorld) judge(t *testing.T, pages map[string][]byte, files ...[]string) []*verifier.Report {
	t.Helper()
	a := &app{out: new(bytes.Buffer), err: new(bytes.Buffer), now: time.Now, home: t.TempDir()}
	s := &verifySetup{app: a}
	s.cfg.Now = a.now
	mustDo(t, s.openBundle(verifyOptions{bundle: d.bundle, anchor: d.anchor}))
	s.goOnline(context.Background(), (&webServer{pages: pages}).client(t), "", d.anchor)
	mustDo(t, s.build())
	var all []*verifier.Report
	for _, tokens := range files {
		r, err := s.verify(context.Background(), tokens)
		mustDo(t, err)
		all = append(all, r)
	}
	return all
}

// TestOneServersNonsenseHidesNoRevocation: of two credentials of one file one
// is revoked by its fetched list, the other's server answers nonsense.
func TestOneServersNonsenseHidesNoRevocation(t *testing.T) {
	d := newDeskWorld(t)
	desk(t, "issuer", "add", "altro", "--did", "web", "--domain", onlineHost+"/altro", "--country", "IT", "--region", "ITF5")
	desk(t, "trust", "recognise", "did:web:"+onlineHost+":altro", "--schema", "MicroCredential")
	_, other := d.issue(t, "altro")
	desk(t, "trust", "bundle", "--out", d.bundle)
	desk(t, "revoke", d.id, "--reason", "issued-in-error")
	desk(t, "status", "publish", "--out", filepath.Join(d.dir, "site"))
	pages := map[string][]byte{
		onlineHost + "/status/1":       read(t, d.dir, "site", onlineHost, "status", "1"),
		onlineHost + "/altro/status/1": []byte("<html>"),
	}
	reports := d.judge(t, pages, []string{d.token, other}, []string{d.token}, []string{other})
	for i, want := range []verifier.Verdict{verifier.Invalid, verifier.Invalid, verifier.Valid} {
		if reports[i].Verdict != want {
			t.Errorf("file %d: %s for %q, want %s", i, reports[i].Verdict, reports[i].Reason, want)
		}
	}
}

// TestHijackedDomainOnline: the bundle revokes; whoever holds the issuer's
// domain publishes a key of their own, a clean newer list by it, and a bait
// that makes the verifier fetch the key.
func TestHijackedDomainOnline(t *testing.T) {
	d := newDeskWorld(t)
	desk(t, "revoke", d.id, "--reason", "issued-in-error")
	desk(t, "status", "publish", "--out", filepath.Join(d.dir, "site"))
	desk(t, "trust", "bundle", "--out", d.bundle)
	rogue, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	mustDo(t, err)
	jwk, err := jose.NewJWK(&rogue.PublicKey)
	mustDo(t, err)
	const issuer, kid = "did:web:" + onlineHost, "did:web:" + onlineHost + "#rogue"
	doc, err := json.Marshal(&did.Document{ID: issuer, Methods: []did.VerificationMethod{{ID: kid, Key: jwk}}, Assertion: []string{kid}})
	mustDo(t, err)
	_, payload, err := jose.ParseUnverified(strings.TrimSpace(string(read(t, d.dir, "site", onlineHost, "status", "1"))))
	mustDo(t, err)
	list, err := statuslist.ParseCredential(payload)
	mustDo(t, err)
	list.Bits, list.ValidFrom = statuslist.New(statuslist.MinEntries), time.Now().Add(time.Second)
	clean, err := list.Payload()
	mustDo(t, err)
	signed, err := jose.Sign(context.Background(), jose.TypeVC, kid, rogue, clean)
	mustDo(t, err)
	bait, err := jose.Sign(context.Background(), jose.TypeVC, kid, rogue, []byte(`{"issuer":"`+issuer+`"}`))
	mustDo(t, err)

	pages := map[string][]byte{onlineHost + "/.well-known/did.json": doc, onlineHost + "/status/1": []byte(signed)}
	for _, r := range d.judge(t, pages, []string{bait}, []string{d.token}, []string{d.token, bait})[1:] {
		if r.Verdict != verifier.Invalid || !r.Has(verifier.CodeRevoked) {
			t.Errorf("%s for %q", r.Verdict, r.Reason)
		}
	}
}

// TestBareDay: --at with a day is its end, or now when it has not ended.
func TestBareDay(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"2026-11-22":                "2026-11-22T10:00:00Z",
		"2026-11-21":                "2026-11-21T23:59:59Z",
		"2026-11-23":                "2026-11-23T00:00:00Z",
		"2026-11-22T08:00:00+02:00": "2026-11-22T06:00:00Z",
	} {
		got, err := parseMoment(text, now)
		if err != nil || got.UTC().Format(time.RFC3339) != want {
			t.Errorf("%s is %s, want %s: %v", text, got, want, err)
		}
	}
	if _, err := parseMoment("yesterday", now); err == nil {
		t.Error("yesterday is a day")
	}
}
