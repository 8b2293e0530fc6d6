package httpkit

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
)

// answer runs one request through a handler.
func answer(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func get(target string) *http.Request { return httptest.NewRequest(http.MethodGet, target, nil) }

func problemOf(t *testing.T, w *httptest.ResponseRecorder) Problem {
	t.Helper()
	if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Fatalf("content type %q", got)
	}
	var p Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestProblemIsFilledIn(t *testing.T) {
	words := func(lang, key string) string {
		return map[string]string{"it problem.gone": "Non c'è più", "it problem_hint.gone": "Chiedi"}[lang+" "+key]
	}
	h := chain(RequestIDs, WithWords(words))(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"x"`)
		w.Header().Set("Cache-Control", "public")
		WriteProblem(w, r, Problem{Status: 410, Code: "gone"})
	}))
	r := get("/")
	r.Header.Set("Accept-Language", "it-IT, en;q=0.5")
	r.Header.Set("X-Request-Id", "mine\nlevel=info")
	w := answer(h, r)
	p := problemOf(t, w)
	id := w.Header().Get("X-Request-Id")
	if p.Type != problemBase+"gone" || p.Title != "Non c'è più" || p.Hint != "Chiedi" || p.Status != 410 || p.Instance != "urn:uuid:"+id || len(id) != 36 {
		t.Errorf("%+v", p)
	}
	if w.Code != 410 || w.Header().Get("ETag") != "" || w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Content-Language") != "it" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	w = httptest.NewRecorder()
	WriteProblem(w, get("/"), Problem{Status: 200})
	if p = problemOf(t, w); p.Code != "internal" || p.Status != 500 || p.Title != "Internal Server Error" || p.Instance != "" {
		t.Errorf("without anything: %+v", p)
	}
}

func TestLanguage(t *testing.T) {
	for _, c := range []struct{ target, header, want string }{
		{"/", "", "en"}, {"/?lang=el", "it", "el"}, {"/?lang=fr", "it", "it"}, {"/", "fr, es;q=0.4, pl;q=0.6", "pl"},
		{"/", "de", "en"}, {"/", "it;q=0", "en"}, {"/", "it;q=NaN, es;q=0.1", "es"}, {"/", "it;q=7, es;q=0.1", "es"}, {"/", "IT-ch", "it"},
		{"/", strings.Repeat("x,", 1000) + "it", "en"},
	} {
		r := get(c.target)
		r.Header.Set("Accept-Language", c.header)
		if got := Language(r); got != c.want {
			t.Errorf("%s %.20q: %s, want %s", c.target, c.header, got, c.want)
		}
	}
}

// TestPanicIsAProblem: what it says stands in the log, as its kind only when it
// could be somebody's words; half an answer is cut off.
func TestPanicIsAProblem(t *testing.T) {
	var log bytes.Buffer
	r := chi.NewRouter()
	r.Use(RequestIDs, Log(slog.New(slog.NewTextHandler(&log, nil)), time.Now, nil), Recover)
	r.Get("/text", func(http.ResponseWriter, *http.Request) { panic("Amina Diallo") })
	r.Get("/nil", func(http.ResponseWriter, *http.Request) { m := map[string]map[string]int{}; m["a"]["b"]++ })
	r.Get("/half", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("half")); panic("late") })
	w := answer(r, get("/text"))
	if p := problemOf(t, w); w.Code != 500 || p.Code != "internal" || strings.Contains(w.Body.String(), "Amina") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	answer(r, get("/nil"))
	if !strings.Contains(log.String(), "nil map") || !strings.Contains(log.String(), "value=string") || strings.Contains(log.String(), "Amina") {
		t.Errorf("log: %s", log.String())
	}
	defer func() {
		if v, _ := recover().(error); !errors.Is(v, http.ErrAbortHandler) {
			t.Errorf("a half answer ended with %v", v)
		}
		if !strings.Contains(log.String(), "aborted=true") {
			t.Error("the log does not tell that the answer was cut")
		}
	}()
	answer(r, get("/half"))
}

// TestLogHasPatternsAndIDs: neither path, query, header nor body is in a line.
func TestLogHasPatternsAndIDs(t *testing.T) {
	var log bytes.Buffer
	var seen []Served
	r := chi.NewRouter()
	r.Use(RequestIDs, Log(slog.New(slog.NewTextHandler(&log, nil)), func() time.Time { return time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC) },
		func(s Served) { seen = append(seen, s) }))
	r.Get("/people/{id}", func(_ http.ResponseWriter, r *http.Request) {
		Note(r.Context(), "actor", "user:anna\nlevel=ERROR")
		Logger(r.Context()).Info("inside")
	})
	q := get("/people/canary-in-path?name=canary-in-query")
	q.Header.Set("Authorization", "Bearer canary-in-header")
	q.Header.Set("User-Agent", "canary-in-agent")
	answer(r, q)
	answer(r, get("/canary-elsewhere"))
	answer(r, httptest.NewRequest("CANARY", "/people/1", nil))
	if strings.Contains(log.String(), "canary") || strings.Contains(log.String(), "CANARY") {
		t.Errorf("log: %s", log.String())
	}
	if n := strings.Count(log.String(), "\n"); n != 4 {
		t.Errorf("%d lines for 3 requests and one of the handler: %s", n, log.String())
	}
	if len(seen) != 3 || seen[0].Route != "/people/{id}" || seen[1].Route != NoRoute || seen[2].Method != "OTHER" || seen[2].Status != 405 {
		t.Errorf("%+v", seen)
	}
}

func chain(all ...Middleware) Middleware {
	return func(next http.Handler) http.Handler {
		for i := len(all) - 1; i >= 0; i-- {
			next = all[i](next)
		}
		return next
	}
}
