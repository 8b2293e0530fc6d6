package wallet

import (
	"bytes"
	"testing"
	"time"
)

// FuzzReadVault goes behind the seal, which a fuzzer cannot break.
func FuzzReadVault(f *testing.F) {
	const key = `{"crv":"P-256","d":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"}`
	f.Add(`{"format":"passport-wallet","version":1,"id":"00000000000000000000000000000000","counter":1,"key":` + key + `,"credentials":[]}`)
	f.Add(`{"format":"passport-wallet","version":1,"id":"00000000000000000000000000000000","counter":1,"key":` + key + `,"credentials":[{"token":"eyJ.e.A","importedAt":"2026-11-22T10:00:00Z"}]}`)
	f.Fuzz(func(t *testing.T, plain string) {
		w, err := readVault([]byte(plain))
		if (w == nil) == (err == nil) {
			t.Fatalf("wallet %v with error %v", w, err)
		}
		if w == nil {
			return
		}
		for _, h := range w.held {
			if h.doc == nil || h.Hash == "" {
				t.Fatal("half a credential")
			}
		}
	})
}

// FuzzReadSheet goes behind the seal too.
func FuzzReadSheet(f *testing.F) {
	head := append([]byte(sheetMagic), sheetVersion)
	head = append(head, make([]byte, 16+8+31)...)
	head = append(head, 1)
	f.Add(head)
	f.Add(append(bytes.Clone(head), 3, 1, 1, 0))
	f.Fuzz(func(t *testing.T, plain []byte) {
		w, err := readSheet(plain, time.Unix(0, 0))
		if (w == nil) == (err == nil) {
			t.Fatalf("wallet %v with error %v", w, err)
		}
	})
}
