package sealed_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/sealed"
)

// A low work factor: these tests are about the bytes, not about the cost.
const workFactor = 2

func sealOnce(t testing.TB, data []byte) []byte {
	t.Helper()
	file, err := sealed.SealPassphrase(data, "pane e olio", workFactor)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestPassphraseRoundTrip(t *testing.T) {
	for _, n := range []int{0, 1, 64<<10 - 1, 64 << 10, 200_000} {
		data := bytes.Repeat([]byte("è"), n)[:n]
		got, err := sealed.OpenPassphrase(sealOnce(t, data), "pane e olio", 0)
		if err != nil || !bytes.Equal(got, data) {
			t.Errorf("%d bytes: got %d bytes, %v", n, len(got), err)
		}
	}
}

func TestRefusals(t *testing.T) {
	whole := sealOnce(t, []byte("secret"))
	costly := bytes.Replace(whole, []byte(" 2\n"), []byte(" 30\n"), 1)
	absurd := bytes.Replace(whole, []byte(" 2\n"), []byte(" 99999999999999999999\n"), 1)
	other, err := sealed.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	toKey, err := sealed.Seal([]byte("secret"), other.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name       string
		file       []byte
		passphrase string
		want       error
	}{
		{"wrong passphrase", whole, "pane e sale", sealed.ErrWrongPassphrase},
		{"no passphrase", whole, "", sealed.ErrNoPassphrase},
		{"empty", nil, "pane e olio", sealed.ErrNotSealed},
		{"foreign", []byte("SQLite format 3\x00"), "pane e olio", sealed.ErrNotSealed},
		{"cut in the first line", whole[:10], "pane e olio", sealed.ErrDamaged},
		{"trailing byte", append(bytes.Clone(whole), 'x'), "pane e olio", sealed.ErrDamaged},
		{"key derivation of 2^30", costly, "pane e olio", sealed.ErrTooCostly},
		{"key derivation beyond counting", absurd, "pane e olio", sealed.ErrTooCostly},
		{"sealed for a key", toKey, "pane e olio", sealed.ErrWrongPassphrase},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := sealed.OpenPassphrase(tt.file, tt.passphrase, 0)
			if !errors.Is(err, tt.want) || got != nil {
				t.Errorf("got %q, %v; want %v", got, err, tt.want)
			}
		})
	}
	if _, err := sealed.OpenPassphrase(sealOnce(t, nil), "pane e olio", 1); !errors.Is(err, sealed.ErrTooCostly) {
		t.Errorf("a caller's own limit: got %v", err)
	}
	for _, factor := range []int{-1, 21, 31} {
		if _, err := sealed.SealPassphrase(nil, "x", factor); err == nil {
			t.Errorf("sealed with work factor %d", factor)
		}
	}
}

// Every truncation and every single flipped bit ends as an error; never as
// other data, never as part of the data.
func TestEveryFlippedBitAndEveryCutIsRefused(t *testing.T) {
	whole := sealOnce(t, bytes.Repeat([]byte("vault "), 12_000)) // more than one chunk
	header := bytes.Index(whole, []byte("\n--- ")) + 64
	refused := func(what string, file []byte) {
		t.Helper()
		got, err := sealed.OpenPassphrase(file, "pane e olio", 0)
		if err == nil || got != nil {
			t.Errorf("%s: opened", what)
		}
	}
	for offset := range header {
		for bit := range 8 {
			file := bytes.Clone(whole)
			file[offset] ^= 1 << bit
			// A digit that asks for a million times the work is refused by
			// cost; one in between would only make the test slow.
			if n := file[offset]; whole[offset] == '2' && n >= '3' && n <= '9' && bytes.HasPrefix(whole[offset:], []byte("2\n")) {
				_, err := sealed.OpenPassphrase(file, "pane e olio", 2)
				if !errors.Is(err, sealed.ErrTooCostly) {
					t.Errorf("work factor %c: %v", n, err)
				}
				continue
			}
			refused(fmt.Sprintf("bit %d of byte %d", bit, offset), file)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		offset := header + random.IntN(len(whole)-header)
		file := bytes.Clone(whole)
		file[offset] ^= 1 << random.IntN(8)
		refused(fmt.Sprintf("byte %d", offset), file)
	}
	for n := 0; n < header; n++ {
		refused(fmt.Sprintf("cut to %d", n), whole[:n])
	}
	for range 200 {
		n := header + random.IntN(len(whole)-header)
		refused(fmt.Sprintf("cut to %d", n), whole[:n])
	}
}

func TestIdentity(t *testing.T) {
	mine, err := sealed.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := sealed.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	file, err := sealed.Seal([]byte("key"), mine.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	again, err := sealed.ParseIdentity(mine.Secret())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := sealed.Open(file, again); err != nil || string(got) != "key" {
		t.Errorf("own identity: %q, %v", got, err)
	}
	if _, err := sealed.Open(file, theirs); !errors.Is(err, sealed.ErrWrongIdentity) {
		t.Errorf("another's identity: %v", err)
	}
	for i := range file {
		bad := bytes.Clone(file)
		bad[i] ^= 1
		if _, err := sealed.Open(bad, mine); err == nil {
			t.Errorf("byte %d flipped: opened", i)
		}
	}
}

// An identity must not reach a log through a careless format verb.
func TestIdentityDoesNotPrint(t *testing.T) {
	id, err := sealed.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	printed := fmt.Sprintf("%v %s %+v %#v", id, id, id, id)
	_, parseErr := sealed.ParseIdentity(append(id.Secret(), 'X'))
	if parseErr == nil {
		t.Fatal("parsed an identity with a tail")
	}
	canary := strings.TrimPrefix(string(id.Secret()), "AGE-SECRET-KEY-")
	if strings.Contains(printed+parseErr.Error(), canary) {
		t.Errorf("the secret was printed: %s", printed)
	}
}

func FuzzOpenPassphrase(f *testing.F) {
	whole := sealOnce(f, []byte("secret"))
	f.Add(whole)
	f.Add(whole[:len(whole)-1])
	f.Add(bytes.Replace(whole, []byte(" 2\n"), []byte(" 30\n"), 1))
	f.Add([]byte("age-encryption.org/v1\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		got, err := sealed.OpenPassphrase(file, "pane e olio", 4)
		// Each fuzzing process seals a file of its own; all of them hold the same.
		if err == nil && string(got) != "secret" {
			t.Errorf("opened a file that nobody sealed: %q", got)
		}
		if err != nil && got != nil {
			t.Error("an error and data")
		}
	})
}
