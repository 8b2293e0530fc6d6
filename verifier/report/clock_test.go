package report

import (
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/verifier"
)

// TestMomentIn: by the reader's own clock a moment near midnight has the day of
// that clock, and no zone is named; a midnight in UTC stays the day it means.
func TestMomentIn(t *testing.T) {
	late := time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC)
	east, west := time.FixedZone("", 60*60), time.FixedZone("", -(3*60+30)*60)
	for _, row := range []struct {
		zone *time.Location
		at   time.Time
		want string
	}{
		{nil, late, "22/11/2026, 23:30 UTC"},
		{time.FixedZone("", 0), late, "22/11/2026, 23:30"},
		{east, late, "23/11/2026, 00:30"},
		{east, late.Add(-30 * time.Minute), "23/11/2026, 00:00"},
		{west, late.Add(2 * time.Hour), "22/11/2026, 22:00"},
		{west, time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), "22/11/2026"},
	} {
		if got := MomentIn("it", row.zone, row.at); got != row.want {
			t.Errorf("%v in %v: %q, want %q", row.at, row.zone, got, row.want)
		}
	}
}

// TestViewIn: all moments of a view go by one clock, and its instants stay UTC.
func TestViewIn(t *testing.T) {
	late := time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC)
	r := &verifier.Report{Judgement: verifier.Judgement{Verdict: verifier.Valid, AsOf: late}}
	r.Status = verifier.Status{State: verifier.StatusValid, AsOf: late}
	for want, zone := range map[string]*time.Location{"22/11/2026, 23:30 UTC": nil, "23/11/2026, 00:30": time.FixedZone("", 60*60)} {
		v := NewView("it", zone, r, nil)
		if v.Date != want || !strings.Contains(v.Headline, want) || !strings.HasSuffix(v.Answers[2].Value, want) {
			t.Errorf("%q: %q, %q, %q", want, v.Date, v.Headline, v.Answers[2].Value)
		}
		if *v.AsOf != "2026-11-22T23:30:00Z" {
			t.Errorf("%q: as of %s", want, *v.AsOf)
		}
	}
}
