//go:build js && wasm

// Command browser is the verifier and the wallet for a page, as WebAssembly: a
// thin shim around package engine. It runs in a worker and registers one
// function on the worker's global object,
//
//	passport(name, json) → Promise of json
//
// and finds its host there: passportHost {now?, sign(handle, bytes),
// fetch(json, bytes), progress(done, total)}, of which sign and fetch give
// promises.
package main

import (
	"context"
	"syscall/js"

	"github.com/employment-passport/passport/cmd/browser/engine"
)

func main() {
	e := engine.New(page{})
	js.Global().Set("passport", js.FuncOf(func(_ js.Value, args []js.Value) any {
		name, in := args[0].String(), args[1].String()
		return promise(func() any { return string(e.Call(context.Background(), name, []byte(in))) })
	}))
	js.Global().Get("passportHost").Call("ready")
	select {} // for as long as the worker lives
}

// promise runs f beside the loop of the worker, which f may wait for.
func promise(f func() any) js.Value {
	var executor js.Func
	executor = js.FuncOf(func(_ js.Value, settle []js.Value) any {
		resolve := settle[0]
		go func() {
			defer executor.Release()
			resolve.Invoke(f())
		}()
		return nil
	})
	return js.Global().Get("Promise").New(executor)
}
