//go:build js && wasm

// Command files reads pictures, PDFs and badges for a page, as WebAssembly, with
// the code of the command line. It runs in a worker and registers two functions
// on the worker's global object,
//
//	passportFiles(name, bytes) → Promise of json
//	passportBeside(greys, width, json) → Promise of json
//
// The first gives an Answer of internal/reading. The second looks in a picture
// for codes beside those that another reader has read, a list of scan.Known, and
// gives {texts, unread}. passportFilesReady() tells that they are there. It is a
// second file beside the engine because who types or scans a code needs none of it.
package main

import (
	"context"
	"encoding/json"
	"syscall/js"

	"github.com/employment-passport/passport/internal/qr/scan"
	"github.com/employment-passport/passport/internal/reading"
)

func main() {
	js.Global().Set("passportFiles", js.FuncOf(func(_ js.Value, args []js.Value) any {
		name, data := args[0].String(), make([]byte, args[1].Get("length").Int())
		js.CopyBytesToGo(data, args[1])
		return promise(func() (string, error) {
			out, err := json.Marshal(reading.Answered(context.Background(), name, data))
			return string(out), err
		})
	}))
	js.Global().Set("passportBeside", js.FuncOf(func(_ js.Value, args []js.Value) any {
		greys, width, known := make([]byte, args[0].Get("length").Int()), args[1].Int(), args[2].String()
		js.CopyBytesToGo(greys, args[0])
		return promise(func() (string, error) { return beside(greys, width, known) })
	}))
	js.Global().Call("passportFilesReady")
	select {} // for as long as the worker lives
}

func beside(greys []byte, width int, list string) (string, error) {
	var known []scan.Known
	if err := json.Unmarshal([]byte(list), &known); err != nil {
		return "", err
	}
	seen, err := scan.Beside(context.Background(), greys, width, known)
	if err != nil {
		return "", err
	}
	out, err := json.Marshal(map[string]any{"texts": seen.Texts, "unread": seen.Unread})
	return string(out), err
}

// promise runs f beside the loop of the worker.
func promise(f func() (string, error)) js.Value {
	var executor js.Func
	executor = js.FuncOf(func(_ js.Value, settle []js.Value) any {
		good, bad := settle[0], settle[1]
		go func() {
			defer executor.Release()
			if out, err := f(); err != nil {
				bad.Invoke(err.Error())
			} else {
				good.Invoke(out)
			}
		}()
		return nil
	})
	return js.Global().Get("Promise").New(executor)
}
