package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/cmd/browser/engine"
)

// phone is a browser with a wallet: its key signs for the engine and never comes
// out of it, and its fetch goes to the counter.
type phone struct {
	t   *testing.T
	e   *engine.Engine
	key *ecdsa.PrivateKey
	at  asker
}

func newPhone(t *testing.T, at asker) *phone {
	t.Helper()
	p := &phone{t: t, at: at}
	var err error
	p.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	mustDo(t, err)
	p.e = engine.New(p)
	return p
}

func (*phone) Now() time.Time    { return time.Now() }
func (*phone) Progress(int, int) {}

func (p *phone) Sign(_ context.Context, _ string, message []byte) ([]byte, error) {
	sum := sha256.Sum256(message)
	r, s, err := ecdsa.Sign(rand.Reader, p.key, sum[:])
	if err != nil {
		return nil, err
	}
	return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...), nil
}

func (p *phone) Fetch(ctx context.Context, r engine.Request) (engine.Response, error) {
	switch r.Method {
	case "GET":
		body, err := p.at.Get(ctx, r.URL)
		return engine.Response{Status: 200, Body: body}, err
	case "POST":
		status, body, err := p.at.Post(ctx, r.URL, r.Header["Content-Type"], strings.TrimPrefix(r.Header["Authorization"], "Bearer "), r.Body)
		return engine.Response{Status: status, Body: body}, err
	}
	return engine.Response{}, errors.New("another method")
}

// do makes a call of the engine that must not be refused.
func (p *phone) do(name string, in map[string]any, out any) {
	p.t.Helper()
	in["lang"] = "en"
	data, err := json.Marshal(in)
	mustDo(p.t, err)
	answer := p.e.Call(p.t.Context(), name, data)
	var refused struct{ Error map[string]any }
	mustDo(p.t, json.Unmarshal(answer, &refused))
	if refused.Error != nil {
		p.t.Fatalf("%s: %v", name, refused.Error)
	}
	mustDo(p.t, json.Unmarshal(answer, out))
}

// create makes the wallet with backup words, and gives them.
func (p *phone) create() (words string) {
	p.t.Helper()
	var drawn struct{ Text string }
	p.do("wallet.words", map[string]any{}, &drawn)
	point, err := p.key.PublicKey.Bytes()
	mustDo(p.t, err)
	scalar, err := p.key.Bytes()
	mustDo(p.t, err)
	text := base64.RawURLEncoding.EncodeToString
	jwk := map[string]string{"kty": "EC", "crv": "P-256", "x": text(point[1:33]), "y": text(point[33:]), "d": text(scalar)}
	p.do("wallet.create", map[string]any{"key": "k", "jwk": jwk, "words": drawn.Text}, new(struct{}))
	return drawn.Text
}

// TestTheBrowsersWalletReceives takes an offer with a code from a real service over
// TLS, judges it by the bundle, tells the service, and carries everything to the
// command line by a backup.
func TestTheBrowsersWalletReceives(t *testing.T) {
	d := newCounterWorld(t)
	made := d.offered(t, "--tx-code", "--for", "14d")
	c := openCounter(t, d)
	p := newPhone(t, c.at)
	bundle, err := os.ReadFile(d.bundle)
	mustDo(t, err)
	p.do("trust.open", map[string]any{"anchor": d.anchor, "bundle": bundle}, new(struct{}))
	words := p.create()

	var offer struct {
		Host, Name string
		Titles     []string
		NeedsCode  bool
	}
	p.do("wallet.offer", map[string]any{"link": made.Link}, &offer)
	if offer.Host != onlineHost || len(c.asked) > 0 {
		t.Fatalf("%+v, asked %v", offer, c.asked)
	}
	p.do("wallet.offer", map[string]any{"link": made.Link, "host": offer.Host}, &offer)
	if !offer.NeedsCode || len(offer.Titles) != 1 || offer.Name == "" {
		t.Errorf("%+v", offer)
	}
	var taken struct {
		Kept []struct {
			New  bool
			Card struct {
				ID, Owner string
				Status    struct{ Colour string }
			}
		}
	}
	p.do("wallet.take", map[string]any{"code": made.TxCode}, &taken)
	if len(taken.Kept) != 1 || taken.Kept[0].Card.Owner != "self" || taken.Kept[0].Card.Status.Colour != "green" {
		t.Fatalf("%+v", taken)
	}
	p.do("wallet.tell", map[string]any{}, new(struct{}))
	v, err := c.offers.Show(t.Context(), made.ID)
	mustDo(t, err)
	id := taken.Kept[0].Card.ID
	if len(v.Events) != 1 || v.Events[0] != "credential_accepted" || v.Credentials[0] != id {
		t.Errorf("%+v", v)
	}

	var backup struct{ File []byte }
	p.do("wallet.backup", map[string]any{"words": words}, &backup)
	file, passphrase := filepath.Join(d.dir, "backup.age"), filepath.Join(d.dir, "words")
	mustDo(t, os.WriteFile(file, backup.File, 0o600))
	mustDo(t, os.WriteFile(passphrase, []byte(words+"\n"), 0o600))
	t.Setenv("PASSPORT_WALLET", filepath.Join(d.dir, "restored.age"))
	desk(t, "wallet", "restore", file, "--passphrase-file", passphrase)
	var held struct{ ID, Owner, Check string }
	mustDo(t, json.Unmarshal([]byte(desk(t, "wallet", "show", id, "--json", "--passphrase-file", passphrase)), &held))
	if held.Owner != "self" || held.Check != "valid" {
		t.Errorf("%+v", held)
	}
}
