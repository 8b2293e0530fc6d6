package wallet

import (
	"errors"
	"fmt"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/schema"
)

// Check is what the verifier said of a credential, and when. It is a note for
// the holder and proves nothing to anybody else.
type Check struct {
	At         time.Time `json:"at"`
	Verdict    string    `json:"verdict"` // valid, invalid or unknown
	Genuine    *bool     `json:"genuine"`
	Recognised *bool     `json:"recognised"`
	State      string    `json:"state,omitempty"`     // valid, revoked, suspended, expired or unknown
	StatusAsOf time.Time `json:"statusAsOf,omitzero"` // day of the status, zero when there was none
}

// Owner tells whose credential it is, seen from this wallet.
type Owner string

const (
	OwnerSelf   Owner = "self"   // bound to this wallet's key
	OwnerOther  Owner = "other"  // bound to another key: only that one can show it as its own
	OwnerBearer Owner = "bearer" // bound to no key: name and birth date are compared
)

// ErrNotCredential: a token of another kind, or nothing.
var ErrNotCredential = errors.New("not a credential")

// parse reads a credential without judging its signature.
func parse(token string) (*schema.Credential, error) {
	head, payload, err := jose.ParseUnverified(token)
	if err != nil {
		return nil, err
	}
	if !isCredential(head) {
		return nil, fmt.Errorf("%w: typ %q", ErrNotCredential, head.Typ)
	}
	doc, err := schema.ParseCredential(payload)
	if err == nil && head.Type() == jose.TypeOpenBadge && !doc.IsOpenBadge() {
		return nil, fmt.Errorf("%w: typ %q", ErrNotCredential, head.Typ)
	}
	return doc, err
}

// isCredential tells the two formats of a credential from everything else that
// is signed.
func isCredential(head jose.Header) bool {
	return head.Type() == jose.TypeVC || head.Type() == jose.TypeOpenBadge
}

// Credential is what the token says. Nobody has vouched for it unless Checked
// says genuine.
func (h Held) Credential() *schema.Credential { return h.doc }

func (h Held) number() string { return h.doc.View().DocumentNumber }

// Owner tells whose credential h is.
func (w *Wallet) Owner(h Held) Owner {
	switch subject, _ := h.doc.Holder(); subject {
	case "":
		return OwnerBearer
	case w.did:
		return OwnerSelf
	default:
		return OwnerOther
	}
}

// SupersededBy gives the id of a held credential that replaces h, else "".
func (w *Wallet) SupersededBy(h Held) string {
	for _, other := range w.held {
		if h.ID != "" && other.doc.Supersedes == h.ID {
			return other.ID
		}
	}
	return ""
}
