// Package xlsx reads the rows of an Excel workbook (ECMA-376, Office Open XML)
// for package sheet, which judges them as it judges CSV.
//
// A workbook comes from a stranger. It is refused before anything is unpacked
// when it is larger inside than MaxUnpacked or shrinks more than any honest
// one does. Of its parts only one worksheet, its strings and its number formats
// are read, so that macros, links to elsewhere and pictures are never touched.
// The worksheet is first read through by a strict reader of our own: excelize,
// which turns cells into text, passes over what it cannot read, and a row that
// silently is not there is a person without a certificate.
//
// Nothing is calculated: of a formula counts the value that the spreadsheet
// program left beside it, as when the sheet is saved as CSV. A formula without
// one, a merged cell and a hidden row are faults, because nobody can tell what
// was meant.
package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/employment-passport/passport/issuer/sheet"
	"github.com/xuri/excelize/v2"
)

// Bounds of a workbook. A larger one is refused, never cut.
const (
	MaxUnpacked = 96 << 20  // bytes of all parts, unpacked
	MaxRatio    = 200       // unpacked to packed, of parts above freeRatio
	MaxParts    = 2000      // files in the archive
	MaxCells    = 1_000_000 // with a value
	MaxStrings  = 1_000_000 // in the table of strings
	MaxMerged   = 10_000    // merged regions
)

// inMemory is how large the worksheet and the table of strings may be, each, to
// be held in memory; larger ones go to temporary files.
const inMemory = 8 << 20

// IsWorkbook tells a workbook, or an archive of another kind, by its first bytes.
func IsWorkbook(head []byte) bool { return bytes.HasPrefix(head, []byte("PK\x03\x04")) }

// Options of Open.
type Options struct {
	Worksheet string // name; empty is the first that is not hidden
	TempDir   string // for large worksheets; empty is the system's
}

// Workbook gives the rows of one worksheet. It is a sheet.Source.
type Workbook struct {
	Worksheet string   // the one that is read
	Others    []string // further ones that are not hidden

	file   *excelize.File
	rows   *excelize.Rows
	layout *layout
	number int
}

// Open reads one worksheet of a workbook. The error is a *sheet.Error or one of
// reading r.
func Open(r io.ReaderAt, size int64, o Options) (*Workbook, error) {
	a, err := openArchive(r, size)
	if err != nil {
		return nil, err
	}
	book, err := a.book(o.Worksheet)
	if err != nil {
		return nil, err
	}
	layout, err := a.check(book)
	if err != nil {
		return nil, err
	}
	slim, err := a.slim(book)
	if err != nil {
		return nil, err
	}
	w := &Workbook{Worksheet: book.name, Others: book.others, layout: layout}
	w.file, err = excelize.OpenReader(slim, excelize.Options{UnzipSizeLimit: MaxUnpacked + 1<<20, UnzipXMLSizeLimit: inMemory, TmpDir: o.TempDir})
	if err != nil {
		return nil, damaged(err)
	}
	if w.rows, err = w.file.Rows(slimSheet); err != nil {
		return nil, errors.Join(damaged(err), w.file.Close())
	}
	return w, nil
}

// Next returns the next row that is not blank, io.EOF after the last.
func (w *Workbook) Next() (sheet.Record, error) {
	for w.rows.Next() {
		w.number++
		cells, err := w.rows.Columns()
		if err != nil {
			return sheet.Record{}, damaged(err)
		}
		r := w.layout.record(w.number, cells)
		if r.Cell == nil && blank(r.Cells) {
			continue
		}
		if w.rows.GetRowOpts().Hidden {
			r.Trouble = "row_hidden"
		}
		if length(r.Cells) > sheet.MaxRecord {
			r.Trouble = "row_long"
		}
		return r, nil
	}
	if err := w.rows.Error(); err != nil {
		return sheet.Record{}, damaged(err)
	}
	return sheet.Record{}, io.EOF
}

// Form names the kind of file.
func (w *Workbook) Form() string { return "XLSX" }

// Close lets go of what was unpacked.
func (w *Workbook) Close() error {
	return errors.Join(w.rows.Close(), w.file.Close())
}

// damaged is for a workbook that does not keep to its own rules.
func damaged(err error) error {
	return fmt.Errorf("%w: %w", &sheet.Error{Code: "sheet_damaged"}, err)
}

func refuse(code string, args ...string) *sheet.Error {
	e := &sheet.Error{Code: code, Args: map[string]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		e.Args[args[i]] = args[i+1]
	}
	return e
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

func length(cells []string) (n int) {
	for _, c := range cells {
		n += len(c)
	}
	return n
}
