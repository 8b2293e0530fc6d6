package statuslist

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"strings"
)

// Encode returns the encodedList of the bits: 'u', the multibase prefix of
// base64url without padding, and the GZIP of the bytes (section 3.3).
func (b *Bits) Encode() (string, error) {
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := w.Write(b.data); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return "u" + base64.RawURLEncoding.EncodeToString(packed.Bytes()), nil
}

// strict refuses non-zero unused bits. It still skips CR and LF, so that they
// are looked for beforehand.
var strict = base64.RawURLEncoding.Strict()

// Decode reads an encodedList. It takes exactly one GZIP member with nothing
// after it, of which it inflates at most MaxBytes: two spellings of a list, or
// one that a second reader sees differently, are not a list.
func Decode(encoded string) (*Bits, error) {
	rest, ok := strings.CutPrefix(encoded, "u")
	if !ok {
		return nil, wrong(CodeInvalid, "encodedList does not begin with the multibase prefix u")
	}
	if len(rest) > base64.RawURLEncoding.EncodedLen(MaxBytes+MaxBytes/1000+64) {
		return nil, wrong(CodeSize, "encodedList of %d characters", len(rest))
	}
	if strings.ContainsAny(rest, "\r\n") {
		return nil, wrong(CodeInvalid, "line break in encodedList")
	}
	packed, err := strict.DecodeString(rest)
	if err != nil {
		return nil, &Error{Code: CodeInvalid, Err: err}
	}
	data, err := inflate(packed)
	if err != nil {
		return nil, err
	}
	return &Bits{data: data}, nil
}

// inflate reads one GZIP member (RFC 1952).
func inflate(packed []byte) ([]byte, error) {
	if len(packed) < 18 { // header and trailer alone
		return nil, wrong(CodeInvalid, "%d bytes are no GZIP", len(packed))
	}
	source := bytes.NewReader(packed)
	r, err := gzip.NewReader(source)
	if err != nil {
		return nil, &Error{Code: CodeInvalid, Err: err}
	}
	r.Multistream(false)
	// The last four bytes tell the size before anything is inflated. They may
	// lie: that only costs the sender the list, as the reader compares them.
	size := binary.LittleEndian.Uint32(packed[len(packed)-4:])
	if size > MaxBytes {
		return nil, wrong(CodeSize, "the list inflates to %d bytes", size)
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(r, data); err != nil {
		return nil, &Error{Code: CodeInvalid, Err: err}
	}
	// One more read reaches the end, where the CRC and the size are compared.
	switch n, err := r.Read(make([]byte, 1)); {
	case n != 0:
		return nil, wrong(CodeInvalid, "the list is longer than it says")
	case !errors.Is(err, io.EOF):
		return nil, wrong(CodeInvalid, "%w", err)
	case source.Len() != 0:
		return nil, wrong(CodeInvalid, "%d bytes after the list", source.Len())
	}
	return data, nil
}
