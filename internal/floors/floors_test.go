// Package floors holds the import rules of the house: roles stand on the
// street, one package a standard in the cellar, schema is the ground, cmd the
// roof. Imports point down, and on one floor only to the left.
package floors

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/employment-passport/passport/"

// rule says what one package may import of our own, and what must not be
// reached from it.
type rule struct {
	pkg string
	own []string // our own packages that it may import directly
	// banned packages, ours or of third parties, must not be reachable through
	// the whole chain of imports; those of the standard library must not be
	// imported by it directly (jwx itself links net/http).
	banned []string
}

const (
	jwx    = "github.com/lestrrat-go/jwx/v2"
	chi    = "github.com/go-chi/chi/v5"
	bbolt  = "go.etcd.io/bbolt"
	cobra  = "github.com/spf13/cobra"
	engine = "github.com/santhosh-tekuri/jsonschema/v6"
	xlsx   = "github.com/xuri/excelize/v2"
	zxing  = "github.com/makiuchi-d/gozxing"
)

var rules = []rule{
	{pkg: "internal/strictjson", banned: []string{jwx, "net/http", "os"}},
	{pkg: "schema", own: []string{"internal/strictjson"}, banned: []string{jwx, bbolt, engine, "net/http", "os", "io/ioutil"}},
	{pkg: "internal/jose", own: []string{"internal/strictjson"}, banned: []string{"schema", "net/http"}},
	{pkg: "internal/sealed", banned: []string{jwx, "net/http"}},
	{pkg: "internal/statuslist", own: []string{"internal/strictjson"}, banned: []string{jwx, "net/http"}},
	{pkg: "internal/jsonschema", own: []string{"internal/strictjson"}, banned: []string{jwx, "net/http"}},
	{pkg: "internal/qr", own: []string{"schema", "internal/strictjson"}, banned: []string{"issuer", "verifier", "wallet", zxing, "net/http"}},
	{pkg: "internal/qr/scan", own: []string{"internal/qr"}, banned: []string{"issuer", "verifier", "wallet", "net/http"}},
	{pkg: "internal/fetch", banned: []string{"schema", "issuer", "verifier", "wallet"}},
	{pkg: "internal/httpkit", own: []string{"internal/strictjson"}, banned: []string{"schema", "issuer", "verifier", "wallet", jwx, bbolt, cobra}},
	{pkg: "internal/onetime", banned: []string{"schema", jwx, "net/http", "os"}},
	{pkg: "internal/oid4vci", own: []string{"internal/jose", "internal/strictjson"}, banned: []string{"schema", "issuer", "verifier", "wallet", "internal/fetch", "net/http", "os"}},
	{pkg: "internal/i18n", banned: []string{"schema", jwx, "net/http"}},
	{pkg: "internal/did", own: []string{"internal/jose", "internal/strictjson"}, banned: []string{"issuer", "verifier", "wallet", "internal/fetch", "net/http"}},
	{pkg: "internal/did/web", own: []string{"internal/did", "internal/fetch"}, banned: []string{"issuer", "verifier", "wallet"}},
	{pkg: "internal/trust", own: []string{"internal/jose", "internal/did", "internal/statuslist", "internal/strictjson", "schema"}, banned: []string{"issuer", "verifier", "wallet", "internal/fetch", "net/http"}},
	{pkg: "internal/keyring", own: []string{"internal/jose", "internal/sealed"}, banned: []string{"issuer", "verifier", "wallet"}},
	{pkg: "internal/paper", own: []string{"schema", "internal/i18n", "internal/qr", "internal/strictjson"}, banned: []string{"issuer", "verifier", "wallet", jwx, bbolt, cobra, zxing, "net/http", "os"}},
	{pkg: "internal/export", own: []string{"schema", "internal/i18n", "internal/strictjson", "internal/qr"}, banned: []string{"issuer", "verifier", "wallet", jwx, bbolt, cobra, "net/http", "os"}},
	{pkg: "internal/pdf", banned: []string{"issuer", "verifier", "wallet", "schema", jwx, bbolt, cobra}},
	{
		pkg:    "verifier",
		own:    []string{"schema", "internal/jose", "internal/strictjson", "internal/statuslist", "internal/trust", "internal/did", "internal/qr"},
		banned: []string{bbolt, chi, cobra, "issuer", "wallet", "internal/fetch", "internal/jsonschema", engine, zxing, "net/http", "os"},
	},
	{
		pkg:    "issuer",
		own:    []string{"schema", "internal/jose", "internal/did", "internal/strictjson", "internal/statuslist", "internal/trust", "internal/jsonschema", "verifier"},
		banned: []string{bbolt, "wallet", "internal/fetch", cobra, "net/http"},
	},
	{pkg: "issuer/boltstore", own: []string{"issuer", "schema", "internal/strictjson", "internal/sealed"}, banned: []string{"wallet", chi, cobra, "net/http"}},
	{pkg: "issuer/sockstore", own: []string{"issuer"}, banned: []string{"wallet", bbolt, chi, cobra, "net/http"}},
	{pkg: "issuer/sheet", own: []string{"schema"}, banned: []string{"wallet", bbolt, cobra, xlsx, "net/http"}},
	{pkg: "issuer/sheet/xlsx", own: []string{"issuer/sheet"}, banned: []string{"wallet", bbolt, cobra, "net/http"}},
	{pkg: "internal/mail", own: []string{"internal/i18n", "internal/qr"}, banned: []string{"issuer", "verifier", "wallet", bbolt, cobra, "net/http"}},
	{
		pkg:    "issuer/issuersheets",
		own:    []string{"issuer", "issuer/access", "issuer/issuerhttp", "issuer/sheet", "issuer/sheet/xlsx", "schema", "internal/httpkit", "internal/i18n", "internal/mail", "internal/paper", "internal/sealed"},
		banned: []string{"wallet", bbolt, cobra, "internal/fetch"},
	},
	{pkg: "issuer/access", own: []string{"issuer", "schema"}, banned: []string{"wallet", bbolt, chi, cobra, "internal/fetch", "net/http"}},
	{
		pkg:    "issuer/issuerweb",
		own:    []string{"issuer", "issuer/access", "schema", "internal/httpkit", "internal/i18n", "internal/onetime"},
		banned: []string{"wallet", bbolt, cobra, "internal/fetch"},
	},
	{
		pkg:    "issuer/issuervci",
		own:    []string{"issuer", "issuer/access", "issuer/issuerhttp", "internal/oid4vci", "internal/onetime", "internal/did", "internal/httpkit", "internal/i18n", "internal/qr", "schema"},
		banned: []string{"wallet", bbolt, cobra, "internal/fetch"},
	},
	{
		pkg:    "issuer/issuerpublic",
		own:    []string{"issuer", "schema", "internal/did", "internal/httpkit", "internal/i18n", "internal/jose", "internal/statuslist", "internal/trust"},
		banned: []string{bbolt, "wallet", "internal/fetch", cobra},
	},
	{
		pkg:    "verifier/verifierhttp",
		own:    []string{"verifier", "verifier/report", "internal/httpkit", "internal/jose", "internal/onetime", "internal/strictjson"},
		banned: []string{bbolt, "issuer", "wallet", "internal/fetch", cobra},
	},
	{pkg: "internal/pagekit", own: []string{"internal/httpkit", "internal/i18n"}, banned: []string{"schema", "issuer", "verifier", "wallet", jwx, bbolt, cobra, "internal/fetch"}},
	{pkg: "verifier/verifierweb", own: []string{"internal/pagekit"}, banned: []string{"issuer", "wallet", jwx, bbolt, cobra, "internal/fetch"}},
	{
		pkg:    "verifier/intake",
		own:    []string{"verifier", "internal/i18n", "internal/jose", "internal/qr", "internal/strictjson", "internal/trust"},
		banned: []string{"issuer", "wallet", bbolt, chi, cobra, zxing, "internal/fetch", "net/http", "os"},
	},
	{
		pkg:    "verifier/report",
		own:    []string{"verifier", "verifier/intake", "schema", "internal/i18n", "internal/trust"},
		banned: []string{"issuer", "wallet", bbolt, chi, cobra, zxing, "internal/fetch", "net/http", "os"},
	},
	{
		pkg:    "internal/reading",
		own:    []string{"verifier", "verifier/intake", "internal/export", "internal/pdf", "internal/qr", "internal/qr/scan"},
		banned: []string{"issuer", "wallet", bbolt, chi, cobra, "internal/fetch", "net/http", "os"},
	},
	{
		pkg: "cmd/browser/engine",
		own: []string{
			"schema", "verifier", "verifier/intake", "verifier/report", "wallet", "internal/i18n", "internal/jose", "internal/oid4vci",
			"internal/qr", "internal/sealed", "internal/strictjson", "internal/trust",
		},
		banned: []string{"issuer", bbolt, chi, cobra, zxing, engine, "internal/fetch", "internal/export", "internal/pdf", "net/http", "os"},
	},
	{pkg: "wallet/walletweb", own: []string{"internal/httpkit", "internal/i18n", "internal/pagekit"}, banned: []string{"issuer", "verifier", jwx, bbolt, cobra, "internal/fetch"}},
	{
		pkg:    "issuer/issuerhttp",
		own:    []string{"issuer", "issuer/access", "issuer/sheet", "verifier", "schema", "internal/httpkit", "internal/i18n", "internal/jose", "internal/qr", "internal/strictjson"},
		banned: []string{"wallet", bbolt, cobra, "internal/fetch"},
	},
	{
		pkg:    "wallet",
		own:    []string{"schema", "internal/jose", "internal/did", "internal/strictjson", "internal/sealed", "internal/trust", "internal/oid4vci", "internal/qr", "verifier"},
		banned: []string{"issuer", chi, bbolt, "internal/fetch", "internal/jsonschema", engine, zxing, "net/http"},
	},
}

