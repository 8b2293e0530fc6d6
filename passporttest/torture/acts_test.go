//go:build unix

package torture

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// credential is one that was acknowledged.
type credential struct {
	ID      string
	Token   string
	Index   uint32 `json:"statusListIndex"`
	Number  string `json:"documentNumber"`
	revoked bool
	cycle   int
}

// ledger is what the world has been promised.
type ledger struct {
	mu      sync.Mutex
	byID    map[string]*credential
	byIndex map[uint32]string
	acks    int
	broken  []string // promises that contradict each other
	refused map[int]int
	hurried int // refusals for now that do not say when to come back
}

func newLedger() *ledger {
	return &ledger{byID: map[string]*credential{}, byIndex: map[uint32]string{}, refused: map[int]int{}}
}

func (l *ledger) breaks(format string, args ...any) {
	l.broken = append(l.broken, fmt.Sprintf(format, args...))
}

func (l *ledger) issued(c credential, cycle int) *credential {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acks++
	if known := l.byID[c.ID]; known != nil {
		if known.Token != c.Token {
			l.breaks("%s has two tokens", c.ID)
		}
		return known
	}
	if other, taken := l.byIndex[c.Index]; taken {
		l.breaks("index %d belongs to %s and to %s", c.Index, other, c.ID)
	}
	c.cycle = cycle
	l.byID[c.ID], l.byIndex[c.Index] = &c, c.ID
	return &c
}

func (l *ledger) revoked(c *credential, cycle int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acks++
	c.revoked, c.cycle = true, cycle
}

func (l *ledger) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.acks
}

func (l *ledger) saw(r *refusal) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.refused[r.Status]++; r.Status == http.StatusServiceUnavailable && r.Retry == "" {
		l.hurried++
	}
}

// since returns the credentials that were acknowledged, or changed, in a cycle
// or later.
func (l *ledger) since(cycle int) (some []credential) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.byID {
		if c.cycle >= cycle {
			some = append(some, *c)
		}
	}
	return some
}

// refusal is an answer that is no 2xx.
type refusal struct {
	Status  int
	Type    string // content type
	Problem struct{ Code string }
	Retry   string // Retry-After
	Body    string
}

func (r *refusal) Error() string { return fmt.Sprintf("%d %s %.300s", r.Status, r.Type, r.Body) }

// do sends a request and decodes a 2xx once the whole of it has been read.
func (s *server) do(ctx context.Context, method, path, key string, body, into any) error {
	var content io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return err
		}
		content = bytes.NewReader(data)
	}
	r, err := http.NewRequestWithContext(ctx, method, s.base+path, content)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+s.w.secret)
	r.Header.Set("Content-Type", "application/json")
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	return s.answer(r, into)
}

func (s *server) answer(r *http.Request, into any) error {
	answer, err := s.client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode/100 != 2 {
		f := &refusal{Status: answer.StatusCode, Type: answer.Header.Get("Content-Type"), Retry: answer.Header.Get("Retry-After"), Body: strings.TrimSpace(string(data[:min(len(data), 8000)]))}
		_ = json.Unmarshal(data, &f.Problem)
		return f
	}
	if text, is := into.(*string); is {
		*text = string(data)
		return nil
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(data, into)
}

// nameOf is a learner's name for a client: names have no digits.
func nameOf(client int) string {
	return "Ada " + string(rune('A'+client/26)) + "na " + string(rune('A'+client%26)) + "rossi"
}

// issue asks for a credential under an idempotency key.
func (s *server) issue(ctx context.Context, key, name string) (c credential, err error) {
	err = s.do(ctx, http.MethodPost, "/api/v1/credentials", key, map[string]any{
		"issuer": "ente", "template": "food-hygiene",
		"learner": map[string]string{"name": name, "birthDate": "1994-03-12", "completedOn": "2026-11-18"},
	}, &c)
	if err == nil && (c.ID == "" || c.Token == "") {
		err = errors.New("a 2xx without a credential")
	}
	return c, err
}

func (s *server) revoke(ctx context.Context, id string) error {
	return s.do(ctx, http.MethodPost, "/api/v1/credentials/"+url.PathEscape(id)+"/revoke", "", map[string]string{"reason": "issued-in-error"}, nil)
}

// shown is what the register says of a credential.
type shown struct {
	Token, Status string
	List          string `json:"statusList"`
	Index         uint32 `json:"statusListIndex"`
}

func (s *server) show(ctx context.Context, id string) (c shown, err error) {
	err = s.do(ctx, http.MethodGet, "/api/v1/credentials/"+url.PathEscape(id), "", nil, &c)
	return c, err
}

// public fetches a public file of the issuer.
func (s *server) public(ctx context.Context, path string) (body string, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+path, nil)
	if err != nil {
		return "", err
	}
	r.Host = host
	return body, s.answer(r, &body)
}

// verify has the server judge a token, as anybody may.
func (s *server) verify(ctx context.Context, token string) (took time.Duration, err error) {
	begun := time.Now()
	err = s.do(ctx, http.MethodPost, "/credentials/verify", "", map[string]any{
		"verifiableCredential": map[string]string{
			"@context": "https://www.w3.org/ns/credentials/v2", "type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt," + token,
		},
	}, nil)
	var judged *refusal
	if errors.As(err, &judged) && judged.Status == http.StatusBadRequest && strings.Contains(judged.Body, `"verified":false`) {
		err = nil // judged: nobody has recognised the issuer here
	}
	return time.Since(begun), err
}
