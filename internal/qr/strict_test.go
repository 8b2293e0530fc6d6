package qr

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"time"
)

// build lays out a frame by hand, for what the encoder would never write.
func build(number uint64, raw []byte, text string) []byte {
	frame := binary.AppendUvarint([]byte{formatVersion}, number)
	frame = binary.AppendUvarint(frame, uint64(len(raw)))
	frame = append(frame, raw...)
	return append(frame, flateStream([]byte(text), nil)...)
}

func TestDecoderRefuses(t *testing.T) {
	whole := build(0, nil, "token")
	sig := append([]byte{64}, make([]byte, 64)...)
	jws := "\xff{}\xfe{}\xfe"
	for name, c := range map[string]struct {
		frame []byte
		want  error
	}{
		"nothing":                            {nil, ErrMalformed},
		"a newer format":                     {append([]byte{2}, whole[1:]...), ErrUpdate},
		"an unknown dictionary":              {build(63, nil, "token"), ErrUpdate},
		"a dictionary of tests":              {build(64, nil, "token"), ErrUpdate},
		"a dictionary number in two bytes":   {append([]byte{1, 0x80, 0x00}, whole[2:]...), ErrMalformed},
		"a length of raw in two bytes":       {append([]byte{1, 0, 0x80, 0x00}, whole[3:]...), ErrMalformed},
		"a length of raw without end":        {[]byte{1, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}, ErrMalformed},
		"raw longer than the frame":          {[]byte{1, 0, 200, 1, 2, 3}, ErrMalformed},
		"no text":                            {build(0, nil, "")[:3], ErrMalformed},
		"cut text":                           {whole[:len(whole)-2], ErrMalformed},
		"bytes after the final block":        {append(bytes.Clone(whole), 0), ErrMalformed},
		"an empty token":                     {build(0, nil, ""), ErrMalformed},
		"an empty second token":              {build(0, nil, "token\xf8"), ErrMalformed},
		"raw that nothing stands for":        {build(0, []byte{1}, "token"), ErrMalformed},
		"a marker without raw":               {build(0, make([]byte, 15), "\xfd"), ErrMalformed},
		"the reserved marker":                {build(0, nil, "a\xf5"), ErrMalformed},
		"an end without a start":             {build(0, nil, "a\xfe"), ErrMalformed},
		"a JWS without end":                  {build(0, sig, "\xff{}\xfe{}"), ErrMalformed},
		"a token border inside a JWS":        {build(0, sig, "\xff{}\xfe{\xf8}\xfe"), ErrMalformed},
		"a signature longer than raw":        {build(0, []byte{64, 1}, jws), ErrMalformed},
		"a signature length in two bytes":    {build(0, []byte{0x80, 0x00}, jws), ErrMalformed},
		"a byte that is not ASCII":           {build(0, nil, "caff\xc3\xa8"), ErrMalformed},
		"a did:key that is not there":        {build(0, []byte{1}, "\xf9"), ErrMalformed},
		"an empty did:key":                   {build(0, []byte{0, 0}, "\xf9"), ErrMalformed},
		"a did:key over its bound":           {build(0, append([]byte{0, 0x81, 0x08}, make([]byte, 1025)...), "\xf9"), ErrMalformed},
		"the hash of a token not there":      {build(0, []byte{1}, "\xf7"), ErrMalformed},
		"the hash of itself":                 {build(0, []byte{2}, "a\xf8\xf7"), ErrMalformed},
		"reference zero":                     {build(0, []byte{0}, "a\xf8\xf7"), ErrMalformed},
		"an integer of nine digits":          {build(0, []byte{0x3b, 0x9a, 0xc9, 0xff}, "\xf6"), ErrMalformed},
		"JWS in JWS, five deep":              {build(0, bytes.Repeat(sig, 5), strings.Repeat("\xff{}\xfe", 5)+strings.Repeat("\xfe", 5)), ErrMalformed},
		"a text over its bound":              {build(0, nil, strings.Repeat("a", MaxText+1)), ErrTooLarge},
		"a token over its bound":             {build(0, sig, "\xff{}\xfe"+strings.Repeat("a", 60_000)+"\xfe"), ErrTooLarge},
		"eleven credentials":                 {build(0, nil, "a"+strings.Repeat("\xf8a", MaxCredentials)), ErrTooLarge},
		"a credential after an assertion":    {build(0, append(bytes.Clone(sig), sig...), "\xff{\"typ\":\"status-assertion+jwt\"}\xfe{}\xfe\xf8"+jws), ErrMalformed},
		"forty-one presentations":            {build(0, bytes.Repeat(sig, 41), strings.Repeat("\xff{\"typ\":\"vp+jwt\"}\xfe{}\xfe\xf8", 40)+"\xff{\"typ\":\"vp+jwt\"}\xfe{}\xfe"), ErrTooLarge},
		"forty-one assertions":               {build(0, bytes.Repeat(sig, 41), strings.Repeat("\xff{\"typ\":\"status-assertion+jwt\"}\xfe{}\xfe\xf8", 40)+"\xff{\"typ\":\"status-assertion+jwt\"}\xfe{}\xfe"), ErrTooLarge},
		"presentations in a presentation":    {build(0, bytes.Repeat(sig, 41), "\xff{\"typ\":\"vp+jwt\"}\xfe"+strings.Repeat("\xff{\"typ\":\"vp+jwt\"}\xfe{}\xfe,", 40)+"\xfe"), ErrTooLarge},
		"eleven of a type in two spellings":  {build(0, bytes.Repeat(sig, 11), strings.Repeat("\xff{\"typ\":\"vc+jwt\",\"Typ\":\"vp+jwt\"}\xfe{}\xfe\xf8", 10)+"\xff{\"typ\":\"vc+jwt\",\"Typ\":\"vp+jwt\"}\xfe{}\xfe"), ErrTooLarge},
		"a frame over its bound":             {build(0, make([]byte, MaxFrame), "a"), ErrTooLarge},
		"eleven credentials in presentation": {build(0, bytes.Repeat(sig, 12), "\xff{\"typ\":\"vp+jwt\"}\xfe"+strings.Repeat(jws+",", 11)+"\xfe"), ErrTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			tokens, err := DecodeFrame(c.frame)
			if !errors.Is(err, c.want) || tokens != nil {
				t.Fatalf("got %.60q, %v; want %v", tokens, err, c.want)
			}
		})
	}
}

