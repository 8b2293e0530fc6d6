package qr

import (
	"crypto/sha256"
	"fmt"
	"strconv"
)

// chunkHead is idx (2 digits), total (2) and id (5): the first 16 bits of the
// frame's SHA-256, which keep two rows of chunks apart.
const chunkHead = 2 + 2 + 5

const maxChunks = 99

// EncodeChunks splits tokens over several codes for a screen that shows them in
// turn, size bytes of the frame in each. Paper never carries chunks: one sheet
// lost and nothing is left.
func EncodeChunks(base string, tokens []string, size int) ([]string, error) {
	if err := CheckBase(base); err != nil {
		return nil, err
	}
	frame, err := EncodeFrameQuick(tokens)
	if err != nil {
		return nil, err
	}
	return pieces(base, kindChunk, frame, size)
}

func pieces(base string, kind byte, frame []byte, size int) ([]string, error) {
	if size < 1 || chunkHead+d17Len(size) > MaxDigits {
		return nil, tooLarge("chunks of %d bytes", size)
	}
	total := (len(frame) + size - 1) / size
	if total > maxChunks {
		return nil, tooLarge("%d chunks", total)
	}
	even := (len(frame) + total - 1) / total // codes of one look
	total = (len(frame) + even - 1) / even
	texts := make([]string, 0, total)
	for i := range total {
		part := frame[i*even : min((i+1)*even, len(frame))]
		texts = append(texts, fmt.Sprintf("%s#%c%02d%02d%05d%s", base, kind, i, total, frameID(frame), d17Encode(part)))
	}
	return texts, nil
}

func frameID(frame []byte) uint16 {
	sum := sha256.Sum256(frame)
	return uint16(sum[0])<<8 | uint16(sum[1])
}

type chunk struct {
	base         string
	index, total int
	id           uint16
	data         []byte
}

func parseChunk(text string) (chunk, error) { return parsePiece(text, kindChunk) }

func parsePiece(text string, of byte) (chunk, error) {
	base, kind, body, err := split(text)
	switch {
	case err != nil:
		return chunk{}, err
	case kind == kindBackup && of != kindBackup:
		return chunk{}, ErrBackup
	case kind != of:
		return chunk{}, malformed("a whole code among chunks")
	case len(body) <= chunkHead:
		return chunk{}, malformed("a chunk without content")
	case len(body) > MaxDigits:
		return chunk{}, tooLarge("%d digits", len(body))
	}
	index, _ := strconv.Atoi(body[:2])
	total, _ := strconv.Atoi(body[2:4])
	id, err := strconv.ParseUint(body[4:chunkHead], 10, 16)
	if err != nil || index >= total {
		return chunk{}, malformed("head of a chunk")
	}
	data, err := d17Decode(body[chunkHead:])
	if err != nil {
		return chunk{}, err
	}
	return chunk{base, index, total, uint16(id), data}, nil
}

// Collect reads a full set of chunks in any order. A missing, double or foreign
// chunk is refused; the caller of a camera drops doubles as it sees them.
func Collect(texts []string, more ...Dictionary) (Message, error) {
	base, frame, err := join(texts, kindChunk)
	if err != nil {
		return Message{}, err
	}
	tokens, err := DecodeFrame(frame, more...)
	if err != nil {
		return Message{}, err
	}
	return Message{Base: base, Tokens: tokens}, nil
}

// join puts the parts of one thing together and holds them against its id.
func join(texts []string, kind byte) (base string, frame []byte, err error) {
	if len(texts) == 0 || len(texts) > maxChunks {
		return "", nil, malformed("%d chunks", len(texts))
	}
	var first chunk
	parts := map[int][]byte{}
	for i, text := range texts {
		c, err := parsePiece(text, kind)
		if err != nil {
			return "", nil, err
		}
		if i == 0 {
			first = c
		}
		if c.base != first.base || c.total != first.total || c.id != first.id {
			return "", nil, malformed("a chunk of something else")
		}
		if parts[c.index] != nil {
			return "", nil, malformed("chunk %d twice", c.index+1)
		}
		parts[c.index] = c.data
	}
	lost := &MissingError{Total: first.total}
	for i := range first.total {
		if parts[i] == nil {
			lost.Missing = append(lost.Missing, i+1)
		}
		frame = append(frame, parts[i]...)
	}
	if lost.Missing != nil {
		return "", nil, lost
	}
	if frameID(frame) != first.id {
		return "", nil, malformed("chunks that do not belong together")
	}
	return first.base, frame, nil
}
