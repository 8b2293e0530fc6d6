package wallet

import (
	"crypto"
	"crypto/ecdsa"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/strictjson"
)

const (
	stateFormat  = "passport-wallet-state"
	stateVersion = 1
)

// state is a wallet without its key: for a store that is its owner's alone, as
// the database of a browser is, where the key lies beside it and never comes
// out. It is not sealed.
type state struct {
	Format      string        `json:"format"`
	Version     int           `json:"version"`
	ID          string        `json:"id"`
	Counter     uint64        `json:"counter"`
	Holder      string        `json:"holder"` // did:key, which names the public key
	Credentials []vaultedCred `json:"credentials"`
	Later       []Later       `json:"later,omitempty"`
}

// State raises the counter and gives everything but the key. Like a vault that
// is sealed and not written, a state that is not stored is a change that never
// was.
func (w *Wallet) State() ([]byte, error) {
	out, err := json.Marshal(state{
		Format: stateFormat, Version: stateVersion, ID: w.id, Counter: w.counter + 1,
		Holder: w.did, Credentials: w.vaulted(), Later: w.later,
	})
	if err != nil {
		return nil, fmt.Errorf("write wallet: %w", err)
	}
	if len(out) > MaxVault {
		return nil, ErrFull
	}
	w.counter++
	return out, nil
}

// OpenState reads what State wrote, whole or not at all: ErrEmpty, ErrNotWallet or
// ErrNewer. The wallet can be looked at; what needs a signature ends with
// ErrKeyOutside until Unlock has brought the key.
func OpenState(data []byte) (*Wallet, error) {
	var head struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	switch err := strictjson.Unmarshal(data, &head); {
	case len(data) == 0:
		return nil, ErrEmpty
	case err != nil || head.Format != stateFormat || len(data) > MaxVault:
		return nil, ErrNotWallet
	case head.Version > stateVersion:
		return nil, ErrNewer
	}
	var s state
	if err := strictjson.UnmarshalKnown(data, &s); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotWallet, err)
	}
	return s.wallet()
}

func (s *state) wallet() (*Wallet, error) {
	if s.Version != stateVersion || !vaultID.MatchString(s.ID) || len(s.Credentials) > MaxCredentials || len(s.Later) > MaxLater {
		return nil, ErrNotWallet
	}
	pub, err := publicOf(s.Holder)
	if err != nil {
		return nil, err
	}
	held, err := readHeld(s.Credentials)
	if err != nil {
		return nil, err
	}
	w, err := assemble(s.ID, s.Counter, away{pub}, held)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotWallet, err)
	}
	w.later = s.Later
	return w, nil
}

// publicOf is the key that a holder's did:key names.
func publicOf(holder string) (*ecdsa.PublicKey, error) {
	if !strings.HasPrefix(holder, "did:key:") {
		return nil, fmt.Errorf("%w: holder", ErrNotWallet)
	}
	doc, err := did.Resolve(holder)
	if err != nil {
		return nil, fmt.Errorf("%w: holder: %w", ErrNotWallet, err)
	}
	jwk, err := doc.AuthenticationKey(holder + "#" + strings.TrimPrefix(holder, "did:key:"))
	if err != nil {
		return nil, fmt.Errorf("%w: holder: %w", ErrNotWallet, err)
	}
	pub, ok := jwk.Public().(*ecdsa.PublicKey)
	if !ok {
		return nil, fmt.Errorf("%w: holder", ErrNotWallet)
	}
	return pub, nil
}

// away stands for a key that is not here.
type away struct{ pub *ecdsa.PublicKey }

func (a away) Public() crypto.PublicKey { return a.pub }

func (away) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) { return nil, ErrKeyOutside }

// Key is the holder's key as the wallet was opened with it.
func (w *Wallet) Key() crypto.Signer { return w.key }

// Unlock puts the holder's key in, or another signer for the same key in its
// place. Any other key is refused with ErrKey.
func (w *Wallet) Unlock(key crypto.Signer) error {
	if pub, ok := key.Public().(*ecdsa.PublicKey); !ok || !pub.Equal(w.key.Public()) {
		return ErrKey
	}
	w.key = key
	return nil
}

// NumberAfter makes the next sealing newer than counter: of a copy that was
// accepted though it was older than the newest known.
func (w *Wallet) NumberAfter(counter uint64) { w.counter = max(w.counter, counter) }
