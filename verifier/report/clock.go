package report

import (
	"time"

	"github.com/employment-passport/passport/internal/i18n"
)

// Moment writes an instant as people of that language read it; the time of day
// stands in UTC and says so. A midnight is a day.
func Moment(lang string, t time.Time) string { return MomentIn(lang, nil, t) }

// MomentIn is Moment by the reader's own clock, without the name of a zone: its
// day may be another one. A nil zone is UTC, which says so. A midnight in UTC
// stays a day in every zone: documents write their days so.
func MomentIn(lang string, zone *time.Location, t time.Time) string {
	wall := Wall(zone, t)
	switch {
	case midnight(t):
		return i18n.Day(lang, wall)
	case zone == nil:
		return i18n.Day(lang, wall) + wall.Format(", 15:04 UTC")
	}
	return i18n.Day(lang, wall) + wall.Format(", 15:04")
}

// moment words an instant of a check; what is none stays as it is.
func moment(lang string, zone *time.Location, instant string) string {
	t, err := time.Parse(time.RFC3339, instant)
	if err != nil {
		return instant
	}
	return MomentIn(lang, zone, t)
}

// Wall is what the reader's own clock shows at an instant, as if it were UTC: the
// day of it is the reader's day. A midnight in UTC stays what it is, see MomentIn.
func Wall(zone *time.Location, t time.Time) time.Time {
	t = t.UTC()
	if zone == nil || midnight(t) {
		return t
	}
	_, east := t.In(zone).Zone()
	return t.Add(time.Duration(east) * time.Second)
}

func midnight(t time.Time) bool { return t.Equal(t.Truncate(24 * time.Hour)) }
