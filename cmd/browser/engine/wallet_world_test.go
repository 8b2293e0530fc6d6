package engine

import (
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/passporttest/recognised"
)

// noon is the moment of every story in these tests.
var noon = recognised.Noon

const (
	issuerDID = recognised.DID
	listURL   = recognised.ListURL
	day       = recognised.Day
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// desk is a page without a browser: it keeps keys, states and a clock, and
// answers for the network.
type desk struct {
	t      testing.TB
	engine *Engine
	at     time.Time
	keys   map[string]*ecdsa.PrivateKey
	fetch  func(Request) (Response, error)
	asked  []string
	stored *saved // what write() of the page has kept
}

func (d *desk) Now() time.Time { return d.at }

func (d *desk) Sign(_ context.Context, handle string, message []byte) ([]byte, error) {
	key := d.keys[handle]
	if key == nil {
		return nil, errors.New("nokey")
	}
	sum := sha256.Sum256(message)
	r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
	if err != nil {
		return nil, err
	}
	return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...), nil
}

func (d *desk) Fetch(_ context.Context, r Request) (Response, error) {
	d.asked = append(d.asked, r.Method+" "+r.URL)
	if d.fetch == nil {
		return Response{}, errors.New("no network")
	}
	return d.fetch(r)
}

func (d *desk) Progress(int, int) {}

const handle = "key-1"

// newDesk is a page with an engine that trusts the body, and no wallet.
func newDesk(t testing.TB, b *recognised.Body) *desk {
	t.Helper()
	d := &desk{t: t, at: noon, keys: map[string]*ecdsa.PrivateKey{}}
	d.restart(b)
	return d
}

// restart is the page opened again.
func (d *desk) restart(b *recognised.Body) {
	d.t.Helper()
	d.engine = New(d)
	d.engine.wallet.cost = 4
	if b == nil {
		return
	}
	out := d.do("trust.open", map[string]any{"anchor": b.Thumbprint(b.Root), "bundle": b.Bundle(d.at.Add(-time.Hour))})
	if out["origin"] == nil {
		d.t.Fatalf("the bundle does not open: %v", out)
	}
}

// ask makes a call and gives its answer, a refusal too.
func (d *desk) ask(name string, in map[string]any) map[string]any {
	d.t.Helper()
	if in["lang"] == nil {
		in["lang"] = "en"
	}
	data, err := json.Marshal(in)
	must(d.t, err)
	var out map[string]any
	must(d.t, json.Unmarshal(d.engine.Call(context.Background(), name, data), &out))
	return out
}

// do makes a call that must not be refused, and keeps what is to be saved as the
// page does.
func (d *desk) do(name string, in map[string]any) map[string]any {
	d.t.Helper()
	out := d.ask(name, in)
	if out["error"] != nil {
		d.t.Fatalf("%s: %v", name, out["error"])
	}
	if s, ok := out["save"].(map[string]any); ok {
		d.write(s)
	}
	return out
}

func (d *desk) write(s map[string]any) {
	d.t.Helper()
	was := uint64(0)
	if d.stored != nil {
		was = d.stored.Counter
	}
	if uint64(s["was"].(float64)) != was {
		d.t.Fatalf("the change began from %v, stored is %d", s["was"], was)
	}
	d.stored = &saved{Counter: uint64(s["counter"].(float64)), State: s["state"].(string)}
}

// refused makes a call that must end with a code, and in words.
func (d *desk) refused(code, name string, in map[string]any) map[string]any {
	d.t.Helper()
	out, _ := d.ask(name, in)["error"].(map[string]any)
	message, _ := out["message"].(string)
	if out["code"] != code || message == "" || strings.HasPrefix(message, "error.") || message == code {
		d.t.Errorf("%s: %v, want %s in words", name, out, code)
	}
	return out
}

// create makes a wallet as the page does, with words and their key.
func (d *desk) create(words string) {
	d.t.Helper()
	key, err := newKey()
	must(d.t, err)
	d.keys[handle] = key
	jwk, err := jwkOf(key)
	must(d.t, err)
	d.do("wallet.create", map[string]any{"key": handle, "jwk": jwk, "words": words})
}

// drawn are fresh words.
func (d *desk) drawn(kind string) string {
	d.t.Helper()
	return d.do("wallet.words", map[string]any{"kind": kind})["text"].(string)
}

func (d *desk) did() string {
	d.t.Helper()
	return d.do("wallet.state", map[string]any{})["did"].(string)
}

func (d *desk) cards() []any {
	d.t.Helper()
	return d.do("wallet.list", map[string]any{})["cards"].([]any)
}
