package issuer

import (
	"context"
	"errors"
	"fmt"

	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/schema"
)

// errKeyAway marks a signature that could not be made, as opposed to one that
// was made and refused.
var errKeyAway = errors.New("sign")

// codeEnded refuses a token of a credential that was ended before it was signed.
const codeEnded = "ended_while_pending"

// settle is the second transaction of issuing: rows with a token become issued,
// rows without are voided, and each is logged. Only what this transaction has
// made durable may leave the house. Its error is that of the first row that
// could not be signed; the other rows are issued all the same.
func (i *Issuer) settle(ctx context.Context, by Actor, rows []pending) ([]Issuance, error) {
	settled := make([]Issuance, len(rows))
	var failed error
	var after *falls
	err := i.update(ctx, by, func(a *act) (err error) {
		failed = nil
		for n := range rows {
			p := rows[n] // what one run finds out is not the next one's
			if settled[n], err = a.settleOne(&p); err != nil {
				return err
			}
			if settled[n].Token != "" {
				continue
			}
			// One that somebody ended speaks only when no signature failed.
			if why := p.notIssued(settled[n]); failed == nil || unlessEnded(failed) == nil && unlessEnded(why) != nil {
				failed = &OfferError{Offer: n, Err: why}
			}
		}
		after = a.falls
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("register what was signed: %w", err)
	}
	i.afterFalls(ctx, by, after)
	return settled, failed
}

// notIssued says why a settled row has no token.
func (p *pending) notIssued(now Issuance) error {
	switch {
	case now.Erased:
		return erased(now)
	case p.err != nil && now.State == StateVoid:
		return p.err
	}
	return refuse(codeEnded, "id", now.ID, "state", string(now.State))
}

func (a *act) settleOne(p *pending) (Issuance, error) {
	if p.State != StatePending {
		return p.Issuance, nil // issued before, under the same idempotency key
	}
	row, err := a.Issuance(p.ID)
	if err != nil {
		return row, err
	}
	switch {
	case row.State != StatePending:
		// Somebody else finished, voided or revoked it meanwhile, and theirs is
		// what was stored.
		return row, nil
	case p.err == nil:
		// The key was chosen before the signature, and may have been called
		// stolen since: what a thief could have signed as well is not issued.
		if p.err, err = a.stolen(p); err != nil {
			return row, err
		}
	}
	if p.err != nil {
		return row, a.void(&row)
	}
	row.State, row.Token, row.KeyID = StateIssued, p.token, p.key.KID
	row.Payload, row.IssuedAt, row.ChangedAt = nil, a.at, a.at
	if err := a.PutIssuance(row); err != nil {
		return row, err
	}
	if err := a.log("issue.done", row.ID, row.KeyID); err != nil {
		return row, err
	}
	if row.Supersedes == "" {
		return row, nil
	}
	return row, a.supersede(row)
}

// stolen refuses a row whose key is compromised by now.
func (a *act) stolen(p *pending) (refused, err error) {
	keys, known := a.keys[p.Issuer]
	if !known {
		if keys, err = a.KeysOf(p.Issuer); err != nil {
			return nil, err
		}
		if a.keys == nil {
			a.keys = map[string][]KeyRecord{}
		}
		a.keys[p.Issuer] = keys
	}
	for _, k := range keys {
		if k.KID == p.key.KID && k.State == schema.KeyCompromised {
			return refuse("key_lost_meanwhile", "key", k.KID, "id", p.ID), nil
		}
	}
	return nil, nil
}

// void gives a pending row up. Its bit is set as well: whatever may have been
// signed for it and never stored is worth nothing.
func (a *act) void(row *Issuance) error {
	row.State, row.Payload, row.ChangedAt = StateVoid, nil, a.at
	if err := a.PutIssuance(*row); err != nil {
		return err
	}
	if err := a.setBit(row.StatusList, row.StatusIndex, true); err != nil {
		return err
	}
	return a.log("issue.void", row.ID, "")
}

// supersede revokes the credential that row replaces, in the act that issues
// row. One that was revoked before keeps its reason.
func (a *act) supersede(row Issuance) error {
	old, err := a.Issuance(row.Supersedes)
	if err != nil {
		return err
	}
	old.SupersededBy, old.ChangedAt = row.ID, a.at
	if old.State != StateRevoked {
		old.State, old.Reason = StateSuperseded, string(schema.Superseded)
		if err := a.setBit(old.StatusList, old.StatusIndex, true); err != nil {
			return err
		}
	}
	if err := a.PutIssuance(old); err != nil {
		return err
	}
	if err := a.log("supersede", old.ID, row.ID); err != nil {
		return err
	}
	return a.succeeded(old.ID, row)
}

// setBit writes one bit of a list and notes that the world has an older one; no
// list is nothing to write.
func (a *act) setBit(list string, index uint32, v bool) error {
	if list == "" {
		return nil
	}
	l, err := a.StatusList(list)
	if err != nil {
		return err
	}
	l.ChangedAt = later(a.clock, l.SignedAt)
	if err := a.PutStatusList(l); err != nil {
		return err
	}
	data, err := a.StatusBits(list)
	if err != nil {
		return err
	}
	bits := statuslist.FromBytes(data)
	if err := bits.Set(int(index), v); err != nil {
		return err
	}
	return a.PutStatusBits(list, bits.Bytes())
}
