package qr

import (
	"bytes"
	"compress/flate"
	"io"
	"testing"

	"github.com/employment-passport/passport/passporttest"
)

// BenchmarkEncodeFrame searches for the shortest frame; the bare work is one
// pass of compress/flate over the same token.

func BenchmarkEncodeFrame(b *testing.B) {
	vc := credential(b)
	passporttest.Beside(b, func() { flateStream([]byte(vc), nil) }, func() {
		if _, err := EncodeFrame([]string{vc}); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkDecodeFrame: the bare work is inflating the same token.
func BenchmarkDecodeFrame(b *testing.B) {
	frame, err := EncodeFrame([]string{credential(b)})
	if err != nil {
		b.Fatal(err)
	}
	bare := flateStream([]byte(credential(b)), nil)
	passporttest.Beside(b, func() {
		if _, err := io.ReadAll(flate.NewReader(bytes.NewReader(bare))); err != nil {
			b.Fatal(err)
		}
	}, func() {
		if _, err := DecodeFrame(frame); err != nil {
			b.Fatal(err)
		}
	})
}
