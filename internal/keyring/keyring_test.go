package keyring_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/employment-passport/passport/internal/keyring"
	"github.com/employment-passport/passport/internal/sealed"
)

func says(passphrase string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return passphrase, nil }
}

func newFolder(t testing.TB) (dir string, ring *keyring.Folder) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "keys")
	if err := keyring.Create(dir, "pane e olio", 1); err != nil {
		t.Fatal(err)
	}
	return dir, keyring.Open(dir, says("pane e olio"))
}

func TestKeysOutliveTheProcess(t *testing.T) {
	dir, ring := newFolder(t)
	uri, pub, err := ring.Create(t.Context(), "Città di Ferrara / credentials")
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	later := keyring.Open(dir, func(context.Context) (string, error) {
		asked++
		return "pane e olio", nil
	})
	for range 3 {
		key, err := later.Signer(t.Context(), uri)
		if err != nil {
			t.Fatal(err)
		}
		digest := sha256.Sum256([]byte("message"))
		sig, err := crypto.SignMessage(key, rand.Reader, []byte("message"), crypto.SHA256)
		if err != nil || !ecdsa.VerifyASN1(pub.(*ecdsa.PublicKey), digest[:], sig) {
			t.Errorf("signature does not verify: %v", err)
		}
	}
	second, _, err := later.Create(t.Context(), "Città di Ferrara / credentials")
	if err != nil || second == uri {
		t.Errorf("second key of one label: %s, %v", second, err)
	}
	if asked != 1 {
		t.Errorf("asked for the passphrase %d times", asked)
	}
	for _, pattern := range []string{dir, dir + "/*"} {
		names, _ := filepath.Glob(pattern)
		for _, name := range names {
			if info, err := os.Stat(name); err != nil || info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s is open to others: %v", name, info.Mode())
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	dir, ring := newFolder(t)
	uri, _, err := ring.Create(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	if err := keyring.Create(dir, "another", 1); !errors.Is(err, keyring.ErrExists) {
		t.Errorf("made twice: %v", err)
	}
	wrong := keyring.Open(dir, says("pane e sale"))
	if _, err := wrong.Signer(t.Context(), uri); !errors.Is(err, sealed.ErrWrongPassphrase) {
		t.Errorf("wrong passphrase: %v", err)
	}
	if err := wrong.Unlock(t.Context()); !errors.Is(err, sealed.ErrWrongPassphrase) {
		t.Errorf("unlock with a wrong passphrase: %v", err)
	}
	empty := keyring.Open(t.TempDir(), says("x"))
	if _, _, err := empty.Create(t.Context(), "a"); !errors.Is(err, keyring.ErrNoIdentity) {
		t.Errorf("no identity: %v", err)
	}
	for uri, want := range map[string]error{
		"file:acme-0000000000000000": keyring.ErrUnknownKey,
		"file:../acme":               keyring.ErrUnknownKey,
		"file:identity":              keyring.ErrUnknownKey,
		"file:":                      keyring.ErrUnknownKey,
		"pkcs11:token=x":             keyring.ErrScheme,
		"acme":                       keyring.ErrScheme,
	} {
		if _, err := ring.Signer(t.Context(), uri); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", uri, err, want)
		}
	}
}

// A key file that was changed, cut, swapped for a link or replaced by one that
// somebody else sealed gives an error and no key.
func TestDamagedKeyFiles(t *testing.T) {
	dir, ring := newFolder(t)
	uri, _, err := ring.Create(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, uri[len("file:"):]+".age")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := sealed.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := sealed.Seal([]byte("x"), stranger.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string][]byte{
		"empty": nil, "cut": whole[:len(whole)-1], "text": []byte("-----BEGIN PRIVATE KEY-----\n"),
		"changed": append(bytes.Clone(whole[:len(whole)-5]), "xxxxx"...), "another's": theirs,
	} {
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		if key, err := keyring.Open(dir, says("pane e olio")).Signer(t.Context(), uri); err == nil || key != nil {
			t.Errorf("%s: gave a key", name)
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "identity.age"), path); err != nil {
		t.Fatal(err)
	}
	if _, err := keyring.Open(dir, says("pane e olio")).Signer(t.Context(), uri); !errors.Is(err, sealed.ErrSymlink) {
		t.Errorf("link: %v", err)
	}
}

// The canary: no file of the folder, no error and no printed value holds the
// private scalar, in binary, hex, base64 or PEM (threat T13).
func TestNoKeyInTheClear(t *testing.T) {
	dir, ring := newFolder(t)
	uri, _, err := ring.Create(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	key, err := ring.Signer(t.Context(), uri)
	if err != nil {
		t.Fatal(err)
	}
	secret := keyring.PrivateBytes(key)
	printed := fmt.Sprintf("%v %+v %#v %s %q", key, key, key, key, key)
	_, wrong := keyring.Open(dir, says("pane e sale")).Signer(t.Context(), uri)
	seen := map[string][]byte{"printed": []byte(printed), "error": []byte(wrong.Error())}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			seen[path], err = os.ReadFile(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	pemBlock := pem.EncodeToMemory(&pem.Block{Type: "X", Bytes: secret})
	for where, content := range seen {
		for _, canary := range [][]byte{
			secret, []byte(hex.EncodeToString(secret)), []byte(base64.RawURLEncoding.EncodeToString(secret)),
			[]byte(base64.StdEncoding.EncodeToString(secret)), pemBlock, []byte("AGE-SECRET-KEY"), []byte("PRIVATE KEY"),
		} {
			if bytes.Contains(content, canary) {
				t.Errorf("%s holds the key", where)
			}
		}
	}
	if len(seen) < 4 {
		t.Errorf("looked at %d places only", len(seen))
	}
}
