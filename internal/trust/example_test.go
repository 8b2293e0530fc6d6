package trust_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"log"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/trust"
)

// An authority's root delegates to the key that signs daily; whoever pinned the
// root opens what that key has signed.
func ExampleOpen() {
	ctx := context.Background()
	root, daily := exampleKey(), exampleKey()
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	const authority, kid = "did:web:trust.example", "did:web:trust.example#sign-1"

	delegation, err := trust.SignDelegation(ctx, root, trust.Delegation{
		Authority: authority, Name: "Regione Esempio", Use: trust.UseSign, KID: kid, Key: daily.Public(),
		IssuedAt: now, Expires: now.Add(trust.MaxDelegation),
	})
	if err != nil {
		log.Fatal(err)
	}
	packed, err := trust.Build(ctx, kid, daily, trust.Contents{
		Authority: authority, Seq: trust.NextSeq(0, now), IssuedAt: now,
		NextUpdate: now.Add(trust.UpdateEvery), Expires: now.Add(trust.DefaultLife), Chain: []string{delegation},
	})
	if err != nil {
		log.Fatal(err)
	}

	anchor, err := jose.NewJWK(root.Public())
	if err != nil {
		log.Fatal(err)
	}
	b, err := trust.Open(packed.Data, anchor.Thumbprint(), trust.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(b.Origin().Authority.Name, "until", b.Origin().Expires.Format(time.DateOnly))

	_, err = trust.Open(packed.Data, "", trust.Options{})
	fmt.Println(err)
	// Output:
	// Regione Esempio until 2026-12-22
	// no trust anchor
}

func exampleKey() *ecdsa.PrivateKey {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	return k
}
