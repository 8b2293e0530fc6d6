package engine_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/cmd/browser/engine"
)

const builtDir = "../../../internal/pagekit/built"

// built is the folder that "make pages" fills. What needs it is skipped where it or
// Node is missing, unless PASSPORT_PAGES says that both must be there.
func built(t testing.TB) string {
	t.Helper()
	_, noNode := exec.LookPath("node")
	_, noWasm := os.Stat(filepath.Join(builtDir, "passport.wasm.gz"))
	if err := errors.Join(noNode, noWasm); err != nil {
		if os.Getenv("PASSPORT_PAGES") != "" {
			t.Fatal(err)
		}
		t.Skip("run make pages, with Node: ", err)
	}
	return builtDir
}

// asked is one call, at a moment.
type asked struct {
	Name  string `json:"name"`
	Input string `json:"input"`
	Now   int64  `json:"now"` // Unix milliseconds
	what  string
}

// frozen is a page without network and keys, whose clock the calls set.
type frozen struct{ now time.Time }

func (f *frozen) Now() time.Time { return f.now }
func (f *frozen) Sign(context.Context, string, []byte) ([]byte, error) {
	return nil, errors.New("no key")
}
func (f *frozen) Fetch(context.Context, engine.Request) (engine.Response, error) {
	return engine.Response{}, errors.New("no network")
}
func (f *frozen) Progress(int, int) {}

// TestParity: the same calls give the same bytes natively and as WebAssembly:
// every verdict of the verifier's own tests, the public vectors, and inputs that
// mean harm, in all eleven languages. Two instances answer them, one a core.
func TestParity(t *testing.T) {
	if os.Getenv("PASSPORT_PAGES") == "" {
		t.Skip("a minute and a half: part of make check")
	}
	dir := built(t)
	calls := append(recordedCalls(t), hostileCalls(t)...)
	calls = append(calls, vectorCalls(t)...)
	middle := len(calls) / 2
	for calls[middle].Name != "trust.open" { // what comes before it is forgotten then
		middle++
	}
	var told [2]map[string]int
	t.Run("half", func(t *testing.T) {
		for i, half := range [][]asked{calls[:middle], calls[middle:]} {
			t.Run(strconv.Itoa(i+1), func(t *testing.T) {
				t.Parallel()
				told[i] = same(t, dir, half)
			})
		}
	})
	for _, colour := range colours {
		if n := told[0][colour] + told[1][colour]; n < 3 {
			t.Errorf("only %d answers with %s: is the corpus still whole?", n, colour)
		}
	}
}

// same holds the answers of both builds to each other, and counts the colours
// that they tell.
func same(t *testing.T, dir string, calls []asked) map[string]int {
	t.Helper()
	verdicts := map[string]int{}
	answers := inWasm(t, dir, calls)
	host := &frozen{}
	e := engine.New(host)
	different := 0
	for i, c := range calls {
		host.now = time.UnixMilli(c.Now).UTC()
		native := string(e.Call(context.Background(), c.Name, []byte(c.Input)))
		for _, colour := range colours {
			verdicts[colour] += strings.Count(native, colour)
		}
		if answers[i] == native {
			continue
		}
		if different++; different <= 5 {
			at := firstDifference(native, answers[i])
			t.Errorf("%s, %s: native …%s\nwasm …%s", c.what, c.Name, part(native, at), part(answers[i], at))
		}
	}
	if different > 0 {
		t.Errorf("%d of %d answers differ", different, len(calls))
	}
	t.Log(len(calls), "calls the same,", verdicts)
	return verdicts
}

// colours are those of a headline, as an answer writes them.
var colours = []string{
	`"colour":"green","shape":"check","headline":"`, `"colour":"amber","shape":"attention","headline":"`,
	`"colour":"red","shape":"cross","headline":"`, `"colour":"grey","shape":"question","headline":"`,
}

func firstDifference(a, b string) int {
	for i := 0; i < len(a) && i < len(b); i++ {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

func part(s string, at int) string { return s[max(0, at-60):min(len(s), at+120)] }

// inWasm runs all calls in one instance under Node.
func inWasm(t testing.TB, dir string, calls []asked) (answers []string) {
	t.Helper()
	var in bytes.Buffer
	for _, c := range calls {
		line, err := json.Marshal(c)
		must(t, err)
		in.Write(append(line, '\n'))
	}
	cmd := exec.Command("node", "testdata/run.mjs", dir)
	cmd.Stdin, cmd.Stderr = &in, os.Stderr
	out, err := cmd.Output()
	must(t, err)
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var one struct {
			Answer string `json:"answer"`
		}
		must(t, json.Unmarshal(lines.Bytes(), &one))
		answers = append(answers, one.Answer)
	}
	if len(answers) != len(calls) {
		t.Fatalf("%d answers to %d calls", len(answers), len(calls))
	}
	return answers
}

var everyLanguage = []string{"it", "en", "es", "el", "pl", "fr", "sl", "ro", "sq", "ar", "uk"}

func ask(t testing.TB, what, name string, now time.Time, in map[string]any) asked {
	t.Helper()
	data, err := json.Marshal(in)
	must(t, err)
	return asked{Name: name, Input: string(data), Now: now.UnixMilli(), what: what}
}

// recordedCalls are what the tests of the verifier showed it: each bundle with all
// that its test signed as one file, and of every third each token alone.
func recordedCalls(t testing.TB, only ...string) (calls []asked) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "record.json")
	cmd := exec.Command("go", append([]string{"test", "-count=1", "../../../verifier"}, only...)...)
	cmd.Env = append(os.Environ(), "PASSPORT_RECORD="+path)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	data, err := os.ReadFile(path)
	must(t, err)
	var all []struct {
		Test, Anchor string
		Bundle       []byte
		Now          time.Time
		Tokens       []string
	}
	must(t, json.Unmarshal(data, &all))
	if len(all) < 150 && only == nil {
		t.Fatalf("%d records", len(all))
	}
	for i, r := range all {
		if len(r.Tokens) > 60 {
			r.Tokens = r.Tokens[:60]
		}
		lang := everyLanguage[i%len(everyLanguage)]
		inputs := []map[string]any{{"name": "whole", "text": strings.Join(r.Tokens, "\n")}}
		for _, token := range r.Tokens {
			if i%3 > 0 {
				break
			}
			inputs = append(inputs, map[string]any{"name": "one", "text": token})
		}
		calls = append(calls,
			ask(t, r.Test, "trust.open", r.Now, map[string]any{"lang": lang, "anchor": r.Anchor, "bundle": base64.StdEncoding.EncodeToString(r.Bundle)}),
			ask(t, r.Test, "verify", r.Now, map[string]any{"lang": lang, "inputs": inputs, "csv": i%7 == 0, "clockDoubted": i%11 == 0}))
	}
	return calls
}

