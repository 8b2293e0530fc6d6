package issuerpublic

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/issuer"
)

const (
	// assertionFresh is how long an assertion answers again for who asks again. A
	// cache may keep it as long once more, so that a change is seen in a minute
	// whichever of a credential's lists it is in.
	assertionFresh = 25 * time.Second

	// maxAssertions bounds the memory behind it.
	maxAssertions = 8192

	typeAssertion = "application/jwt"
)

// assertions are those signed of late, by list and hash.
type assertions struct {
	mu   sync.Mutex
	kept map[string]*asserted
}

// asserted is an assertion, or one being signed: whoever asks meanwhile waits
// for it.
type asserted struct {
	ready chan struct{}
	file  httpkit.File
	err   error
	at    time.Time
}

// assertion answers for one credential. Only who has a token knows its hash,
// and the answer for any other is the same 404 whatever it is.
func (p *Public) assertion(w http.ResponseWriter, r *http.Request, shown *snapshot, list *httpkit.File, hash string) {
	httpkit.AnyOrigin(w.Header()) // a wallet in a browser is to know a refusal from no network
	f, err := p.assert(r.Context(), shown.urlOf(list), hash)
	var refused *issuer.Error
	switch {
	case err == nil:
		httpkit.ServeBytes(w, r, f)
	case errors.As(err, &refused) && (refused.Code == "credential_unknown" || refused.Code == "not_issued"):
		httpkit.NotFound(w, r)
	case r.Context().Err() != nil:
	default:
		httpkit.Logger(r.Context()).Error("status assertion", "error", err.Error())
		w.Header().Set("Retry-After", "60")
		httpkit.WriteProblem(w, r, httpkit.Problem{Status: http.StatusServiceUnavailable, Code: "unsigned"})
	}
}

// urlOf is the URL of the list that a file holds; "" when it holds none.
func (s *snapshot) urlOf(f *httpkit.File) string {
	for url, l := range s.lists {
		if l.file == f {
			return url
		}
	}
	return ""
}

// assert finds an assertion that still answers, or signs one.
func (p *Public) assert(ctx context.Context, url, hash string) (httpkit.File, error) {
	now := p.c.Now()
	a, mine := p.asserts.find(url+"#"+hash, now)
	if mine {
		a.file, a.err = p.signAssertion(context.WithoutCancel(ctx), url, hash, now)
		close(a.ready)
		if a.err != nil {
			p.asserts.drop(url+"#"+hash, a)
		}
	}
	select {
	case <-a.ready:
		return a.file, a.err
	case <-ctx.Done():
		return httpkit.File{}, ctx.Err()
	}
}

func (p *Public) signAssertion(ctx context.Context, url, hash string, now time.Time) (httpkit.File, error) {
	sum, err := base64.RawURLEncoding.Strict().DecodeString(hash)
	if err != nil || len(sum) != sha256.Size {
		return httpkit.File{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	token, err := p.c.Issuer.StatusAssertionOf(ctx, publisher, url, [sha256.Size]byte(sum), trust.MaxAssertionLife)
	if err != nil {
		return httpkit.File{}, err
	}
	return *fileOf([]byte(token), typeAssertion, now, assertionFresh), nil
}

// find gives the assertion of a key; mine tells the caller to sign it.
func (s *assertions) find(key string, now time.Time) (a *asserted, mine bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a = s.kept[key]; a != nil && a.answers(now) {
		return a, false
	}
	if s.kept == nil || len(s.kept) >= maxAssertions {
		s.kept = map[string]*asserted{} // they cost a signature each, not more
	}
	a = &asserted{ready: make(chan struct{}), at: now}
	s.kept[key] = a
	return a, true
}

func (a *asserted) answers(now time.Time) bool {
	age := now.Sub(a.at)
	return age >= 0 && age < assertionFresh
}

func (s *assertions) drop(key string, a *asserted) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept[key] == a {
		delete(s.kept, key)
	}
}
