package main

import (
	"testing"
	"time"
)

// The day until which the clock is believed is a day, or none.
func TestAcceptClock(t *testing.T) {
	for text, want := range map[string]string{
		"acceptClock: 2028-03-01": "2028-03-01", `acceptClock: "2028-03-01"`: "2028-03-01",
		"acceptClock:": "0001-01-01", "": "0001-01-01",
		"acceptClock: true": "refused", "acceptClock: 2028": "refused", "acceptClock: 01/03/2028": "refused",
	} {
		c, faults := readConfig([]byte(text), noEnvironment)
		got := time.Time(c.AcceptClock).Format(time.DateOnly)
		if len(faults) > 0 {
			got = "refused"
		}
		if got != want {
			t.Errorf("%q is %s, want %s: %v", text, got, want, faults)
		}
	}
}

func noEnvironment(string) string { return "" }
