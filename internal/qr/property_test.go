package qr

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestWhatComesOutIsWhatWentIn packs 20 000 random tokens, ours and strangers',
// in frames of one to three, and holds that each comes back byte for byte. One
// frame in two hundred goes through the slow search as well.
func TestWhatComesOutIsWhatWentIn(t *testing.T) {
	r := rand.New(rand.NewPCG(20, 26))
	g := &generator{r}
	for i, n := 0, 0; n < 20_000; i++ {
		tokens := g.frame()
		n += len(tokens)
		dict, e := released[i%2], none
		if i%8 == 7 { // the newest is the slowest to load
			dict = released[len(released)-1]
		}
		if i%200 == 0 {
			e = utmost
		}
		frame, err := encodeFrame(tokens, dict, e) // decodes and compares itself
		if err != nil {
			t.Fatalf("frame %d %q: %v", i, tokens, err)
		}
		back, err := DecodeFrame(frame)
		if err != nil || !slices.Equal(back, tokens) {
			t.Fatalf("frame %d: got %q, %v; want %q", i, back, err, tokens)
		}
		if digits, err := d17Decode(d17Encode(frame[:min(len(frame), 2900)])); err != nil || string(digits) != string(frame[:min(len(frame), 2900)]) {
			t.Fatalf("frame %d: digits do not come back: %v", i, err)
		}
	}
}

// generator makes tokens, those of strangers included.
type generator struct{ *rand.Rand }

func (g *generator) frame() []string {
	var tokens []string
	for range 1 + g.IntN(2) {
		tokens = append(tokens, g.token(0))
	}
	for range g.IntN(2) {
		tokens = append(tokens, assertion(tokens[g.IntN(len(tokens))]))
	}
	return tokens
}

func (g *generator) token(depth int) string {
	switch n := g.IntN(10); {
	case n < 7:
		return g.jws(depth)
	case n < 8:
		return g.jws(depth) + "~" + g.opaque(g.IntN(60)) + "~" // SD-JWT
	case n < 9:
		return g.ascii(1 + g.IntN(120))
	}
	return "x" + g.values(depth)
}

func (g *generator) jws(depth int) string {
	header := pick(g, `{"alg":"ES256","kid":"did:web:ente.example#key-1","typ":"vc+jwt"}`, `{"typ":"vc+jwt","alg":"EdDSA"}`, `{}`, `{"alg" : "none"}`,
		"{\"x\":\"\xc3\xa8\"}", `[1]`, `{"kid":"`+g.value()+`"}`)
	payload := `{"v":"` + g.values(depth) + `"}`
	switch g.IntN(12) {
	case 0:
		payload += string([]byte{byte(g.Uint32()), byte(g.Uint32())}) // any bytes, markers among them
	case 1:
		payload = ""
	case 2:
		payload = "non-UTF-8 \x80\xf4\xff\xf5"
	}
	sizes := []int{64, 64, 64, 96, 132, 256, 0, 1, 63}
	token := b64(header) + "." + b64(payload) + "." + b64(string(g.bytes(sizes[g.IntN(len(sizes))])))
	switch g.IntN(15) {
	case 0: // stray bits in the last character
		return token[:len(token)-1] + string("ABCDEFGHIJ-_"[g.IntN(12)])
	case 1:
		return token + "=="
	case 2:
		return token + "." + g.opaque(5)
	case 3:
		return "\r\n" + token + "\n"
	case 4:
		return token[:g.IntN(len(token))] + "x"
	}
	return token
}

func (g *generator) values(depth int) string {
	var s strings.Builder
	for range g.IntN(6) {
		s.WriteString(g.value())
		s.WriteString(pick(g, "", " ", "-", ".", `","`, "#", "T00:00:00Z", "é"[:0]))
	}
	if depth < 5 && g.IntN(4) == 0 {
		s.WriteString("data:application/vc+jwt," + g.token(depth+1))
	}
	return s.String()
}

// value is something that has a marker, or looks as if it had.
func (g *generator) value() string {
	uuid := uuidText(g.bytes(16))
	key := didKeyPrefix + base58Text(append([]byte{0x80, 0x24}, g.bytes(33)...))
	return pick(g,
		uuid, strings.ToUpper(uuid), uuid[:35], uuid+"0", "urn:uuid:"+uuid, "9a3f6b2e-1c44-4b8a-9e21-6f0a2d7c5b31",
		"2026-02-28", "2020-02-30", "1899-12-31", "1900-01-01", "2079-06-06", "2079-06-07", "9999-99-99", "2026-2-28",
		"2026-11-20T00:00:00Z", "2026-11-20T23:59:59Z", "2019-12-31T23:59:59Z", "2156-02-07T06:28:15Z", "2156-02-07T06:28:16Z",
		"2026-11-20T24:00:00Z", "2026-11-20T12:00:60Z", "2026-11-20T12:00:00+00:00", "2026-11-20T12:00:00.5Z", "2026-02-30T12:00:00Z",
		key, key+"#"+strings.TrimPrefix(key, "did:key:"), holder, "did:key:z1", "did:key:z", "did:key:z0OIl", "did:key:z111"+base58Text(g.bytes(3)),
		b64(string(g.bytes(32))), b64(string(g.bytes(32)))[:42]+"B", b64(string(g.bytes(31))), g.opaque(43),
		fmt.Sprint(1_000_000_000+g.Uint32N(3_000_000_000)), "4294967295", "4294967296", "0123456789", "999999999", "12345678901",
		"ey.ey.ey", "e30.e30.", "e30..e30", "\\u00e8", g.ascii(g.IntN(20)),
	)
}

func (g *generator) ascii(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(g.IntN(128))
	}
	return string(b)
}

func (g *generator) opaque(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[g.IntN(64)]
	}
	return string(b)
}

func (g *generator) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(g.Uint32())
	}
	return b
}

func pick(g *generator, all ...string) string { return all[g.IntN(len(all))] }

func b64(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
