package wallet_test

import (
	"context"
	"fmt"
	"time"

	"github.com/employment-passport/passport/wallet"
)

// A wallet is made, given credentials, shown, and sealed again.
func Example() {
	ctx, now := context.Background(), time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	w, err := wallet.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	// Receive and Keep take tokens that an issuer signed for w.DID().
	if _, err := wallet.Receive(ctx, []string{"not a token"}, nil, now); err != nil {
		fmt.Println("refused")
	}
	if _, err := w.Present(ctx, nil, wallet.Showing{Now: now}); err != nil {
		fmt.Println(err)
	}
	data, err := w.Seal("four words by chance", 10)
	if err != nil {
		fmt.Println(err)
		return
	}
	same, err := wallet.Unseal(data, "four words by chance")
	fmt.Println(err == nil && same.DID() == w.DID())
	// Output:
	// refused
	// no credential to show
	// true
}
