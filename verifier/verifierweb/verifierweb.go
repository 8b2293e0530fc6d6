// Package verifierweb is the employer's page: it checks what a camera, a file or
// a link shows, in the browser, with no network. The checks themselves are those
// of package verifier, compiled for the browser; this package makes the frame,
// the words and what the page trusts, and serves them or writes them to a folder.
//
// It promises the person whose document is checked that the document goes
// nowhere: the page sends nothing, and an answer can be kept or printed without
// a name. It promises the employer that the page is never green by itself: what
// decides is the engine's report, and without a signed bundle under the root
// that came with the page nothing is valid.
package verifierweb

import (
	"embed"
	"fmt"

	"github.com/employment-passport/passport/internal/pagekit"
	"github.com/go-chi/chi/v5"
)

// Path is where a server has the page.
const Path = "/verify"

// Short is where a server has it too, for codes in which Path does not fit.
const Short = "/v"

//go:embed assets
var assets embed.FS

//go:embed pages
var pages embed.FS

// Config says what the page trusts. Its zero value is a page that trusts nobody
// and says so.
type Config struct {
	Trust *pagekit.Trust

	// Reach are origins from which newer bundles may come, beside the page's own:
	// "https://authority.example".
	Reach []string
}

// Web is the page with everything that it loads.
type Web struct{ site *pagekit.Site }

// New puts the page together.
func New(c Config) (*Web, error) {
	shell, err := pagekit.Parse("verify.html", nil, pages)
	if err != nil {
		return nil, fmt.Errorf("verifierweb: %w", err)
	}
	own, err := pagekit.FilesOf(assets, "assets")
	if err != nil {
		return nil, err
	}
	site, err := pagekit.New(pagekit.Page{
		Name: "verify", Path: Path, Short: Short, Shell: shell, Files: own, Areas: []string{"verifypage"}, Trust: c.Trust, Reach: c.Reach,
	})
	if err != nil {
		return nil, err
	}
	return &Web{site: site}, nil
}

// Routes registers /verify, what is below it, and /v.
func (w *Web) Routes(r chi.Router) { w.site.Routes(r) }

// Write puts the page into dir as files that any web server can serve: the page
// is index.html and everything else stands beside it. It starts in lang; lists
// are the names of a large bundle's list files.
func (w *Web) Write(dir, lang string, lists ...string) error {
	return w.site.Write(dir, lang, lists...)
}

// ScriptSize is how much JavaScript of our own the page has, in bytes.
func (w *Web) ScriptSize() int { return w.site.ScriptSize() }

// Files are what the page loads, by name.
func (w *Web) Files() []pagekit.File { return w.site.Files() }

// Version changes with every file of the page but the bundle.
func (w *Web) Version() string { return w.site.Version() }
