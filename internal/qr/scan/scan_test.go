package scan

import (
	"context"
	"testing"

	"github.com/employment-passport/passport/internal/qr"
)

func TestReadsWhatWeDraw(t *testing.T) {
	text, _, err := qr.Encode("https://verify.example/v", []string{"eyJhIjoxfQ.eyJiIjoyfQ.c2ln"}, qr.Options{})
	if err != nil {
		t.Fatal(err)
	}
	png, err := qr.PNG(text, qr.LevelM, 6)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := Read(context.Background(), png)
	if err != nil || len(texts) != 1 || texts[0] != text {
		t.Fatalf("got %q, %v", texts, err)
	}
}
