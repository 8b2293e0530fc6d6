package qr

import (
	"fmt"
	"strings"
)

// Kinds of text, the digit after "#".
const (
	kindFrame  = '1'
	kindChunk  = '2'
	kindBackup = '3' // of a wallet, sealed: no document
)

// Encode gives the text of a single-frame code: base, "#1" and the digits.
func Encode(base string, tokens []string, opt Options) (string, Info, error) {
	if err := CheckBase(base); err != nil {
		return "", Info{}, err
	}
	var frame []byte
	var number uint64
	var err error
	if opt.NoDictionary {
		frame, err = encodeFrame(tokens, Dictionary{}, utmost)
	} else {
		frame, number, err = encodeSmallest(tokens, opt.effort())
	}
	if err != nil {
		return "", Info{}, err
	}
	digits := d17Encode(frame)
	info := Info{Frame: len(frame), Digits: len(digits), Dictionary: number}
	if len(digits) > MaxDigits {
		return "", info, tooLarge("%d digits", len(digits))
	}
	return base + "#1" + digits, info, nil
}

// CheckBase tells whether base may stand before "#" in a code that we make.
func CheckBase(base string) error {
	if len(base) > MaxBase {
		return fmt.Errorf("%w: %d characters, at most %d", ErrBase, len(base), MaxBase)
	}
	if !strings.HasPrefix(base, "https://") || len(base) == len("https://") {
		return fmt.Errorf("%w: %q does not begin with https://", ErrBase, base)
	}
	for _, c := range []byte(base) {
		if c <= ' ' || c >= 0x7f || c == '#' {
			return fmt.Errorf("%w: character %q", ErrBase, c)
		}
	}
	return nil
}

// DecodeText reads the text of a single-frame code. For a chunk it gives
// ErrChunk: collect all of them and call Collect. For a wallet's backup it gives
// ErrBackup.
func DecodeText(text string, more ...Dictionary) (Message, error) {
	base, kind, body, err := split(text)
	if err != nil {
		return Message{}, err
	}
	if kind != kindFrame {
		if _, err := parseChunk(text); err != nil {
			return Message{}, err
		}
		return Message{}, ErrChunk
	}
	frame, err := d17Decode(body)
	if err != nil {
		return Message{}, err
	}
	tokens, err := DecodeFrame(frame, more...)
	if err != nil {
		return Message{}, err
	}
	return Message{Base: base, Tokens: tokens}, nil
}

// split takes a text apart at its last "#". A fragment of digits is ours. A
// link such as https://shop.example/#1-offer is somebody else's; but where a
// group of 17 digits has begun well, other characters mean damage, and a long
// fragment in the characters of QR codes with a kind that we do not know means
// that we are old.
func split(text string) (base string, kind byte, body string, err error) {
	text = strings.TrimSpace(text)
	i := strings.LastIndexByte(text, '#')
	if i < 0 || i+1 == len(text) {
		return "", 0, "", ErrNotPassport
	}
	base, kind, body = text[:i], text[i+1], text[i+2:]
	digits := len(body) - len(strings.TrimLeft(body, "0123456789"))
	long := len(body) >= groupDigits
	switch {
	case kind < '0' || kind > '9' || body == "":
		return "", 0, "", ErrNotPassport
	case kind != kindFrame && kind != kindChunk && kind != kindBackup:
		if digits == len(body) || long && strings.Trim(body, alphanumeric) == "" {
			return "", 0, "", fmt.Errorf("%w: kind %c", ErrUpdate, kind)
		}
		return "", 0, "", ErrNotPassport
	case digits == len(body):
		return base, kind, body, nil
	case digits >= groupDigits:
		return "", 0, "", malformed("character %q among the digits", body[digits])
	}
	return "", 0, "", ErrNotPassport
}

// alphanumeric is the character set of that mode of QR codes.
const alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
