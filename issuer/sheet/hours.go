package sheet

import (
	"strconv"
	"strings"

	"github.com/employment-passport/passport/schema"
)

var (
	// A decimal, with the comma or the point of its country, and what people
	// write behind it. Three decimals may as well be thousands, so they are
	// refused and not guessed.
	hoursNumber = pattern(`^([0-9]{1,5})(?:[.,]([0-9]{1,2}))?(?: ?(?:h|hrs?|ore|hours?|horas?|ώρες|godz\.?|godzin|godziny))?$`)
	// Hours and minutes as a spreadsheet shows a length of time: 12:30.
	hoursClock = pattern(`^([0-9]{1,5}):([0-5][0-9])(?::00)?$`)
)

// hours takes the hours that somebody attended.
func (s *scan) hours(l *schema.Learner, column int, value string) {
	h, ok := parseHours(value)
	switch {
	case !ok:
		s.fault(column, "hours_form", "value", show(value))
	case h == 0:
		s.fault(column, "hours_none", "value", show(value))
	}
	l.HoursAttended = h
}

// parseHours reads 12, 12,5, 12.5 h or 12:30. Minutes that make no quarter of
// an hour would become an endless fraction, so they are not taken.
func parseHours(value string) (float64, bool) {
	value = strings.ToLower(value)
	if m := hoursNumber().FindStringSubmatch(value); m != nil {
		h, err := strconv.ParseFloat(m[1]+"."+m[2]+"0", 64)
		return h, err == nil && h <= 10000
	}
	m := hoursClock().FindStringSubmatch(value)
	if m == nil {
		return 0, false
	}
	whole, _ := strconv.Atoi(m[1])
	minutes, _ := strconv.Atoi(m[2])
	return float64(whole) + float64(minutes)/60, minutes%15 == 0 && whole < 10000
}
