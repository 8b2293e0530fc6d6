package wallet

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/sealed"
	"github.com/employment-passport/passport/internal/strictjson"
)

// MaxVault bounds a vault file in bytes.
const MaxVault = 64 << 20

const (
	vaultFormat  = "passport-wallet"
	vaultVersion = 1
	vaultAwaits  = 2 // with something to be collected, which version 1 does not know
)

var (
	// ErrEmpty: the file has no bytes, as after a full disk or a broken copy.
	ErrEmpty = errors.New("wallet file is empty")
	// ErrNotWallet: a sealed file of something else, or a vault whose content
	// breaks the format. Nothing of it is used.
	ErrNotWallet = errors.New("not a wallet")
	// ErrNewer: written by a newer program.
	ErrNewer = errors.New("wallet was written by a newer version")
)

// vault is the plaintext inside a vault file: strict JSON, so that one file
// has one meaning, with unknown members refused.
type vault struct {
	Format      string        `json:"format"`
	Version     int           `json:"version"`
	ID          string        `json:"id"`
	Counter     uint64        `json:"counter"`
	Key         vaultKey      `json:"key"`
	Credentials []vaultedCred `json:"credentials"`
	Later       []Later       `json:"later,omitempty"`
}

type vaultKey struct {
	Curve string `json:"crv"`
	D     string `json:"d"` // base64url of the 32-byte scalar
}

// vaultedCred keeps tokens whole; what they say is read from them each time.
type vaultedCred struct {
	Token      string    `json:"token"`
	ImportedAt time.Time `json:"importedAt"`
	Checked    *Check    `json:"checked,omitempty"`
	Assertions []string  `json:"assertions,omitempty"`
}

// Seal raises the counter and closes the vault with a passphrase. workFactor
// is the one of sealed.SealPassphrase; zero is its default.
func (w *Wallet) Seal(passphrase string, workFactor int) ([]byte, error) {
	key, ok := w.key.(*ecdsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("seal wallet: %w", ErrKeyOutside)
	}
	out, err := w.seal(key, passphrase, workFactor, w.counter+1)
	if err == nil {
		w.counter++
	}
	return out, err
}

// SealCopy seals a copy of the wallet as it stands, its counter too, with a copy of
// its key, which lies elsewhere and which whoever made it kept. Another key is
// refused with ErrKey.
func (w *Wallet) SealCopy(key *ecdsa.PrivateKey, passphrase string, workFactor int) ([]byte, error) {
	return w.seal(key, passphrase, workFactor, w.counter)
}

func (w *Wallet) seal(key *ecdsa.PrivateKey, passphrase string, workFactor int, counter uint64) ([]byte, error) {
	if !key.PublicKey.Equal(w.key.Public()) {
		return nil, fmt.Errorf("seal wallet: %w", ErrKey)
	}
	scalar, err := key.Bytes()
	if err != nil {
		return nil, fmt.Errorf("seal wallet: %w", err)
	}
	v := vault{
		Format: vaultFormat, Version: vaultVersion, ID: w.id, Counter: counter,
		Key:         vaultKey{Curve: "P-256", D: base64.RawURLEncoding.EncodeToString(scalar)},
		Credentials: w.vaulted(), Later: w.later,
	}
	if len(w.later) > 0 {
		v.Version = vaultAwaits
	}
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("seal wallet: %w", err)
	}
	out, err := sealed.SealPassphrase(plain, passphrase, workFactor)
	if err != nil {
		return nil, fmt.Errorf("seal wallet: %w", err)
	}
	if len(out) > MaxVault {
		return nil, ErrFull
	}
	return out, nil
}

// vaulted is what is held as a vault keeps it.
func (w *Wallet) vaulted() []vaultedCred {
	all := make([]vaultedCred, len(w.held))
	for i, h := range w.held {
		all[i] = vaultedCred{Token: h.Token, ImportedAt: h.ImportedAt, Checked: h.Checked}
		for _, a := range h.Assertions {
			all[i].Assertions = append(all[i].Assertions, a.Token)
		}
	}
	return all
}

// Unseal opens a vault, whole or not at all. It returns ErrEmpty, ErrNotWallet,
// ErrNewer or one of the errors of package sealed (wrong passphrase, damaged,
// not sealed, too costly).
func Unseal(data []byte, passphrase string) (*Wallet, error) {
	if len(data) == 0 {
		return nil, ErrEmpty
	}
	plain, err := sealed.OpenPassphrase(data, passphrase, 0)
	if err != nil {
		return nil, fmt.Errorf("open wallet: %w", err)
	}
	return readVault(plain)
}

func readVault(plain []byte) (*Wallet, error) {
	var head struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := strictjson.Unmarshal(plain, &head); err != nil || head.Format != vaultFormat {
		return nil, ErrNotWallet
	}
	if head.Version > vaultAwaits {
		return nil, ErrNewer
	}
	var v vault
	if err := strictjson.UnmarshalKnown(plain, &v); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotWallet, err)
	}
	return v.wallet()
}

var vaultID = regexp.MustCompile(`^[0-9a-f]{32}$`)

func (v *vault) wallet() (*Wallet, error) {
	awaits := v.Version == vaultAwaits && len(v.Later) > 0 && len(v.Later) <= MaxLater
	if v.Version != vaultVersion && !awaits || v.Version == vaultVersion && len(v.Later) > 0 || !vaultID.MatchString(v.ID) || v.Key.Curve != "P-256" || len(v.Credentials) > MaxCredentials {
		return nil, ErrNotWallet
	}
	scalar, err := base64.RawURLEncoding.Strict().DecodeString(v.Key.D)
	if err != nil {
		return nil, fmt.Errorf("%w: holder key", ErrNotWallet)
	}
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar)
	if err != nil {
		return nil, fmt.Errorf("%w: holder key", ErrNotWallet)
	}
	held, err := readHeld(v.Credentials)
	if err != nil {
		return nil, err
	}
	w, err := assemble(v.ID, v.Counter, key, held)
	if err != nil {
		return nil, err
	}
	w.later = v.Later
	return w, nil
}

func readHeld(all []vaultedCred) ([]Held, error) {
	held := make([]Held, 0, len(all))
	for _, c := range all {
		h, err := c.held()
		if err != nil {
			return nil, fmt.Errorf("%w: credential %d: %w", ErrNotWallet, len(held), err)
		}
		held = append(held, h)
	}
	return held, nil
}

// held reads everything about a credential from its tokens: what the vault
// says beside them could have been written by another version.
func (c vaultedCred) held() (Held, error) {
	doc, err := parse(c.Token)
	if err != nil {
		return Held{}, err
	}
	hash, err := jose.CredentialHash(c.Token)
	if err != nil {
		return Held{}, err
	}
	h := Held{Token: c.Token, Hash: hash, ID: doc.ID, ImportedAt: c.ImportedAt, Checked: c.Checked, doc: doc}
	for _, token := range c.Assertions {
		a, err := parseAssertion(token)
		if err != nil {
			return Held{}, err
		}
		h.Assertions = append(h.Assertions, a)
	}
	return h, nil
}
