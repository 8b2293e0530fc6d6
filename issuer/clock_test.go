package issuer_test

import (
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
)

// TestThreatK01ServerClock: the clock of the server goes back by a day, ahead by
// ten years, over the change of summer time, and back again (fault R13). Nothing
// is issued with a clock that cannot be right, nothing is locked out for good,
// and neither the log nor what was issued is ever out of order.
func TestThreatK01ServerClock(t *testing.T) {
	rome, err := time.LoadLocation("Europe/Rome")
	must(t, err)
	d := newDesk(t)
	plain, _ := d.templateNames(t)
	summerEnds := time.Date(2027, 10, 31, 2, 59, 0, 0, rome) // a minute later it is two o'clock again
	number := 0
	for _, step := range []struct {
		name  string
		clock time.Time
		want  string // code of the refusal, empty for none
	}{
		{"in order", today.Add(time.Minute), ""},
		{"a day back", today.AddDate(0, 0, -1), "clock_back"},
		{"ten years ahead", today.AddDate(10, 0, 0), "clock_jump"},
		{"right again", today.Add(2 * time.Minute), ""},
		{"half a minute back, as machines do", today.Add(90 * time.Second), ""},
		{"two minutes back", today.Add(-30 * time.Second), "clock_back"},
		{"a year on, before summer time ends", summerEnds, ""},
		{"after it has ended: the same hour on the wall", summerEnds.Add(2 * time.Minute), ""},
		{"an hour back: somebody set it by the wall", summerEnds.Add(-time.Hour), "clock_back"},
		{"right again after that", summerEnds.Add(3 * time.Minute), ""},
	} {
		d.clock.set(step.clock)
		number++
		_, err := d.Issue(t.Context(), clerk, d.offer(t, plain, "MC-"+string(rune('A'+number))))
		if step.want == "" && err != nil {
			t.Errorf("%s: %v", step.name, err)
		} else if step.want != "" {
			refused(t, err, step.want)
		}
	}
	var last time.Time
	must(t, d.Audit(t.Context(), 1, func(e issuer.AuditEntry) bool {
		if e.At.Before(last) {
			t.Errorf("entry %d is of %s, the one before of %s", e.Seq, e.At, last)
		}
		last = e.At
		return true
	}))
	last = time.Time{}
	must(t, d.List(t.Context(), issuer.Filter{}, func(row issuer.Issuance) bool {
		if row.CreatedAt.Before(last) || row.IssuedAt.Before(row.CreatedAt) {
			t.Errorf("%s was made %s and issued %s, the one before was made %s", row.ID, row.CreatedAt, row.IssuedAt, last)
		}
		last = row.CreatedAt
		return true
	}))
	if n := d.sound(t); n != 6 {
		t.Errorf("%d issued, want 6", n)
	}
}
