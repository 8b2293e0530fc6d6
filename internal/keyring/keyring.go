// Package keyring gives signing keys by URI and keeps them sealed on disk.
//
// It promises the issuer that a private key is never written, logged, printed
// or backed up in the clear: a folder holds identity.age, an X25519 identity
// sealed with the operator's passphrase (scrypt), and one NAME.age a key, each
// a PKCS#8 P-256 key sealed to that identity. One passphrase and one scrypt a
// process open them all. The attacker in mind has the disk or a backup; who
// controls the running process has its keys, as with every software key.
//
// Both files are plain age: with the passphrase, "age -d" recovers a key
// without this program.
package keyring

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/employment-passport/passport/internal/sealed"
)

// Scheme is the one kind of URI that a folder answers to: "file:NAME".
const Scheme = "file"

const (
	identityFile = "identity.age"
	maxFile      = 64 << 10 // a sealed key is about 500 bytes
	pemType      = "PRIVATE KEY"
)

var (
	// ErrExists means that the folder already holds an identity.
	ErrExists = errors.New("key folder exists")
	// ErrNoIdentity means that the folder holds none.
	ErrNoIdentity = errors.New("key folder has no identity")
	// ErrUnknownKey means that no key has this URI.
	ErrUnknownKey = errors.New("no such key")
	// ErrScheme means a URI of another kind of keyring.
	ErrScheme = errors.New("not a file: key")
)

// Folder is a keyring in a folder. It is safe for concurrent use.
type Folder struct {
	dir        string
	passphrase func(context.Context) (string, error)

	mu       sync.Mutex
	identity *sealed.Identity
	signers  map[string]*signer
}

// Create makes the folder with a fresh identity sealed with the passphrase.
// workFactor is scrypt's, zero for the default. An existing one is refused.
func Create(dir, passphrase string, workFactor int) error {
	path := filepath.Join(dir, identityFile)
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: %w", dir, ErrExists)
	}
	identity, err := sealed.NewIdentity()
	if err != nil {
		return err
	}
	file, err := sealed.SealPassphrase(append(identity.Secret(), '\n'), passphrase, workFactor)
	if err != nil {
		return fmt.Errorf("seal identity: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return sealed.WriteFileAtomic(path, file, 0o600)
}

// Unused tells whether a folder holds nothing but an identity, whole or half
// written: the keyring of a home that was never finished.
func Unused(dir string) bool {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if name := e.Name(); name != identityFile && !strings.HasPrefix(name, "."+identityFile+".") {
			return false
		}
	}
	return err == nil
}

// Open returns the keyring of a folder. Nothing is read and nobody is asked
// until the first key is needed; passphrase is then called once.
func Open(dir string, passphrase func(context.Context) (string, error)) *Folder {
	return &Folder{dir: dir, passphrase: passphrase, signers: map[string]*signer{}}
}

// Unlock opens the identity now, so that a wrong passphrase is told before
// any work has begun.
func (f *Folder) Unlock(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.unlock(ctx)
}

// Create makes a P-256 key, seals it, and returns its URI and public half. The
// key is durable before it is returned. label is only there to be recognised
// in the folder; the URI is unique whatever it says.
func (f *Folder) Create(ctx context.Context, label string) (uri string, pub crypto.PublicKey, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.unlock(ctx); err != nil {
		return "", nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", nil, fmt.Errorf("make key: %w", err)
	}
	file, err := sealKey(key, f.identity.Recipient())
	if err != nil {
		return "", nil, err
	}
	name := fileName(label)
	if err := sealed.WriteFileAtomic(filepath.Join(f.dir, name+".age"), file, 0o600); err != nil {
		return "", nil, fmt.Errorf("keep key %s: %w", name, err)
	}
	uri = Scheme + ":" + name
	f.signers[uri] = &signer{key}
	return uri, key.Public(), nil
}

// Signer returns the key of a URI. It returns ErrUnknownKey when the folder has
// none, and the errors of package sealed when its file does not open.
func (f *Folder) Signer(ctx context.Context, uri string) (crypto.Signer, error) {
	name, err := parseURI(uri)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if s, ok := f.signers[uri]; ok {
		return s, nil
	}
	file, err := sealed.ReadFile(filepath.Join(f.dir, name+".age"), maxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", uri, ErrUnknownKey)
	}
	if err != nil {
		return nil, fmt.Errorf("read key: %w", err)
	}
	if err := f.unlock(ctx); err != nil {
		return nil, err
	}
	key, err := openKey(file, f.identity)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", uri, err)
	}
	f.signers[uri] = &signer{key}
	return f.signers[uri], nil
}

// unlock needs f.mu.
func (f *Folder) unlock(ctx context.Context) error {
	if f.identity != nil {
		return nil
	}
	file, err := sealed.ReadFile(filepath.Join(f.dir, identityFile), maxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: %w", f.dir, ErrNoIdentity)
	}
	if err != nil {
		return fmt.Errorf("read identity: %w", err)
	}
	passphrase, err := f.passphrase(ctx)
	if err != nil {
		return err
	}
	secret, err := sealed.OpenPassphrase(file, passphrase, 0)
	if err != nil {
		return fmt.Errorf("open identity: %w", err)
	}
	f.identity, err = sealed.ParseIdentity([]byte(strings.TrimSpace(string(secret))))
	return err
}

func sealKey(key *ecdsa.PrivateKey, to sealed.Recipient) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("write key: %w", err)
	}
	return sealed.Seal(pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: der}), to)
}

// openKey never wraps a parser's error: it might quote what it read.
func openKey(file []byte, id *sealed.Identity) (*ecdsa.PrivateKey, error) {
	plain, err := sealed.Open(file, id)
	if err != nil {
		return nil, err
	}
	block, rest := pem.Decode(plain)
	if block == nil || block.Type != pemType || len(rest) != 0 {
		return nil, fmt.Errorf("%w: holds no PKCS#8 key", sealed.ErrDamaged)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%w: holds no PKCS#8 key", sealed.ErrDamaged)
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok || key.Curve != elliptic.P256() {
		return nil, fmt.Errorf("%w: holds no P-256 key", sealed.ErrDamaged)
	}
	return key, nil
}

var (
	validName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,80}$`)
	unnamable = regexp.MustCompile(`[^a-z0-9]+`)
)

// parseURI keeps names inside the folder: no separators, no dots.
func parseURI(uri string) (name string, err error) {
	name, ok := strings.CutPrefix(uri, Scheme+":")
	if !ok {
		return "", fmt.Errorf("%q: %w", uri, ErrScheme)
	}
	if !validName.MatchString(name) || name+".age" == identityFile {
		return "", fmt.Errorf("%q: %w", uri, ErrUnknownKey)
	}
	return name, nil
}

// fileName is the label in a safe alphabet and 64 random bits.
func fileName(label string) string {
	var random [8]byte
	_, _ = rand.Read(random[:]) // never fails, see crypto/rand
	label = strings.Trim(unnamable.ReplaceAllString(strings.ToLower(label), "-"), "-")
	if len(label) > 40 {
		label = strings.TrimRight(label[:40], "-")
	}
	if label == "" {
		label = "key"
	}
	return label + "-" + hex.EncodeToString(random[:])
}
