package schema

import "time"

// Date is a day in UTC. The zero Date is no day.
type Date struct{ t time.Time }

// ParseDate reads YYYY-MM-DD; days that no calendar has are refused.
func ParseDate(s string) (Date, error) {
	if len(s) != 10 {
		return Date{}, errDate
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 {
		return Date{}, errDate
	}
	return Date{t}, nil
}

// DateOf gives the UTC day of an instant; the zero time has none.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	y, m, d := t.UTC().Date()
	return Date{time.Date(y, m, d, 0, 0, 0, 0, time.UTC)}
}

// Time is the first instant of the day, UTC.
func (d Date) Time() time.Time { return d.t }

// IsZero tells whether there is no day.
func (d Date) IsZero() bool { return d.t.IsZero() }

// String gives YYYY-MM-DD, or nothing for no day.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.t.Format(time.DateOnly)
}

// PartialDate is a date of which the day, or the month too, may be unknown:
// YYYY, YYYY-MM or YYYY-MM-DD (Europass BR-COM-06 allows the same forms).
type PartialDate string

// ParsePartialDate refuses everything but the three forms of PartialDate.
func ParsePartialDate(s string) (PartialDate, error) {
	p := PartialDate(s)
	if _, ok := p.first(); !ok {
		return "", errDate
	}
	return p, nil
}

// Year gives the four digits of the year.
func (p PartialDate) Year() string {
	if len(p) < 4 {
		return ""
	}
	return string(p[:4])
}

// AfterDay tells whether p lies wholly after the day: a bare year is in the
// future only when the year is.
func (p PartialDate) AfterDay(d Date) bool {
	first, ok := p.first()
	return ok && first.After(d.t)
}

// first is the first day that p may mean.
func (p PartialDate) first() (time.Time, bool) {
	s := string(p)
	switch len(s) {
	case 4:
		s += "-01-01"
	case 7:
		s += "-01"
	case 10:
	default:
		return time.Time{}, false
	}
	d, err := ParseDate(s)
	return d.t, err == nil && d.t.Year() >= 1000
}
