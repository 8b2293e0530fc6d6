package engine_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// What the program may weigh, in bytes (MB = 10^6). The sentences of the reader's
// language come beside it: 14 to 17 kB with gzip.
const (
	mostGzip   = 2_800_000
	mostBrotli = 2_000_000
)

// TestBudget holds the program of a page to its size, packed as web servers pack.
func TestBudget(t *testing.T) {
	if os.Getenv("PASSPORT_PAGES") == "" {
		t.Skip("a minute of packing: part of make check")
	}
	dir := built(t)
	packed, err := os.ReadFile(filepath.Join(dir, "passport.wasm.gz"))
	must(t, err)
	r, err := gzip.NewReader(bytes.NewReader(packed))
	must(t, err)
	plain, err := io.ReadAll(r)
	must(t, err)
	brotli := exec.Command("node", "-e", `const z = require("zlib"), p = z.constants;
const chunks = []; process.stdin.on("data", (c) => chunks.push(c)).on("end", () => { const b = Buffer.concat(chunks);
console.log(z.brotliCompressSync(b, { params: { [p.BROTLI_PARAM_QUALITY]: 11, [p.BROTLI_PARAM_LGWIN]: 24, [p.BROTLI_PARAM_SIZE_HINT]: b.length } }).length); })`)
	brotli.Stdin = bytes.NewReader(plain)
	out, err := brotli.Output()
	must(t, err)
	size, err := strconv.Atoi(strings.TrimSpace(string(out)))
	must(t, err)
	t.Logf("%d bytes, %d with gzip, %d with brotli", len(plain), len(packed), size)
	if len(packed) > mostGzip || size > mostBrotli {
		t.Errorf("%d bytes with gzip (at most %d), %d with brotli (at most %d)", len(packed), mostGzip, size, mostBrotli)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
