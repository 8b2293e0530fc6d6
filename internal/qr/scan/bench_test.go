package scan

import (
	"bytes"
	"context"
	"image/png"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/qr"
)

// BenchmarkRead reads one clean picture of 1 000 pixels, which must take less
// than 300 ms. "x/png" is the time in units of decoding the PNG alone, the cost
// that no reader is spared.
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
	const rounds = 20
	start := time.Now()
	for range rounds {
		if _, err := png.Decode(bytes.NewReader(picture)); err != nil {
			b.Fatal(err)
		}
	}
	bare := time.Since(start) / rounds
	for b.Loop() {
		if texts, err := Read(context.Background(), picture); err != nil || texts[0] != text {
			b.Fatal(texts, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(bare), "x/png")
}
