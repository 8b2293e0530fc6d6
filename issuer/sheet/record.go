package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// records splits CSV (RFC 4180, and what spreadsheet programs make of it) into
// rows. Unlike encoding/csv it bounds a row, counts rows as a spreadsheet does
// (blank ones too, a cell with line breaks as one), and comes back after a
// stray quote at the next line instead of swallowing the rest of the file.
type records struct {
	r   *bufio.Reader // at least 2 × MaxRecord
	sep byte
	row int // number of the row that next returned last
}

// next gives the cells of the next row, raw; or, as trouble, the code of a
// fault that makes the row unreadable. width is the header's number of columns.
// After the last row it returns io.EOF.
func (c *records) next(width int) (fields []string, trouble string, err error) {
	window, atEnd, err := c.window()
	if err != nil {
		return nil, "", err
	}
	c.row++
	fields, n, outcome := split(window, c.sep, atEnd)
	if outcome == incomplete {
		if window, err = c.r.Peek(MaxRecord); err != nil && !errors.Is(err, io.EOF) {
			return nil, "", err
		}
		fields, n, outcome = split(window, c.sep, err != nil)
	}
	switch {
	case outcome == complete && swallowed(fields, c.sep, width), outcome == misquoted:
		return nil, "row_quote", c.skipLine()
	case outcome == complete:
		_, err = c.r.Discard(n)
		return fields, "", err
	case bytes.IndexByte(window, '\n') >= 0 || len(window) < MaxRecord:
		return nil, "row_quote", c.skipLine() // a quote that nothing closes
	default:
		return nil, "row_long", c.skipLine()
	}
}

// window is what lies in the buffer, at least one byte.
func (c *records) window() (window []byte, atEnd bool, err error) {
	if _, err := c.r.Peek(1); err != nil {
		return nil, false, err
	}
	window, err = c.r.Peek(c.r.Buffered())
	return window, false, err
}

// skipLine leaves the row at its first line break, however far that is.
func (c *records) skipLine() error {
	for {
		_, err := c.r.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF):
			return nil
		default:
			return err
		}
	}
}

// swallowed tells a cell that holds whole rows: two stray quotes, rows apart,
// make one well-formed cell of everything between them.
func swallowed(fields []string, sep byte, width int) bool {
	if width < 2 {
		return false
	}
	for _, f := range fields {
		for i := 0; i < len(f); i++ {
			if f[i] != '\n' {
				continue
			}
			line, _, _ := bytes.Cut([]byte(f[i+1:]), []byte("\n"))
			if bytes.Count(line, []byte{sep}) >= width-1 {
				return true
			}
		}
	}
	return false
}

type outcome int

const (
	complete   outcome = iota
	incomplete         // the row does not end in what was given
	misquoted          // text after a closing quote
)

// split reads one row from the start of data and tells its length in bytes,
// line break included. atEnd says that nothing follows data.
func split(data []byte, sep byte, atEnd bool) (fields []string, n int, _ outcome) {
	for {
		field, used, end, out := splitField(data[n:], sep, atEnd)
		if out != complete {
			return nil, 0, out
		}
		n += used
		if len(fields) <= MaxColumns {
			fields = append(fields, field)
		}
		if end {
			return fields, n, complete
		}
	}
}

// splitField reads one cell with what ends it; end tells that it was the
// row's last.
func splitField(data []byte, sep byte, atEnd bool) (field string, used int, end bool, _ outcome) {
	if len(data) > 0 && data[0] == '"' {
		return splitQuoted(data, sep, atEnd)
	}
	for i, b := range data {
		switch b {
		case sep:
			return string(data[:i]), i + 1, false, complete
		case '\n':
			return string(bytes.TrimSuffix(data[:i], []byte("\r"))), i + 1, true, complete
		}
	}
	if atEnd {
		return string(bytes.TrimSuffix(data, []byte("\r"))), len(data), true, complete
	}
	return "", 0, false, incomplete
}

func splitQuoted(data []byte, sep byte, atEnd bool) (field string, used int, end bool, _ outcome) {
	var cell []byte
	rest := data[1:]
	for {
		i := bytes.IndexByte(rest, '"')
		if i < 0 {
			return "", 0, false, incomplete
		}
		cell = append(cell, rest[:i]...)
		rest = rest[i+1:]
		if len(rest) > 0 && rest[0] == '"' { // a doubled quote is one
			cell = append(cell, '"')
			rest = rest[1:]
			continue
		}
		used = len(data) - len(rest)
		rest = bytes.TrimPrefix(rest, []byte("\r"))
		skipped := len(data) - len(rest) - used
		switch {
		case len(rest) == 0 && atEnd:
			return string(cell), used + skipped, true, complete
		case len(rest) == 0:
			return "", 0, false, incomplete
		case rest[0] == '\n':
			return string(cell), used + skipped + 1, true, complete
		case rest[0] == sep && skipped == 0:
			return string(cell), used + 1, false, complete
		default:
			return "", 0, false, misquoted
		}
	}
}
