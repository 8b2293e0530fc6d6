package i18n

import (
	"strconv"
	"strings"
	"time"
)

// Day is a day in UTC as people of the language read it: 22/11/2026, with points
// where people write points, in English 22 November 2026, which nobody reads with
// the month first. Arabic has the digits and the order that its readers here
// meet on every other paper; slashes keep a date together from right to left,
// hyphens would not.
func Day(lang string, t time.Time) string {
	t = t.UTC()
	switch lang {
	case "en":
		return t.Format("2 January 2006")
	case "pl", "ro", "sq", "uk":
		return t.Format("02.01.2006")
	case "sl":
		return t.Format("2.\u00a01.\u00a02006")
	}
	return t.Format("02/01/2006")
}

// Date is Day for a date as documents write it (ISO 8601: YYYY-MM-DD, YYYY-MM);
// whatever else stands there, a year alone too, stays as it is.
func Date(lang, value string) string {
	if t, err := time.Parse(time.DateOnly, value); err == nil {
		return Day(lang, t)
	}
	t, err := time.Parse("2006-01", value)
	switch {
	case err != nil:
		return value
	case lang == "en":
		return t.Format("January 2006")
	case lang == "pl", lang == "ro", lang == "sq", lang == "uk":
		return t.Format("01.2006")
	}
	return t.Format("01/2006")
}

// Number has as few digits as it needs, with a point in English and a comma in
// the other languages.
func Number(lang string, f float64) string {
	return Decimals(lang, strconv.FormatFloat(f, 'f', -1, 64))
}

// Decimals is Number for digits that are written already, with a point.
func Decimals(lang, digits string) string {
	if lang == "en" {
		return digits
	}
	return strings.Replace(digits, ".", ",", 1)
}

// List joins what stands beside each other in a line: with the comma of the
// language.
func List(lang string, parts ...string) string {
	comma := ", "
	if lang == "ar" {
		comma = "، "
	}
	return strings.Join(parts, comma)
}
