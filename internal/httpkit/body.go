package httpkit

import (
	"bytes"
	"errors"
	"mime"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/strictjson"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Codes of a BodyError.
const (
	CodeBodyType     = "body_type"      // 415: not JSON, or compressed
	CodeBodySize     = "body_too_large" // 413
	CodeBodySlow     = "body_slow"      // 408: it did not come in time
	CodeBodyCut      = "body_cut"       // 400: it ended early
	CodeBodyJSON     = "body_json"      // 400: not one value with one reading
	CodeBodyUnknown  = "body_unknown"   // 400: a member that we do not know
	CodeBodyMismatch = "body_mismatch"  // 400: a member of another type
)

// BodyError says why a body was not taken. Pointer is the place in the JSON
// (RFC 6901), "" for the whole.
type BodyError struct {
	Code    string
	Status  int
	Pointer string
	Err     error
}

func (e *BodyError) Error() string {
	if e.Err != nil {
		return e.Code + ": " + e.Err.Error()
	}
	return e.Code
}

func (e *BodyError) Unwrap() error { return e.Err }

// Problem is the error as an answer. The cause stays out of it: it may quote
// the body.
func (e *BodyError) Problem() Problem {
	p := Problem{Status: e.Status, Code: e.Code}
	if e.Pointer != "" {
		p.Errors = []ProblemFault{{Code: e.Code, Pointer: e.Pointer}}
	}
	return p
}

// ReadJSON reads a body of at most max bytes into v: one JSON value of a JSON
// media type, with unique names, in UTF-8, not too deep, and without a member
// that v does not know (mass assignment). The error is a *BodyError.
func ReadJSON(w http.ResponseWriter, r *http.Request, max int64, v any) error {
	data, err := readJSONBody(w, r, max)
	if err != nil {
		return err
	}
	return decodeJSON(data, v)
}

// DecodeJSON is ReadJSON for a body that has been read.
func DecodeJSON(r *http.Request, data []byte, v any) error {
	if err := holdType(r); err != nil {
		return err
	}
	return decodeJSON(data, v)
}

// ReadMembers is ReadJSON for an object whose members somebody else reads: it
// returns those of the names as they stand in the body, nil for what is not
// there, and reads a long body once.
func ReadMembers(w http.ResponseWriter, r *http.Request, max int64, names ...string) ([][]byte, error) {
	data, err := readJSONBody(w, r, max)
	if err != nil {
		return nil, err
	}
	members := make([][]byte, len(names))
	var unknown *BodyError
	err = strictjson.CheckObject(data, func(name, value []byte) {
		for n := range names {
			if names[n] == string(name) {
				members[n] = value
				return
			}
		}
		if unknown == nil {
			unknown = &BodyError{Code: CodeBodyUnknown, Status: http.StatusBadRequest, Pointer: string(jsontext.Pointer("").AppendToken(string(name)))}
		}
	})
	if err != nil { // or another kind of value, which is told as ReadJSON tells it
		return members, decodeJSON(data, &struct{}{})
	}
	if unknown != nil {
		return nil, unknown
	}
	return members, nil
}

func readJSONBody(w http.ResponseWriter, r *http.Request, max int64) ([]byte, error) {
	if err := holdType(r); err != nil {
		return nil, err
	}
	return ReadBody(w, r, max)
}

func holdType(r *http.Request) error {
	if !isJSON(r.Header.Get("Content-Type")) {
		return &BodyError{Code: CodeBodyType, Status: http.StatusUnsupportedMediaType}
	}
	return nil
}

func decodeJSON(data []byte, v any) error {
	if err := strictjson.UnmarshalKnown(data, v); err != nil {
		return jsonFailure(err)
	}
	return nil
}

// announced is how much room a body gets before any of it has come: as much as
// it says that it has, as far as nearly all of them go.
const announced = 16 << 10

// ReadBody reads a body of at most max bytes. The error is a *BodyError.
func ReadBody(w http.ResponseWriter, r *http.Request, max int64) ([]byte, error) {
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return nil, &BodyError{Code: CodeBodyType, Status: http.StatusUnsupportedMediaType}
	}
	if r.ContentLength > max {
		return nil, &BodyError{Code: CodeBodySize, Status: http.StatusRequestEntityTooLarge}
	}
	var data bytes.Buffer
	if r.ContentLength > 0 {
		data.Grow(int(min(r.ContentLength, announced)) + bytes.MinRead)
	}
	if _, err := data.ReadFrom(http.MaxBytesReader(w, r.Body, max)); err != nil {
		return nil, BodyFailure(err)
	}
	return data.Bytes(), nil
}

// BodyFailure turns an error of reading a request's body into a *BodyError, for
// handlers that stream it.
func BodyFailure(err error) *BodyError {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return &BodyError{Code: CodeBodySize, Status: http.StatusRequestEntityTooLarge, Err: err}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &BodyError{Code: CodeBodySlow, Status: http.StatusRequestTimeout, Err: err}
	default:
		return &BodyError{Code: CodeBodyCut, Status: http.StatusBadRequest, Err: err}
	}
}

// jsonFailure tells the three ways in which a text that came whole is wrong.
func jsonFailure(err error) *BodyError {
	failed := &BodyError{Code: CodeBodyJSON, Status: http.StatusBadRequest, Err: err}
	var strict *strictjson.Error
	if errors.As(err, &strict) {
		failed.Pointer = strict.Pointer
	}
	var semantic *json.SemanticError
	switch {
	case errors.Is(err, json.ErrUnknownName):
		failed.Code = CodeBodyUnknown
	case errors.As(err, &semantic):
		failed.Code = CodeBodyMismatch
	}
	return failed
}

// isJSON takes application/json and the types built on it (+json), in UTF-8.
func isJSON(header string) bool {
	if header == "application/json" {
		return true
	}
	kind, params, err := mime.ParseMediaType(header)
	if err != nil {
		return false
	}
	if charset, given := params["charset"]; given && !strings.EqualFold(charset, "utf-8") {
		return false
	}
	return kind == "application/json" || strings.HasPrefix(kind, "application/") && strings.HasSuffix(kind, "+json")
}

// LimitBody bounds every body below it, read or streamed.
func LimitBody(max int64) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, max)
			next.ServeHTTP(w, r)
		})
	}
}

// Patience gives the body of a request d to come, where the server's own limit
// is made for small ones.
func Patience(d time.Duration, now func() time.Time) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			control := http.NewResponseController(w)
			_ = control.SetReadDeadline(now().Add(d)) // a writer without deadlines is a test's
			_ = control.SetWriteDeadline(now().Add(2 * d))
			next.ServeHTTP(w, r)
		})
	}
}
