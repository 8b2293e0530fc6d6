package export

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
)

// Errors of baking and reading back.
var (
	// ErrNoBadge: the picture holds no credential. It may still show a code.
	ErrNoBadge = errors.New("no Open Badges credential in the picture")
	// ErrBadge: something stands where a credential should, and is none, or
	// there is more than one.
	ErrBadge = errors.New("unreadable Open Badges credential in the picture")
	// ErrBaked: the picture holds a credential already.
	ErrBaked = errors.New("the picture holds a credential already")
	// ErrToken: not a compact JWS.
	ErrToken = errors.New("not a compact token")
)

// Bounds of what is read.
const (
	maxPicture = 64 << 20 // bytes
	maxChunks  = 1 << 16
	maxToken   = 64 << 10 // bytes, as everywhere
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// bakedKeyword is the keyword of the iTXt chunk (Open Badges 3.0, section 5.3.1).
const bakedKeyword = "openbadgecredential"

// BakePNG writes picture with the compact token in an iTXt chunk before the
// picture's end, uncompressed. It refuses a picture that is no PNG or that
// holds a credential already.
func BakePNG(w io.Writer, picture []byte, token string) error {
	if !isCompact(token) {
		return ErrToken
	}
	end := -1
	err := pngChunks(picture, func(c pngChunk) error {
		if c.keyword() == bakedKeyword {
			return ErrBaked
		}
		if c.kind == "IEND" {
			end = c.at
		}
		return nil
	})
	if err != nil {
		return err
	}
	if end < 0 {
		return fmt.Errorf("%w: the picture has no end", ErrNoBadge)
	}
	// keyword, NUL, compression flag and method, language NUL, translated keyword NUL
	body := append([]byte(bakedKeyword), 0, 0, 0, 0, 0)
	chunk := encodeChunk("iTXt", append(body, token...))
	for _, part := range [][]byte{picture[:end], chunk, picture[end:]} {
		if _, err := w.Write(part); err != nil {
			return fmt.Errorf("write picture: %w", err)
		}
	}
	return nil
}

// ReadPNG takes the token out of a baked PNG, byte for byte as it was put in.
// It verifies nothing. Its errors are ErrNoBadge and ErrBadge.
func ReadPNG(picture []byte) (token string, err error) {
	found := 0
	err = pngChunks(picture, func(c pngChunk) error {
		if c.keyword() != bakedKeyword {
			return nil
		}
		found++
		text, ok := strings.CutPrefix(string(c.body), bakedKeyword+"\x00\x00\x00\x00\x00")
		if found > 1 || c.kind != "iTXt" || !ok || !isCompact(text) || !c.sound() {
			return ErrBadge
		}
		token = text
		return nil
	})
	switch {
	case err != nil:
		return "", err
	case found == 0:
		return "", ErrNoBadge
	}
	return token, nil
}

// pngChunk is a part of a PNG: length, kind, body, check sum.
type pngChunk struct {
	at   int
	kind string
	body []byte
	sum  uint32
}

// keyword of a text chunk of any sort; "" for other chunks.
func (c pngChunk) keyword() string {
	if c.kind != "iTXt" && c.kind != "tEXt" && c.kind != "zTXt" {
		return ""
	}
	end := bytes.IndexByte(c.body, 0)
	if end < 1 || end > 79 {
		return ""
	}
	return string(c.body[:end])
}

func (c pngChunk) sound() bool {
	return crc32.Update(crc32.ChecksumIEEE([]byte(c.kind)), crc32.IEEETable, c.body) == c.sum
}

// pngChunks walks to IEND. A file that is no PNG, or is cut, has no badge.
func pngChunks(data []byte, each func(pngChunk) error) error {
	if len(data) > maxPicture || !bytes.HasPrefix(data, []byte(pngSignature)) {
		return ErrNoBadge
	}
	at := len(pngSignature)
	for range maxChunks {
		rest := data[at:]
		if len(rest) < 12 {
			return ErrNoBadge
		}
		n := binary.BigEndian.Uint32(rest)
		if uint64(n) > uint64(len(rest)-12) {
			return ErrNoBadge
		}
		c := pngChunk{at: at, kind: string(rest[4:8]), body: rest[8 : 8+n], sum: binary.BigEndian.Uint32(rest[8+n:])}
		if err := each(c); err != nil || c.kind == "IEND" {
			return err
		}
		at += 12 + int(n)
	}
	return ErrNoBadge
}

func encodeChunk(kind string, body []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	out = append(append(out, kind...), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// isCompact knows the letters of a compact JWS: three parts of base64url. What
// they hold is the verifier's business.
func isCompact(token string) bool {
	return len(token) <= maxToken && strings.HasPrefix(token, "ey") && strings.Count(token, ".") == 2 &&
		strings.Trim(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.") == ""
}
