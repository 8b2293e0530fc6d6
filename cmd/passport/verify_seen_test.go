package main

import (
	"path/filepath"
	"testing"
	"time"
)

// Two commands run at once: the slower one takes back neither the newer number
// nor the other root that the faster one has written.
func TestTwoCommandsRememberTogether(t *testing.T) {
	a := &app{home: filepath.Join(t.TempDir(), "home")}
	slow, fast := a.seenMemory(), a.seenMemory()
	day := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	for _, err := range []error{
		fast.Remember("root", 20, day.Add(time.Hour)),
		fast.Remember("another", 5, day),
		slow.Remember("root", 10, day),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	seen := a.seenMemory()
	if seq, newest := seen.Seen("root"); seq != 20 || !newest.Equal(day.Add(time.Hour)) {
		t.Errorf("stepped back to %d of %s", seq, newest)
	}
	if seq, _ := seen.Seen("another"); seq != 5 {
		t.Errorf("the other root is forgotten: %d", seq)
	}
}
