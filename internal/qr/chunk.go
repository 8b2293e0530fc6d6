package qr

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"
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
	frame, err := EncodeFrame(tokens)
	if err != nil {
		return nil, err
	}
	return chunks(base, frame, size)
}

func chunks(base string, frame []byte, size int) ([]string, error) {
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
		texts = append(texts, fmt.Sprintf("%s#%c%02d%02d%05d%s", base, kindChunk, i, total, frameID(frame), d17Encode(part)))
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

func parseChunk(text string) (chunk, error) {
	base, kind, body, err := split(text)
	switch {
	case err != nil:
		return chunk{}, err
	case kind != kindChunk:
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
	if len(texts) == 0 || len(texts) > maxChunks {
		return Message{}, malformed("%d chunks", len(texts))
	}
	var first chunk
	parts := map[int][]byte{}
	for i, text := range texts {
		c, err := parseChunk(text)
		if err != nil {
			return Message{}, err
		}
		if i == 0 {
			first = c
		}
		if c.base != first.base || c.total != first.total || c.id != first.id {
			return Message{}, malformed("a chunk of something else")
		}
		if parts[c.index] != nil {
			return Message{}, malformed("chunk %d twice", c.index+1)
		}
		parts[c.index] = c.data
	}
	var frame []byte
	var missing []string
	for i := range first.total {
		if parts[i] == nil {
			missing = append(missing, strconv.Itoa(i+1))
		}
		frame = append(frame, parts[i]...)
	}
	if missing != nil {
		return Message{}, fmt.Errorf("%w: %s of %d", ErrIncomplete, strings.Join(missing, ", "), first.total)
	}
	if frameID(frame) != first.id {
		return Message{}, malformed("chunks that do not belong together")
	}
	tokens, err := DecodeFrame(frame, more...)
	if err != nil {
		return Message{}, err
	}
	return Message{Base: first.base, Tokens: tokens}, nil
}