// pkg is what "go list -deps -json" tells of one package.
type pkg struct {
	ImportPath string
	Imports    []string
	Standard   bool
}

func TestImportsPointDown(t *testing.T) {
	house := load(t)
	for _, r := range rules {
		t.Run(r.pkg, func(t *testing.T) {
			judge(t, house, r)
		})
	}
}

func judge(t *testing.T, house map[string]pkg, r rule) {
	t.Helper()
	p, ok := house[module+r.pkg]
	if !ok {
		t.Fatalf("no package %s; is it still in its room?", r.pkg)
	}
	for _, path := range p.Imports {
		own, isOwn := strings.CutPrefix(path, module)
		if isOwn && !slices.Contains(r.own, own) {
			t.Errorf("%s imports %s; it may import %v of our own", r.pkg, own, r.own)
		}
	}
	for _, banned := range r.banned {
		if path := reach(house, p.ImportPath, banned); path != nil {
			t.Errorf("%s must not reach %s: %s", r.pkg, banned, strings.Join(path, " → "))
		}
	}
}

// inBrowser are the commands that are compiled for a browser only.
var inBrowser = []rule{
	{pkg: "cmd/browser", own: []string{"cmd/browser/engine"}, banned: []string{jwx, bbolt, chi, cobra, zxing, engine, "issuer", "internal/fetch", "net/http", "os"}},
	{pkg: "cmd/browser/files", own: []string{"internal/qr/scan", "internal/reading"}, banned: []string{bbolt, chi, cobra, "issuer", "wallet", "internal/fetch", "net/http", "os"}},
}

