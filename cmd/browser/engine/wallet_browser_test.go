package engine

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/employment-passport/passport/passporttest/recognised"
	"github.com/employment-passport/passport/wallet"
)

// browser is the engine compiled to WebAssembly, in a Node that stands for the
// browser: its WebCrypto has the key.
type browser struct {
	t   testing.TB
	in  *json.Encoder
	out *bufio.Reader
}

// startBrowser skips where the pages have not been built or there is no Node.
func startBrowser(t testing.TB) *browser {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no node")
	}
	built := filepath.Join("..", "..", "..", "internal", "pagekit", "built")
	if _, err := os.Stat(filepath.Join(built, "passport.wasm.gz")); err != nil {
		t.Skip("the pages have not been built: make pages")
	}
	run := exec.Command(node, filepath.Join("testdata", "wallet.mjs"), built)
	run.Stderr = os.Stderr
	in, err := run.StdinPipe()
	must(t, err)
	out, err := run.StdoutPipe()
	must(t, err)
	must(t, run.Start())
	t.Cleanup(func() { _ = in.Close(); _ = run.Wait() })
	return &browser{t: t, in: json.NewEncoder(in), out: bufio.NewReaderSize(out, 1<<20)}
}

// do makes a call that must not be refused.
func (b *browser) do(name string, in map[string]any) (answer map[string]any, took float64) {
	b.t.Helper()
	must(b.t, b.in.Encode(map[string]any{"name": name, "input": in, "now": noon.UnixMilli()}))
	line, err := b.out.ReadBytes('\n')
	must(b.t, err)
	var out struct {
		Answer map[string]any
		Took   float64
	}
	must(b.t, json.Unmarshal(line, &out))
	if out.Answer["error"] != nil {
		b.t.Fatalf("%s: %v", name, out.Answer["error"])
	}
	return out.Answer, out.Took
}

// TestWalletInWebAssembly: a wallet whose key WebCrypto keeps shows what a native
// checker verifies; its backup opens natively, and a vault made natively opens in
// it.
func TestWalletInWebAssembly(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a Node")
	}
	b, page := recognised.New(t), startBrowser(t)
	native := newDesk(t, b)
	page.do("trust.open", map[string]any{"anchor": b.Thumbprint(b.Root), "bundle": b.Bundle(noon.Add(-1)), "lang": "it"})
	jwk, _ := page.do("make", map[string]any{"key": "k"})
	drawn, _ := page.do("wallet.words", map[string]any{"lang": "it"})
	words := drawn["text"].(string)
	made, took := page.do("wallet.create", map[string]any{"key": "k", "jwk": jwk, "words": words})
	t.Logf("create and seal %.0f ms", took)
	did := made["did"].(string)

	var ids []any
	for range 3 {
		kept, _ := page.do("wallet.import", map[string]any{"tokens": []string{b.Issue(did)}})
		ids = append(ids, member(kept["kept"].([]any)[0], "card", "id"))
	}
	for _, show := range [][]any{ids[:1], ids} {
		out, took := page.do("wallet.present", map[string]any{"ids": show, "base": checker})
		t.Logf("present %d in %d codes: %.0f ms", len(show), len(out["codes"].([]any)), took)
		var texts []any
		for _, c := range out["codes"].([]any) {
			texts = append(texts, member(c, "text"))
		}
		seen := native.do("verify", map[string]any{"inputs": []any{map[string]any{"name": "screen", "texts": texts}}})
		if seen["worst"] != "valid" {
			t.Errorf("%v", seen["results"])
		}
	}
	_, took = page.do("wallet.list", map[string]any{})
	t.Logf("list of 3, judged: %.0f ms", took)

	backup, took := page.do("wallet.backup", map[string]any{"words": words})
	t.Logf("back up %.0f ms", took)
	file, err := base64.StdEncoding.DecodeString(backup["file"].(string))
	must(t, err)
	opened, err := wallet.Unseal(file, words)
	must(t, err)
	if opened.DID() != did || len(opened.Held()) != 3 {
		t.Errorf("%s holds %d", opened.DID(), len(opened.Held()))
	}

	vault, err := opened.Seal("otto parole", 10)
	must(t, err)
	back, _ := page.do("wallet.restore", map[string]any{"file": base64.StdEncoding.EncodeToString(vault), "words": "otto parole", "key": "k2"})
	page.do("import", map[string]any{"key": "k2", "jwk": back["jwk"]})
	state := member(back, "save", "state").(string)
	if strings.Contains(state, member(back, "jwk", "d").(string)) {
		t.Error("the state holds the key")
	}
	loaded, _ := page.do("wallet.load", map[string]any{"state": state, "key": "k2"})
	if loaded["keyOK"] != true || loaded["did"] != did {
		t.Errorf("%v", loaded)
	}
	page.do("wallet.present", map[string]any{"ids": ids[:1], "base": checker})
}
