package main

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/employment-passport/passport/internal/fetch"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/sealed"
	"github.com/employment-passport/passport/internal/trust"
)

// fetchBundle takes the fetched bundle when it is newer than the one at hand
// and not past its own end. Its dates are signed; the HTTP Date only shows a
// clock that is badly wrong.
func (s *verifySetup) fetchBundle(ctx context.Context, client *fetch.Client, url, anchor string) {
	answer, err := client.Get(ctx, url, fetch.Options{MaxBytes: jose.MaxSigned})
	if err != nil {
		s.app.remark("verify.offline", map[string]string{"url": url})
		return
	}
	if d := answer.Date; !d.IsZero() && s.cfg.Now().Sub(d).Abs() > clockApart {
		s.cfg.ClockDoubted = true
	}
	path := s.app.storedBundle(anchor)
	lists := listFiles{ctx: ctx, client: client, bundleURL: url, beside: []func(string) ([]byte, error){listsBeside(path), listsBeside(s.path)}}
	b, err := trust.Open(answer.Body, anchor, trust.Options{ListFile: lists.read})
	if err != nil {
		s.app.refusedBundle(url, err)
		return
	}
	o := b.Origin()
	if s.bundle != nil && (o.Seq <= s.bundle.Origin().Seq || s.cfg.Now().After(o.Expires)) {
		return
	}
	s.use(b)
	if s.cfg.Now().After(o.Expires) || o.Seq < s.seenSeq(anchor) {
		return // nothing that a later command should begin with
	}
	if err := keepBundle(path, answer.Body, b.ListFiles(), lists.read); err != nil {
		s.app.remark("verify.bundle_unwritable", map[string]string{"path": path})
	}
}

func (s *verifySetup) seenSeq(anchor string) int64 {
	seq, _ := s.cfg.Memory.Seen(anchor)
	return seq
}

// listFiles finds the list files of a fetched bundle that is too large to hold
// them: beside a bundle at hand, where an unchanged list has the same name, or
// in the folder beside the address that the bundle came from.
type listFiles struct {
	ctx       context.Context
	client    *fetch.Client
	bundleURL string
	beside    []func(name string) ([]byte, error)
}

// listName is a SHA-256: no name leads anywhere else.
var listName = regexp.MustCompile(`^[0-9a-f]{64}$`)

var errListName = errors.New("not the name of a list file")

// read gives bytes that trust compares with the hash in the signed bundle.
func (l listFiles) read(name string) ([]byte, error) {
	if !listName.MatchString(name) {
		return nil, errListName
	}
	for _, beside := range l.beside {
		if data, err := beside(name); err == nil {
			return data, nil
		}
	}
	u, err := url.Parse(l.bundleURL)
	if err != nil {
		return nil, err
	}
	u.Path, u.RawPath = u.Path+trust.FolderSuffix+"/"+name, ""
	answer, err := l.client.Get(l.ctx, u.String(), fetch.Options{MaxBytes: trust.MaxList})
	if err != nil {
		return nil, err
	}
	return answer.Body, nil
}

// keepBundle leaves a fetched bundle for later commands with the same anchor:
// its list files first, and nothing without all of them, or a bundle that was
// whole would be replaced by one that is not.
func keepBundle(path string, data []byte, lists []string, read func(name string) ([]byte, error)) error {
	folder := path + trust.FolderSuffix
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	for _, name := range lists {
		list, err := read(name)
		if err == nil && !trust.IsListFile(name, list) {
			err = errListName
		}
		if err == nil {
			err = os.MkdirAll(folder, 0o700)
		}
		if err == nil {
			err = sealed.WriteFileAtomic(filepath.Join(folder, name), list, 0o600)
		}
		if err != nil {
			return err
		}
	}
	if err := sealed.WriteFileAtomic(path, data, 0o600); err != nil {
		return err
	}
	return dropOthers(folder, lists)
}

// dropOthers removes the list files that the kept bundle does not name.
func dropOthers(folder string, lists []string) error {
	old, err := os.ReadDir(folder)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for _, f := range old {
		if listName.MatchString(f.Name()) && !slices.Contains(lists, f.Name()) {
			err = errors.Join(err, os.Remove(filepath.Join(folder, f.Name())))
		}
	}
	return err
}
