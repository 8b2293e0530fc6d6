package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/employment-passport/passport/internal/pagekit"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
)

// shippedTrust is what a page believes from the start.
type shippedTrust struct {
	page   *pagekit.Trust
	origin schema.Origin
	lists  []string // names of the bundle's list files
	reach  []string // origins of newer bundles, beside the page's own
}

// trustFile is the page's own file that names its root.
const trustFile = "trust.json"

// takeFrom finds the root and the bundle in a folder that was written before. The
// root comes with the page's own files, as in the browser.
func (o *verifyPageOptions) takeFrom() error {
	data, err := os.ReadFile(filepath.Join(o.from, trustFile))
	if err != nil {
		return fail(exitUsage, "page_from", "path", o.from).wrap(err)
	}
	var said struct {
		Anchor string `json:"anchor"`
		URL    string `json:"url"`
	}
	if err := json.Unmarshal(data, &said); err != nil || checkAnchor(said.Anchor) != nil {
		return fail(exitUsage, "page_from", "path", o.from).wrap(err)
	}
	o.anchor, o.bundle = said.Anchor, filepath.Join(o.from, pagekit.FreshBundle)
	o.bundleURL = firstOf(o.bundleURL, said.URL)
	return nil
}

// shippedTrust opens the bundle as the page will: one that it would not believe
// is not shipped.
func (a *app) shippedTrust(o verifyPageOptions) (s shippedTrust, err error) {
	if o.bundle == "" || o.anchor == "" {
		return s, fail(exitUsage, "page_trust")
	}
	if err := checkAnchor(o.anchor); err != nil {
		return s, err
	}
	if o.bundleURL != "" {
		origin, err := originOf(o.bundleURL)
		if err != nil {
			return s, fail(exitUsage, "page_url", "url", o.bundleURL).wrap(err)
		}
		s.reach = []string{origin}
	}
	data, err := readBundle(o.bundle)
	if err != nil {
		return s, err
	}
	b, err := trust.Open(data, o.anchor, trust.Options{ListFile: listsBeside(o.bundle)})
	if err != nil {
		return s, bundleUnread(o.bundle, err)
	}
	s.origin, s.lists = b.Origin(), b.ListFiles()
	if !a.now().Before(s.origin.Expires) {
		return s, fail(exitUsage, "page_expired", "path", o.bundle, "date", s.origin.Expires.Format(time.DateOnly))
	}
	s.page = &pagekit.Trust{
		Anchor: o.anchor, Name: s.origin.Authority.Name, URL: o.bundleURL,
		// Read again each time: a stick's newer file is the newer bundle, and the
		// page believes it only if it is signed.
		Bundle: func() ([]byte, error) { return bundleNow(o.bundle) },
		List:   listsBeside(o.bundle),
	}
	return s, nil
}

// bundleNow is the file of the moment; none where the stick is away.
func bundleNow(path string) ([]byte, error) {
	data, err := readBundle(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, pagekit.ErrAbsent
	}
	return data, err
}

// maxBundleFile is how long a bundle may be, in bytes: as the program that made
// it allows.
const maxBundleFile = 64 << 20

func readBundle(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil || info.Size() > maxBundleFile {
		return nil, bundleUnread(path, err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, bundleUnread(path, err)
	}
	return data, nil
}
