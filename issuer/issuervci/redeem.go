package issuervci

import (
	"context"
	"errors"
	"time"

	"github.com/employment-passport/passport/internal/oid4vci"
	"github.com/employment-passport/passport/issuer"
)

// wallet is who redeems, as the audit log names them: nobody knows more of them
// than which offer they had.
func wallet(id string) issuer.Actor { return issuer.Actor("wallet:" + id) }

// badCode is the answer to every code that is not taken: nobody learns whether
// there was such an offer.
var badCode = &oid4vci.Error{Code: oid4vci.CodeInvalidGrant, Description: "the code is unknown, used, expired or locked"}

// redeem changes a pre-authorized code into an access token, once. Its refusals
// are *oid4vci.Error (section 6.3).
func (o *Offers) redeem(ctx context.Context, name string, q oid4vci.TokenRequest) (*oid4vci.TokenResponse, error) {
	id := idOf(q.Code)
	if err := o.glance(ctx, name, q); err != nil {
		return nil, err
	}
	token := id + "." + random(32)
	var refused *oid4vci.Error
	var life time.Duration
	var details []oid4vci.AuthorizationDetail
	err := o.change(ctx, wallet(id), id, func(a *issuer.Act, r *record) error {
		refused = r.judge(name, q, a.At())
		if refused != nil {
			return r.count(a, refused)
		}
		if err := r.unseal(q.Code); err != nil {
			return err
		}
		life, details = tokenLife, r.details()
		if r.Hold {
			life = heldTokenLife
		}
		r.RedeemedAt, r.Expires = a.At(), a.At().Add(life)
		r.Token, r.Client = sum("token", token), q.Client
		if err := r.seal(token); err != nil {
			return err
		}
		return a.Log("offer.redeemed", r.ID, "")
	})
	switch {
	case errors.Is(err, errNoOffer):
		return nil, badCode
	case err != nil:
		return nil, err
	case refused != nil:
		return nil, refused
	}
	return &oid4vci.TokenResponse{AccessToken: token, TokenType: "Bearer", ExpiresIn: int(life / time.Second), Details: details}, nil
}

// glance refuses what changes nothing before the store's one writer is asked for:
// a stranger who tries codes keeps nobody from issuing.
func (o *Offers) glance(ctx context.Context, name string, q oid4vci.TokenRequest) error {
	r, err := o.look(ctx, idOf(q.Code))
	switch {
	case errors.Is(err, errNoOffer):
		return badCode
	case err != nil:
		return err
	}
	if refused := r.judge(name, q, o.now()); refused != nil && refused != wrongTxCode {
		return refused
	}
	return nil
}

// wrongTxCode is told from badCode, so that a person may type again.
var wrongTxCode = &oid4vci.Error{Code: oid4vci.CodeInvalidGrant, Description: "the transaction code is wrong"}

// judge holds a request against the offer; nil is a yes.
func (r *record) judge(name string, q oid4vci.TokenRequest, now time.Time) *oid4vci.Error {
	switch {
	case r.Issuer != name, !r.open(now), !r.RedeemedAt.IsZero(), !same(r.Code, sum("redeem", q.Code)):
		return badCode
	case r.Tx == nil && q.TxCode != "":
		return &oid4vci.Error{Code: oid4vci.CodeInvalidRequest, Description: "this offer has no transaction code"}
	case r.Tx != nil && q.TxCode == "":
		return &oid4vci.Error{Code: oid4vci.CodeInvalidRequest, Description: "tx_code is missing"}
	case r.Tx != nil && !same(r.Tx.Hash, sum("tx", q.Code, q.TxCode)):
		return wrongTxCode
	}
	return nil
}

// count writes down a wrong transaction code; the last one locks the offer.
// Other refusals change nothing.
func (r *record) count(a *issuer.Act, refused *oid4vci.Error) error {
	if refused != wrongTxCode {
		return nil
	}
	if r.Tx.Tries++; r.Tx.Tries < maxTries {
		return nil
	}
	r.close(Locked, a.At())
	return a.Log("offer.locked", r.ID, "")
}

// bearer finds the offer of an access token; errNoToken for every other.
func (o *Offers) bearer(ctx context.Context, name, token string) (*record, error) {
	r, err := o.look(ctx, idOf(token))
	if errors.Is(err, errNoOffer) {
		return nil, errNoToken
	}
	if err != nil {
		return nil, err
	}
	if !r.bears(name, token, o.now()) {
		return nil, errNoToken
	}
	return r, nil
}

func (r *record) bears(name, token string, now time.Time) bool {
	return r.Issuer == name && r.open(now) && same(r.Token, sum("token", token))
}

// errNoToken: no access token, or one that is not this issuer's, or not any more.
var errNoToken = errors.New("no such access token")
