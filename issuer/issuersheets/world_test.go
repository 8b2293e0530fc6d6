package issuersheets_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/issuer/boltstore"
	"github.com/employment-passport/passport/issuer/issuersheets"
	"github.com/go-chi/chi/v5"
)

// ring is a keyring in memory.
type ring struct {
	mu   sync.Mutex
	keys map[string]crypto.Signer
}

func (r *ring) Create(context.Context, string) (string, crypto.PublicKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	uri := fmt.Sprintf("mem:%d", len(r.keys))
	r.keys[uri] = key
	return uri, key.Public(), nil
}

func (r *ring) Signer(_ context.Context, uri string) (crypto.Signer, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.keys[uri], nil
}

var today = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)

// world is a home with two bodies, whose server can be stopped and started.
type world struct {
	*issuersheets.Service
	issuer *issuer.Issuer
	store  issuer.Store
	keys   *ring
	home   string
	past   atomic.Int64 // seconds since today
	who    access.Principal
	config func(*issuersheets.Config)

	server *httptest.Server
	stop   func() // the runner, waiting for it
}

const template = "food-hygiene"

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{keys: &ring{keys: map[string]crypto.Signer{}}, home: filepath.Join(t.TempDir(), "home")}
	w.who = access.Principal{ID: "u1", Actor: "user:u1", Grants: []access.Grant{{Issuer: "ente", Role: access.Officer}}}
	must(t, boltstore.Create(w.home))
	w.open(t)
	for _, name := range []string{"ente", "altro"} {
		_, err := w.issuer.AddIssuer(t.Context(), "test", issuer.NewIssuer{
			Name: name, Title: "Ente " + name, Country: "IT", Region: "ITF5", Method: "web", Domain: name + ".example",
		})
		must(t, err)
	}
	body, err := os.ReadFile("../../examples/templates/01-food-hygiene-it.json")
	must(t, err)
	_, err = w.issuer.AddTemplate(t.Context(), "test", body, 20)
	must(t, err)
	return w
}

// open opens the store and makes the service, which does nothing before start.
func (w *world) open(t testing.TB) {
	t.Helper()
	store, err := boltstore.Open(w.home)
	must(t, err)
	w.store = store
	w.issuer, err = issuer.New(issuer.Config{
		Store: store, Keys: w.keys, Now: w.now,
		Erasers: []issuer.Eraser{issuersheets.Eraser(filepath.Join(w.home, "sheets"))},
	})
	must(t, err)
	c := issuersheets.Config{
		Issuer: w.issuer, Store: store, Dir: filepath.Join(w.home, "sheets"), Now: w.now,
		Heartbeat: 50 * time.Millisecond, Batch: 64, Backoff: []time.Duration{time.Millisecond, time.Millisecond},
	}
	if w.config != nil {
		w.config(&c)
	}
	w.Service, err = issuersheets.New(c)
	must(t, err)
	r := chi.NewRouter()
	r.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
			next.ServeHTTP(rw, req.WithContext(access.With(req.Context(), w.who)))
		})
	})
	w.Routes(r)
	w.server = httptest.NewServer(r)
	t.Cleanup(w.shut)
}

func (w *world) now() time.Time { return today.Add(time.Duration(w.past.Load()) * time.Second) }

func (w *world) pass(d time.Duration) { w.past.Add(int64(d / time.Second)) }

// start lets the jobs be done.
func (w *world) start(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	w.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
	})
}

// shut closes everything, as a stop of the process does.
func (w *world) shut() {
	if w.stop != nil {
		w.stop()
		w.stop = nil
	}
	if w.server != nil {
		w.server.Close()
		w.server = nil
		_ = w.store.Close()
	}
}

// answer is what came back beside the body.
type answer struct {
	StatusCode int
	Header     http.Header
}

// ask makes a request and gives the answer with its body.
func (w *world) ask(t testing.TB, method, path, body string, headers ...string) (answer, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, w.server.URL+path, strings.NewReader(body))
	must(t, err)
	if body != "" {
		req.Header.Set("Content-Type", "text/csv")
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	must(t, err)
	return answer{res.StatusCode, res.Header}, string(data)
}

// send uploads a sheet and gives the job.
func (w *world) send(t testing.TB, query, body string, headers ...string) issuersheets.View {
	t.Helper()
	res, text := w.ask(t, "POST", "/api/v1/sheets?issuer=ente&template="+template+query, body, headers...)
	if res.StatusCode != http.StatusAccepted {
		t.Fatalf("%d: %s", res.StatusCode, text)
	}
	return viewOf(t, text)
}

func viewOf(t testing.TB, text string) (v issuersheets.View) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}

// until waits for a state of a job.
func (w *world) until(t testing.TB, id string, ok func(issuersheets.View) bool) issuersheets.View {
	t.Helper()
	var v issuersheets.View
	for range 2000 {
		res, text := w.ask(t, "GET", "/api/v1/sheets/"+id, "")
		if res.StatusCode != http.StatusOK {
			t.Fatalf("%d: %s", res.StatusCode, text)
		}
		if v = viewOf(t, text); ok(v) {
			return v
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("it stays %+v", v)
	return v
}

func (w *world) ended(t testing.TB, id string) issuersheets.View {
	t.Helper()
	return w.until(t, id, func(v issuersheets.View) bool { return v.State.Final() })
}

// issued counts the rows of the register.
func (w *world) issued(t testing.TB) (n int) {
	t.Helper()
	must(t, w.issuer.List(t.Context(), issuer.Filter{}, func(row issuer.Issuance) bool {
		if row.State == issuer.StateIssued {
			n++
		}
		return true
	}))
	return n
}

// files are the names in the folder of sheets, with those inside.
func (w *world) files(t testing.TB) (names []string) {
	t.Helper()
	dir := filepath.Join(w.home, "sheets")
	must(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, filepath.Base(path))
		}
		return err
	}))
	return names
}

// class is a sheet of n people.
func class(n int) string {
	var b strings.Builder
	b.WriteString("Nome;Data di nascita;Numero attestato;Esito;Data fine;E-mail\n")
	for i := range n {
		fmt.Fprintf(&b, "Ada %s;12/03/1994;N-%d;Superato;18/11/2026;ada%d@ente.example\n", letters(i), i, i)
	}
	return b.String()
}

func letters(n int) string {
	return strings.Map(func(r rune) rune { return r - '0' + 'a' }, fmt.Sprint(n))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// eventually waits for what a goroutine brings about.
func eventually(ok func() bool) bool {
	for range 1000 {
		if ok() {
			return true
		}
		time.Sleep(5 * time.Millisecond)
	}
	return false
}
