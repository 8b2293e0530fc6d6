package wallet_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/employment-passport/passport/internal/sealed"
	"github.com/employment-passport/passport/wallet"
)

// damageErrors are the sentences that a changed or cut file may end with.
var damageErrors = []error{sealed.ErrWrongPassphrase, sealed.ErrDamaged, sealed.ErrNotSealed, sealed.ErrTooCostly, wallet.ErrNotWallet, wallet.ErrEmpty}

func refused(t *testing.T, what string, data []byte) {
	t.Helper()
	w, err := wallet.Unseal(data, passphrase)
	if w != nil {
		t.Fatalf("%s: a wallet came out", what)
	}
	for _, known := range damageErrors {
		if errors.Is(err, known) {
			return
		}
	}
	t.Fatalf("%s: no clear sentence: %v", what, err)
}

// TestEveryFlippedBitIsRefused (P17, K08): every bit of the header, and a bit
// at each of 1,000 random places after it.
func TestEveryFlippedBitIsRefused(t *testing.T) {
	body := newWorld(t)
	f, _ := made(t, func(did string) []string { return []string{body.Issue(did), body.Issue(did)} })
	data, err := os.ReadFile(f.Path)
	must(t, err)
	mac := bytes.Index(data, []byte("\n--- "))
	header := mac + 1 + bytes.IndexByte(data[mac+1:], '\n') + 1
	if mac < 0 || header < 100 {
		t.Fatalf("no age header of %d bytes", header)
	}
	flip := func(offset, bit int) {
		changed := bytes.Clone(data)
		changed[offset] ^= 1 << bit
		refused(t, fmt.Sprintf("bit %d of byte %d", bit, offset), changed)
	}
	for offset := range header {
		for bit := range 8 {
			flip(offset, bit)
		}
	}
	random := rand.New(rand.NewPCG(1, 17))
	for range 1000 {
		flip(header+random.IntN(len(data)-header), random.IntN(8))
	}
	t.Logf("%d bits of the header and 1000 of %d bytes after it", header*8, len(data)-header)
}

func TestEveryCutIsRefused(t *testing.T) {
	body := newWorld(t)
	f, _ := made(t, func(did string) []string { return []string{body.Issue(did)} })
	data, err := os.ReadFile(f.Path)
	must(t, err)
	for n := 0; n < len(data); n += 1 + n/40 {
		refused(t, fmt.Sprintf("cut to %d bytes", n), data[:n])
	}
	refused(t, "one byte short", data[:len(data)-1])
	refused(t, "one byte long", append(bytes.Clone(data), 0))
}

func TestWrongPassphraseAndForeignFiles(t *testing.T) {
	f, _ := made(t, nil)
	if _, err := f.Open("un'altra"); !errors.Is(err, sealed.ErrWrongPassphrase) {
		t.Errorf("wrong passphrase: %v", err)
	}
	if _, err := f.Open(""); !errors.Is(err, sealed.ErrNoPassphrase) {
		t.Errorf("empty passphrase: %v", err)
	}
	for name, plain := range map[string]string{
		"another thing":      `{"format":"diary"}`,
		"no JSON":            "caro diario",
		"a member too many":  `{"format":"passport-wallet","version":1,"id":"00000000000000000000000000000000","counter":1,"key":{"crv":"P-256","d":"AQ"},"credentials":[],"x":1}`,
		"a bad key":          `{"format":"passport-wallet","version":1,"id":"00000000000000000000000000000000","counter":1,"key":{"crv":"P-256","d":"AQ"},"credentials":[]}`,
		"a bad id":           `{"format":"passport-wallet","version":1,"id":"../x","counter":1,"key":{"crv":"P-256","d":"AQ"},"credentials":[]}`,
		"a duplicate member": `{"format":"passport-wallet","format":"passport-wallet","version":1}`,
	} {
		data, err := sealed.SealPassphrase([]byte(plain), passphrase, cheap)
		must(t, err)
		if w, err := wallet.Unseal(data, passphrase); w != nil || !errors.Is(err, wallet.ErrNotWallet) {
			t.Errorf("%s: %v", name, err)
		}
	}
	newer, err := sealed.SealPassphrase([]byte(`{"format":"passport-wallet","version":3,"colour":"green"}`), passphrase, cheap)
	must(t, err)
	if _, err := wallet.Unseal(newer, passphrase); !errors.Is(err, wallet.ErrNewer) {
		t.Errorf("a newer version: %v", err)
	}
}

