package pagekit

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
)

//go:embed assets
var assets embed.FS

// built holds what "make pages" makes: both wasm files, Go's loader for them and
// the reader of camera pictures. Without it, it holds a README only.
//
//go:embed built
var built embed.FS

const (
	checkerFile = "passport.wasm.gz"
	filesFile   = "files.wasm.gz" // reads PDFs and badges, and in every picture what the camera's reader does not
	readerFile  = "zxing/"
	workerBody  = "sw.js" // of the service worker; its first lines are each page's own
)

// types of files by their ending; one that is not here is not served.
var types = map[string]string{
	".mjs": "text/javascript; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".json": "application/json; charset=utf-8", ".webmanifest": "application/manifest+json; charset=utf-8",
	".wasm": "application/wasm", ".gz": "application/octet-stream", ".svg": "image/svg+xml; charset=utf-8", ".png": "image/png",
	".txt": "text/plain; charset=utf-8",
}

// TypeOf is the media type of a file by its name, "" for one that no page has.
func TypeOf(name string) string { return types[path.Ext(name)] }

// HasChecker tells whether the program was built with the checker.
func HasChecker() bool {
	_, err := fs.Stat(built, "built/"+checkerFile)
	return err == nil
}

// HasCamera tells whether it was built with the reader of the live camera too.
func HasCamera() bool {
	entries, err := fs.ReadDir(built, "built/zxing")
	return err == nil && len(entries) > 0
}

// kitFiles are the modules and the style that both pages share, and what was
// built for them. To read them copies seven megabytes: all pages have the same.
var kitFiles = sync.OnceValues(readKit)

func readKit() ([]File, error) {
	shared, err := FilesOf(assets, "assets")
	if err != nil {
		return nil, err
	}
	made, err := filesBelow(built, "built")
	if err != nil {
		return nil, err
	}
	for i := range made {
		made[i].Built = true
	}
	all := make([]File, 0, len(shared)+len(made))
	for _, f := range append(shared, made...) {
		if f.Name == workerBody {
			continue
		}
		f.Later = f.Name == filesFile || strings.HasSuffix(f.Name, ".txt")
		all = append(all, f)
	}
	return all, nil
}

// FilesOf gives the files of our own below dir of an embedded folder, by the names
// that they have there, and modules lean. Those of a type that no page has are
// left out.
func FilesOf(from fs.FS, dir string) ([]File, error) {
	all, err := filesBelow(from, dir)
	if err != nil {
		return nil, err
	}
	for i, f := range all {
		if !f.IsScript() {
			continue
		}
		if all[i].Body, err = lean(f.Name, f.Body); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func filesBelow(from fs.FS, dir string) ([]File, error) {
	var all []File
	err := fs.WalkDir(from, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || TypeOf(name) == "" {
			return err
		}
		body, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		all = append(all, File{Name: strings.TrimPrefix(name, dir+"/"), Type: TypeOf(name), Body: body})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("pagekit: %w", err)
	}
	return all, nil
}
