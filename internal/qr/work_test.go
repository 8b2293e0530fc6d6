package qr

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// TestLittleTextIsLittleWork: references cost their author two bytes each, and
// us no hash of 64 KB. Both frames took seconds before there was a bound. What is
// counted is not time but what is made: a hash is a text of its own, which
// however many references share.
func TestLittleTextIsLittleWork(t *testing.T) {
	const references = 1500 // to each token

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
			for range references {
				text, raw = append(text, markHash), append(raw, 1)
			}
		}
		frame := build(0, raw, string(text))
		var tokens []string
		var err error
		made := testing.AllocsPerRun(1, func() { tokens, err = DecodeFrame(frame) })
		switch {
		case made > float64(c.tokens*references/10):
			t.Errorf("%s: %.0f things made, of %d references", name, made, c.tokens*references)
		case c.want == nil && (err != nil || len(tokens) != c.tokens+1), c.want != nil && err == nil:
			t.Errorf("%s: %d tokens, %v", name, len(tokens), err)
		default:
			t.Logf("%s: %.0f things made", name, made)
		}
	}
}