// A frame that promises gigabytes ends early and cheaply.
func TestBombsEndEarly(t *testing.T) {
	start := time.Now()
	bomb := build(0, nil, strings.Repeat("a", 64<<20))
	if _, err := DecodeFrame(bomb); !errors.Is(err, ErrTooLarge) {
		t.Errorf("64 MiB of text: %v", err)
	}
	// Two bytes that stand for 1 400 characters, over and over.
	key := append([]byte{0, 0x80, 0x08}, bytes.Repeat([]byte{0xff}, 1024)...)
	many := build(0, append(key, bytes.Repeat([]byte{1}, 60_000)...), strings.Repeat("\xf9", 60_001))
	if _, err := DecodeFrame(many); !errors.Is(err, ErrTooLarge) {
		t.Errorf("60 000 did:keys: %v", err)
	}
	if d := time.Since(start); d > 20*time.Second { // some ms; without the bounds, minutes
		t.Errorf("took %v", d)
	}
}

func TestDigits(t *testing.T) {
	for n, digits := range []int{0, 3, 5, 8, 10, 13, 15, 17, 20} {
		if got := d17Encode(bytes.Repeat([]byte{0xff}, n)); len(got) != digits {
			t.Errorf("%d bytes: %d digits, want %d", n, len(got), digits)
		}
	}
	if got := d17Encode([]byte{0, 0, 0, 0, 0, 1, 2, 3}); got != "00000000000000258003" {
		t.Errorf("got %s", got)
	}
	for _, bad := range []string{"1", "12", "256", "65536", "1234", "72057594037927936", "0000000000000000x", "00000000000000000-1", "+01", " 01", strings.Repeat("0", MaxDigits+17)} {
		if b, err := d17Decode(bad); err == nil {
			t.Errorf("%.30q read as %x", bad, b)
		}
	}
}

