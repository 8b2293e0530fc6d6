package wallet

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/employment-passport/passport/internal/oid4vci"
)

// MaxLater bounds what a wallet waits for.
const MaxLater = 50

// Later is a credential that the issuer hands over once somebody there has
// approved it. The token opens it to whoever has it, so it stays in the vault.
type Later struct {
	Host         string `json:"host"`
	Title        string `json:"title"` // as the issuer says
	Transaction  string `json:"transaction"`
	Token        string `json:"token"`
	Deferred     string `json:"deferred"`
	Notification string `json:"notification,omitempty"`
	desk                // where it was asked for first
}

// Await remembers what is to be collected.
func (w *Wallet) Await(later ...Later) error {
	for _, l := range later {
		if len(w.later) >= MaxLater {
			return ErrFull
		}
		if !slices.Contains(w.later, l) {
			w.later = append(w.later, l)
		}
	}
	return nil
}

// Awaited is what the wallet waits for.
func (w *Wallet) Awaited() []Later { return slices.Clone(w.later) }

// Collected forgets what has come, or never will.
func (w *Wallet) Collected(gone ...Later) {
	w.later = slices.DeleteFunc(w.later, func(l Later) bool { return slices.Contains(gone, l) })
}

// ErrNotYet: the issuer has not decided.
var ErrNotYet = errors.New("the issuer has nothing yet")

// Final tells that a refusal of what was put off is the last word (OpenID4VCI 1.0
// sections 8.3.1 and 9.3, RFC 6750 section 3.1). What else a server may say, it
// may say because it is busy.
func (e *IssuerError) Final() bool {
	switch e.Code {
	case oid4vci.CodeInvalidTransaction, oid4vci.CodeInvalidToken, oid4vci.CodeInvalidCredential, oid4vci.CodeDenied:
		return true
	}
	return false
}

// Collect asks for one of them. ErrNotYet says to ask again another day; an
// *IssuerError that is Final, that it will never come.
//
// A transaction is over once it has been answered (section 9.1), and an answer
// can be lost: it is asked for again where it was asked for first. With the same
// key it is the same credential.
func (l Later) Collect(ctx context.Context, w *Wallet, at Asker, now time.Time) (*Handed, error) {
	for _, place := range []string{l.Deferred, l.Notification, l.Credential, l.Nonce} {
		if place != "" && oid4vci.Host(place) != l.Host {
			return nil, ErrOtherHost
		}
	}
	r, err := ask(ctx, at, "deferred", l.Deferred, l.Token, oid4vci.DeferredRequest{TransactionID: l.Transaction})
	var refused *IssuerError
	if errors.As(err, &refused) && refused.Code == oid4vci.CodeInvalidTransaction && l.Credential != "" {
		if again, lost := l.claim(ctx, w, at, l.Token, now); lost == nil {
			r, err = again, nil
		}
	}
	if err != nil {
		return nil, err
	}
	if r.TransactionID != "" {
		return nil, ErrNotYet
	}
	h := &Handed{notify: l.Notification, bearer: l.Token}
	h.add(r)
	return h, nil
}
