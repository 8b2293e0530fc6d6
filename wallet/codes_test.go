package wallet

import (
	"encoding/base64"
	"testing"

	"github.com/employment-passport/passport/internal/qr"
)

// TestNoScreenCodeOnPaper: a presentation that only a screen can show is split,
// and of one credential alone it becomes a large code that paper is told of.
func TestNoScreenCodeOnPaper(t *testing.T) {
	const link = "https://ente.example/verify"
	noise := make([]byte, 720)
	for i, n := 0, uint32(7); i < len(noise); i++ {
		n = n*1664525 + 1013904223
		noise[i] = byte(n >> 24)
	}
	enc := base64.RawURLEncoding.EncodeToString
	token := enc([]byte(`{"alg":"ES256","typ":"vp+jwt"}`)) + "." + enc([]byte(`{"x":"`+enc(noise)+`"}`)) + "." + enc(noise[:64])
	screen := drawer{how: Drawing{Base: link}}
	drawn, fits, err := screen.pack([][]string{{token}})
	if err != nil || !fits || drawn[0].Level != qr.LevelL {
		t.Fatalf("the test's token is not of a screen's size: %v, %v, %v", drawn, fits, err)
	}
	paper := drawer{how: Drawing{Base: link, Paper: true}}
	if _, fits, err := paper.pack([][]string{{token}}); err != nil || fits {
		t.Errorf("a screen's code fits paper: %v", err)
	}
	if err := paper.alone(&Presented{Token: token, Shown: make([]Held, 1)}); err != nil {
		t.Fatal(err)
	}
	if c := paper.out.Codes[0]; len(paper.out.Codes) != 1 || !c.Large || c.Level != qr.LevelM || c.Bytes <= qr.PaperCap {
		t.Errorf("%+v", paper.out.Codes)
	}
}