// TestKeyDerivationBomb (K08): a file that asks for 2^30 rounds costs nothing.
func TestKeyDerivationBomb(t *testing.T) {
	f, _ := made(t, nil)
	data, err := os.ReadFile(f.Path)
	must(t, err)
	bomb := bytes.Replace(data, []byte(fmt.Sprintf(" %d\n", cheap)), []byte(" 30\n"), 1)
	if bytes.Equal(bomb, data) {
		t.Fatal("no work factor found in the header")
	}
	if _, err := wallet.Unseal(bomb, passphrase); !errors.Is(err, sealed.ErrTooCostly) {
		t.Errorf("a bomb: %v", err)
	}
}

func TestFilesThatAreNone(t *testing.T) {
	dir := t.TempDir()
	empty, link, folder := filepath.Join(dir, "empty"), filepath.Join(dir, "link"), filepath.Join(dir, "folder")
	must(t, os.WriteFile(empty, nil, 0o600))
	f, _ := made(t, nil)
	must(t, os.Symlink(f.Path, link))
	must(t, os.Mkdir(folder, 0o700))
	for path, want := range map[string]error{
		filepath.Join(dir, "none"): wallet.ErrMissing,
		empty:                      wallet.ErrEmpty,
		link:                       sealed.ErrSymlink,
	} {
		w := wallet.File{Path: path, WorkFactor: cheap}
		if _, err := w.Open(passphrase); !errors.Is(err, want) {
			t.Errorf("open %s: %v, want %v", filepath.Base(path), err, want)
		}
		if err := w.Update(ctx, passphrase, func(*wallet.Wallet) error { return nil }); !errors.Is(err, want) {
			t.Errorf("update %s: %v, want %v", filepath.Base(path), err, want)
		}
	}
	if _, err := (wallet.File{Path: folder}).Open(passphrase); err == nil {
		t.Error("a folder opened as a wallet")
	}
	for _, path := range []string{empty, link, f.Path} {
		if _, err := (wallet.File{Path: path, WorkFactor: cheap}).Create(ctx, passphrase); !errors.Is(err, wallet.ErrExists) {
			t.Errorf("create over %s: %v", filepath.Base(path), err)
		}
	}
}

// TestTwoProcessesLoseNothing: imports at the same time wait for each other.
func TestTwoProcessesLoseNothing(t *testing.T) {
	body := newWorld(t)
	f, w := made(t, nil)
	const n = 12
	var wait sync.WaitGroup
	for range n {
		p, err := wallet.Receive(ctx, []string{body.Issue(w.DID())}, nil, now)
		must(t, err)
		wait.Go(func() {
			err := f.Update(ctx, passphrase, func(w *wallet.Wallet) error {
				_, err := w.Keep(p)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	w, err := f.Open(passphrase)
	must(t, err)
	if len(w.Held()) != n {
		t.Errorf("%d of %d imports are there", len(w.Held()), n)
	}
}

func TestAFailedChangeLeavesTheFile(t *testing.T) {
	f, _ := made(t, nil)
	before, err := os.ReadFile(f.Path)
	must(t, err)
	told := errors.New("no")
	if err := f.Update(ctx, passphrase, func(*wallet.Wallet) error { return told }); !errors.Is(err, told) {
		t.Error(err)
	}
	after, err := os.ReadFile(f.Path)
	must(t, err)
	if !bytes.Equal(before, after) {
		t.Error("the file changed")
	}
	left, err := filepath.Glob(filepath.Dir(f.Path) + "/.*.tmp")
	if err != nil || len(left) != 0 {
		t.Errorf("left over: %v", left)
	}
}

// TestNothingOfTheVaultIsReadable (P15): neither key nor name nor token.
func TestNothingOfTheVaultIsReadable(t *testing.T) {
	body := newWorld(t)
	f, w := made(t, func(did string) []string { return []string{body.Issue(did)} })
	entries, err := os.ReadDir(filepath.Dir(f.Path))
	must(t, err)
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(filepath.Dir(f.Path), e.Name()))
		must(t, err)
		for _, secret := range []string{"Amina", "eyJ", w.DID(), "passport-wallet"} {
			if strings.Contains(string(data), secret) {
				t.Errorf("%s shows %q", e.Name(), secret)
			}
		}
		if info, err := e.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v (%v)", e.Name(), info.Mode(), err)
		}
	}
}
