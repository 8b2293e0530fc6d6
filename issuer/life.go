package issuer

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/employment-passport/passport/schema"
)

// Reason says why a credential is revoked or suspended.
type Reason struct {
	Code schema.Reason
	Note string // for the register; never published
}

// Revoke ends a credential for good: there is no method that undoes it. ref is
// the credential's id, its document number or the beginning of its id, as long
// as it means one credential. A credential that is revoked already is refused
// with "already_revoked", so that nobody believes that a second reason counted.
// Composites of this home that rest on it are revoked in the same act; where
// enough is left of one, another takes its place. Notice hears of both.
func (i *Issuer) Revoke(ctx context.Context, by Actor, ref string, reason Reason) (Issuance, error) {
	if !reason.Code.Revokes() {
		return Issuance{}, refuse("reason_unknown", "reason", string(reason.Code), "known", reasons(schema.RevocationReasons()))
	}
	return i.change(ctx, by, i.urgent, "revoke", ref, pressing(reason.Code), func(a *act, row *Issuance) error {
		switch row.State {
		case StateRevoked, StateSuperseded:
			return refuse("already_revoked", "id", row.ID, "date", row.ChangedAt.Format(time.DateOnly))
		case StateVoid:
			return refuse("never_issued", "id", row.ID)
		}
		if row.StatusList == "" {
			return refuse("status_elsewhere", "id", row.ID)
		}
		row.State, row.Payload = StateRevoked, nil
		row.Reason, row.Note, row.SuspendedUntil = string(reason.Code), reason.Note, time.Time{}
		return a.setBit(row.StatusList, row.StatusIndex, true)
	})
}

// Suspend takes a credential's validity away for a time: until the beginning of
// the UTC day of until, or until Reinstate where that is zero. Only a credential
// made from a suspendable template carries the entry that says so. A credential that
// is suspended already gets the new day, or none; the log has both acts.
func (i *Issuer) Suspend(ctx context.Context, by Actor, ref string, reason Reason, until time.Time) (Issuance, error) {
	if !reason.Code.Suspends() {
		return Issuance{}, refuse("reason_unknown", "reason", string(reason.Code), "known", string(schema.Disputed))
	}
	return i.change(ctx, by, i.urgent, "suspend", ref, false, func(a *act, row *Issuance) error {
		switch {
		case row.State == StateRevoked || row.State == StateSuperseded:
			return refuse("already_revoked", "id", row.ID, "date", row.ChangedAt.Format(time.DateOnly))
		case row.State != StateIssued && row.State != StateSuspended:
			return refuse("not_issued", "id", row.ID, "state", string(row.State))
		case !row.Suspendable():
			return refuse("not_suspendable", "id", row.ID)
		case !until.IsZero() && !day(until).After(a.at):
			return refuse("until_past", "date", until.Format(time.DateOnly))
		}
		row.State, row.Reason, row.Note, row.SuspendedUntil = StateSuspended, string(reason.Code), reason.Note, time.Time{}
		if !until.IsZero() {
			row.SuspendedUntil = day(until)
		}
		return a.setBit(row.SuspensionList, row.SuspensionIndex, true)
	})
}

// Reinstate ends a suspension.
func (i *Issuer) Reinstate(ctx context.Context, by Actor, ref string) (Issuance, error) {
	return i.change(ctx, by, i.update, "reinstate", ref, false, (*act).lift)
}

func (a *act) lift(row *Issuance) error {
	if row.State == StateRevoked || row.State == StateSuperseded {
		return refuse("already_revoked", "id", row.ID, "date", row.ChangedAt.Format(time.DateOnly))
	}
	if row.State != StateSuspended {
		return refuse("not_suspended", "id", row.ID, "state", string(row.State))
	}
	row.State, row.Reason, row.Note, row.SuspendedUntil = StateIssued, "", "", time.Time{}
	return a.setBit(row.SuspensionList, row.SuspensionIndex, false)
}

// transaction is update or urgent.
type transaction func(ctx context.Context, by Actor, f func(*act) error) error

// change finds one row, changes it and logs the act with its reason. What is
// pressing waits for no second person, see fourEyes.
func (i *Issuer) change(ctx context.Context, by Actor, in transaction, what, ref string, pressing bool, f func(*act, *Issuance) error) (row Issuance, err error) {
	var after *falls
	request := requestOf(ctx)
	err = in(ctx, by, func(a *act) error {
		after = nil
		if before, err := doneBefore(a, request); err != nil || before != nil {
			if before != nil {
				row = *before
			}
			return err
		}
		if row, err = single(a, ref); err != nil {
			return err
		}
		if !pressing {
			if err := a.fourEyes(ctx, by, row.Issuer); err != nil {
				return err
			}
		}
		if err := f(a, &row); err != nil {
			return err
		}
		row.ChangedAt = a.at
		if err := a.PutIssuance(row); err != nil {
			return err
		}
		details := row.Reason
		if !row.SuspendedUntil.IsZero() {
			details += " until " + row.SuspendedUntil.Format(time.DateOnly)
		}
		if err := errors.Join(a.log(what, row.ID, details), a.note(request, row.ID)); err != nil || !row.Ended() {
			return err
		}
		err := a.fell(row.ID)
		after = a.falls
		return err
	})
	if err == nil && !row.Repeated {
		i.afterFalls(ctx, by, after)
		i.tellSuspended(ctx, row)
	}
	return row, err
}

// single returns the one credential that ref means. A document number outlives
// its copies: rows that were never issued, or have a successor, stand back when
// there is another. A beginning that so many ids have that the store does not
// give them all means none of them.
func single(tx Tx, ref string) (Issuance, error) {
	rows, err := tx.FindIssuance(ref)
	if err != nil {
		return Issuance{}, unknown(err, "credential_unknown", "ref", ref)
	}
	live := rows
	if len(rows) > 1 {
		live = slices.DeleteFunc(slices.Clone(rows), Issuance.GivesWay)
	}
	unseen := len(rows) >= FindLimit && rows[0].DocumentNumber != ref
	if len(live) == 1 && !unseen {
		return live[0], nil
	}
	return Issuance{}, refuse("credential_ambiguous", "ref", ref, "ids", ids(rows))
}

// Find returns the one credential that ref means, as Revoke takes it.
func (i *Issuer) Find(ctx context.Context, ref string) (row Issuance, err error) {
	err = i.store.View(ctx, func(tx Tx) error {
		row, err = single(tx, ref)
		return err
	})
	return row, err
}

// List yields the credentials that the filter matches, oldest first.
func (i *Issuer) List(ctx context.Context, f Filter, yield func(Issuance) bool) error {
	return i.store.View(ctx, func(tx Tx) error { return tx.Issuances(f, yield) })
}

func reasons(rs []schema.Reason) string {
	s := ""
	for n, r := range rs {
		if n > 0 {
			s += ", "
		}
		s += string(r)
	}
	return s
}

func ids(rows []Issuance) string {
	s := ""
	for n, r := range rows {
		if n == 3 {
			return s + ", …"
		}
		if n > 0 {
			s += ", "
		}
		s += r.ID
	}
	return s
}
