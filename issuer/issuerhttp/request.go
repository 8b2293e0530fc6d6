package issuerhttp

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"regexp"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
)

const maxBody = 1 << 20 // bytes

// handler is a handler whose refusals have one way out.
type handler func(w http.ResponseWriter, r *http.Request) error

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := h(w, r); err != nil {
		WriteError(w, r, err)
	}
}

// refuse makes a refusal; args are name, value pairs for the sentence.
func refuse(code string, args ...string) *issuer.Error {
	e := &issuer.Error{Code: code, Args: map[string]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		e.Args[args[i]] = args[i+1]
	}
	return e
}

// principal is who asks; Authenticate has put it there.
func principal(r *http.Request) access.Principal {
	p, _ := access.From(r.Context())
	return p
}

// act reads the body of a request that changes something, into body unless that
// is nil, and returns the context to act in: once begun an act is carried
// through, whether or not the client still waits. A request that bears an
// Idempotency-Key happens once, see issuer.Once.
func (a *API) act(w http.ResponseWriter, r *http.Request, body any) (context.Context, error) {
	data, err := httpkit.ReadBody(w, r, maxBody)
	if err != nil {
		return nil, err
	}
	if body != nil {
		if err := httpkit.DecodeJSON(r, data, body); err != nil {
			return nil, err
		}
	}
	return once(r, data)
}

// once names the request for issuer.Once. What is stored of it is a hash of the
// key and, under the key, a hash of the rest: the register can neither be asked
// for a key nor lets anybody guess a learner.
func once(r *http.Request, body []byte) (context.Context, error) {
	ctx := context.WithoutCancel(r.Context())
	keys := r.Header.Values("Idempotency-Key")
	if len(keys) == 0 {
		return ctx, nil
	}
	if len(keys) > 1 || !keyForm.MatchString(keys[0]) {
		return nil, refuse("idempotency_key")
	}
	key := sha256.Sum256([]byte(string(principal(r).Actor) + "\x00" + keys[0]))
	request := issuer.Request{Key: "api " + hex.EncodeToString(key[:])}
	mac := hmac.New(sha256.New, []byte(keys[0]))
	for _, part := range []string{r.Method, "\x00", r.URL.Path, "\x00", r.URL.RawQuery, "\x00", string(body)} {
		mac.Write([]byte(part))
	}
	mac.Sum(request.Hash[:0])
	return issuer.Once(ctx, request), nil
}

// keyForm is printable ASCII, as any HTTP field may carry.
var keyForm = regexp.MustCompile(`^[\x21-\x7e]{1,255}$`)

// markReplayed tells that the answer is that of an earlier request.
func markReplayed(w http.ResponseWriter, replayed bool) {
	if replayed {
		w.Header().Set("Idempotent-Replayed", "true")
	}
}

// The forms of what stands in a path. What has none of them is not looked for.
var (
	idForm     = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9:._-]{0,127}$`)
	nameForm   = httpkit.NewForm(`^[^/\\\p{C}]+$`, 100) // as bodies may be named
	layoutForm = regexp.MustCompile(`^[a-z]{0,32}$`)
)

// param is a parameter of the path that has a form; otherwise nothing is there.
func param(r *http.Request, name string, form interface{ MatchString(string) bool }) (string, error) {
	v := httpkit.Param(r, name)
	if !form.MatchString(v) {
		return "", access.ErrNotHere
	}
	return v, nil
}
