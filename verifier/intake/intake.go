// Package intake takes texts apart into what a verifier judges: signed tokens,
// the texts of QR codes, short codes that people type. It reads no file, no
// picture and no clock; what is taken is a stranger's word until it is judged.
//
// The command line and the page of an employer read by the same rules, so that
// one input never means two things. What a person pastes out of a message is
// joined again first, on the page alone: the signature decides about the whole.
package intake

import (
	"strconv"

	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/verifier"
)

// Taken is what one input held: tokens, the links before its codes (one a code,
// "" where it had none), and what the reading itself has to tell the verdict.
type Taken struct {
	Tokens, Bases []string
	Told          []verifier.Check
}

// Unread tells of n codes of ours, or other parts of the file, that could not
// be read: they may speak against the rest, so nothing of the file is VALID.
func (t *Taken) Unread(code string, n int) {
	if n > 0 {
		t.Told = append(t.Told, verifier.Check{Code: code, Outcome: verifier.Undecided, Args: map[string]string{"count": strconv.Itoa(n)}})
	}
}

// Problem is why an input could not be read; it says nothing of a document. Its
// words stand in the catalogue under error.CODE and, where we know one,
// hint.CODE.
type Problem struct {
	Code    string
	Args    map[string]string
	Unknown bool  // not the input's fault: a newer program made it, or only its issuer knows
	Err     error // the cause; may be nil
}

func (p *Problem) Error() string {
	if p.Err != nil {
		return p.Code + ": " + p.Err.Error()
	}
	return p.Code
}

// Unwrap gives the cause.
func (p *Problem) Unwrap() error { return p.Err }

// problem makes one; args are name, value pairs for the sentence.
func problem(code string, args ...string) *Problem {
	p := &Problem{Code: code, Args: map[string]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		p.Args[args[i]] = args[i+1]
	}
	return p
}

// Source is where a text came from.
type Source struct {
	Name         string // for the sentences of a Problem; "-" is standard input
	Folder       bool   // one of a folder, in which other things may lie too
	Page         bool   // a page reads it, for somebody who may have copied half of a text
	Pasted       bool   // out of a message: its lines are joined and its quotes taken off
	Dictionaries []qr.Dictionary
}
