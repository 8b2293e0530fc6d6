package scan

import (
	"bytes"
	"context"
	"image/png"
	"math/rand/v2"
	"testing"

	"github.com/employment-passport/passport/internal/qr"
)

// BenchmarkRead reads one clean picture of 1 000 pixels. "ratio" is the time
// in units of decoding the PNG alone, the cost that no reader is spared.
func BenchmarkRead(b *testing.B) {
	text := randomText(b, rand.New(rand.NewPCG(1, 1)))
	rows, err := qr.Modules(text, qr.LevelM)
	if err != nil {
		b.Fatal(err)
	}
	picture, err := qr.PNG(text, qr.LevelM, 1000/len(rows))
	if err != nil {
		b.Fatal(err)
	}
	b.Run("png alone", func(b *testing.B) {
		for b.Loop() {
			if _, err := png.Decode(bytes.NewReader(picture)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			if texts, err := Read(context.Background(), picture); err != nil || texts[0] != text {
				b.Fatal(texts, err)
			}
		}
	})
}
