package issuer

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"github.com/employment-passport/passport/schema"
)

// resumer is who finishes what an interrupted run left.
const resumer Actor = "resume"

// PendingError tells of rows that stay pending because their key cannot be used
// at the moment. They wait for the next start; everything else works.
type PendingError struct {
	IDs []string
	Err error // of the first
}

func (e *PendingError) Error() string {
	return fmt.Sprintf("%d credentials stay pending, the first is %s: %v", len(e.IDs), e.IDs[0], e.Err)
}

func (e *PendingError) Unwrap() error { return e.Err }

// Resume finishes every pending row, or voids it when it can no longer be
// signed. Whoever opens a store to issue calls it first. Rows whose key the
// keyring does not give at the moment stay as they are, for the next start, and
// come as a *PendingError once all the others are finished.
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
	var away PendingError
	for len(left) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		batch := left[:min(i.batchSize, len(left))]
		left = left[len(batch):]
		if err := i.resumeBatch(context.WithoutCancel(ctx), batch, &away); err != nil {
			return err
		}
	}
	if len(away.IDs) > 0 {
		return &away
	}
	return nil
}

func (i *Issuer) resumeBatch(ctx context.Context, batch []Issuance, away *PendingError) error {
	rows := make([]pending, len(batch))
	err := i.store.View(ctx, func(tx Tx) error {
		for n, row := range batch {
			rows[n] = pending{Issuance: row}
			var refused *Error
			rows[n].key, rows[n].err = keyToResume(tx, row)
			if err := rows[n].err; err != nil && !errors.As(err, &refused) {
				return err // the store's: it says nothing about the row
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	i.sign(ctx, rows)
	rows = slices.DeleteFunc(rows, func(p pending) bool {
		if !errors.Is(p.err, errKeyAway) {
			return false
		}
		if away.Err == nil {
			away.Err = p.err
		}
		away.IDs = append(away.IDs, p.ID)
		return true
	})
	if len(rows) == 0 {
		return nil
	}
	settled, err := i.settle(ctx, resumer, rows)
	for _, row := range settled {
		if row.Token != "" {
			i.resumed.Store(row.ID, true)
		}
	}
	var voided *OfferError
	if errors.As(err, &voided) {
		return nil // voided is an end, too, and it is in the log
	}
	return err
}

// finished tells whether Resume has finished a row since this Issuer was made.
func (i *Issuer) finished(id string) bool {
	_, is := i.resumed.Load(id)
	return is
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
