package reading

import (
	"context"

	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/verifier/intake"
)

// Answer is a file taken apart for a page, whose engine decodes the texts and
// compares them with the tokens: it has the dictionaries of the trust bundle.
type Answer struct {
	Texts   []string `json:"texts"`            // of the codes in pictures
	Tokens  []string `json:"tokens,omitempty"` // inside the file, by their own
	Told    []Told   `json:"told,omitempty"`   // what could not be read
	Unread  int      `json:"unread"`           // codes among that
	Text    string   `json:"text,omitempty"`   // of a file that is neither picture nor PDF
	Problem *Problem `json:"problem,omitempty"`
}

// Told is a check of the verifier that the reading brings.
type Told struct {
	Code string            `json:"code"`
	Args map[string]string `json:"args,omitempty"`
}

// Problem is an intake.Problem without its cause.
type Problem struct {
	Code string            `json:"code"`
	Args map[string]string `json:"args,omitempty"`
}

// Answered looks at a file. A problem of decoding that a newer dictionary may
// solve is left to the engine.
func Answered(ctx context.Context, name string, data []byte) Answer {
	found, unreadable := Look(ctx, name, data)
	if unreadable != nil {
		return Answer{Texts: []string{}, Problem: &Problem{unreadable.Code, unreadable.Args}}
	}
	if found.Kind == Text {
		return Answer{Texts: []string{}, Text: string(found.Data)}
	}
	out := Answer{Texts: append([]string{}, found.Texts...), Tokens: found.Inside, Unread: found.Codes}
	if _, _, unreadable := found.Take(intake.Source{Name: name}); unreadable != nil && !unreadable.Unknown {
		out.Problem = &Problem{unreadable.Code, unreadable.Args}
	}
	var unread intake.Taken
	unread.Unread(verifier.CodeCodeUnread, found.Codes)
	unread.Unread(verifier.CodePartUnread, found.Parts)
	for _, c := range unread.Told {
		out.Told = append(out.Told, Told{c.Code, c.Args})
	}
	return out
}
