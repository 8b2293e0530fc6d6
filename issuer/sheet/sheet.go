// Package sheet reads a class out of the spreadsheet that a training body has:
// CSV as Excel, LibreOffice and registers save it, one learner a row.
//
// It is tolerant of form and strict in substance. Separator, encoding, order
// and language of the columns are found out; cells are trimmed and brought to
// Unicode's NFC. Whatever could put a wrong word into a signed document is a
// fault with its row, its column and a stable code, and never a guess: a sheet
// with faults is not issued unless the caller leaves the faulty rows out.
//
// A sheet comes from outside. Rows are read one at a time within fixed bounds
// (MaxRecord, MaxColumns, Options.MaxRows); what is kept of a row is two
// hashes of 16 bytes. Nothing here opens a file or reads a clock.
package sheet

import (
	"io"
	"time"

	"github.com/employment-passport/passport/schema"
)

// Bounds of a sheet. A larger thing is refused or a fault, never cut.
const (
	MaxRecord  = 64 << 10 // bytes of one row, a cell with line breaks included
	MaxColumns = 200
	MaxCell    = 300       // characters of one cell that we use
	MaxRows    = 1_000_000 // learners, unless Options say less
	MaxFaults  = 10_000    // kept; TooManyFaults tells that there were more
)

// Options of a reading. Issuer and Template are part of each row's key.
type Options struct {
	Issuer, Template string
	Now              time.Time // for dates in the future
	MaxRows          int       // zero means the constant MaxRows
	Hours            bool      // the document states hours attended; without it their column is not used
	Email            bool      // letters will be sent; without it a column of addresses is not used
	// Check, when set, judges a learner that the sheet found nothing wrong
	// with, for instance by composing the document. Its pointers name members
	// of a learner file (/birthDate).
	Check func(schema.Learner) schema.Faults
}

// Row is one learner. Number is the spreadsheet's own: the header is row 1.
type Row struct {
	Number  int
	Learner schema.Learner
	Key     string // idempotency key, see Key
	Email   string // address to write to, no part of the document; may be empty
}

// Fault is one thing wrong. Row 0 is the sheet as a whole. Column is the
// header as the sheet writes it, or empty for a whole row. The words stand in
// the catalogue under sheet.fault.CODE; Args are their values.
type Fault struct {
	Row    int
	Column string
	Code   string
	Args   map[string]string
}

// Summary is what a sheet turned out to be.
type Summary struct {
	Separator     rune
	Encoding      string   // UTF-8 or Windows-1252
	Used          []string // members of a learner, in the order of the columns
	Ignored       []string // headers that are no member of a learner
	Learners      int      // rows without a fault
	FaultyRows    int
	Faults        []Fault // by row
	TooManyFaults bool
}

// Sheet is a whole sheet in memory.
type Sheet struct {
	Summary
	Rows []Row // those without a fault
}

// Read reads a whole sheet. See Scan for one that should not stand in memory.
func Read(r io.Reader, opt Options) (*Sheet, error) {
	return collect(func(yield func(Row) error) (*Summary, error) { return Scan(r, opt, yield) })
}

// collect keeps the rows of a scan.
func collect(scan func(yield func(Row) error) (*Summary, error)) (*Sheet, error) {
	s := &Sheet{}
	summary, err := scan(func(row Row) error {
		s.Rows = append(s.Rows, row)
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.Summary = *summary
	return s, nil
}

// Error says why a file is no sheet that we can read. Its words stand in the
// catalogue under error.CODE and hint.CODE.
type Error struct {
	Code string
	Args map[string]string
}

func (e *Error) Error() string { return "sheet: " + e.Code }
