package pagekit

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"regexp"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
)

// Policy is the content security policy of a page that may ask its own origin
// and those named. Wasm is compiled, never anything that comes as a text.
func Policy(reach ...string) string {
	return "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
		"media-src 'self' blob:; connect-src " + strings.Join(append([]string{"'self'"}, reach...), " ") +
		"; manifest-src 'self'; base-uri 'none'; form-action 'none'"
}

// framed ends the policy in a header; in a page itself it has no effect (CSP3,
// section 3.3).
const framed = "; frame-ancestors 'none'"

// shell is the page in one language. at stands before the names of its files.
func (s *Site) shell(lang Tongue, at, policy string) ([]byte, error) {
	t, err := s.page.Shell.Clone()
	if err != nil {
		return nil, fmt.Errorf("pagekit: shell: %w", err)
	}
	scope := ""
	if at != "" {
		scope = ".." + s.scope()
	}
	var out bytes.Buffer
	err = t.Funcs(template.FuncMap{
		"t":     func(key string, args ...string) string { return say(lang.Code, key, args...) },
		"asset": func(name string) string { return at + name },
	}).Execute(&out, Shell{
		Lang: lang.Code, Dir: lang.Dir, At: at, Scope: scope, Tongues: Tongues, Policy: policy,
		Checker: HasChecker(), Camera: HasCamera(), Release: s.version, Data: s.page.Data,
	})
	if err != nil {
		return nil, fmt.Errorf("pagekit: shell: %w", err)
	}
	return dress(lang.Code, out.Bytes()), nil
}

// named finds what names a key of the catalogue: a label, the hint of a field, an
// element with nothing in it yet.
var named = regexp.MustCompile(`data-t-(label|hint)="([a-z0-9_.]+)"|data-t="([a-z0-9_.]+)"[^<>]*></`)

// dress writes the words of a key where the page names it, as page.mjs does when
// the language changes.
func dress(lang string, page []byte) []byte {
	attribute := map[string]string{"label": "aria-label", "hint": "placeholder"}
	return named.ReplaceAllFunc(page, func(found []byte) []byte {
		m := named.FindSubmatch(found)
		if kind := string(m[1]); kind != "" {
			return append([]byte(attribute[kind]+`="`+template.HTMLEscapeString(say(lang, string(m[2])))+`" `), found...)
		}
		words := template.HTMLEscapeString(say(lang, string(m[3])))
		return []byte(strings.TrimSuffix(string(found), "</") + words + "</")
	})
}

//go:embed pages
var pages embed.FS

// Parse reads the templates of a page beside those that pages share: "head", what
// stands first in each, and "drawings", symbols of its sprite.
func Parse(name string, funcs template.FuncMap, own fs.FS) (*template.Template, error) {
	t, err := template.New(name).Funcs(Funcs()).Funcs(funcs).ParseFS(pages, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("pagekit: %w", err)
	}
	return t.ParseFS(own, "pages/*.html")
}

// Funcs are those that a shell can be parsed with.
func Funcs() template.FuncMap {
	return template.FuncMap{"t": func(string, ...string) string { return "" }, "asset": func(string) string { return "" }}
}

// say is a sentence of the catalogue; args are name, value pairs.
func say(lang, key string, args ...string) string {
	values := map[string]string{}
	for n := 0; n+1 < len(args); n += 2 {
		values[args[n]] = args[n+1]
	}
	return i18n.T(lang, key, values)
}

// hash is the version: of every file that is not fresh, by name, and of the
// shell as one language reads it, which does not name its release yet.
func (s *Site) hash() (string, error) {
	shell, err := s.shell(Tongues[0], "", "")
	if err != nil {
		return "", err
	}
	h := sha256.New()
	write := func(name string, body []byte) {
		sum := sha256.Sum256(body)
		_, _ = io.WriteString(h, name+"\x00") // never fails (hash.Hash)
		_, _ = h.Write(sum[:])
	}
	write("", shell)
	write(workerBody, workerCode())
	for _, name := range s.order {
		if f := s.files[name]; f.Fresh == nil {
			write(name, f.Body)
		}
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))[:16], nil
}
