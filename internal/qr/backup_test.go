package qr

import (
	"bytes"
	"crypto/rand"
	"errors"
	"slices"
	"testing"
)

const walletLink = "https://ente.example/wallet"

func backupOf(t testing.TB, n, size int) ([]byte, []string) {
	t.Helper()
	sealed := make([]byte, n)
	if _, err := rand.Read(sealed); err != nil {
		t.Fatal(err)
	}
	texts, err := EncodeBackup(walletLink, sealed, size)
	if err != nil {
		t.Fatal(err)
	}
	return sealed, texts
}

// TestBackupComesBack: in any order, with a code that was read twice, and never
// with one missing or one of another sheet.
func TestBackupComesBack(t *testing.T) {
	sealed, texts := backupOf(t, 2500, 700)
	if len(texts) != 4 || !IsBackup(texts[0]) {
		t.Fatalf("%d codes", len(texts))
	}
	for _, text := range texts {
		if _, modules, err := Version(text, LevelM); err != nil || modules > 105 {
			t.Errorf("%d modules, %v", modules, err)
		}
	}
	slices.Reverse(texts)
	got, err := CollectBackup(append(texts, texts[1]))
	if err != nil || !bytes.Equal(got, sealed) {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	var lost *MissingError
	if _, err := CollectBackup(texts[1:]); !errors.As(err, &lost) || !errors.Is(err, ErrIncomplete) || !slices.Equal(lost.Missing, []int{4}) || lost.Total != 4 {
		t.Errorf("without the last: %v", err)
	}
	_, other := backupOf(t, 2500, 700)
	if _, err := CollectBackup([]string{texts[0], texts[1], texts[2], other[0]}); !errors.Is(err, ErrMalformed) {
		t.Errorf("of two sheets: %v", err)
	}
}

// TestBackupIsNoDocument: a checker says what it is, and a backup is not put
// together of documents.
func TestBackupIsNoDocument(t *testing.T) {
	_, texts := backupOf(t, 100, 700)
	if _, err := DecodeText(texts[0]); !errors.Is(err, ErrBackup) {
		t.Errorf("as a document: %v", err)
	}
	if _, err := Collect(texts); !errors.Is(err, ErrBackup) {
		t.Errorf("as chunks: %v", err)
	}
	frame := []byte{1, 2, 3}
	for _, text := range []string{walletLink + "#1" + d17Encode(frame), walletLink + "#2" + texts[0][len(walletLink)+2:], "https://x.example/#top", ""} {
		if _, err := CollectBackup([]string{text}); err == nil || IsBackup(text) {
			t.Errorf("%q is taken for a backup", text)
		}
	}
	if _, err := EncodeBackup(walletLink, nil, 700); err == nil {
		t.Error("an empty backup")
	}
}

func FuzzCollectBackup(f *testing.F) {
	_, texts := backupOf(f, 60, 40)
	f.Add(texts[0], texts[1])
	f.Add(texts[0], texts[0])
	f.Fuzz(func(t *testing.T, a, b string) {
		if data, err := CollectBackup([]string{a, b}); err == nil && len(data) == 0 {
			t.Error("nothing, and no error")
		}
	})
}
