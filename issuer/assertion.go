package issuer

import (
	"context"
	"fmt"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
)

// StatusAssertion signs the status of one credential as it is now, to be
// stapled to it: for printing, and for wallets that fetch it. It lives for life,
// at most 45 days.
func (i *Issuer) StatusAssertion(ctx context.Context, by Actor, ref string, life time.Duration) (token string, err error) {
	var row Issuance
	var body IssuerRecord
	var key KeyRecord
	var at time.Time
	err = i.update(ctx, by, func(a *act) error {
		if row, err = single(a, ref); err != nil {
			return err
		}
		if row.Token == "" {
			return refuse("not_issued", "id", row.ID, "state", string(row.State))
		}
		if row.StatusList == "" {
			return refuse("status_elsewhere", "id", row.ID)
		}
		if body, err = a.Issuer(row.Issuer); err != nil {
			return err
		}
		if key, err = activeKey(a, row.Issuer, schema.KeyForStatus); err != nil {
			return err
		}
		at = a.at.Truncate(time.Second)
		return a.log("assertion.sign", row.ID, string(row.State))
	})
	if err != nil {
		return "", err
	}
	hash, err := jose.CredentialHash(row.Token)
	if err != nil {
		return "", err
	}
	signer, err := i.keys.Signer(ctx, key.URI)
	if err != nil {
		return "", fmt.Errorf("sign status assertion: %w", err)
	}
	return trust.SignAssertion(ctx, key.KID, signer, trust.Assertion{
		Issuer: body.DID, IssuedAt: at, Expires: at.Add(min(life, trust.MaxAssertionLife)),
		CredentialHash: hash, Status: row.asserted(at),
	})
}

// asserted is the row's state in the words of an assertion. A suspension whose
// day has come is over, whether or not anybody has published that yet.
func (i Issuance) asserted(at time.Time) trust.AssertedStatus {
	switch {
	case i.State == StateIssued:
		return trust.AssertedValid
	case i.State == StateSuspended && !i.SuspendedUntil.IsZero() && !i.SuspendedUntil.After(at):
		return trust.AssertedValid
	case i.State == StateSuspended:
		return trust.AssertedSuspended
	default:
		return trust.AssertedRevoked
	}
}
