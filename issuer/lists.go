package issuer

import (
	"context"
	"crypto"
	"fmt"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/schema"
)

const (
	// listLife is how long a signed list lives: long enough for a body whose
	// machine stands still over a holiday, and no reason to call it fresh.
	listLife = 45 * 24 * time.Hour

	// listTTL is when a verifier with a network should fetch it again.
	listTTL = time.Hour
)

// StatusLists returns the lists of an issuer by number.
func (i *Issuer) StatusLists(ctx context.Context, issuer string) (lists []StatusList, err error) {
	err = i.store.View(ctx, func(tx Tx) error {
		lists, err = tx.StatusListsOf(issuer)
		return err
	})
	return lists, err
}

// StatusList signs the list of a URL as it stands now. Each signing has a later
// validFrom and a higher version than every one before it, which are durable
// before the signature is made: of two signed lists the later one always knows
// more, and a list can never go back.
func (i *Issuer) StatusList(ctx context.Context, url string) (token string, err error) {
	var list statuslist.List
	var key KeyRecord
	err = i.urgent(ctx, clockwork, func(a *act) error {
		list, key, err = a.nextVersion(url)
		return err
	})
	if err != nil {
		return "", err
	}
	payload, err := list.Payload()
	if err != nil {
		return "", fmt.Errorf("write status list %s: %w", url, err)
	}
	signer, err := i.keys.Signer(ctx, key.URI)
	if err != nil {
		return "", fmt.Errorf("sign status list %s: %w", url, err)
	}
	token, err = jose.Sign(ctx, jose.TypeVC, key.KID, signer, payload)
	if err != nil {
		return "", fmt.Errorf("sign status list %s: %w", url, err)
	}
	return token, checkList(ctx, token, signer.Public(), &list)
}

// clockwork is who does what falls due by itself.
const clockwork Actor = "clockwork"

// nextVersion raises a list's version and date and reads it for signing. The
// date is the clock's, which the world's clocks agree with, and not that of a log
// that was once ahead of them.
func (a *act) nextVersion(url string) (list statuslist.List, key KeyRecord, err error) {
	l, err := a.StatusList(url)
	if err != nil {
		return list, key, unknown(err, "list_unknown", "url", url)
	}
	r, err := a.Issuer(l.Issuer)
	if err != nil {
		return list, key, err
	}
	if key, err = activeKey(a, r.Name, schema.KeyForStatus); err != nil {
		return list, key, err
	}
	if l.Purpose == statuslist.PurposeSuspension {
		if err := a.liftDue(r.Name); err != nil {
			return list, key, err
		}
	}
	l.Version++
	l.SignedAt = later(a.clock, l.SignedAt)
	if l.SignedAt.Before(l.ChangedAt) { // the clock has been set back since
		l.SignedAt = l.ChangedAt
	}
	if err := a.PutStatusList(l); err != nil {
		return list, key, err
	}
	data, err := a.StatusBits(url)
	if err != nil {
		return list, key, err
	}
	list = statuslist.List{
		ID: l.URL, Issuer: r.DID, Purposes: []string{l.Purpose}, TTL: listTTL,
		ValidFrom: l.SignedAt, ValidUntil: l.SignedAt.Add(listLife), Bits: statuslist.FromBytes(data),
	}
	return list, key, a.log("list.sign", l.URL, fmt.Sprintf("version %d", l.Version))
}

// later is now, or a millisecond after last when now is not later.
func later(now, last time.Time) time.Time {
	if now.After(last) {
		return now
	}
	return last.Add(time.Millisecond)
}

// liftDue ends the suspensions of an issuer whose day has come.
func (a *act) liftDue(issuer string) error {
	var due []Issuance
	err := a.Issuances(Filter{Issuer: issuer, State: StateSuspended}, func(row Issuance) bool {
		if !row.SuspendedUntil.IsZero() && !row.SuspendedUntil.After(a.clock) {
			due = append(due, row)
		}
		return true
	})
	if err != nil {
		return err
	}
	for _, row := range due {
		if err := a.lift(&row); err != nil {
			return err
		}
		row.ChangedAt = a.at
		if err := a.PutIssuance(row); err != nil {
			return err
		}
		if err := a.log("reinstate", row.ID, "due"); err != nil {
			return err
		}
	}
	return nil
}

// checkList reads our own list as the world does.
func checkList(ctx context.Context, token string, pub crypto.PublicKey, want *statuslist.List) error {
	_, payload, err := jose.Verify(ctx, jose.TypeVC, token, func(context.Context, jose.Header, []byte) (crypto.PublicKey, error) {
		return pub, nil
	})
	if err != nil {
		return fmt.Errorf("check own status list: %w", err)
	}
	got, err := statuslist.ParseCredential(payload)
	if err != nil {
		return fmt.Errorf("check own status list: %w", err)
	}
	if got.ID != want.ID || !got.ValidFrom.Equal(want.ValidFrom) || string(got.Bits.Bytes()) != string(want.Bits.Bytes()) {
		return fmt.Errorf("check own status list: %s does not say what it should", want.ID)
	}
	return nil
}
