package issuerhttp

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	pageSize = 50
	maxPage  = 200
)

// page is the part of a listing that a request asks for.
type page struct {
	after string // id of the last row of the page before; empty for the first page
	limit int
}

// pageOf reads limit and cursor.
func pageOf(q url.Values) (p page, err error) {
	p.limit = pageSize
	if text := q.Get("limit"); text != "" {
		if p.limit, err = strconv.Atoi(text); err != nil || p.limit < 1 || p.limit > maxPage {
			return p, refuse("query", "name", "limit")
		}
	}
	cursor := q.Get("cursor")
	if cursor == "" {
		return p, nil
	}
	after, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || cursorAfter(string(after)) != cursor { // the decoder overlooks line breaks and spare bits
		return p, refuse("query", "name", "cursor")
	}
	p.after = string(after)
	return p, nil
}

// cursorAfter is the cursor of the page that follows a row.
func cursorAfter(id string) string { return base64.RawURLEncoding.EncodeToString([]byte(id)) }

// known refuses what a listing does not ask for: a filter that is misspelt must
// not bring everything.
func known(q url.Values, names ...string) error {
	for name, values := range q {
		ok := name == "lang"
		for _, n := range names {
			ok = ok || n == name
		}
		if !ok || len(values) > 1 {
			return refuse("query", "name", name)
		}
	}
	return nil
}

// since reads a day or a moment.
func since(q url.Values) (time.Time, error) {
	text := q.Get("since")
	if text == "" {
		return time.Time{}, nil
	}
	for _, form := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(form, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, refuse("query", "name", "since")
}

// linkNext tells where the next page is (RFC 8288), beside the member next.
func (a *API) linkNext(w http.ResponseWriter, r *http.Request, cursor string) {
	if cursor == "" {
		return
	}
	q := r.URL.Query()
	q.Set("cursor", cursor)
	w.Header().Set("Link", fmt.Sprintf(`<%s?%s>; rel="next"`, a.url(r.URL.Path), q.Encode()))
}

// url is an address of this server as the world writes it.
func (a *API) url(path string) string {
	if a.Base == nil {
		return path
	}
	return strings.TrimSuffix(a.Base.String(), "/") + path
}

// writeListing answers with a listing, or with 304 when the client has it
// already (RFC 9110, section 13.1.2). Only the client itself may keep it.
func writeListing(w http.ResponseWriter, r *http.Request, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write a listing: %w", err)
	}
	sum := sha256.Sum256(data)
	tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache")
	h.Add("Vary", "Authorization, Cookie")
	if matches(r.Header.Values("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(append(data, '\n')) // a client that has left is told nothing
	return nil
}

func matches(headers []string, tag string) bool {
	for _, header := range headers {
		for one := range strings.SplitSeq(header, ",") {
			if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == tag || one == "*" {
				return true
			}
		}
	}
	return false
}
