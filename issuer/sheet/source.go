package sheet

import (
	"bufio"
	"io"
)

// Source gives the rows of a sheet that is not CSV. Package xlsx has one.
type Source interface {
	// Next returns the next row, io.EOF after the last. An error that says that
	// the file is no readable sheet is a *Error.
	Next() (Record, error)

	// Form names the kind of file, as a Summary's Encoding tells it.
	Form() string
}

// Record is one row of a Source.
type Record struct {
	Number  int            // as the spreadsheet numbers it, from 1
	Cells   []string       // by column; a shorter row ends in empty cells
	Trouble string         // code of a fault that makes the row unusable
	Cell    map[int]string // codes of faults of single cells, by column from 0
	Title   bool           // nothing but one cell across several columns: over a header it is passed by
}

// ScanSource is Scan over the rows of a Source.
func ScanSource(src Source, opt Options, yield func(Row) error) (*Summary, error) {
	return scanRows(&given{src: src}, opt, yield)
}

// ReadSource is Read over the rows of a Source.
func ReadSource(src Source, opt Options) (*Sheet, error) {
	return collect(func(yield func(Row) error) (*Summary, error) { return ScanSource(src, opt, yield) })
}

// source is where a scan has its rows from: CSV, or what was given.
type source interface {
	// header returns the cells of the first row that is not blank, nil where
	// that row cannot be read; io.EOF when there is none.
	header() ([]string, error)

	// next returns the cells of the next row, or the code of a fault with its
	// arguments; width is the header's number of columns.
	next(width int) (fields []string, trouble string, args []string, err error)

	// row is the number of the row that came last; cell the code of a fault of
	// one of its cells.
	row() int
	cell(column int) string

	// windows tells that the letters were taken for those of Windows-1252, which
	// may be wrong.
	windows() bool

	// tell writes the form of the file into the summary.
	tell(s *Summary)
}

// given reads a Source.
type given struct {
	src  Source
	last Record
}

func (g *given) header() ([]string, error) {
	for {
		fields, trouble, _, err := g.next(0)
		switch {
		case err != nil:
			return nil, err
		case trouble != "":
			return nil, nil
		case !blank(fields) && !g.last.Title:
			return fields, nil
		}
	}
}

func (g *given) next(int) ([]string, string, []string, error) {
	var err error
	g.last, err = g.src.Next()
	return g.last.Cells, g.last.Trouble, nil, err
}

func (g *given) row() int               { return g.last.Number }
func (g *given) cell(column int) string { return g.last.Cell[column] }
func (g *given) windows() bool          { return false }
func (g *given) tell(s *Summary)        { s.Encoding = g.src.Form() }

// csvRows reads the rows of a CSV file and finds out its separator and encoding.
type csvRows struct {
	records records
	text    text
}

func newCSV(r io.Reader) (*csvRows, error) {
	buffered := bufio.NewReaderSize(r, 2*MaxRecord)
	if err := sniff(buffered); err != nil {
		return nil, err
	}
	return &csvRows{records: records{r: buffered}}, nil
}

func (c *csvRows) next(width int) ([]string, string, []string, error) {
	fields, trouble, err := c.records.next(width)
	readable := err != nil || trouble != "" || c.text.decode(fields) == nil
	if !readable {
		return nil, "row_encoding", []string{"encoding", c.text.name()}, nil
	}
	return fields, trouble, nil, err
}

func (c *csvRows) row() int        { return c.records.row }
func (c *csvRows) cell(int) string { return "" }
func (c *csvRows) windows() bool   { return c.text.encoding == encWindows }
func (c *csvRows) tell(s *Summary) { s.Encoding, s.Separator = c.text.name(), rune(c.records.sep) }
