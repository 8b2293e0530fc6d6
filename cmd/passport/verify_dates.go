package main

import (
	"strconv"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// moment writes an instant as people of that language read it; the time of day
// stands in UTC and says so. A midnight is a day.
func moment(lang string, t time.Time) string {
	t = t.UTC()
	day := readDay(lang, t)
	if t.Equal(t.Truncate(24 * time.Hour)) {
		return day
	}
	return day + t.Format(", 15:04 UTC")
}

// readDay: 22/11/2026, in Polish 22.11.2026, in English 22 November 2026, which
// nobody reads with the month first.
func readDay(lang string, t time.Time) string {
	switch lang {
	case "en":
		return strconv.Itoa(t.Day()) + " " + t.Month().String() + " " + strconv.Itoa(t.Year())
	case "pl":
		return t.Format("02.01.2006")
	}
	return t.Format("02/01/2006")
}

// isoDay turns a day or a month as documents write it (ISO 8601) into one for
// people; whatever else stands there stays as it is.
func isoDay(lang, value string) string {
	if t, err := time.Parse(time.DateOnly, value); err == nil {
		return readDay(lang, t)
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

// tookPlace is when the activity began and ended, one day where both are one;
// "" where the document does not say.
func tookPlace(lang string, v schema.View) string {
	from, until := isoDay(lang, v.StartedOn), isoDay(lang, v.CompletedOn)
	if from == until {
		return until
	}
	return joined(" – ", from, until)
}

// checkDays are the arguments of checks that hold a day.
var checkDays = []string{"date", "from", "until", "status", "validUntil", "exp"}

// checkSentence is checkWords with its days as people read them.
func checkSentence(lang string, c verifier.Check) string {
	read := c
	read.Args = make(map[string]string, len(c.Args))
	for name, value := range c.Args {
		read.Args[name] = value
	}
	for _, name := range checkDays {
		if value, ok := read.Args[name]; ok {
			read.Args[name] = isoDay(lang, value)
		}
	}
	return checkWords(lang, read)
}

// askedWords says which day or time the reader asked about (--at): the date of
// the headline is that of the last news, which may be long before.
func askedWords(lang, at string) string {
	asked := isoDay(lang, at)
	if t, err := time.Parse(time.RFC3339, at); err == nil {
		asked = moment(lang, t)
	}
	return i18n.T(lang, "verdict.at", map[string]string{"date": asked})
}
