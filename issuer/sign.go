package issuer

import (
	"context"
	"crypto"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/verifier"
)

// sign gives every pending row a token, or the error that kept it from one. It
// runs outside any transaction, as a security module may be slow and the store
// has one writer. Each token is verified with the code the world uses before
// anybody may see it.
func (i *Issuer) sign(ctx context.Context, rows []pending) {
	signers := map[string]crypto.Signer{}
	for n := range rows {
		p := &rows[n]
		if p.State != StatePending || p.err != nil {
			continue
		}
		if signers[p.key.URI] == nil {
			signer, err := i.keys.Signer(ctx, p.key.URI)
			if err != nil {
				p.err = fmt.Errorf("%w: %w", errKeyAway, err)
				continue
			}
			signers[p.key.URI] = signer
		}
		p.signer = signers[p.key.URI]
	}
	onAllCores(len(rows), func(n int) {
		if p := &rows[n]; p.State == StatePending && p.err == nil {
			p.token, p.err = i.signOne(ctx, p)
		}
	})
}

func (i *Issuer) signOne(ctx context.Context, p *pending) (string, error) {
	token, err := jose.Sign(ctx, p.Profile.tokenType(), p.key.KID, p.signer, p.Payload)
	if err != nil {
		return "", fmt.Errorf("%w: %w", errKeyAway, err)
	}
	if err := verifier.SelfCheck(ctx, token, p.signer.Public(), p.key.KID, i.now()); err != nil {
		return "", refuse("self_check", "id", p.ID).because(err)
	}
	return token, nil
}

// onAllCores calls f for 0 … n-1, many at a time.
func onAllCores(n int, f func(int)) {
	workers := min(n, runtime.GOMAXPROCS(0))
	if workers <= 1 {
		for k := range n {
			f(k)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for k := int(next.Add(1)) - 1; k < n; k = int(next.Add(1)) - 1 {
				f(k)
			}
		})
	}
	wg.Wait()
}
