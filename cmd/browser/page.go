//go:build js && wasm

package main

import (
	"context"
	"encoding/json"
	"errors"
	"syscall/js"
	"time"

	"github.com/employment-passport/passport/cmd/browser/engine"
)

// page is the worker around the engine.
type page struct{}

func host() js.Value { return js.Global().Get("passportHost") }

// Now is the clock of the device, or the one that a test has set.
func (page) Now() time.Time {
	if now := host().Get("now"); now.Type() == js.TypeFunction {
		return time.UnixMilli(int64(now.Invoke().Float())).UTC()
	}
	return time.Now()
}

// Sign asks the page, which alone reaches its key.
func (page) Sign(ctx context.Context, handle string, message []byte) ([]byte, error) {
	signed, err := await(ctx, host().Call("sign", handle, bytesOut(message)))
	if err != nil {
		return nil, err
	}
	return bytesIn(signed), nil
}

// Fetch sends a request of the wallet. The answer comes as JSON, and its body
// beside it.
func (page) Fetch(ctx context.Context, r engine.Request) (engine.Response, error) {
	body := r.Body
	r.Body = nil
	asked, err := json.Marshal(r)
	if err != nil {
		return engine.Response{}, err
	}
	answer, err := await(ctx, host().Call("fetch", string(asked), bytesOut(body)))
	if err != nil {
		return engine.Response{}, err
	}
	var out engine.Response
	if err := json.Unmarshal([]byte(answer.Get("head").String()), &out); err != nil {
		return engine.Response{}, err
	}
	out.Body = bytesIn(answer.Get("body"))
	return out, nil
}

// Progress tells the page how far a call has come.
func (page) Progress(done, total int) { host().Call("progress", done, total) }

// await waits for a promise, or until ctx ends.
func await(ctx context.Context, promise js.Value) (js.Value, error) {
	type settled struct {
		value js.Value
		err   error
	}
	done := make(chan settled, 1)
	good := js.FuncOf(func(_ js.Value, args []js.Value) any {
		done <- settled{value: args[0]}
		return nil
	})
	bad := js.FuncOf(func(_ js.Value, args []js.Value) any {
		done <- settled{err: errors.New(args[0].Get("message").String())}
		return nil
	})
	defer good.Release()
	defer bad.Release()
	promise.Call("then", good, bad)
	select {
	case s := <-done:
		return s.value, s.err
	case <-ctx.Done():
		return js.Undefined(), ctx.Err()
	}
}

func bytesOut(data []byte) js.Value {
	out := js.Global().Get("Uint8Array").New(len(data))
	js.CopyBytesToJS(out, data)
	return out
}

func bytesIn(v js.Value) []byte {
	data := make([]byte, v.Get("length").Int())
	js.CopyBytesToGo(data, v)
	return data
}
