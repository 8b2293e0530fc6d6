package jose_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/employment-passport/passport/internal/jose"
)

func Example() {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	ctx := context.Background()
	token, err := jose.Sign(ctx, jose.TypeVC, "did:web:ente.example#key-1", key, []byte(`{"issuer":"did:web:ente.example"}`))
	if err != nil {
		panic(err)
	}

	// The caller says which key it must be; the token cannot.
	find := func(_ context.Context, h jose.Header, _ []byte) (crypto.PublicKey, error) {
		fmt.Println("asked for", h.Kid)
		return key.Public(), nil
	}
	h, payload, err := jose.Verify(ctx, jose.TypeVC, token, find)
	fmt.Println(h.Alg, string(payload), err)

	// The same token in another place is of the wrong type there.
	_, _, err = jose.Verify(ctx, jose.TypeVP, token, find)
	var refused *jose.Error
	fmt.Println(errors.As(err, &refused), refused.Code)
	// Output:
	// asked for did:web:ente.example#key-1
	// ES256 {"issuer":"did:web:ente.example"} <nil>
	// true type
}
