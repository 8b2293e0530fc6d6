package pagekit

import (
	"errors"
	"fmt"
	"html/template"
	"strings"
)

// Page is what one page is made of. Name, Path and Shell are compulsory.
type Page struct {
	Name  string             // in names of caches: "verify"
	Path  string             // on a server, without a slash at its end: "/verify"
	Short string             // the page answers there too: a beginning of Path, in the same folder: "/v"; "" for nowhere
	Shell *template.Template // shown with a Shell; its functions t and asset are set anew for every language
	Files []File             // the page's own, beside those of the kit
	Areas []string           // of the catalogue, for words.LANG.json
	Trust *Trust             // nil: the page is told to trust nobody
	Reach []string           // origins that it may ask beside its own, "https:" for all
	Data  any                // of the page, for its shell
}

// File is one file of a page. A Fresh one is asked for at each request and is no
// part of the page's version; what it answers with ErrAbsent is not there.
type File struct {
	Name  string // below the page: "verify.mjs", "zxing/reader.mjs"
	Type  string // media type
	Body  []byte
	Later bool // large, and not for the first screen: kept ahead of its use while nobody waits, or once it is used
	Built bool // made by others or by the build: not one of our scripts

	Online bool // of use only with a network: never kept
	Fresh  func(name string) ([]byte, error)
}

// IsScript tells of JavaScript.
func (f File) IsScript() bool {
	return strings.HasSuffix(f.Name, ".mjs") || strings.HasSuffix(f.Name, ".js")
}

// ErrAbsent says that a fresh file is not there for now.
var ErrAbsent = errors.New("pagekit: no such file for now")

// Shell is what a page's template is executed with.
type Shell struct {
	Lang, Dir string   // of the reader; Dir is ltr or rtl
	At        string   // stands before the name of every asset: "verify/", or ""
	Scope     string   // of the service worker, as its file sees it: "../v", or "" for the folder
	Tongues   []Tongue // to choose from
	Policy    string   // for a page that no server sends headers with, else ""
	Checker   bool     // the program was built with the checker
	Camera    bool     // and with the reader of the live camera
	Release   string   // the version, by which the service worker knows its page
	Data      any
}

// Site is a Page with all its files, ready to serve or to write.
type Site struct {
	page    Page
	files   map[string]File
	order   []string
	version string
}

// New gathers the files of a page: the kit's, the page's own, the words, the
// trust and the service worker. Two files of one name are an error.
func New(p Page) (*Site, error) {
	if p.Name == "" || p.Path == "" || p.Shell == nil {
		return nil, errors.New("pagekit: a page needs a name, a path and a shell")
	}
	s := &Site{page: p, files: map[string]File{}}
	kit, err := kitFiles()
	if err != nil {
		return nil, err
	}
	words, err := wordFiles(p.Areas)
	if err != nil {
		return nil, err
	}
	trusted, err := p.Trust.files()
	if err != nil {
		return nil, err
	}
	for _, group := range [][]File{kit, p.Files, words, trusted} {
		for _, f := range group {
			if _, twice := s.files[f.Name]; twice {
				return nil, fmt.Errorf("pagekit: two files are called %s", f.Name)
			}
			s.add(f)
		}
	}
	s.version, err = s.hash()
	if err != nil {
		return nil, err
	}
	s.add(s.worker())
	return s, nil
}

func (s *Site) add(f File) {
	s.files[f.Name] = f
	s.order = append(s.order, f.Name)
}

// Version is the hash over everything that the page is made of, but the bundle.
func (s *Site) Version() string { return s.version }

// ScriptSize is how much JavaScript of our own the page has, in bytes before
// compression. The list of files before the service worker is none: the build
// writes it.
func (s *Site) ScriptSize() (n int) {
	for _, f := range s.files {
		switch {
		case !f.IsScript() || f.Built:
		case f.Name == workerBody:
			n += len(workerCode())
		default:
			n += len(f.Body)
		}
	}
	return n
}

// Files are the page's files without its shell, in a stable order.
func (s *Site) Files() []File {
	all := make([]File, 0, len(s.order))
	for _, name := range s.order {
		all = append(all, s.files[name])
	}
	return all
}
