package httpkit

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"

	"github.com/go-chi/chi/v5/middleware"
)

// Recover turns a panic into a 500 problem. What it says stands in the log, with
// the request id, and nowhere else.
func Recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(v) // net/http closes the connection, as the handler wants
			}
			Logger(r.Context()).ErrorContext(r.Context(), "panic", "value", kind(v), "stack", string(debug.Stack()))
			if seen.Status() != 0 { // half an answer must not look like a whole one
				panic(http.ErrAbortHandler)
			}
			WriteProblem(w, r, Problem{Status: http.StatusInternalServerError, Code: "internal"})
		}()
		next.ServeHTTP(seen, r)
	})
}

// kind tells a panic without the values in it, which may be a person's: a
// runtime error in words, anything else as its type.
func kind(v any) string {
	if err, ok := v.(interface {
		error
		RuntimeError()
	}); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", v)
}