// TestTextsOfOthers: what other codes say, at any length (threat E08; parts that are
// missing, twice there or of another: TestChunksComeTogetherInAnyOrder).
func TestTextsOfOthers(t *testing.T) {
	digits := d17Encode(build(0, nil, "token"))
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"a link":                      {"https://shop.example/offer?id=1", ErrNotPassport},
		"a link with a fragment":      {"https://shop.example/#1-offer", ErrNotPassport},
		"bare digits":                 {"1" + digits, ErrNotPassport},
		"a script":                    {"javascript:alert(1)#", ErrNotPassport},
		"nothing":                     {"", ErrNotPassport},
		"a kind alone":                {"https://verify.example#1", ErrNotPassport},
		"a letter for a kind":         {"https://verify.example#x" + digits, ErrNotPassport},
		"an unknown kind":             {"https://verify.example#4" + digits, ErrUpdate},
		"a backup":                    {"https://verify.example#3000100000001", ErrBackup},
		"an unknown kind in base 45":  {"https://verify.example#4ABCDEFGHIJ0123456789$%", ErrUpdate},
		"a letter among the digits":   {"https://verify.example#1" + strings.Repeat("0", 17) + "O1", ErrMalformed},
		"a digit too many":            {"https://verify.example#1" + digits + "1", ErrMalformed},
		"4 296 characters of another": {strings.Repeat("A", 4296), ErrNotPassport},
		"too many digits":             {"https://verify.example#1" + strings.Repeat("0", 7097), ErrTooLarge},
		"a chunk":                     {"https://verify.example#2000100000001", ErrChunk},
		"a chunk beyond its row":      {"https://verify.example#2010100000001", ErrMalformed},
		"a chunk with a wide id":      {"https://verify.example#2000165536001", ErrMalformed},
		"a chunk without content":     {"https://verify.example#2000100000", ErrMalformed},
	} {
		if m, err := DecodeText(c.text); !errors.Is(err, c.want) {
			t.Errorf("%s: got %+v, %v; want %v", name, m, err, c.want)
		}
	}
	// Whatever stands before the digits is tolerated and told.
	m, err := DecodeText(" scanned: https://verify.example/v#1" + digits + "\n")
	if err != nil || m.Base != "scanned: https://verify.example/v" || m.Tokens[0] != "token" {
		t.Errorf("got %+v, %v", m, err)
	}
}

func TestBase(t *testing.T) {
	for base, ok := range map[string]bool{
		"https://verify.example/v": true, "https://a.example/" + strings.Repeat("x", 31-len("https://a.example/")): true,
		"https://a.example/" + strings.Repeat("x", 32-len("https://a.example/")): false, "http://verify.example": false, "https://": false,
		"https://verify.example#": false, "https://verifieré.example": false, "https://a b.example": false, "": false,
	} {
		if err := CheckBase(base); (err == nil) != ok || err != nil && !errors.Is(err, ErrBase) {
			t.Errorf("%q: %v", base, err)
		}
	}
}

// A bundle brings the dictionaries that are newer than the program, never one
// that it has, and never one of the numbers for tests.
func TestDictionariesOfABundle(t *testing.T) {
	dict := Dictionary{Number: 200, Bytes: []byte("a dictionary from tomorrow")}
	frame, err := encodeFrame([]string{"a dictionary from tomorrow!"}, dict, utmost)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := DecodeFrame(frame); !errors.Is(err, ErrUpdate) {
		t.Errorf("without it: %v", err)
	}
	if got, err := DecodeFrame(frame, dict); err != nil || got[0] != "a dictionary from tomorrow!" {
		t.Errorf("with it: %q, %v", got, err)
	}
	for _, number := range []uint64{64, 127} {
		test := Dictionary{number, dict.Bytes}
		frame[1] = byte(number)
		if _, err := DecodeFrame(append([]byte{1, byte(number)}, frame[3:]...), test); !errors.Is(err, ErrUpdate) {
			t.Errorf("number %d: %v", number, err)
		}
	}
	ours, err := EncodeFrame([]string{credential(t)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := DecodeFrame(ours, Dictionary{1, []byte("another")}); err != nil {
		t.Errorf("a bundle replaced a released dictionary: %v", err)
	}
}

func TestEncoderRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		tokens []string
		want   error
	}{
		"nothing":                    {nil, ErrMalformed},
		"an empty token":             {[]string{""}, ErrMalformed},
		"a token that is not ASCII":  {[]string{"caffè"}, ErrMalformed},
		"a token over its bound":     {[]string{strings.Repeat("a", MaxToken+1)}, ErrTooLarge},
		"eleven credentials":         {strings.Split(strings.Repeat("a ", 11)[:21], " "), ErrTooLarge},
		"an assertion first":         {[]string{assertion("a"), "a"}, ErrMalformed},
		"texts that sum to too much": {[]string{strings.Repeat("a", 40<<10), strings.Repeat("b", 40<<10)}, ErrTooLarge},
	} {
		if _, err := EncodeFrame(c.tokens); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
