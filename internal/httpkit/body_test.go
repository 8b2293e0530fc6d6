package httpkit

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

type course struct {
	Name  string   `json:"name"`
	Hours int      `json:"hours"`
	Refs  []string `json:"refs"`
}

func TestReadJSON(t *testing.T) {
	for _, c := range []struct {
		name, contentType, body string
		code, pointer           string
		status                  int
	}{
		{"good", "application/json", `{"name":"HACCP","hours":8}`, "", "", 0},
		{"with a charset", `application/json; charset="UTF-8"`, `{"name":"a"}`, "", "", 0},
		{"of a standard", "application/ld+json", `{}`, "", "", 0},
		{"no type", "", `{}`, CodeBodyType, "", 415},
		{"text", "text/plain", `{}`, CodeBodyType, "", 415},
		{"form", "application/x-www-form-urlencoded", `{}`, CodeBodyType, "", 415},
		{"other charset", "application/json; charset=utf-16", `{}`, CodeBodyType, "", 415},
		{"two types", "application/json, text/plain", `{}`, CodeBodyType, "", 415},
		{"json in words", "text/x+json", `{}`, CodeBodyType, "", 415},
		{"empty", "application/json", ``, CodeBodyJSON, "", 400},
		{"two values", "application/json", `{}{}`, CodeBodyJSON, "", 400},
		{"cut", "application/json", `{"name":`, CodeBodyJSON, "/name", 400},
		{"twice", "application/json", `{"name":"a","name":"b"}`, CodeBodyJSON, "/name", 400},
		{"not UTF-8", "application/json", "{\"name\":\"\xff\"}", CodeBodyJSON, "/name", 400},
		{"deep", "application/json", `{"refs":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`, CodeBodyJSON, "", 400},
		{"unknown member", "application/json", `{"name":"a","revoked":false}`, CodeBodyUnknown, "/revoked", 400},
		{"another case", "application/json", `{"Name":"a"}`, CodeBodyUnknown, "/Name", 400},
		{"another kind", "application/json", `{"hours":"8"}`, CodeBodyMismatch, "/hours", 400},
		{"in a list", "application/json", `{"refs":["a",1]}`, CodeBodyMismatch, "/refs/1", 400},
		{"large", "application/json", `{"name":"` + strings.Repeat("a", 300) + `"}`, CodeBodySize, "", 413},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(c.body))
			r.Header.Set("Content-Type", c.contentType)
			var v course
			err := ReadJSON(httptest.NewRecorder(), r, 256, &v)
			var failed *BodyError
			if !errors.As(err, &failed) {
				if c.code != "" {
					t.Fatalf("taken: %v %+v", err, v)
				}
				return
			}
			if failed.Code != c.code || failed.Status != c.status || c.pointer != "" && failed.Pointer != c.pointer {
				t.Errorf("%s %d %q: %v", failed.Code, failed.Status, failed.Pointer, err)
			}
			if p := failed.Problem(); p.Code != c.code || p.Status != c.status || (len(p.Errors) == 1) != (failed.Pointer != "") {
				t.Errorf("as a problem: %+v", p)
			}
		})
	}
}

// TestReadMembers: a body is taken, and refused, as ReadJSON would.
func TestReadMembers(t *testing.T) {
	for _, body := range []string{
		`{}`, ` {"a":{"x":[1,"\u0061"]} , "b":"" }`, `{"b":null}`, `null`, `[]`, `"a"`, ``, `{"a":1}{}`, `{"a":1`, `{"a":1,"a":2}`, `{"a":1,"z":2,"y":3}`, `{"A":1}`,
		`{"~/":1}`, `{"z":1,"a":}`, `{"a":"\ud800"}`, `{"a":01}`, "{\"a\":\"\xff\"}", `{"\u0061":1}`, `{"a":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`, `{"a":"` + strings.Repeat("a", 300) + `"}`,
	} {
		ask := func() *http.Request {
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			return r
		}
		var want struct {
			A json.RawMessage `json:"a"`
			B json.RawMessage `json:"b"`
		}
		wantErr := ReadJSON(httptest.NewRecorder(), ask(), 256, &want)
		got, err := ReadMembers(httptest.NewRecorder(), ask(), 256, "a", "b")
		var refused, wantRefused *BodyError
		if errors.As(err, &refused) != errors.As(wantErr, &wantRefused) {
			t.Errorf("%s: %v, want %v", body, err, wantErr)
			continue
		}
		if refused != nil {
			if refused.Code != wantRefused.Code || refused.Status != wantRefused.Status || refused.Pointer != wantRefused.Pointer {
				t.Errorf("%s: %s %d %q, want %s %d %q", body, refused.Code, refused.Status, refused.Pointer, wantRefused.Code, wantRefused.Status, wantRefused.Pointer)
			}
			continue
		}
		if string(got[0]) != string(want.A) || string(got[1]) != string(want.B) {
			t.Errorf("%s: %q", body, got)
		}
	}
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{}`))
	var refused *BodyError
	if _, err := ReadMembers(httptest.NewRecorder(), r, 256, "a"); !errors.As(err, &refused) || refused.Code != CodeBodyType {
		t.Errorf("no type: %v", err)
	}
}

// TestReadBodyWithoutLength: the limit holds for what is read, not for what was
// announced; compressed bodies are not taken.
func TestReadBodyWithoutLength(t *testing.T) {
	for _, c := range []struct {
		body   io.Reader
		coding string
		status int
	}{
		{strings.NewReader(strings.Repeat("a", 300)), "", 413}, {strings.NewReader("a"), "gzip", 415}, {strings.NewReader("a"), "identity", 0},
		{io.MultiReader(strings.NewReader("a"), failing{io.ErrUnexpectedEOF}), "", 400},
		{io.MultiReader(strings.NewReader("a"), failing{os.ErrDeadlineExceeded}), "", 408},
	} {
		r := httptest.NewRequest(http.MethodPost, "/", io.NopCloser(c.body))
		r.ContentLength = -1
		r.Header.Set("Content-Encoding", c.coding)
		_, err := ReadBody(httptest.NewRecorder(), r, 256)
		var failed *BodyError
		if got := errors.As(err, &failed); got != (c.status != 0) || got && failed.Status != c.status {
			t.Errorf("%v, want %d", err, c.status)
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// FuzzReadJSON: whatever comes, the answer is a value or a *BodyError with a
// status of the client's, and a value was one JSON text.
func FuzzReadJSON(f *testing.F) {
	f.Add("application/json", `{"name":"a","hours":1,"refs":["b"]}`)
	f.Add("application/json; charset=utf-8", `{"hours":1e3}`)
	f.Add("application/x+json", "{\"a\":\"\xff\"}")
	f.Fuzz(func(t *testing.T, contentType, body string) {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header = http.Header{"Content-Type": {contentType}}
		var v course
		err := ReadJSON(httptest.NewRecorder(), r, 1<<12, &v)
		var failed *BodyError
		if err != nil && (!errors.As(err, &failed) || failed.Status < 400 || failed.Status > 499) {
			t.Fatalf("%v", err)
		}
	})
}
