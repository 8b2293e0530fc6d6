package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/pagekit"
	"github.com/employment-passport/passport/verifier/verifierweb"
)

// pageReadMe tells whoever finds the folder what it is.
const pageReadMe = "README.txt"

// writePage writes the page into a folder that appears whole. A folder that has
// anything in it is left as it is.
func (a *app) writePage(o verifyPageOptions, web *verifierweb.Web, shipped shippedTrust) error {
	target, err := filepath.Abs(o.out)
	if err != nil {
		return usage(err)
	}
	exists, err := emptyFolder(target)
	if err != nil {
		return err
	}
	beside := filepath.Dir(target)
	if exists {
		beside = target // the mount of a stick cannot be put in another's place
	}
	made, err := os.MkdirTemp(beside, ".passport-page-")
	if err != nil {
		return fail(exitUsage, "file_write", "file", o.out).wrap(err)
	}
	defer func() { _ = os.RemoveAll(made) }() // gone where all went well
	if err := a.fillPage(made, web, shipped); err != nil {
		return fail(exitUsage, "file_write", "file", o.out).wrap(err)
	}
	if err := put(made, target, exists); err != nil {
		return fail(exitUsage, "file_write", "file", o.out).wrap(err)
	}
	return a.sayPage(o, web, shipped)
}

// emptyFolder tells whether the target stands there, and refuses one that is not
// ours to fill.
func emptyFolder(path string) (exists bool, err error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, fail(exitUsage, "file_write", "file", path).wrap(err)
	case !info.IsDir():
		return false, fail(exitUsage, "page_folder", "path", path)
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return false, fail(exitUsage, "file_write", "file", path).wrap(err)
	}
	if len(entries) > 0 {
		return false, fail(exitUsage, "page_folder", "path", path)
	}
	return true, nil
}

func (a *app) fillPage(dir string, web *verifierweb.Web, shipped shippedTrust) error {
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // G302: it is for everybody to read
		return err
	}
	if err := web.Write(dir, a.language(), shipped.lists...); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, pageReadMe), []byte(pageReadMeText(shipped)), 0o644) //nolint:gosec // G306: likewise
}

// pageReadMeText says it in all five languages: nobody knows who finds it.
func pageReadMeText(shipped shippedTrust) string {
	var parts []string
	for _, lang := range i18n.Languages {
		parts = append(parts, i18n.T(lang, "page.readme", map[string]string{
			"authority": i18n.OneLine(shipped.origin.Authority.Name), "date": i18n.Day(lang, shipped.origin.Expires), "anchor": shipped.origin.Authority.Anchor,
		}))
	}
	return strings.Join(parts, "\n\n----\n\n") + "\n"
}

// put moves what was made to its place: as a whole where the target is not there
// yet, else piece by piece, the page itself last.
func put(made, target string, exists bool) error {
	if !exists {
		return os.Rename(made, target)
	}
	entries, err := os.ReadDir(made)
	if err != nil {
		return err
	}
	var moved []string
	for _, last := range []bool{false, true} {
		for _, e := range entries {
			if (e.Name() == pagekit.Index) != last {
				continue
			}
			place := filepath.Join(target, e.Name())
			if err := os.Rename(filepath.Join(made, e.Name()), place); err != nil {
				for _, m := range moved { // half a page is none
					err = errors.Join(err, os.RemoveAll(m))
				}
				return err
			}
			moved = append(moved, place)
		}
	}
	return nil
}

func (a *app) sayPage(o verifyPageOptions, web *verifierweb.Web, shipped shippedTrust) error {
	origin := shipped.origin
	if a.json {
		return a.printJSON(struct {
			Folder    string `json:"folder"`
			Version   string `json:"version"`
			Authority string `json:"authority"`
			Anchor    string `json:"anchor"`
			Seq       int64  `json:"seq"`
			Expires   string `json:"expires"`
			Checker   bool   `json:"checker"`
			Camera    bool   `json:"camera"`
		}{o.out, web.Version(), origin.Authority.Name, origin.Authority.Anchor, origin.Seq, origin.Expires.UTC().Format(time.RFC3339), pagekit.HasChecker(), pagekit.HasCamera()})
	}
	fmt.Fprintln(a.out, o.out)
	a.talk("page.written", "authority", origin.Authority.Name, "date", i18n.Day(i18n.Match(a.lang), origin.Expires))
	return nil
}
