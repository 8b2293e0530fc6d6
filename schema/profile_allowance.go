package schema

// AllowanceRule says what a month of internship is paid: the whole amount from
// a part of the planned hours on, in proportion below it, never less than the
// floor. Money is in cents, so that a sum on paper is exact.
type AllowanceRule struct {
	Cents       int64 // of a full month, gross; 0 when only the floor is known
	FullPercent int   // of the planned hours, from which the month is full
	FloorCents  int64 // the least that a month is paid; 0 when there is none
}

// bounds of what Month counts with.
const (
	maxMonthCents   = 100_000_00
	maxMonthMinutes = 31 * 24 * 60
)

// Month is what a month is paid, in cents rounded to the nearest, halves up.
// Hours are counted in minutes. ok is false when nothing can be said: no amount
// is known, no hours were planned, or a number is out of bounds. More hours
// than planned are paid as a full month. The rule says nothing of a month in
// which the internship was suspended: it is not asked for one.
func (r AllowanceRule) Month(attendedMinutes, plannedMinutes int64) (cents int64, ok bool) {
	switch {
	case r.Cents <= 0 || r.Cents > maxMonthCents, r.FloorCents < 0, r.FloorCents > r.Cents:
		return 0, false
	case plannedMinutes <= 0, plannedMinutes > maxMonthMinutes, attendedMinutes < 0, attendedMinutes > maxMonthMinutes:
		return 0, false
	case attendedMinutes*100 >= plannedMinutes*int64(r.FullPercent), attendedMinutes >= plannedMinutes:
		return r.Cents, true
	}
	part := (2*r.Cents*attendedMinutes + plannedMinutes) / (2 * plannedMinutes) // far from 63 bits
	return max(part, r.FloorCents), true
}
