package verifier

import (
	"context"
	"crypto"
	"fmt"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/schema"
)

// SelfCheck is an issuer's own look at what it has just signed, with the code
// that the world uses: signature, shape and rules; never dates, status or
// recognition. A zero now leaves out the rules about the future. The error is
// a *jose.Error's or schema.Faults' wrapped.
func SelfCheck(ctx context.Context, token string, pub crypto.PublicKey, kid string, now time.Time) error {
	f := formatOf(token)
	_, payload, err := jose.Verify(ctx, f.typ, token, func(_ context.Context, h jose.Header, _ []byte) (crypto.PublicKey, error) {
		if h.Kid != kid {
			return nil, failed(CodeKid)
		}
		return pub, nil
	})
	if err != nil {
		return fmt.Errorf("check own token: %w", err)
	}
	doc, err := schema.ParseChecked(payload)
	if err != nil {
		return fmt.Errorf("check own token: %w", err)
	}
	if err := f.claims(doc).Err(); err != nil {
		return fmt.Errorf("check own token: %w", err)
	}
	if err := doc.Rules(now).Err(); err != nil {
		return fmt.Errorf("check own token: %w", err)
	}
	return nil
}
