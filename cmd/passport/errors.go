package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
)

// Exit codes of the command line.
const (
	exitOK       = 0
	exitInvalid  = 1
	exitUnknown  = 2
	exitUsage    = 64
	exitInternal = 70
)

// failure is an error that a person can act on. Its words stand in the
// catalogue under error.CODE and, where we know one, hint.CODE.
type failure struct {
	exit  int
	code  string
	args  map[string]string
	cause error
}

// fail makes a failure; args are name, value pairs for the sentence.
func fail(exit int, code string, args ...string) *failure {
	f := &failure{exit: exit, code: code, args: map[string]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		f.args[args[i]] = args[i+1]
	}
	return f
}

// wrap keeps the technical cause for errors.Is; the sentence stays the code's.
func (f *failure) wrap(err error) *failure {
	f.cause = err
	return f
}

func (f *failure) Error() string {
	if f.cause != nil {
		return f.code + ": " + f.cause.Error()
	}
	return f.code
}

func (f *failure) Unwrap() error { return f.cause }

// verdict ends a command with an exit code and no words: the result on stdout
// has said it.
func verdict(exit int) error {
	if exit == exitOK {
		return nil
	}
	return &failure{exit: exit}
}

// usage marks an error of the command line itself.
func usage(err error) error {
	return fail(exitUsage, "usage", "detail", err.Error()).wrap(err)
}

// report prints what went wrong in one line, with a hint, and returns the exit
// code.
func (a *app) report(err error) int {
	err = withoutRoom(a.issuerFailure(err))
	var f *failure
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, context.Canceled):
		a.say("error", i18n.T(a.language(), "error.interrupted", nil))
		a.say("hint", i18n.T(a.language(), "hint.interrupted", nil))
		return exitInternal
	case errors.As(err, &f) && f.code == "":
		return f.exit
	case errors.As(err, &f):
		a.sayFailure(f)
		return f.exit
	case isCobraUsage(err):
		a.sayFailure(cobraUsage(err))
		return exitUsage
	default:
		a.say("error", oneLine(err.Error()))
		return exitInternal
	}
}

func (a *app) sayFailure(f *failure) {
	lang := a.language()
	words := f.Error()
	if key := "error." + f.code; i18n.Has(key) {
		words = i18n.T(lang, key, f.args)
	}
	a.say("error", oneLine(words))
	if key := "hint." + f.code; i18n.Has(key) {
		a.say("hint", oneLine(i18n.T(lang, key, f.args)))
	}
}

func (a *app) say(kind, words string) {
	fmt.Fprintf(a.err, "passport: %s: %s\n", kind, words)
}

func (a *app) reportPanic(v any) int {
	a.say("error", oneLine(fmt.Sprintf("internal error: %v", v)))
	fmt.Fprintf(a.err, "%s", debug.Stack())
	return exitInternal
}

// cobraUsage takes cobra's proposals, which stand on lines of their own, into
// the hint.
func cobraUsage(err error) *failure {
	detail, after, found := strings.Cut(err.Error(), "\n\nDid you mean this?")
	if names := strings.Fields(after); found && len(names) > 0 {
		return fail(exitUsage, "usage_near", "detail", detail, "names", strings.Join(names, ", "))
	}
	return fail(exitUsage, "usage", "detail", detail)
}

// isCobraUsage tells cobra's own complaints, which have no type, from ours.
func isCobraUsage(err error) bool {
	for _, start := range []string{"unknown command", "unknown flag", "accepts ", "requires at least", "requires at most", "required flag", "invalid argument", "if any flags in the group", "at least one of the flags"} {
		if strings.HasPrefix(err.Error(), start) {
			return true
		}
	}
	return false
}

// oneLine keeps an error on one line and takes control and direction
// characters out of what may have come from a stranger.
func oneLine(s string) string { return i18n.OneLine(s) }
