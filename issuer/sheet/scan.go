package sheet

import (
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/schema"
)

// Scan reads a sheet row by row and gives each learner without a fault to
// yield. Faults do not end it: they are in the Summary. An error is a *Error
// (no readable sheet), one of the reader, or what yield returned.
//
// Memory stays bounded whatever the sheet's length. To issue all or nothing,
// scan twice: once to count the faults, once to issue.
func Scan(r io.Reader, opt Options, yield func(Row) error) (*Summary, error) {
	src, err := newCSV(r)
	if err != nil {
		return nil, err
	}
	return scanRows(src, opt, yield)
}

func scanRows(src source, opt Options, yield func(Row) error) (*Summary, error) {
	if opt.MaxRows <= 0 || opt.MaxRows > MaxRows {
		opt.MaxRows = MaxRows
	}
	s := &scan{opt: opt, yield: yield, seen: map[[16]byte]int32{}, src: src}
	if err := s.header(); err != nil {
		return nil, err
	}
	for {
		err := s.row()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	if s.learners+s.FaultyRows == 0 {
		return nil, &Error{Code: "sheet_no_learners"}
	}
	s.Learners = s.learners
	src.tell(&s.Summary)
	return &s.Summary, nil
}

// scan is the state of one reading.
type scan struct {
	Summary
	opt      Options
	yield    func(Row) error
	src      source
	columns  columns
	learners int
	seen     map[[16]byte]int32 // key of a row, cut to 16 bytes: its number
	faulty   bool               // the row at hand has a fault
	email    string             // of the row at hand
}

// fault notes a fault of the row at hand; column -1 is the row itself.
func (s *scan) fault(column int, code string, args ...string) {
	s.faulty = true
	if len(s.Faults) >= MaxFaults {
		s.TooManyFaults = true
		return
	}
	f := Fault{Row: s.src.row(), Code: code}
	if column >= 0 {
		f.Column = s.columns.title(column)
	}
	for i := 0; i+1 < len(args); i += 2 {
		if f.Args == nil {
			f.Args = map[string]string{}
		}
		f.Args[args[i]] = args[i+1]
	}
	s.Faults = append(s.Faults, f)
}

// row reads and judges one row.
func (s *scan) row() error {
	s.faulty, s.email = false, ""
	fields, trouble, args, err := s.src.next(len(s.columns.titles))
	if err != nil {
		return err
	}
	switch {
	case trouble != "":
		s.fault(-1, trouble, args...)
	case blank(fields):
		return nil
	}
	if s.learners+s.FaultyRows >= s.opt.MaxRows {
		return &Error{Code: "sheet_too_many_rows", Args: map[string]string{"max": strconv.Itoa(s.opt.MaxRows)}}
	}
	var learner schema.Learner
	if !s.faulty {
		learner = s.learner(fields)
	}
	if s.faulty {
		s.FaultyRows++
		return nil
	}
	s.learners++
	return s.yield(Row{Number: s.src.row(), Learner: learner, Key: Key(s.opt.Issuer, s.opt.Template, learner), Email: s.email})
}

// learner builds one person's particulars and judges them, cell by cell, then
// as a whole, then against the rows before.
func (s *scan) learner(fields []string) schema.Learner {
	var l schema.Learner
	for i, cell := range fields {
		if i >= len(s.columns.titles) {
			if clean(cell) != "" {
				s.fault(-1, "row_wide", "columns", strconv.Itoa(len(s.columns.titles)))
				break
			}
			continue
		}
		if member := s.columns.members[i]; member != "" {
			s.cell(&l, i, member, clean(cell))
		}
	}
	if l.Name == "" {
		l.Name = strings.TrimSpace(l.GivenName + " " + l.FamilyName)
	}
	if !s.faulty {
		s.whole(l)
	}
	if !s.faulty {
		s.repeated(l)
	}
	return l
}

// whole judges what several cells say together, then asks the rules of the
// document, whose pointers it turns into columns.
func (s *scan) whole(l schema.Learner) {
	if l.Name == "" {
		s.fault(s.columns.of("name", "givenName", "familyName"), "name_missing")
		return
	}
	s.order(l)
	if s.faulty {
		return
	}
	faults := l.Check()
	if len(faults) == 0 && s.opt.Check != nil {
		faults = s.opt.Check(l)
	}
	for _, f := range faults {
		var args []string
		for name, value := range f.Args {
			args = append(args, name, value)
		}
		pointer := strings.TrimPrefix(f.Pointer, "/learner")
		s.fault(s.columns.of(strings.TrimPrefix(pointer, "/")), f.Code, args...)
	}
}

// repeated finds a row that says the same as an earlier one.
func (s *scan) repeated(l schema.Learner) {
	key := shortKey(s.opt.Issuer, s.opt.Template, l)
	first, known := s.seen[key]
	switch {
	case !known:
		s.seen[key] = int32(s.src.row())
	case l.DocumentNumber != "":
		s.fault(s.columns.of("documentNumber"), "number_twice", "first", strconv.Itoa(int(first)), "value", show(l.DocumentNumber))
	default:
		s.fault(-1, "row_twice", "first", strconv.Itoa(int(first)))
	}
}

func blank(fields []string) bool {
	for _, f := range fields {
		if clean(f) != "" {
			return false
		}
	}
	return true
}
