package issuer

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
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
	return i.assert(ctx, by, life, func(a *act) (Issuance, error) { return single(a, ref) })
}

// StatusAssertionOf is StatusAssertion for who knows the token's hash
// (credential_hash) and the list that it names, as its holder does. It answers
// for erased credentials too: their holders still have them. Whatever is not a
// signed credential of that list is refused with "credential_unknown".
func (i *Issuer) StatusAssertionOf(ctx context.Context, by Actor, list string, hash [sha256.Size]byte, life time.Duration) (token string, err error) {
	find := func(tx Tx) (Issuance, error) {
		row, err := tx.IssuanceByHash(hash)
		if err != nil {
			return row, unknown(err, "credential_unknown", "ref", base64.RawURLEncoding.EncodeToString(hash[:]))
		}
		if list == "" || row.StatusList != list && row.SuspensionList != list {
			return row, refuse("credential_unknown", "ref", row.ID)
		}
		return row, nil
	}
	// Looked for before the store's one writer is asked for: a stranger who tries
	// hashes keeps nobody from issuing.
	if err := i.store.View(ctx, func(tx Tx) error { _, err := find(tx); return err }); err != nil {
		return "", err
	}
	return i.assert(ctx, by, life, func(a *act) (Issuance, error) { return find(a.Tx) })
}

// hashOf is the credential_hash of a row's token.
func (i Issuance) hashOf() (string, error) {
	if i.Erased {
		return base64.RawURLEncoding.EncodeToString(i.TokenHash[:]), nil
	}
	return jose.CredentialHash(i.Token)
}

// assert signs the status of the row that find finds.
func (i *Issuer) assert(ctx context.Context, by Actor, life time.Duration, find func(*act) (Issuance, error)) (token string, err error) {
	var row Issuance
	var body IssuerRecord
	var key KeyRecord
	var at time.Time
	err = i.update(ctx, by, func(a *act) error {
		if row, err = find(a); err != nil {
			return err
		}
		if row.Token == "" && (!row.Erased || row.TokenHash == [sha256.Size]byte{}) {
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
	hash, err := row.hashOf()
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
