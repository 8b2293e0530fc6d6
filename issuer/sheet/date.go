package sheet

import (
	"fmt"
	"strconv"

	"github.com/employment-passport/passport/schema"
)

// The forms of a date, each with whatever time of day an export may add:
//
//	2026-11-18  2026/11/18  2026.11.18     year first
//	18/11/2026  18.11.2026  18-11-2026     day first, always
//	1996  1996-04  04/1996  4.1996         birth dates only: day or month unknown
//
// Day first is the order of all five languages, so 03/04/1996 is the third of
// April. A date that only makes sense month first (11/18/2026) is a fault, as
// it tells that the others in the sheet may be read wrongly too; so are years
// of two digits, and the bare numbers in which a spreadsheet keeps its dates.
var (
	yearFirst = pattern(`^([0-9]{4})([-/.])([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ]0{1,2}:00(?::00)?Z?)?$`)
	dayFirst  = pattern(`^([0-9]{1,2})[-/.] ?([0-9]{1,2})[-/.] ?([0-9]{4})(?: 0{1,2}[:.]00(?:[:.]00)?)?\.?$`)
	shortYear = pattern(`^[0-9]{1,2}[-/.][0-9]{1,2}[-/.]'?[0-9]{2}$`)
	yearOnly  = pattern(`^[0-9]{4}$`)
	yearMonth = pattern(`^([0-9]{4})[-/.]([0-9]{1,2})$`)
	monthYear = pattern(`^([0-9]{1,2})[-/.]([0-9]{4})$`)
	serial    = pattern(`^[0-9]{5}([.,][0-9]+)?$`)
)

// parseDate gives the ISO form (partial for a birth date), or a fault's code.
func parseDate(v string, partial bool) (iso, code string) {
	if m := yearFirst().FindStringSubmatch(v); m != nil {
		return day(m[1], m[3], m[4])
	}
	if m := dayFirst().FindStringSubmatch(v); m != nil {
		return day(m[3], m[2], m[1])
	}
	switch {
	case yearOnly().MatchString(v) && partial:
		return v, ""
	case yearOnly().MatchString(v), yearMonth().MatchString(v) && !partial, monthYear().MatchString(v) && !partial:
		return "", "date_partial"
	case shortYear().MatchString(v):
		return "", "date_short_year"
	case serial().MatchString(v):
		return "", "date_serial"
	}
	year, month := "", ""
	if m := yearMonth().FindStringSubmatch(v); m != nil {
		year, month = m[1], m[2]
	} else if m := monthYear().FindStringSubmatch(v); m != nil {
		year, month = m[2], m[1]
	}
	if n, _ := strconv.Atoi(month); year != "" && n >= 1 && n <= 12 {
		return fmt.Sprintf("%s-%02d", year, n), ""
	} else if year != "" {
		return "", "date_impossible"
	}
	return "", "date_form"
}

func day(year, month, day string) (iso, code string) {
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	iso = fmt.Sprintf("%s-%02d-%02d", year, m, d)
	if _, err := schema.ParseDate(iso); err == nil {
		return iso, ""
	}
	if m > 12 && d >= 1 && d <= 12 {
		return "", "date_month_first"
	}
	return "", "date_impossible"
}

// date takes a date and refuses one that is ahead, or from before anybody
// alive was born.
func (s *scan) date(l *schema.Learner, column int, member, value string) {
	iso, code := parseDate(value, member == "birthDate")
	if code != "" {
		s.fault(column, code, "value", show(value))
		return
	}
	p := schema.PartialDate(iso)
	today := schema.DateOf(s.opt.Now)
	switch {
	case p.AfterDay(today) && member == "startedOn", p.AfterDay(today) && member == "completedOn":
		s.fault(column, "date_ahead", "value", iso)
	case p.AfterDay(today):
		s.fault(column, "birth_ahead", "value", iso)
	case p.Year() < "1900":
		s.fault(column, "date_old", "value", iso)
	}
	switch member {
	case "birthDate":
		l.BirthDate = iso
	case "startedOn":
		l.StartedOn = iso
	case "completedOn":
		l.CompletedOn = iso
	}
}

// order judges the dates against each other. ISO dates compare as text; of a
// partial birth date only the part that is known is compared.
func (s *scan) order(l schema.Learner) {
	if l.StartedOn != "" && l.CompletedOn != "" && l.CompletedOn < l.StartedOn {
		s.fault(s.columns.of("completedOn"), "ends_before_start", "value", l.CompletedOn, "start", l.StartedOn)
		return
	}
	for _, d := range []struct{ member, value string }{{"startedOn", l.StartedOn}, {"completedOn", l.CompletedOn}} {
		if l.BirthDate != "" && d.value != "" && d.value[:len(l.BirthDate)] <= l.BirthDate {
			s.fault(s.columns.of(d.member), "before_birth", "value", d.value, "birth", l.BirthDate)
			return
		}
	}
}
