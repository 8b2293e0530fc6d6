package issuer

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/employment-passport/passport/schema"
)

// resumer is who finishes what an interrupted run left.
const resumer Actor = "resume"

// Resume finishes every pending row, or voids it when it can no longer be
// signed. Whoever opens a store to issue calls it first. When the keyring
// cannot sign at the moment the rows stay as they are, for the next start.
func (i *Issuer) Resume(ctx context.Context) error {
	var left []Issuance
	err := i.store.View(ctx, func(tx Tx) error {
		return tx.Issuances(Filter{State: StatePending}, func(row Issuance) bool {
			left = append(left, row)
			return true
		})
	})
	if err != nil {
		return fmt.Errorf("find pending credentials: %w", err)
	}
	for len(left) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		batch := left[:min(i.batchSize, len(left))]
		left = left[len(batch):]
		if err := i.resumeBatch(context.WithoutCancel(ctx), batch); err != nil {
			return err
		}
	}
	return nil
}

func (i *Issuer) resumeBatch(ctx context.Context, batch []Issuance) error {
	rows := make([]pending, len(batch))
	err := i.store.View(ctx, func(tx Tx) (err error) {
		for n, row := range batch {
			rows[n] = pending{Issuance: row}
			rows[n].key, rows[n].err = keyToResume(tx, row)
		}
		return nil
	})
	if err != nil {
		return err
	}
	i.sign(ctx, rows)
	for _, p := range rows {
		if errors.Is(p.err, errKeyAway) {
			return fmt.Errorf("credential %s stays pending: %w", p.ID, p.err)
		}
	}
	_, err = i.settle(ctx, resumer, rows)
	var voided *OfferError
	if errors.As(err, &voided) {
		return nil // voided is an end, too, and it is in the log
	}
	return err
}

// keyToResume returns the key to sign an old row with. Its payload was made for
// a day, which the key's window must cover, as every verifier will look there.
func keyToResume(tx Tx, row Issuance) (KeyRecord, error) {
	key, err := activeKey(tx, row.Issuer, schema.KeyForCredentials)
	if err != nil {
		return key, err
	}
	if sha256.Sum256(row.Payload) != row.PayloadHash {
		return key, refuse("payload_changed", "id", row.ID)
	}
	if !key.covers(row.CreatedAt) {
		return key, refuse("key_changed", "id", row.ID)
	}
	return key, nil
}
