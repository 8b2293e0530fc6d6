package issuerhttp

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/strictjson"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/schema"
)

// retryAfter is when a client is asked to come back to what could not be done
// for now, in seconds.
const retryAfter = 5

// WriteError answers with an error of any role as a problem: the one place where
// what the issuer, access, a document's rules and a body's reader refuse gets
// its status. What has no type is a fault of ours: the client learns its request
// id, the log the rest.
func WriteError(w http.ResponseWriter, r *http.Request, err error) {
	p, known := problemOf(httpkit.Language(r), err)
	switch p.Status {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", `Bearer realm="passport"`) // RFC 6750, section 3
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
	}
	if !known && !errors.Is(err, context.Canceled) {
		httpkit.Logger(r.Context()).ErrorContext(r.Context(), "internal", "error", err.Error())
	}
	httpkit.WriteProblem(w, r, p)
}

// problemOf gives an error its problem; known is false for what has no type.
func problemOf(lang string, err error) (p httpkit.Problem, known bool) {
	var body *httpkit.BodyError
	var refused *issuer.Error
	var faults schema.Faults
	var text *strictjson.Error
	if p, ok := unable(err); ok {
		return p, true // first: what holds a refusal up may be a full disk
	}
	switch {
	case errors.As(err, &body):
		return body.Problem(), true
	case errors.Is(err, access.ErrUnauthenticated):
		return httpkit.Problem{Status: http.StatusUnauthorized, Code: "unauthenticated"}, true
	case errors.Is(err, access.ErrForbidden):
		return httpkit.Problem{Status: http.StatusForbidden, Code: "forbidden"}, true
	case errors.Is(err, access.ErrNotHere):
		return httpkit.Problem{Status: http.StatusNotFound, Code: "not_found"}, true
	case errors.As(err, &refused):
		return refusal(lang, refused), true
	case errors.As(err, &faults) && len(faults) > 0:
		return faultsProblem(lang, faults), true
	case errors.As(err, &text):
		return faultsProblem(lang, schema.Faults{{Code: text.Code, Pointer: text.Pointer}}), true
	}
	return httpkit.Problem{Status: http.StatusInternalServerError, Code: "internal"}, false
}

// unable is what cannot be done for now, whoever asks. The words of the command
// line name files and do not fit.
func unable(err error) (p httpkit.Problem, ok bool) {
	switch {
	case errors.Is(err, issuer.ErrStoreFull):
		return httpkit.Problem{Status: http.StatusInsufficientStorage, Code: "store_full"}, true
	case errors.Is(err, issuer.ErrStoreStopped):
		return httpkit.Problem{Status: http.StatusServiceUnavailable, Code: "store_stopped"}, true
	case errors.Is(err, issuer.ErrNoKey) && !isRefusal(err):
		return httpkit.Problem{Status: http.StatusServiceUnavailable, Code: "keys_away"}, true
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return httpkit.Problem{Status: http.StatusServiceUnavailable, Code: "busy"}, true
	}
	return p, false
}

func isRefusal(err error) bool {
	var refused *issuer.Error
	return errors.As(err, &refused)
}

// refusal words what the issuer refuses. Sentences of the command line are used
// as they are; its hints only where they name no command.
func refusal(lang string, e *issuer.Error) httpkit.Problem {
	p := httpkit.Problem{Status: statusOf(e.Code), Code: e.Code}
	if key := "error." + e.Code; i18n.Has(key) {
		p.Title = sentence(i18n.T(lang, key, e.Args))
	}
	p.Hint = hint(lang, e.Code, e.Args)
	return p
}

func hint(lang, code string, args map[string]string) string {
	key := "hint." + code
	if !i18n.Has(key) {
		return ""
	}
	words := i18n.T(lang, key, args)
	if strings.Contains(words, "passport ") || strings.Contains(words, "--") {
		return ""
	}
	return sentence(words)
}

// sentence begins and ends as one: the command line writes after a colon.
func sentence(words string) string {
	first, size := utf8.DecodeRuneInString(words)
	words = string(unicode.ToTitle(first)) + words[size:]
	if strings.HasSuffix(words, ".") || strings.HasSuffix(words, "?") {
		return words
	}
	return words + "."
}

// unreadable are the faults of a text that is no JSON with one reading.
var unreadable = map[string]bool{
	strictjson.CodeJSON: true, strictjson.CodeDuplicate: true, strictjson.CodeDepth: true, strictjson.CodeNumber: true, strictjson.CodeSize: true,
}

// faultsProblem tells every fault of a document with its place.
func faultsProblem(lang string, faults schema.Faults) httpkit.Problem {
	p := httpkit.Problem{Status: http.StatusUnprocessableEntity, Code: "faults", Hint: hint(lang, faults[0].Code, faults[0].Args)}
	if unreadable[faults[0].Code] {
		p.Status = http.StatusBadRequest // what cannot be read cannot be judged
	}
	for _, f := range faults {
		one := httpkit.ProblemFault{Code: f.Code, Pointer: f.Pointer}
		if key := "error." + f.Code; i18n.Has(key) {
			one.Message = i18n.T(lang, key, f.Args)
		}
		p.Errors = append(p.Errors, one)
	}
	return p
}

// under moves the faults of a part of a body to their place in the whole.
func under(pointer string, err error) error {
	var faults schema.Faults
	var text *strictjson.Error
	switch {
	case errors.As(err, &faults):
		moved := make(schema.Faults, len(faults))
		for n, f := range faults {
			f.Pointer = pointer + f.Pointer
			moved[n] = f
		}
		return moved
	case errors.As(err, &text):
		return schema.Faults{{Code: text.Code, Pointer: pointer + text.Pointer}}
	}
	return err
}

// fault is one thing wrong with a body; args are name, value pairs for the
// sentence.
func fault(code, pointer string, args ...string) schema.Faults {
	return schema.Faults{{Code: code, Pointer: pointer, Args: refuse(code, args...).Args}}
}
