package qr

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"
)

// TestLittleTextIsLittleWork: references cost their author two bytes each, and
// us no hash of 64 KB. Both frames took seconds before there was a bound.
func TestLittleTextIsLittleWork(t *testing.T) {
	long := func(head string) (text, raw []byte) { // a token of 64 KB out of fifty markers
		text = append([]byte(head), markDIDKey)
		raw = binary.AppendUvarint([]byte{0}, 1000)
		raw = append(raw, bytes.Repeat([]byte{0xff}, 1000)...)
		for range 45 {
			text, raw = append(text, markDIDKey), append(raw, 1)
		}
		return text, raw
	}
	for name, c := range map[string]struct {
		head   string
		tokens int
		want   error
	}{
		"credentials":                 {"", 9, nil},
		"presentations, not so bound": {"eyJ0eXAiOiJ2cCtqd3QifQ.", MaxTokens - 1, nil},
		"more presentations":          {"eyJ0eXAiOiJ2cCtqd3QifQ.", 43, ErrTooLarge},
	} {
		text, raw := long(c.head)
		for range c.tokens {
			text = append(append(text, markToken), c.head...)
			for range 1500 {
				text, raw = append(text, markHash), append(raw, 1)
			}
		}
		start := time.Now()
		tokens, err := DecodeFrame(build(0, raw, string(text)))
		switch took := time.Since(start); {
		case took > 2*time.Second:
			t.Errorf("%s: %s", name, took)
		case c.want == nil && (err != nil || len(tokens) != c.tokens+1), c.want != nil && err == nil:
			t.Errorf("%s: %d tokens, %v", name, len(tokens), err)
		default:
			t.Logf("%s: %s", name, took)
		}
	}
}
