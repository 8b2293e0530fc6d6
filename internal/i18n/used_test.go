package i18n

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// isPage tells of a template or script of ours: not of what the build brings,
// and not of what drives the tests.
func isPage(path string) bool {
	path = filepath.ToSlash(path)
	if strings.Contains(path, "/built/") || strings.Contains(path, "/passporttest/") {
		return false
	}
	return strings.HasSuffix(path, ".html") || strings.HasSuffix(path, ".mjs")
}

// sources are the project's Go files without tests and the pages' templates and
// scripts, by path.
func sources(t *testing.T) map[string]string {
	t.Helper()
	root := filepath.Join("..", "..")
	all := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if d.IsDir() || !isPage(path) && (!strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go")) {
			return nil
		}
		data, err := os.ReadFile(path)
		all[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// quoted finds the strings of a page's template or script, each kind of quote by
// itself; what a script inserts into a template literal splits it.
var quoted = []*regexp.Regexp{
	regexp.MustCompile(`"([^"\n]*)"`), regexp.MustCompile(`'([^'\n]*)'`), regexp.MustCompile("`([^`]*)`"),
	regexp.MustCompile(`"([a-z]+\.[a-z0-9_.]+)"`), // a key alone, where quotes stand within quotes
}

var inserted = regexp.MustCompile(`\$\{[^}]*\}`)

func collectPage(source string, literals map[string]bool) {
	for _, quotes := range quoted {
		for _, m := range quotes.FindAllStringSubmatch(source, -1) {
			for _, part := range inserted.Split(m[1], -1) {
				if part != "" {
					literals[part] = true
				}
			}
		}
	}
}

// TestNoUnusedKey: a key is used when the sources hold it as one string, or the
// strings it is put together from ("check." and "revoked").
func TestNoUnusedKey(t *testing.T) {
	literals := map[string]bool{}
	for path, source := range sources(t) {
		if isPage(path) {
			collectPage(source, literals)
			continue
		}
		collect(path, source, literals)
	}
	var used func(key string) bool
	used = func(key string) bool {
		if literals[key] {
			return true
		}
		for i := 1; i < len(key); i++ {
			if literals[key[:i]] && used(key[i:]) {
				return true
			}
		}
		return false
	}
	for key := range catalogue() {
		if !used(key) {
			t.Errorf("nothing uses %s", key)
		}
	}
}

// collect notes the strings of a source file.
func collect(path, source string, literals map[string]bool) {
	fset := token.NewFileSet()
	var s scanner.Scanner
	s.Init(fset.AddFile(path, -1, len(source)), []byte(source), nil, 0)
	for {
		_, tok, text := s.Scan()
		if tok == token.EOF {
			return
		}
		if tok != token.STRING {
			continue
		}
		if plain, err := strconv.Unquote(text); err == nil && plain != "" {
			literals[plain] = true
		}
	}
}

// TestPagesSayRealKeys: a key that a page names has words, else its reader would
// see the key. One that ends in a dot is put together with a code.
func TestPagesSayRealKeys(t *testing.T) {
	key := regexp.MustCompile("[\"'`]((?:vp|wp|wb|kit)\\.[a-z0-9_.]*[a-z0-9_])[\"'`]")
	found := 0
	for path, source := range sources(t) {
		if !isPage(path) {
			continue
		}
		for _, m := range key.FindAllStringSubmatch(source, -1) {
			found++
			if !Has(m[1]) {
				t.Errorf("%s: no words for %s", path, m[1])
			}
		}
	}
	if found < 150 {
		t.Errorf("%d keys found; does the pattern still fit?", found)
	}
}

// TestEveryCodeHasWords: what the code names can be said.
func TestEveryCodeHasWords(t *testing.T) {
	all := sources(t)
	for _, c := range []struct {
		file, pattern, prefix string
		least                 int
	}{
		{"verifier/codes.go", `(?m)^\tCode\w+\s*= "([a-z_]+)"`, "check.", 40},
		{"verifier/codes.go", `(?m)^\tCode\w+\s*= "([a-z_]+)"`, "meaning.", 40},
		{"verifier/intake/", `\bproblem\("([a-z_]+)"`, "meaning.", 5},
		{"verifier/intake/", `code = "([a-z_]+)"`, "meaning.", 3},
		{"internal/reading/", `"((?:pdf|badge|qr|file)_[a-z_]+)"`, "meaning.", 5},
		{"internal/jose/errors.go", `(?m)^\tCode\w+\s*= "([a-z_]+)"`, "check.", 10},
		{"cmd/browser/engine/", `\brefuse\("([a-z_]+)"`, "error.", 10},
		{"internal/jose/errors.go", `(?m)^\tCode\w+\s*= "([a-z_]+)"`, "meaning.", 10},
		{"internal/strictjson/doc.go", `(?m)^\tCode\w+\s*= "([a-z_]+)"`, "meaning.", 4},
		{"internal/strictjson/doc.go", `(?m)^\tCode\w+\s*= "([a-z_]+)"`, "check.", 4},
		{"cmd/passport/", `\bfail\(exit\w+, "([a-z_]+)"`, "error.", 10},
		{"cmd/passport/", `i18n\.T\([^"()]*(?:\([^()]*\))?[^"()]*"([a-z_]+\.[a-z_.]*[a-z])"`, "", 3},
		{"cmd/passport/", `\.t\("([a-z_.]+[a-z])"\)`, "", 3},
		{"cmd/passport/", `\.line\("([a-z_.]+)"`, "", 5},
	} {
		found := 0
		for path, source := range all {
			if !strings.Contains(filepath.ToSlash(path), c.file) {
				continue
			}
			for _, m := range regexp.MustCompile(c.pattern).FindAllStringSubmatch(source, -1) {
				found++
				if m[1] == "signature" && strings.Contains(c.file, "jose") {
					continue // told as signature_invalid
				}
				if !Has(c.prefix + m[1]) {
					t.Errorf("%s: no words for %s%s", path, c.prefix, m[1])
				}
			}
		}
		if found < c.least {
			t.Errorf("%s in %s: %d found; does the pattern still fit?", c.pattern, c.file, found)
		}
	}
}
