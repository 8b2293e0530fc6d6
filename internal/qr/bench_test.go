package qr

import "testing"

func BenchmarkEncodeFrame(b *testing.B) {
	vc := credential(b)
	for b.Loop() {
		if _, err := EncodeFrame([]string{vc}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeFrame(b *testing.B) {
	frame, err := EncodeFrame([]string{credential(b)})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := DecodeFrame(frame); err != nil {
			b.Fatal(err)
		}
	}
}
