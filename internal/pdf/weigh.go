package pdf

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// weigh finds out what the streams of a file grow to before anything keeps
// them: the library inflates those that hold objects as it opens a file, and
// bounds one, not all. What is surely a picture is not counted: it is inflated
// later, one at a time. It gives ErrTooLarge above limit bytes, and for what
// nobody could weigh.
func weigh(ctx context.Context, data []byte, limit int64) (int64, error) {
	if n := bytes.Count(data, []byte(" obj")); n > maxObjects {
		return 0, fmt.Errorf("%w: %d objects", ErrTooLarge, n)
	}
	if err := disguised(data); err != nil {
		return 0, err
	}
	w := weighing{left: limit, work: 2*int64(len(data)) + limit}
	for at := 0; ; {
		i := bytes.Index(data[at:], []byte("stream"))
		if i < 0 {
			return limit - w.left, nil
		}
		begin := at + i
		at = begin + len("stream")
		if bytes.HasSuffix(data[:begin], []byte("end")) || surelyPicture(data[max(0, begin-window):begin]) {
			continue
		}
		for at < len(data) && bytes.IndexByte([]byte(" \t\r\n"), data[at]) >= 0 {
			at++
		}
		if w.add(data[at:]); w.left <= 0 || w.work <= 0 {
			return limit, fmt.Errorf("%w: its parts grow beyond %d bytes", ErrTooLarge, limit)
		}
		if err := ctx.Err(); err != nil {
			return 0, err
		}
	}
}

// window is how far before its first byte the dictionary of a picture begins.
const window = 2048

type weighing struct {
	left, work int64 // bytes that may still come out, and go in
}

// add inflates what begins here and counts it; a stream packed twice is counted
// twice.
func (w *weighing) add(data []byte) {
	if !isZlib(data) {
		return
	}
	in := &counted{Reader: bytes.NewReader(data)}
	w.inflate(bufio.NewReader(in), 0)
	w.work -= in.n
}

func (w *weighing) inflate(r io.Reader, depth int) {
	flate, err := zlib.NewReader(r)
	if err != nil {
		return
	}
	out := bufio.NewReader(io.LimitReader(flate, w.left+1))
	if head, _ := out.Peek(2); depth < 3 && isZlib(head) {
		in := &counted{Reader: out}
		w.inflate(bufio.NewReader(in), depth+1)
		w.left -= in.n
		return
	}
	n, _ := io.Copy(io.Discard, out) // a broken stream weighs what came out of it
	w.left -= n
}

// isZlib knows the two bytes before deflated data (RFC 1950, section 2.2).
func isZlib(head []byte) bool {
	return len(head) > 1 && head[0]&0x0f == 8 && (uint(head[0])<<8|uint(head[1]))%31 == 0
}

type counted struct {
	io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	return n, err
}

// surelyPicture tells whether what ends here is the dictionary of a picture,
// with nothing in it that could make one text look like another: no strings, no
// comments, no escapes in names. The library inflates whatever says that it
// holds objects, and as a table of objects whatever does not say that it is a
// picture.
func surelyPicture(before []byte) bool {
	begin := bytes.LastIndex(before, []byte("obj"))
	if begin < 0 {
		return false
	}
	line := before[:begin]
	line = line[bytes.LastIndexAny(line, "\r\n")+1:]
	dict := bytes.TrimSpace(before[begin+len("obj"):])
	if bytes.ContainsAny(line, "%(") || bytes.ContainsAny(dict, "()%#") || bytes.Count(dict, []byte("/Subtype")) != 1 {
		return false
	}
	if bytes.Contains(dict, []byte("/ObjStm")) || bytes.Contains(dict, []byte("/XRef")) {
		return false
	}
	depth, picture := 0, false
	for rest := dict; len(rest) > 0; {
		switch {
		case bytes.HasPrefix(rest, []byte("<<")):
			depth++
			rest = rest[2:]
		case bytes.HasPrefix(rest, []byte(">>")):
			depth--
			rest = rest[2:]
		case rest[0] == '<' || rest[0] == '>' || depth == 0:
			return false
		default:
			if depth == 1 && bytes.HasPrefix(rest, []byte("/Subtype")) {
				kind := bytes.TrimLeft(rest[len("/Subtype"):], " \t\r\n")
				picture = bytes.HasPrefix(kind, []byte("/Image")) && len(kind) > 6 && bytes.IndexByte([]byte(" \t\r\n/>"), kind[6]) >= 0
			}
			rest = rest[1:]
		}
		if depth == 0 {
			return picture && len(rest) == 0
		}
	}
	return false
}

// Names on which reading depends, and packings that weigh does not undo.
var (
	telling = []string{
		"ObjStm", "XRef", "Encrypt", "Image", "Type", "Subtype", "Filter", "FlateDecode", "EF", "EmbeddedFile",
		"ASCIIHexDecode", "ASCII85Decode", "LZWDecode", "RunLengthDecode", "CCITTFaxDecode",
	}
	unweighed = []string{"ASCIIHexDecode", "ASCII85Decode", "LZWDecode", "RunLengthDecode", "CCITTFaxDecode"}
	escaped   = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`/[A-Za-z0-9]{0,20}(?:#[0-9A-Fa-f]{2}[A-Za-z0-9]{0,20})+`)
	})
)

// disguised refuses what only hides: a telling name written with escapes; and
// what could not be weighed: objects in streams that are locked, or packed as
// nobody packs them.
func disguised(data []byte) error {
	for _, name := range escaped().FindAll(data, -1) {
		if slices.Contains(telling, unescape(string(name[1:]))) {
			return fmt.Errorf("%w: %q", ErrPDF, name)
		}
	}
	if !bytes.Contains(data, []byte("/ObjStm")) && !bytes.Contains(data, []byte("/XRef")) {
		return nil
	}
	if bytes.Contains(data, []byte("/Encrypt")) {
		return fmt.Errorf("%w: objects in locked streams", ErrLocked)
	}
	for _, name := range unweighed {
		for at := 0; ; at++ {
			i := bytes.Index(data[at:], []byte("/"+name))
			if i < 0 {
				break
			}
			at += i
			end := bytes.Index(data[at:min(len(data), at+window)], []byte("stream"))
			if end < 0 || !surelyPicture(data[max(0, at+end-window):at+end]) {
				return fmt.Errorf("%w: objects beside %s", ErrTooLarge, name)
			}
		}
	}
	return nil
}

func unescape(name string) string {
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		if name[i] == '#' && i+2 < len(name) {
			var c byte
			if _, err := fmt.Sscanf(name[i+1:i+3], "%02x", &c); err == nil {
				b.WriteByte(c)
				i += 2
				continue
			}
		}
		b.WriteByte(name[i])
	}
	return b.String()
}
