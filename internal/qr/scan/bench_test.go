package scan

import (
	"bytes"
	"context"
	"image/png"
	"math/rand/v2"
	"testing"

	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/passporttest"
)

// BenchmarkRead reads one clean picture of 1 000 pixels, which must take less
// than 300 ms. The bare work is decoding the PNG, which no reader is spared.
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
	took := passporttest.Beside(b, func() {
		if _, err := png.Decode(bytes.NewReader(picture)); err != nil {
			b.Fatal(err)
		}
	}, func() {
		if seen, err := Read(context.Background(), picture); err != nil || seen.Texts[0] != text {
			b.Fatal(seen, err)
		}
	})
	b.ReportMetric(float64(took.Microseconds())/1000, "ms")
}
