package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// sniff refuses, from its first bytes, a file that is no CSV, and steps over a
// UTF-8 byte order mark.
func sniff(r *bufio.Reader) error {
	head, err := r.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	starts := func(magic ...string) bool {
		for _, m := range magic {
			if bytes.HasPrefix(head, []byte(m)) {
				return true
			}
		}
		return false
	}
	switch {
	case len(bytes.TrimSpace(bytes.TrimPrefix(head, []byte(utf8BOM)))) == 0 && err != nil:
		return &Error{Code: "sheet_empty"}
	case starts("PK\x03\x04", "\xd0\xcf\x11\xe0"):
		return &Error{Code: "sheet_workbook"}
	case starts("\xff\xfe", "\xfe\xff"), looksUTF16(head):
		return &Error{Code: "sheet_utf16"}
	case starts("%PDF", "<", "{"), bytes.IndexByte(head, 0) >= 0:
		return &Error{Code: "sheet_not_csv"}
	case starts(utf8BOM):
		_, err := r.Discard(len(utf8BOM))
		return err
	}
	return nil
}

const utf8BOM = "\xef\xbb\xbf"

// looksUTF16 tells UTF-16 without its mark: every other byte of a header in a
// European language is zero.
func looksUTF16(head []byte) bool {
	zeros := [2]int{}
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	return max(zeros[0], zeros[1]) > len(head)/4 && min(zeros[0], zeros[1]) == 0
}

// text finds out the sheet's encoding: the first row that is not plain ASCII
// decides, and a later row that contradicts it is a fault rather than a guess
// (two sheets pasted together are the usual cause).
type text struct{ encoding string }

const (
	encUTF8    = "UTF-8"
	encWindows = "Windows-1252"
)

var errEncoding = errors.New("not in the sheet's encoding")

func (t *text) name() string {
	if t.encoding == "" {
		return encUTF8
	}
	return t.encoding
}

// decode turns the cells of a row into UTF-8, in place.
func (t *text) decode(fields []string) error {
	ascii, valid := true, true
	for _, f := range fields {
		if strings.IndexFunc(f, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
			ascii = false
			valid = valid && utf8.ValidString(f)
		}
	}
	if ascii {
		return nil
	}
	if t.encoding == "" {
		t.encoding = encWindows
		if valid {
			t.encoding = encUTF8
		}
	}
	if valid != (t.encoding == encUTF8) {
		return errEncoding
	}
	if t.encoding == encWindows {
		return decodeWindows(fields)
	}
	return nil
}

// decodeWindows refuses the five bytes that Windows-1252 leaves undefined.
func decodeWindows(fields []string) error {
	for i, f := range fields {
		for _, undefined := range []byte{0x81, 0x8d, 0x8f, 0x90, 0x9d} {
			if strings.IndexByte(f, undefined) >= 0 {
				return errEncoding
			}
		}
		out, err := charmap.Windows1252.NewDecoder().String(f)
		if err != nil {
			return errEncoding
		}
		fields[i] = out
	}
	return nil
}