// hostileCalls are texts that are no documents, and calls that ask for nothing.
func hostileCalls(t testing.TB) (calls []asked) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	texts := []string{
		"", " ", "hello", "MC-PZ-2026-0042", "https://example.org/#1", "HTTPS://V.EXAMPLE/#1123456789", "#2123", "#3999", "#9123",
		"eyJhbGciOiJub25lIn0.e30.", "ey.ey.ey", "eyJ" + strings.Repeat("A", 70000) + ".e30.AA", "\xff\xfee\x00", "{\"token\":\"ey.a.b\"}",
		"{\"tokens\":[\"ey.a.b\",\"ey.c.d\"]}", "=cmd|' /C calc'!A0", "\u202eevil\u202c", "<script>alert(1)</script>", strings.Repeat("[", 5000),
		"eyJhbGciOiJFUzI1NiJ9.eyJhIjoxfQ\n.c2ln", "openid-credential-offer://?credential_offer=%7B%7D", strings.Repeat("9", 8000),
	}
	for n, lang := range append(everyLanguage, "de", "it_IT.UTF-8", "") {
		var inputs []map[string]any
		for i, text := range texts {
			if (i+n)%3 > 0 {
				continue
			}
			inputs = append(inputs,
				map[string]any{"name": "<b>&\u2028.txt", "text": text},
				map[string]any{"name": "picture", "texts": []string{text}, "told": []map[string]any{{"code": "code_unread", "args": map[string]string{"count": "2"}}}},
				map[string]any{"name": "inside", "tokens": []string{text}, "texts": []string{text}})
			calls = append(calls, ask(t, "hostile", "kind", now, map[string]any{"lang": lang, "text": text}))
		}
		for _, code := range []string{"qr_none", "qr_picture", "pdf_locked", "pdf_unread", "file_two_kinds", "no_such_code"} {
			inputs = append(inputs, map[string]any{"name": "f.pdf", "problem": map[string]any{"code": code, "args": map[string]string{"file": "f.pdf"}}})
		}
		calls = append(calls,
			ask(t, "hostile", "verify", now, map[string]any{"lang": lang, "inputs": inputs, "csv": true, "audience": "a", "nonce": "n"}),
			ask(t, "no call", "no.such.call", now, map[string]any{"lang": lang}),
			ask(t, "no bundle", "trust.open", now, map[string]any{"lang": lang, "anchor": "x", "bundle": "AAAA"}),
			ask(t, "no base64", "trust.open", now, map[string]any{"lang": lang, "anchor": strings.Repeat("A", 43), "bundle": "%"}),
			ask(t, "no lists", "trust.lists", now, map[string]any{"lang": lang, "bundle": "AAAA"}))
	}
	return append(calls, asked{Name: "verify", Input: "[", Now: now.UnixMilli(), what: "no JSON"}, asked{Name: "verify", Now: now.UnixMilli(), what: "nothing"})
}

// vectorCalls are every text of the public vectors, whatever it is.
func vectorCalls(t testing.TB) (calls []asked) {
	t.Helper()
	root := os.Getenv("PASSPORT_VECTORS")
	if root == "" {
		root = "../../../../shared/vectors"
		if _, err := os.Stat(root); err != nil {
			return nil
		}
	}
	var inputs []map[string]any
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".txt" && filepath.Ext(path) != ".json" && filepath.Ext(path) != ".jwt" {
			return err
		}
		data, err := os.ReadFile(path)
		if err == nil && len(data) < 1<<20 {
			inputs = append(inputs, map[string]any{"name": filepath.Base(path), "text": string(data)})
		}
		return err
	})
	must(t, err)
	if len(inputs) < 15 {
		t.Fatalf("%d vectors in %s", len(inputs), root)
	}
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for from := 0; from < len(inputs); from += 50 {
		calls = append(calls, ask(t, "vectors", "verify", now, map[string]any{"lang": "el", "inputs": inputs[from:min(from+50, len(inputs))]}))
	}
	return calls
}
