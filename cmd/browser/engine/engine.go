// Package engine is the verifier and the wallet of a browser behind one door:
// the name of a call and JSON in, JSON out. It is the same Go code as the command
// line's, so that no second verifier is ever written; cmd/browser compiles it to
// WebAssembly, and natively it runs the same for tests.
//
// It opens no connection, no file and no clock: a Host brings them.
package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/verifier"
)

// Host is the page around the engine.
type Host interface {
	Now() time.Time

	// Sign signs the SHA-256 of message with the P-256 key of a handle, which
	// never leaves the page, and gives r and s, 32 bytes each.
	Sign(ctx context.Context, handle string, message []byte) ([]byte, error)

	// Fetch asks an address for the wallet; verifying never does. The page
	// follows no redirect and sends no cookie.
	Fetch(ctx context.Context, r Request) (Response, error)

	// Progress tells how many inputs of how many are done.
	Progress(done, total int)
}

// Request is one HTTP request of the wallet.
type Request struct {
	Method string            `json:"method"` // GET or POST
	URL    string            `json:"url"`
	Header map[string]string `json:"header,omitempty"`
	Body   []byte            `json:"body,omitempty"`
}

// Response is what came back, whatever its status.
type Response struct {
	Status int               `json:"status"`
	Header map[string]string `json:"header,omitempty"` // names in lower case
	Body   []byte            `json:"body,omitempty"`
}

// Engine answers calls, one at a time.
type Engine struct {
	host Host

	mu       sync.Mutex
	bundle   *trust.Bundle // nil without one
	refused  bool          // a bundle was given, and none stands
	memory   memory
	verifier *verifier.Verifier // of the bundle, made at the first question
	doubted  bool               // what it was made with

	wallet walletSession
}

// New makes an engine that trusts nobody yet.
func New(host Host) *Engine { return &Engine{host: host, memory: memory{}} }

// call answers one kind of question; in is a JSON object.
type call func(e *Engine, ctx context.Context, in []byte) (any, error)

var calls = sync.OnceValue(func() map[string]call {
	all := map[string]call{
		"trust.open":  (*Engine).trustOpen,
		"trust.lists": (*Engine).trustLists,
		"verify":      (*Engine).verify,
		"kind":        (*Engine).kind,
	}
	maps.Copy(all, walletCalls)
	return all
})

// Call answers the call of that name. The answer is always a JSON object; what
// cannot be done is {"error": {"code", "message", "hint"}} in the language that
// the call named.
func (e *Engine) Call(ctx context.Context, name string, in []byte) []byte {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(in) == 0 {
		in = []byte("{}")
	}
	answer, err := e.answer(ctx, name, in)
	if err != nil {
		answer = refusal(spoken(in), err)
	}
	out, err := marshal(answer)
	if err != nil {
		out, _ = marshal(refusal(spoken(in), err))
	}
	return out
}

// answer turns a fault of ours into a refusal: one document that meets it must
// not end the engine, with the wallet in it.
func (e *Engine) answer(ctx context.Context, name string, in []byte) (answer any, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%v", fault)
		}
	}()
	do, ok := calls()[name]
	if !ok {
		return nil, refuse("engine_call", "name", name)
	}
	return do(e, ctx, in)
}

// read reads the JSON of a call.
func read(in []byte, v any) error {
	if err := json.Unmarshal(in, v); err != nil {
		return refuse("engine_input").because(err)
	}
	return nil
}
