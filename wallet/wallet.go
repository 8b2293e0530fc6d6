// Package wallet keeps a person's credentials and shows them.
//
// It promises the holder that nothing acknowledged is lost and that nothing
// half is ever read: a vault is one sealed file that opens whole or says in one
// sentence why not. It promises verifiers that a presentation is signed by the
// key inside the vault, for the time and the audience that it names.
//
// The attacker it has in mind has the file, hands over tokens, pictures and
// vaults made to hurt, or puts an older copy in place of the newest. It never
// reaches the network by itself and reads no clock: callers bring both. The
// parts that touch files stand in file.go and are left out of the browser.
package wallet

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/schema"
)

// MaxCredentials bounds a wallet: a life's worth, and a vault of a few MiB.
const MaxCredentials = 2000

var (
	// ErrNotFound: no credential bears this id, document number or prefix.
	ErrNotFound = errors.New("no such credential in the wallet")
	// ErrAmbiguous: more than one credential starts so.
	ErrAmbiguous = errors.New("more than one credential matches")
	// ErrFull: MaxCredentials are held already.
	ErrFull = errors.New("the wallet is full")
	// ErrKey: a key of another curve than P-256, or of another wallet.
	ErrKey = errors.New("not the key of this wallet")
	// ErrKeyOutside: the key lies elsewhere (in a browser, a device) and nothing
	// here can copy it.
	ErrKeyOutside = errors.New("the key lies outside the wallet")
)

// Wallet is an open vault. It lives in memory: what changes it is kept only
// when it has been sealed and written (File.Update does both). It is not safe
// for use by several goroutines at once.
type Wallet struct {
	id      string        // of the vault, the same in all its copies
	counter uint64        // raised at each sealing; tells the older of two copies
	key     crypto.Signer // of P-256; a crypto.MessageSigner where it lies elsewhere
	did     string
	held    []Held
	later   []Later
}

// Held is one credential with what the wallet knows of it.
type Held struct {
	Token      string
	Hash       string // jose.CredentialHash, the key to everything about it
	ID         string // the credential's own id
	ImportedAt time.Time
	Checked    *Check      // nil: never checked ("unchecked")
	Assertions []Assertion // stapled status, newest first

	doc *schema.Credential
}

// clone keeps a change to the assertions of one copy out of another.
func (h Held) clone() Held {
	h.Assertions = slices.Clone(h.Assertions)
	return h
}

// New makes a wallet with a fresh holder key (P-256, did:key).
func New() (*Wallet, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make holder key: %w", err)
	}
	return NewWith(key)
}

// NewWith makes a wallet around a P-256 key that may lie elsewhere: one that is
// no *ecdsa.PrivateKey is asked to sign, as a crypto.MessageSigner where it is
// one (WebCrypto hashes by itself), and Seal refuses with ErrKeyOutside.
func NewWith(key crypto.Signer) (*Wallet, error) {
	var id [16]byte
	if _, err := rand.Read(id[:]); err != nil {
		return nil, fmt.Errorf("make wallet id: %w", err)
	}
	return assemble(fmt.Sprintf("%x", id), 0, key, nil)
}

func assemble(id string, counter uint64, key crypto.Signer, held []Held) (*Wallet, error) {
	if pub, ok := key.Public().(*ecdsa.PublicKey); !ok || pub.Curve != elliptic.P256() {
		return nil, ErrKey
	}
	name, err := did.NewKey(key.Public())
	if err != nil {
		return nil, fmt.Errorf("name holder key: %w", err)
	}
	return &Wallet{id: id, counter: counter, key: key, did: name, held: held}, nil
}

// DID is the holder's name: a did:key that issuers put into credentials.
func (w *Wallet) DID() string { return w.did }

// ID names the vault; its copies and backups bear the same.
func (w *Wallet) ID() string { return w.id }

// Counter tells how often the vault has been sealed.
func (w *Wallet) Counter() uint64 { return w.counter }

// kid is the key's DID URL: the DID, then its own multibase part again.
func (w *Wallet) kid() string { return w.did + "#" + strings.TrimPrefix(w.did, "did:key:") }

// Held lists what the wallet keeps, in the order in which it came.
func (w *Wallet) Held() []Held { return slices.Clone(w.held) }

// Find looks a credential up by its id, its hash, its document number or a prefix of the
// id (with or without "urn:uuid:") that only one has.
func (w *Wallet) Find(ref string) (Held, error) {
	i, err := w.find(ref)
	if err != nil {
		return Held{}, err
	}
	return w.held[i], nil
}

// Remove takes a credential out and returns it.
func (w *Wallet) Remove(ref string) (Held, error) {
	i, err := w.find(ref)
	if err != nil {
		return Held{}, err
	}
	gone := w.held[i]
	w.held = slices.Delete(w.held, i, i+1)
	return gone, nil
}

// find prefers an exact match, so that a short id stays reachable beside a
// longer one that starts with it.
func (w *Wallet) find(ref string) (int, error) {
	const urn = "urn:uuid:"
	var exact, prefix []int
	for i, h := range w.held {
		switch {
		case ref == "":
		case h.ID == ref, h.Hash == ref, h.ID == urn+ref, h.number() == ref:
			exact = append(exact, i)
		case strings.HasPrefix(h.ID, ref) && len(ref) > len(urn), strings.HasPrefix(h.ID, urn+ref):
			prefix = append(prefix, i)
		}
	}
	for _, found := range [][]int{exact, prefix} {
		switch len(found) {
		case 0:
		case 1:
			return found[0], nil
		default:
			return 0, fmt.Errorf("%w: %d", ErrAmbiguous, len(found))
		}
	}
	return 0, ErrNotFound
}

func (w *Wallet) byHash(hash string) int {
	return slices.IndexFunc(w.held, func(h Held) bool { return h.Hash == hash })
}
