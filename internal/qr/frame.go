package qr

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// EncodeFrame packs credentials or presentations, then status assertions, with
// the dictionary that makes the smallest frame, or one within a few bytes of it.
func EncodeFrame(tokens []string) ([]byte, error) {
	frame, _, err := encodeSmallest(tokens, utmost)
	return frame, err
}

// EncodeFrameQuick takes a tenth of the time for about three bytes in a hundred.
func EncodeFrameQuick(tokens []string) ([]byte, error) {
	frame, _, err := encodeSmallest(tokens, none)
	return frame, err
}

// clearly is by how many bytes a newer dictionary must win: the quick look is
// wrong by less, and every program can read the older one.
const clearly = 6

// encodeSmallest looks quickly with every dictionary, and with effort e with the
// one that came out first. The quick look moves values as the thorough one
// does: an identifier that a dictionary holds is worth a dozen bytes.
func encodeSmallest(tokens []string, e effort) (frame []byte, number uint64, err error) {
	if err := checkTokens(tokens); err != nil {
		return nil, 0, err
	}
	best := released[1]
	_, least := markSmallest(tokens, best, none)
	for _, dict := range released[2:] {
		if _, n := markSmallest(tokens, dict, none); n+clearly <= least {
			best, least = dict, n
		}
	}
	frame, err = encodeFrame(tokens, best, e)
	return frame, best.Number, err
}

// encodeFrame packs and, because what leaves here may be printed, unpacks
// again and compares.
func encodeFrame(tokens []string, dict Dictionary, e effort) ([]byte, error) {
	if err := checkTokens(tokens); err != nil {
		return nil, err
	}
	frame := packSmallest(tokens, dict, e)
	back, err := decodeFrame(frame, func(uint64) ([]byte, bool) { return dict.Bytes, true })
	if err != nil {
		return nil, fmt.Errorf("own frame does not read: %w", err)
	}
	if !slices.Equal(back, tokens) {
		return nil, errors.New("own frame reads as something else")
	}
	return frame, nil
}

func checkTokens(tokens []string) error {
	if len(tokens) == 0 {
		return malformed("no token")
	}
	var c census
	for _, token := range tokens {
		switch {
		case token == "":
			return malformed("an empty token")
		case len(token) > MaxToken:
			return tooLarge("a token of %d bytes", len(token))
		}
		for i := range len(token) {
			if token[i] >= 0x80 {
				return malformed("a token with byte %#x, which is not ASCII", token[i])
			}
		}
		if err := c.token(token); err != nil {
			return err
		}
	}
	return nil
}

// pack lays out one frame.
func pack(m *marker, dict Dictionary, e effort) []byte {
	frame := []byte{formatVersion}
	frame = binary.AppendUvarint(frame, dict.Number)
	frame = binary.AppendUvarint(frame, uint64(len(m.raw)))
	frame = append(frame, m.raw...)
	return append(frame, deflate(m.text, dict.Bytes, e)...)
}

// DecodeFrame is EncodeFrame undone. More are dictionaries newer than the
// program, as a trust bundle carries them; a number that the program has
// itself keeps the program's bytes.
func DecodeFrame(frame []byte, more ...Dictionary) ([]string, error) {
	return decodeFrame(frame, lookup(more))
}

func decodeFrame(frame []byte, dict func(uint64) ([]byte, bool)) ([]string, error) {
	if len(frame) == 0 {
		return nil, malformed("an empty frame")
	}
	if len(frame) > MaxFrame {
		return nil, tooLarge("a frame of %d bytes", len(frame))
	}
	if frame[0] != formatVersion {
		return nil, fmt.Errorf("%w: format %d", ErrUpdate, frame[0])
	}
	rest := frame[1:]
	number, n, ok := minimalUvarint(rest)
	if !ok {
		return nil, malformed("dictionary number")
	}
	rest = rest[n:]
	rawLen, n, ok := minimalUvarint(rest)
	if !ok || rawLen > uint64(len(rest)-n) {
		return nil, malformed("length of raw")
	}
	raw, text := rest[n:n+int(rawLen)], rest[n+int(rawLen):]
	preset, ok := dict(number)
	if !ok {
		return nil, fmt.Errorf("%w: dictionary %d", ErrUpdate, number)
	}
	inflated, err := inflate(text, preset)
	if err != nil {
		return nil, err
	}
	return expand(inflated, raw)
}

// inflate never builds more than MaxText, whatever the input promises, and
// refuses bytes after the final block.
func inflate(data, dict []byte) ([]byte, error) {
	in := bytes.NewReader(data)
	r := flate.NewReaderDict(in, dict)
	out, err := io.ReadAll(io.LimitReader(r, MaxText+1))
	switch {
	case err != nil:
		return nil, malformed("%v", err)
	case len(out) > MaxText:
		return nil, tooLarge("text over %d bytes", MaxText)
	case in.Len() > 0:
		return nil, malformed("%d bytes after the final block", in.Len())
	}
	return out, nil
}
