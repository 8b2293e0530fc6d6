package trust_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"testing"

	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/passporttest"
	"github.com/employment-passport/passport/schema"
)

// country is a bundle of that many issuers with one list each, 1 % of 5 000
// credentials revoked.
func country(t testing.TB, w *world, issuers int) *trust.Packed {
	var entities []schema.Entity
	var lists []trust.StatusList
	for n := range issuers {
		b := newBody(t, fmt.Sprintf("did:web:body-%d.example", n), "Body", "IT")
		b.url = fmt.Sprintf("https://body-%d.example/status/1", n)
		bits := statuslist.New(statuslist.MinEntries)
		for i := range 50 {
			if err := bits.Set((i*2621+n*97)%statuslist.MinEntries, true); err != nil {
				t.Fatal(err)
			}
		}
		lists = append(lists, w.list(b, func(l *statuslist.List) { l.Bits = bits }))
		entities = append(entities, b.Entity)
	}
	return w.bundle(func(c *trust.Contents) {
		c.Recognition, c.StatusLists = []string{w.recognise(entities...)}, lists
	})
}

// The whole of 200 issuers and a million credentials stays a small download.
func TestSizeOfACountry(t *testing.T) {
	w := newWorld(t)
	p := country(t, w, 200)
	if len(p.Data) > 250<<10 || p.Files != nil {
		t.Errorf("%d bytes, %d files", len(p.Data), len(p.Files))
	}
	t.Logf("200 issuers: %d bytes", len(p.Data))
	b, err := trust.Open(p.Data, w.anchor, trust.Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantProblems(t, b)
	wantList(t, b, "https://body-199.example/status/1", true)
}

// BenchmarkOpen200Issuers: the bare work is one ES256 verification an issuer.
func BenchmarkOpen200Issuers(b *testing.B) {
	w := newWorld(b)
	p := country(b, w, 200)
	b.SetBytes(int64(len(p.Data)))
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	sum := sha256.Sum256(p.Data)
	signature, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
	if err != nil {
		b.Fatal(err)
	}
	passporttest.Beside(b, func() {
		for range 200 {
			if !ecdsa.VerifyASN1(&key.PublicKey, sum[:], signature) {
				b.Fatal("bare signature")
			}
		}
	}, func() {
		if _, err := trust.Open(p.Data, w.anchor, trust.Options{}); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkLookups: the bare work is one SHA-256 of 32 bytes for all that one
// verification looks up.
func BenchmarkLookups(b *testing.B) {
	w := newWorld(b)
	open := w.open()
	ctx := context.Background()
	sum := [32]byte{}
	passporttest.Beside(b, func() {
		for range 100 {
			sum = sha256.Sum256(sum[:])
		}
	}, func() {
		for range 100 {
			lookUp(ctx, b, w, open)
		}
	})
}

func lookUp(ctx context.Context, b *testing.B, w *world, open *trust.Bundle) {
	b.Helper()
	if _, err := open.Entity(ctx, w.forli.DID); err != nil {
		b.Fatal(err)
	}
	if _, err := open.Keys(ctx, w.forli.DID); err != nil {
		b.Fatal(err)
	}
	if _, _, err := open.StatusList(ctx, w.forli.url); err != nil {
		b.Fatal(err)
	}
	if open.Denied([16]byte{}) {
		b.Fatal("denied")
	}
}