// TestBrowserImports holds what a page loads to its floor, as it is compiled for
// it: not even the whole chain reaches an HTTP client there.
func TestBrowserImports(t *testing.T) {
	house := load(t, "GOOS=js", "GOARCH=wasm")
	for _, r := range inBrowser {
		judge(t, house, r)
	}
	seen := map[string]bool{}
	for from := []string{module + "cmd/browser"}; len(from) > 0; from = from[1:] {
		for _, next := range house[from[0]].Imports {
			if next == "net/http" || next == "crypto/tls" {
				t.Errorf("%s links %s into a page", from[0], next)
			}
			if !seen[next] {
				seen[next] = true
				from = append(from, next)
			}
		}
	}
}

// TestJWXHasOneImporter keeps a change of library a change of one package.
func TestJWXHasOneImporter(t *testing.T) {
	for path, p := range load(t) {
		if !strings.HasPrefix(path, module) || path == module+"internal/jose" {
			continue
		}
		for _, imported := range p.Imports {
			if strings.HasPrefix(imported, jwx) {
				t.Errorf("%s imports %s; only internal/jose may", path, imported)
			}
		}
	}
}

// TestNetworkHasOneDoor keeps every outgoing request behind the address rules
// of internal/fetch.
func TestNetworkHasOneDoor(t *testing.T) {
	allowed := []string{
		"issuer/issuersheets", // serves only
		"internal/fetch", "internal/did/web", "issuer/issuerhttp", "cmd/passport",
		"internal/httpkit",                             // it serves, and asks nobody
		"issuer/issuerpublic", "verifier/verifierhttp", // likewise
		"issuer/issuervci", // serves, and asks nobody
		"internal/pagekit", // likewise
		"issuer/issuerweb", // serves, and asks OpenID providers through a client of fetch that it is given
	}
	for path, p := range load(t) {
		own, isOwn := strings.CutPrefix(path, module)
		if isOwn && slices.Contains(p.Imports, "net/http") && !slices.Contains(allowed, own) {
			t.Errorf("%s imports net/http; the network is reached through internal/fetch", own)
		}
	}
}

