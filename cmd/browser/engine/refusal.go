package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/verifier/intake"
)

// Refusal is why a call was not answered. Its words stand in the catalogue under
// error.CODE and, where we know one, hint.CODE.
type Refusal struct {
	Code string
	Args map[string]string
	More map[string]any // what a page may want to know besides
	Err  error          // the cause; may be nil
}

func (r *Refusal) Error() string {
	if r.Err != nil {
		return r.Code + ": " + r.Err.Error()
	}
	return r.Code
}

// Unwrap gives the cause.
func (r *Refusal) Unwrap() error { return r.Err }

// refuse makes one; args are name, value pairs for the sentence.
func refuse(code string, args ...string) *Refusal {
	r := &Refusal{Code: code, Args: map[string]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		r.Args[args[i]] = args[i+1]
	}
	return r
}

func (r *Refusal) because(err error) *Refusal {
	r.Err = err
	return r
}

// told is a problem in the reader's words.
type told struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
	Detail  string `json:"detail,omitempty"` // of the cause, in English, for experts
}

func tell(lang, code string, args map[string]string) told {
	t := told{Code: code, Message: code, Detail: args["detail"]}
	key := "error." + code
	if name, ok := args["file"]; ok && name == "" { // it was pasted
		args = maps.Clone(args)
		args["file"] = i18n.T(lang, "error.here", nil)
		if here := key + ".here"; i18n.Has(here) {
			key = here
		}
	}
	if i18n.Has(key) {
		t.Message = i18n.Say(lang, key, args)
	}
	if key := "hint." + code; i18n.Has(key) {
		t.Hint = i18n.Say(lang, key, args)
	}
	return t
}

// refusalOf is why something was not done. What nobody has words for is told as
// it is: a fault of ours.
func refusalOf(err error) *Refusal {
	known := &Refusal{Code: "engine_fault", Args: map[string]string{"detail": i18n.OneLine(err.Error())}}
	var problem *intake.Problem
	if !errors.As(err, &known) && errors.As(err, &problem) {
		known = &Refusal{Code: problem.Code, Args: problem.Args}
	}
	return known
}

// refusal is the answer to a call that was not done.
func refusal(lang string, err error) any {
	known := refusalOf(err)
	words := tell(lang, known.Code, known.Args)
	answer := map[string]any{"code": words.Code, "message": words.Message}
	if words.Hint != "" {
		answer["hint"] = words.Hint
	}
	maps.Copy(answer, known.More)
	return map[string]any{"error": answer}
}

// spoken is the language that a call asks for, else English.
func spoken(in []byte) string {
	var asked struct {
		Lang string `json:"lang"`
	}
	_ = json.Unmarshal(in, &asked) // what cannot be read asks for nothing
	return i18n.MatchBrowser(asked.Lang)
}

// marshal writes an answer without escaping what only HTML would need.
func marshal(v any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}
