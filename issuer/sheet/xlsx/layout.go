package xlsx

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/issuer/sheet"
	"github.com/xuri/excelize/v2"
)

// layout is what the strict reading has found besides the values: what makes a
// cell or a row mean something else than it seems to.
type layout struct {
	merged  []region
	next    int                  // of merged: the first that begins after the rows so far
	active  []region             // those that reach into the row at hand
	without map[int]map[int]bool // formulas without a value, by row and column
}

// region is a merged one; rows and columns from 1, ends included.
type region struct{ top, left, bottom, right int }

// check reads the worksheet and the strings strictly.
func (a *archive) check(b *book) (*layout, error) {
	texts := 0
	if b.strings != "" {
		if err := a.count(b.strings, "si", MaxStrings); err != nil {
			return nil, err
		}
		err := a.walk(b.strings, MaxUnpacked, func(e element) error {
			if e.path == "sst/si" {
				texts++
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if err := a.count(b.sheet, "c", 4*MaxCells); err != nil { // empty ones bear borders and colours
		return nil, err
	}
	r, err := a.open(b.sheet, MaxUnpacked)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	c := checking{strings: texts, layout: &layout{without: map[int]map[int]bool{}}}
	if err := walk(r, c.begin, c.end); err != nil {
		return nil, err
	}
	if c.data != 1 {
		return nil, damaged(errors.New("not one table"))
	}
	c.sort()
	return c.layout, nil
}

// checking is the strict reading of a worksheet, ECMA-376 part 1, 18.3.1.
type checking struct {
	*layout
	strings  int // how many texts the table of strings has
	data     int // tables
	ended    bool
	row, col int // that came last
	cells    int // with a value

	value, formula, inline bool // of the cell at hand
	text                   string
}

const (
	tablePath = "worksheet/sheetData"
	rowPath   = tablePath + "/row"
	cellPath  = rowPath + "/c"
)

// stray tells an element that excelize would take for a part of the table,
// because it looks at names and not at places.
func (c *checking) stray(path string) bool {
	parent, local := path[:max(0, strings.LastIndexByte(path, '/'))], path[strings.LastIndexByte(path, '/')+1:]
	switch {
	case c.ended:
		return path == tablePath
	case parent == cellPath:
		return local != "v" && local != "f" && local != "is"
	case local == "row":
		return path != rowPath
	case local == "c":
		return path != cellPath
	}
	return parent == tablePath || parent == rowPath && local != "extLst" || local == "sheetData" && path != tablePath
}

// begin hears of rows and cells before what is in them.
func (c *checking) begin(e element) error {
	if c.stray(e.path) {
		return damaged(fmt.Errorf("%s where it does not belong", e.path))
	}
	switch e.path {
	case tablePath:
		c.data++
	case rowPath:
		n, err := number(e.attr("r"), c.row+1)
		if err != nil || n <= c.row || n > excelize.TotalRows {
			return damaged(fmt.Errorf("row %q after %d", e.attr("r"), c.row))
		}
		c.row, c.col = n, 0
	case cellPath:
		col, row := c.col+1, c.row
		if ref := e.attr("r"); ref != "" {
			var err error
			if col, row, err = excelize.CellNameToCoordinates(ref); err != nil {
				return damaged(err)
			}
		}
		if row != c.row || col <= c.col {
			return damaged(fmt.Errorf("cell %q in row %d after column %d", e.attr("r"), c.row, c.col))
		}
		c.col, c.value, c.formula, c.inline, c.text = col, false, false, false, ""
	}
	return nil
}

// end hears of what is complete.
func (c *checking) end(e element) error {
	switch e.path {
	case cellPath + "/v":
		if c.value {
			return damaged(errors.New("two values in a cell"))
		}
		c.value, c.text = true, e.text
	case cellPath + "/is":
		c.inline = true
	case cellPath + "/f":
		c.formula = true
	case cellPath:
		return c.cell(e)
	case "worksheet/mergeCells/mergeCell":
		return c.merge(e.attr("ref"))
	case tablePath:
		c.ended = true
	}
	return nil
}

// cell judges a cell whose parts are known.
func (c *checking) cell(e element) error {
	if !c.value && !c.inline && !c.formula {
		return nil
	}
	if c.cells++; c.cells > MaxCells {
		return refuse("sheet_too_many_cells", "max", strconv.Itoa(MaxCells))
	}
	if c.col > sheet.MaxColumns {
		return refuse("sheet_too_wide")
	}
	if e.attr("t") == "s" && c.value {
		if n, err := strconv.Atoi(strings.TrimSpace(c.text)); err != nil || n < 0 || n >= c.strings {
			return damaged(fmt.Errorf("text number %q of %d", c.text, c.strings))
		}
	}
	// Programs that calculate nothing leave an empty value behind; one that is
	// the formula's own answer is a text (t="str").
	if c.formula && (!c.value || c.text == "" && e.attr("t") != "str") {
		if c.without[c.row] == nil {
			c.without[c.row] = map[int]bool{}
		}
		c.without[c.row][c.col] = true
	}
	return nil
}

// merge notes a merged region.
func (c *checking) merge(ref string) error {
	from, to, found := strings.Cut(ref, ":")
	if !found {
		to = from
	}
	var r region
	var err, err2 error
	r.left, r.top, err = excelize.CellNameToCoordinates(from)
	r.right, r.bottom, err2 = excelize.CellNameToCoordinates(to)
	if err = errors.Join(err, err2); err != nil || r.right < r.left || r.bottom < r.top {
		return damaged(fmt.Errorf("merged region %q", ref))
	}
	if c.merged = append(c.merged, r); len(c.merged) > MaxMerged {
		return refuse("sheet_too_many_cells", "max", strconv.Itoa(MaxCells))
	}
	return nil
}

// number reads an attribute; an empty one has a value by itself.
func number(v string, absent int) (int, error) {
	if v == "" {
		return absent, nil
	}
	return strconv.Atoi(v)
}
