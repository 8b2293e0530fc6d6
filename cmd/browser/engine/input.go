package engine

import (
	"strconv"

	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/verifier/intake"
)

// input is one thing to judge, as the page has taken it apart.
type input struct {
	Name    string      `json:"name"`
	Text    string      `json:"text"`   // what was typed or pasted, or a file of text
	Texts   []string    `json:"texts"`  // of the codes in pictures
	Tokens  []string    `json:"tokens"` // attached to a PDF, or baked into a badge
	Told    []toldCheck `json:"told"`   // what could not be read
	Problem *struct {
		Code string            `json:"code"`
		Args map[string]string `json:"args"`
	} `json:"problem"`
}

// toldCheck is what the reading has to tell the verdict. Whatever it is, it can
// only take a VALID away.
type toldCheck struct {
	Code string            `json:"code"`
	Args map[string]string `json:"args"`
}

// take decodes an input by the rules of the command line; what has no name was
// pasted.
func (in input) take(b *trust.Bundle) (intake.Taken, *intake.Problem) {
	src := intake.Source{Name: in.Name, Page: true, Pasted: in.Name == ""}
	if b != nil {
		src.Dictionaries = intake.Dictionaries(b)
	}
	taken, problem := in.decode(src)
	if problem != nil {
		return intake.Taken{}, problem
	}
	for _, t := range in.Told {
		taken.Told = append(taken.Told, verifier.Check{Code: t.Code, Outcome: verifier.Undecided, Args: t.Args})
	}
	if n := intake.Documents(taken.Tokens); n > verifier.MaxCredentials && len(in.Texts) > 0 { // printed for a whole class
		return intake.Taken{}, &intake.Problem{Code: "pdf_many", Args: map[string]string{
			"file": in.Name, "count": strconv.Itoa(n), "max": strconv.Itoa(verifier.MaxCredentials),
		}}
	}
	return taken, nil
}

func (in input) decode(src intake.Source) (intake.Taken, *intake.Problem) {
	switch {
	case in.Problem != nil:
		return intake.Taken{}, &intake.Problem{Code: in.Problem.Code, Args: in.Problem.Args, Unknown: in.Problem.Code == "qr_update"}
	case len(in.Tokens) > 0:
		taken, _ := src.Inside(in.Tokens, in.Texts, 0)
		return taken, nil
	case len(in.Texts) > 0:
		return src.Sight(in.Texts, 0)
	}
	plain, problem := intake.Plain(in.Name, []byte(in.Text))
	if problem != nil {
		return intake.Taken{}, problem
	}
	return src.Text(plain)
}
