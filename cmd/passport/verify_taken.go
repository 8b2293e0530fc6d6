package main

import (
	"strconv"

	"github.com/employment-passport/passport/verifier"
)

// taken is what one input held: tokens, the links before its codes, and what
// the reading itself has to tell the verdict.
type taken struct {
	tokens, bases []string
	told          []verifier.Check
}

// unread tells of n codes of ours, or other parts of the file, that could not
// be read: they may speak against the rest, so nothing of the file is VALID.
func (t *taken) unread(code string, n int) {
	if n > 0 {
		t.told = append(t.told, verifier.Check{Code: code, Outcome: verifier.Undecided, Args: map[string]string{"count": strconv.Itoa(n)}})
	}
}
