package main

import (
	"fmt"
	"io"
	"testing"

	"github.com/employment-passport/passport/internal/paper"
)

// TestWhatPaperRefusesHasItsOwnExit: a document that may not be printed is
// judged and refused; a panic on another core is a fault of the program, never
// "unknown".
func TestWhatPaperRefusesHasItsOwnExit(t *testing.T) {
	_, broken := soundCode(nil)
	if broken == nil {
		t.Fatal("packing the code of nothing gives no error")
	}
	for _, c := range []struct {
		err  error
		exit int
	}{
		{fmt.Errorf("urn:uuid:1: %w", paper.ErrForeign), exitInvalid},
		{fmt.Errorf("urn:uuid:1: %w", paper.ErrEnded), exitInvalid},
		{fmt.Errorf("booklet 3: %w", paper.ErrBroken), exitInternal},
		{broken, exitInternal},
	} {
		a := &app{out: io.Discard, err: io.Discard, lang: "en"}
		if got := a.report(paperFailure("", c.err)); got != c.exit {
			t.Errorf("%v: exit %d, want %d", c.err, got, c.exit)
		}
	}
}
