package httpkit

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"sync"
)

// problemBase starts the type of every problem; the code ends it.
const problemBase = "https://w3id.org/employment-passport/problems/"

// Problem is the body of every refusal (RFC 9457, application/problem+json).
// Code is stable and for programs; Title and Hint are for people.
type Problem struct {
	Type     string         `json:"type"`
	Title    string         `json:"title"`
	Status   int            `json:"status"`
	Detail   string         `json:"detail,omitempty"`
	Instance string         `json:"instance,omitempty"` // urn:uuid: and the request id, to be found in the log
	Code     string         `json:"code"`
	Hint     string         `json:"hint,omitempty"`
	Errors   []ProblemFault `json:"errors,omitempty"`
}

// ProblemFault is one fault of a body, at a JSON pointer (RFC 6901).
type ProblemFault struct {
	Code    string `json:"code"`
	Pointer string `json:"pointer"`
	Message string `json:"message,omitempty"`
}

// Words gives the sentence for a key in a language, "" when there is none. The
// keys asked for are "problem.CODE" and "problem_hint.CODE".
type Words func(lang, key string) string

// WithWords hands the words to every problem written below it.
func WithWords(words Words) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), keyWords, words)))
		})
	}
}

// WriteProblem answers with p. What p leaves empty is filled in: the type from
// the code, title and hint from the words, the instance from the request id.
// The answer is never cached.
func WriteProblem(w http.ResponseWriter, r *http.Request, p Problem) {
	lang := Language(r)
	words, _ := r.Context().Value(keyWords).(Words)
	if words == nil {
		words = func(string, string) string { return "" }
	}
	if p.Code == "" {
		p.Code = "internal"
	}
	if p.Status < 400 || p.Status > 599 {
		p.Status = http.StatusInternalServerError
	}
	p.Type = firstOf(p.Type, problemBase+p.Code)
	p.Title = firstOf(p.Title, words(lang, "problem."+p.Code), http.StatusText(p.Status))
	p.Hint = firstOf(p.Hint, words(lang, "problem_hint."+p.Code))
	if id := RequestID(r.Context()); id != "" {
		p.Instance = firstOf(p.Instance, "urn:uuid:"+id)
	}
	h := w.Header()
	for _, stale := range []string{"Etag", "Last-Modified", "Content-Encoding", "Content-Length"} {
		h.Del(stale)
	}
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Language", lang)
	writeJSON(w, p.Status, "application/problem+json", p)
}

// WriteJSON answers with v as JSON. v is ours, so that it can always be written.
func WriteJSON(w http.ResponseWriter, status int, v any) {
	writeJSON(w, status, "application/json", v)
}

func writeJSON(w http.ResponseWriter, status int, contentType string, v any) {
	text, _ := texts.Get().(*bytes.Buffer)
	text.Reset()
	if err := json.NewEncoder(text).Encode(v); err != nil { // a type of ours that cannot be written is a bug: told as any panic
		panic(err)
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(text.Len())) // else a long one goes out in chunks
	w.WriteHeader(status)
	_, _ = w.Write(text.Bytes())
	if text.Cap() <= keptText {
		texts.Put(text)
	}
}

// texts are buffers that answers have been written in, as long as most of them.
var texts = sync.Pool{New: func() any { return new(bytes.Buffer) }}

const keptText = 64 << 10

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