// TestMailHasOneDoor keeps letters behind the rules of internal/mail, which
// speaks to the one server that the operator named.
func TestMailHasOneDoor(t *testing.T) {
	for path, p := range load(t) {
		own, isOwn := strings.CutPrefix(path, module)
		for _, imported := range p.Imports {
			if isOwn && own != "internal/mail" && (imported == "net/smtp" || strings.HasPrefix(imported, "github.com/wneessen/go-mail")) {
				t.Errorf("%s imports %s; letters go through internal/mail", own, imported)
			}
		}
	}
}

// TestEveryPackageHasARoom makes a new package name its rule.
func TestEveryPackageHasARoom(t *testing.T) {
	free := []string{"cmd/passport", "examples", "internal/floors", "issuer/storetest", "passporttest", "passporttest/recognised", "passporttest/torture"}
	for path := range load(t) {
		own, isOwn := strings.CutPrefix(path, module)
		known := slices.ContainsFunc(slices.Concat(rules, inBrowser), func(r rule) bool { return r.pkg == own })
		if isOwn && !known && !slices.Contains(free, own) {
			t.Errorf("%s has no rule here; which floor does it stand on?", own)
		}
	}
}

// load asks for every package, as it is compiled under env.
func load(t *testing.T, env ...string) map[string]pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Imports,Standard", module+"...")
	cmd.Env = append(cmd.Environ(), env...)
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("go list: %v\n%s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	house := map[string]pkg{}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		switch err := d.Decode(&p); {
		case errors.Is(err, io.EOF):
			return house
		case err != nil:
			t.Fatal(err)
		}
		house[p.ImportPath] = p
	}
}

// reach finds a chain of imports from one package to a banned one, or nil. A
// ban covers the packages below the banned path too.
func reach(house map[string]pkg, from, banned string) []string {
	target := banned
	if _, ok := house[module+banned]; ok {
		target = module + banned
	}
	if house[target].Standard {
		if slices.Contains(house[from].Imports, target) {
			return []string{from, target}
		}
		return nil
	}
	seen := map[string]bool{}
	var walk func(at string) []string
	walk = func(at string) []string {
		if at == target || strings.HasPrefix(at, target+"/") {
			return []string{at}
		}
		if seen[at] || house[at].Standard {
			return nil
		}
		seen[at] = true
		for _, next := range house[at].Imports {
			if path := walk(next); path != nil {
				return append([]string{at}, path...)
			}
		}
		return nil
	}
	return walk(from)
}
