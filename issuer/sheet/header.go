package sheet

import (
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// columns are the header: what the sheet calls each column and which member of
// a learner it is.
type columns struct {
	titles  []string
	members []string // "" for a column that is not used
	first   map[string]int
}

func (c *columns) title(i int) string { return c.titles[i] }

// of finds the column of the first member that has one, else -1.
func (c *columns) of(members ...string) int {
	for _, m := range members {
		if i, ok := c.first[m]; ok {
			return i
		}
	}
	return -1
}

// separators that spreadsheet programs write; where "," is the decimal sign
// they write ";".
var separators = []byte{';', ',', '\t'}

// header names the columns by the first row that is not blank.
func (s *scan) header() error {
	fields, err := s.src.header()
	switch {
	case errors.Is(err, io.EOF):
		return &Error{Code: "sheet_empty"}
	case err != nil:
		return err
	case fields == nil:
		return &Error{Code: "sheet_no_header"}
	}
	return s.name(fields)
}

// header finds the first row that is not blank and the separator under which
// it makes most sense. A row "sep=;" before it, a habit of Excel's, is not
// counted as a row, because Excel does not show it either.
func (c *csvRows) header() ([]string, error) {
	for {
		window, atEnd, err := c.records.window()
		if err != nil {
			return nil, err
		}
		c.records.sep = bestSeparator(window, atEnd)
		fields, trouble, _, err := c.next(0)
		switch {
		case err != nil:
			return nil, err
		case trouble != "":
			return nil, nil
		case blank(fields):
			continue
		case strings.HasPrefix(strings.ToLower(fields[0]), "sep="):
			c.records.row = 0
			continue
		}
		return fields, nil
	}
}

func bestSeparator(window []byte, atEnd bool) byte {
	best, most := separators[0], -1
	for _, sep := range separators {
		fields, _, out := split(window, sep, atEnd)
		if out == incomplete { // a sheet of one line without a line break
			fields, _, out = split(window, sep, true)
		}
		if out != complete {
			continue
		}
		known := 0
		_ = (&text{}).decode(fields)
		for _, f := range fields {
			if _, ok := words()[fold(f)]; ok {
				known++
			}
		}
		if score := known*(MaxColumns+1) + len(fields); score > most {
			best, most = sep, score
		}
	}
	return best
}

// name gives each column its member.
func (s *scan) name(titles []string) error {
	if len(titles) > MaxColumns {
		return &Error{Code: "sheet_too_wide"}
	}
	c := columns{titles: make([]string, len(titles)), members: make([]string, len(titles)), first: map[string]int{}}
	for i, t := range titles {
		c.titles[i] = clean(t)
		c.members[i] = words()[fold(t)]
	}
	c.resolve()
	for i, m := range c.members {
		if m == "hoursAttended" && !s.opt.Hours || m == memberEmail && !s.opt.Email {
			c.members[i] = ""
		}
	}
	s.columns = c
	for i, m := range c.members {
		switch first, twice := c.first[m]; {
		case m != "" && s.src.cell(i) != "":
			return &Error{Code: "sheet_header_merged", Args: map[string]string{"column": c.titles[i]}}
		case m == "" && c.titles[i] != "":
			s.Ignored = append(s.Ignored, c.titles[i])
		case m == "":
		case twice:
			s.fault(i, "column_twice", "first", c.titles[first], "member", m)
			s.columns.members[i] = ""
		default:
			c.first[m] = i
			s.Used = append(s.Used, m)
		}
	}
	switch {
	case len(s.Used) == 0:
		return &Error{Code: "sheet_no_header"}
	case c.of("name", "givenName", "familyName") < 0:
		return &Error{Code: "sheet_no_name"}
	}
	return nil
}

// resolve settles "name", "nome", "nombre", "όνομα": the given name beside a
// column for the family name, the whole name otherwise. Under the member names
// of a learner file ("familyName", written so) "name" is always the whole one.
func (c *columns) resolve() {
	meaning := "name"
	if slices.Contains(c.members, "familyName") && !slices.Contains(c.members, "givenName") && !slices.Contains(c.titles, "familyName") {
		meaning = "givenName"
	}
	for i, m := range c.members {
		if m == eitherName {
			c.members[i] = meaning
		}
	}
}

var parenthesis = pattern(`\([^)]*\)|\[[^\]]*\]|\*`)

// fold makes headers comparable: without what stands in brackets ("(gg/mm/aaaa)"),
// case, accents, spaces and signs.
func fold(title string) string {
	title = parenthesis().ReplaceAllString(title, "")
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(title)) {
		switch {
		case r == 'ł':
			b.WriteByte('l')
		case r == 'ς':
			b.WriteRune('σ')
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}
