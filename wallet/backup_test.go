package wallet_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/employment-passport/passport/internal/sealed"
	"github.com/employment-passport/passport/wallet"
)

func held(t *testing.T, f wallet.File) int {
	t.Helper()
	w, err := f.Open(passphrase)
	must(t, err)
	return len(w.Held())
}

// TestBackupAndRestore is the story of a lost computer, and of a backup that
// is older than the wallet.
func TestBackupAndRestore(t *testing.T) {
	body := newWorld(t)
	f, w := made(t, nil)
	add(t, f, nil, body.Issue(w.DID()))
	backup := filepath.Join(t.TempDir(), "backup.age")
	if _, err := f.Backup("un'altra", backup); !errors.Is(err, sealed.ErrWrongPassphrase) {
		t.Errorf("backup with a wrong passphrase: %v", err)
	}
	if _, err := os.Stat(backup); err == nil {
		t.Fatal("a backup that nobody can open was made")
	}
	_, err := f.Backup(passphrase, backup)
	must(t, err)
	if _, err := f.Backup(passphrase, backup); !errors.Is(err, wallet.ErrExists) {
		t.Errorf("over an existing backup: %v", err)
	}

	// Another computer: no wallet, no guard.
	other := wallet.File{Path: filepath.Join(t.TempDir(), "wallet.age"), WorkFactor: cheap}
	if _, err := other.Restore(ctx, "un'altra", backup, false); !errors.Is(err, sealed.ErrWrongPassphrase) {
		t.Errorf("restore with a wrong passphrase: %v", err)
	}
	if _, err := os.Stat(other.Path); err == nil {
		t.Fatal("half a wallet was made")
	}
	back, err := other.Restore(ctx, passphrase, backup, false)
	must(t, err)
	if back.DID() != w.DID() || held(t, other) != 1 {
		t.Error("another wallet came back")
	}

	// The first computer went on; the backup is older there now.
	add(t, f, nil, body.Issue(w.DID()))
	if _, err := f.Restore(ctx, passphrase, backup, false); !errors.Is(err, wallet.ErrOlder) {
		t.Errorf("an older backup: %v", err)
	}
	if held(t, f) != 2 {
		t.Fatal("the refused backup changed the wallet")
	}
	must(t, os.Remove(f.Path)) // the guard remembers what the file had
	if _, err := f.Restore(ctx, passphrase, backup, false); !errors.Is(err, wallet.ErrOlder) {
		t.Errorf("an older backup of a lost file: %v", err)
	}
	restored, err := f.Restore(ctx, passphrase, backup, true)
	must(t, err)
	if held(t, f) != 1 || restored.Counter() <= 3 {
		t.Errorf("%d held, counter %d", held(t, f), restored.Counter())
	}
	add(t, f, nil, body.Issue(w.DID())) // and it can be used again
}

// TestOlderFileInPlace (K08): an older copy put back by hand is noticed, and
// there is a way out.
func TestOlderFileInPlace(t *testing.T) {
	body := newWorld(t)
	f, w := made(t, nil)
	add(t, f, nil, body.Issue(w.DID()))
	older, err := os.ReadFile(f.Path)
	must(t, err)
	add(t, f, nil, body.Issue(w.DID()))
	must(t, os.WriteFile(f.Path, older, 0o600))
	if w, err := f.Open(passphrase); w != nil || !errors.Is(err, wallet.ErrOlder) {
		t.Errorf("open: %v", err)
	}
	if _, err := f.Backup(passphrase, f.Path+".copy"); !errors.Is(err, wallet.ErrOlder) {
		t.Errorf("backup: %v", err)
	}
	if err := f.Update(ctx, passphrase, func(*wallet.Wallet) error { return nil }); !errors.Is(err, wallet.ErrOlder) {
		t.Errorf("update: %v", err)
	}
	_, err = f.Restore(ctx, passphrase, f.Path, true)
	must(t, err)
	if held(t, f) != 1 {
		t.Error("the accepted copy is not the wallet")
	}
}

func TestRestoreMendsAndKeepsWhatItReplaces(t *testing.T) {
	body := newWorld(t)
	f, w := made(t, nil)
	add(t, f, nil, body.Issue(w.DID()))
	backup := filepath.Join(t.TempDir(), "backup.age")
	_, err := f.Backup(passphrase, backup)
	must(t, err)
	whole, err := os.ReadFile(f.Path)
	must(t, err)
	must(t, os.WriteFile(f.Path, whole[:len(whole)/2], 0o600))
	if _, err := f.Open(passphrase); err == nil {
		t.Fatal("half a wallet opened")
	}
	_, err = f.Restore(ctx, passphrase, backup, false)
	must(t, err)
	if held(t, f) != 1 {
		t.Error("not mended")
	}
	aside, err := os.ReadFile(f.Path + ".before-restore")
	if err != nil || !bytes.Equal(aside, whole[:len(whole)/2]) {
		t.Errorf("what was replaced is gone: %v", err)
	}
	// A second restore keeps what it replaces as well, and beside the first.
	_, err = f.Restore(ctx, passphrase, backup, false)
	must(t, err)
	first, err := os.ReadFile(f.Path + ".before-restore")
	if err != nil || !bytes.Equal(first, aside) {
		t.Errorf("the second restore took what the first had set aside: %v", err)
	}
	if _, err := os.Stat(f.Path + ".before-restore-2"); err != nil {
		t.Errorf("the second restore set nothing aside: %v", err)
	}
}

func TestRestoreReplacesNoOtherWallet(t *testing.T) {
	mine, _ := made(t, nil)
	theirs, w := made(t, nil)
	if _, err := mine.Restore(ctx, passphrase, theirs.Path, true); !errors.Is(err, wallet.ErrOtherWallet) {
		t.Errorf("another wallet: %v", err)
	}
	if there, err := mine.Open(passphrase); err != nil || there.DID() == w.DID() {
		t.Errorf("replaced: %v", err)
	}
	for name, content := range map[string][]byte{"empty": nil, "foreign": []byte("caro diario")} {
		from := filepath.Join(t.TempDir(), name)
		must(t, os.WriteFile(from, content, 0o600))
		if _, err := mine.Restore(ctx, passphrase, from, true); err == nil {
			t.Errorf("restored from %s", name)
		}
	}
}
