package paper

import (
	"strconv"
	"time"
)

// dayIn turns a day, a month or a year as documents write it (ISO 8601) into
// one for people; whatever else stands there stays as it is.
func dayIn(lang, value string) string {
	if t, err := time.Parse(time.DateOnly, value); err == nil {
		return dayOf(lang, t)
	}
	if t, err := time.Parse("2006-01", value); err == nil {
		switch lang {
		case "en":
			return t.Format("January 2006")
		case "pl":
			return t.Format("01.2006")
		}
		return t.Format("01/2006")
	}
	return value
}

// dayOf is 22/11/2026, in Polish 22.11.2026, in English 22 November 2026.
func dayOf(lang string, t time.Time) string {
	t = t.UTC()
	switch lang {
	case "en":
		return strconv.Itoa(t.Day()) + " " + t.Month().String() + " " + strconv.Itoa(t.Year())
	case "pl":
		return t.Format("02.01.2006")
	}
	return t.Format("02/01/2006")
}
