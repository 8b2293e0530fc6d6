package engine_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/employment-passport/passport/cmd/browser/engine"
)

// BenchmarkWasm measures one full verification, from the text of a credential to
// the words of a page, natively and as WebAssembly under Node in the same run, in
// time computed: the means of both, and how many times the one is the other.
func BenchmarkWasm(b *testing.B) {
	const times = 90
	dir := built(b)
	open, verify := oneValid(b)
	calls := []asked{open}
	for range times {
		calls = append(calls, verify)
	}
	for b.Loop() {
		native, wasm := nativeTimes(calls), wasmTimes(b, dir, calls)
		n, w := mean(native[times/3:]), mean(wasm[times/3:]) // once it is warm
		b.ReportMetric(n*1000, "native-µs")
		b.ReportMetric(w*1000, "wasm-µs")
		b.ReportMetric(float64(int(w/n*10))/10, "x-of-native")
	}
}

// oneValid is a bundle and a credential that is valid under it.
func oneValid(b *testing.B) (open, verify asked) {
	b.Helper()
	calls := recordedCalls(b, "-run", "^TestVerdict")
	host := &frozen{}
	e := engine.New(host)
	for i := 0; i+1 < len(calls); i += 2 {
		host.now = time.UnixMilli(calls[i].Now).UTC()
		e.Call(context.Background(), calls[i].Name, []byte(calls[i].Input))
		var in struct {
			Inputs []map[string]any `json:"inputs"`
		}
		must(b, json.Unmarshal([]byte(calls[i+1].Input), &in))
		one := ask(b, "one", "verify", host.now, map[string]any{"lang": "it", "inputs": in.Inputs[:1]})
		if out := string(e.Call(context.Background(), one.Name, []byte(one.Input))); strings.Contains(out, `"worst":"valid"`) && strings.Count(out, `"number":`) == 2 {
			return calls[i], one
		}
	}
	b.Fatal("no valid credential among the records")
	return asked{}, asked{}
}

func mean(took []float64) (sum float64) {
	for _, t := range took {
		sum += t
	}
	return sum / float64(len(took))
}

// nativeTimes are those of every call but the first, in milliseconds.
func nativeTimes(calls []asked) (took []float64) {
	host := &frozen{}
	e := engine.New(host)
	for i, c := range calls {
		host.now = time.UnixMilli(c.Now).UTC()
		began := userTime()
		e.Call(context.Background(), c.Name, []byte(c.Input))
		if i > 0 {
			took = append(took, userTime()-began)
		}
	}
	return took
}

// userTime is what this process has computed so far, in milliseconds: what else
// the machine does is no matter.
func userTime() float64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err) // it knows this process
	}
	return float64(used.Utime.Sec)*1e3 + float64(used.Utime.Usec)/1e3
}

func wasmTimes(b *testing.B, dir string, calls []asked) (took []float64) {
	b.Helper()
	var in bytes.Buffer
	for _, c := range calls {
		line, err := json.Marshal(c)
		must(b, err)
		in.Write(append(line, '\n'))
	}
	cmd := exec.Command("node", "testdata/run.mjs", dir)
	cmd.Stdin, cmd.Stderr = &in, os.Stderr
	out, err := cmd.Output()
	must(b, err)
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		var one struct {
			Took float64 `json:"took"`
		}
		must(b, json.Unmarshal(lines.Bytes(), &one))
		took = append(took, one.Took)
	}
	return took[1:]
}
