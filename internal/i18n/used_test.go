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

// sources are the project's Go files without tests, by path.
func sources(t *testing.T) map[string]string {
	t.Helper()
	root := filepath.Join("..", "..")
	all := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".html") || strings.HasSuffix(path, "_test.go") {
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

// quoted finds the strings of a page's template.
var quoted = regexp.MustCompile("\"([^\"]+)\"")

// TestNoUnusedKey: a key is used when the sources hold it as one string, or the
// strings it is put together from ("check." and "revoked").
func TestNoUnusedKey(t *testing.T) {
	literals := map[string]bool{}
	for path, source := range sources(t) {
		if strings.HasSuffix(path, ".html") {
			for _, m := range quoted.FindAllStringSubmatch(source, -1) {
				literals[m[1]] = true
			}
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

// TestEveryCodeHasWords: what the code names can be said.
func TestEveryCodeHasWords(t *testing.T) {
	all := sources(t)
	for _, c := range []struct {
		file, pattern, prefix string
		least                 int
	}{
		{"verifier/codes.go", `(?m)^\tCode\w+\s*= "([a-z_]+)"`, "check.", 40},
		{"internal/jose/errors.go", `(?m)^\tCode\w+\s*= "([a-z_]+)"`, "check.", 10},
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
