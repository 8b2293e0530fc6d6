package issuerpublic

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
)

// How long caches may keep a file. A list is not kept long: its revocations
// shall be seen within the minute.
const (
	listAge  = 30 * time.Second
	keysAge  = 5 * time.Minute
	fixedAge = 24 * time.Hour // of what never changes once published
)

// snapshot is everything that is served at one moment. It is never changed:
// the next one takes its place as a whole.
type snapshot struct {
	files   map[string]*httpkit.File // by host and path; by path alone what every host serves
	hosts   map[string]bool
	lists   map[string]*list         // by URL
	bundles map[string]*trust.Bundle // by authority

	entities map[string]schema.Entity // the home's bodies, by DID
	keysOut  bool                     // their keys stand there as the store has them
	governed bool                     // the home has an authority, which says whom it recognises
}

// list is a signed status list.
type list struct {
	file     *httpkit.File
	token    string
	kid      string // of the key that signed it
	signedAt time.Time
	until    time.Time
}

// clone is the beginning of the next snapshot.
func (s *snapshot) clone() *snapshot {
	return &snapshot{files: maps.Clone(s.files), hosts: maps.Clone(s.hosts), lists: maps.Clone(s.lists), bundles: maps.Clone(s.bundles), entities: s.entities, keysOut: s.keysOut, governed: s.governed}
}

func emptySnapshot() *snapshot {
	return &snapshot{files: map[string]*httpkit.File{}, hosts: map[string]bool{}, lists: map[string]*list{}, bundles: map[string]*trust.Bundle{}}
}

// renew serves a file at a URL, unless the same bytes stand there.
func (s *snapshot) renew(address string, f *httpkit.File) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Path != path.Clean(u.Path) {
		return fmt.Errorf("%q has no place among the public files", address)
	}
	host := lower(u.Host)
	s.hosts[host] = true
	s.keep(host+u.Path, f)
	return nil
}

func (s *snapshot) keep(place string, f *httpkit.File) {
	if old := s.files[place]; old == nil || old.ETag != f.ETag {
		s.files[place] = f
	}
}

// putList serves a list in the place of an older one.
func (s *snapshot) putList(url string, l *list) error {
	if old := s.lists[url]; old != nil && l.signedAt.Before(old.signedAt) {
		return nil // somebody else was faster
	}
	s.lists[url] = l
	return s.renew(url, l.file)
}

// at finds what a host serves at a path; nil is nothing.
func (s *snapshot) at(host, place string) *httpkit.File {
	if f := s.files[lower(host)+place]; f != nil {
		return f
	}
	return s.files[place]
}

// fileOf is a public file of these bytes.
func fileOf(body []byte, kind string, modified time.Time, age time.Duration) *httpkit.File {
	sum := sha256.Sum256(body)
	return &httpkit.File{
		Body: body, Type: kind, Modified: modified.Truncate(time.Second), MaxAge: age,
		ETag: `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`,
	}
}

// readList reads a token of ours; its signature has been checked.
func readList(token string) (*list, *statuslist.List, error) {
	header, payload, err := jose.ParseUnverified(token)
	if err != nil {
		return nil, nil, err
	}
	says, err := statuslist.ParseCredential(payload)
	if err != nil {
		return nil, nil, err
	}
	l := &list{token: token, kid: header.Kid, signedAt: says.ValidFrom, until: says.ValidUntil}
	l.file = fileOf([]byte(token), typeList, l.signedAt, listAge)
	return l, says, nil
}

// lower is a Host header as the snapshot knows it.
func lower(host string) string { return strings.ToLower(host) }

// ours tells a request for a file, or an assertion, of a host of this home.
func (s *snapshot) ours(r *http.Request) bool {
	host := lower(r.Host)
	if s.files[host+r.URL.Path] != nil {
		return true
	}
	url, _, ok := splitAssertion(r.URL.Path)
	return ok && s.files[host+url] != nil
}
