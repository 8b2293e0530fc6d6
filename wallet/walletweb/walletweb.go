// Package walletweb is the jobseeker's wallet as a page: the shell, its words,
// its pictures and the small script that moves between its screens. What a
// wallet is, is decided by package wallet, compiled for the browser.
//
// It promises the person that nothing leaves the page but what the person
// sends: the page has no code of others, asks no address that the person did
// not agree to, and counts nobody. The attacker it has in mind makes offers,
// documents and links that want to become code or markup in the page.
package walletweb

import (
	"embed"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/pagekit"
	"github.com/go-chi/chi/v5"
)

// Path is where a server has the page.
const Path = "/wallet"

//go:embed assets
var assets embed.FS

//go:embed pages
var pages embed.FS

// Config says where the wallet stands and whom it trusts. Base is compulsory.
type Config struct {
	// Base is the address of this service without a path: https, or http on this
	// machine. Then the wallet may ask issuers on this machine too.
	Base *url.URL

	// Verify is the page that checks what is shown; links and codes begin with
	// it. Empty stands for /verify below Base.
	Verify string

	// Trust is the root and the bundle by which documents are judged. Without it
	// the wallet keeps and shows them, and says of none that it is valid.
	Trust *pagekit.Trust
}

// Web is the page with everything that it loads.
type Web struct{ site *pagekit.Site }

// ErrNoBase: a Config without an address.
var ErrNoBase = errors.New("walletweb: a Config needs a base address")

// New puts the page together.
func New(c Config) (*Web, error) {
	if c.Base == nil || c.Base.Host == "" {
		return nil, ErrNoBase
	}
	if c.Verify == "" {
		c.Verify = c.Base.JoinPath("/verify").String()
	}
	shell, err := pagekit.Parse("shell.html", funcs, pages)
	if err != nil {
		return nil, fmt.Errorf("walletweb: %w", err)
	}
	own, err := pagekit.FilesOf(assets, "assets")
	if err != nil {
		return nil, err
	}
	for i, f := range own {
		own[i].Online = strings.HasPrefix(f.Type, "image/")
	}
	named, err := manifests()
	if err != nil {
		return nil, err
	}
	site, err := pagekit.New(pagekit.Page{
		Name: "wallet", Path: Path, Shell: shell, Files: append(own, named...), Areas: []string{"walletpage"},
		Trust: c.Trust, Reach: reach(c.Base), Data: data{Verify: c.Verify},
	})
	if err != nil {
		return nil, err
	}
	return &Web{site: site}, nil
}

// reach is what the wallet may ask: issuers anywhere by https, which it does only
// once the person has agreed to the host; on this machine, by http, when the
// wallet itself is served there.
func reach(base *url.URL) []string {
	if base.Scheme == "http" && httpkit.IsLoopback(base.Hostname()) {
		return []string{"https:", "http://localhost:*", "http://127.0.0.1:*"}
	}
	return []string{"https:"}
}

// data is what the shell knows beside its language.
type data struct{ Verify string }

// Routes registers /wallet and what is below it.
func (w *Web) Routes(r chi.Router) { w.site.Routes(r) }

// ScriptSize is how much JavaScript of our own the page loads, in bytes before
// compression.
func (w *Web) ScriptSize() int { return w.site.ScriptSize() }

// Files are what stands below the page.
func (w *Web) Files() []pagekit.File { return w.site.Files() }

// Version changes with every file of the page but the bundle.
func (w *Web) Version() string { return w.site.Version() }
