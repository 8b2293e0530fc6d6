package jose

import (
	"bytes"
	"crypto/rand"
	"encoding/asn1"
	"math/big"
	"testing"
)

// TestDER: our few lines agree with the package asn1 on every length of a half.
func TestDER(t *testing.T) {
	for size := 1; size <= 66; size++ {
		for range 20 {
			raw := make([]byte, 2*size)
			if _, err := rand.Read(raw); err != nil {
				t.Fatal(err)
			}
			raw[0] &= 0x81 // small numbers, and those that need a zero before them
			want, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(raw[:size]), new(big.Int).SetBytes(raw[size:])})
			if err != nil {
				t.Fatal(err)
			}
			got := SignatureASN1(raw)
			if !bytes.Equal(got, want) {
				t.Fatalf("%x is %x, want %x", raw, got, want)
			}
			r, s, err := derSignature(got)
			if err != nil || new(big.Int).SetBytes(r).Cmp(new(big.Int).SetBytes(raw[:size])) != 0 || new(big.Int).SetBytes(s).Cmp(new(big.Int).SetBytes(raw[size:])) != 0 {
				t.Fatalf("%x came back as %x and %x: %v", raw, r, s, err)
			}
		}
	}
}

// TestDERRefuses what asn1 refuses too: cut, longer, negative, padded.
func TestDERRefuses(t *testing.T) {
	for _, der := range [][]byte{
		nil, {0x30}, {0x30, 0}, {0x31, 6, 2, 1, 1, 2, 1, 1}, {0x30, 6, 2, 1, 1, 2, 1, 1, 0}, {0x30, 7, 2, 1, 1, 2, 1, 1},
		{0x30, 6, 2, 1, 0x80, 2, 1, 1}, {0x30, 7, 2, 2, 0, 1, 2, 1, 1}, {0x30, 3, 2, 1, 1}, {0x30, 0x81, 6, 2, 1, 1, 2, 1, 1},
		{0x30, 5, 2, 0, 2, 1, 1}, {0x30, 6, 2, 1, 1, 3, 1, 1},
	} {
		if _, _, err := derSignature(der); err == nil {
			t.Errorf("%x was read", der)
		}
	}
}
