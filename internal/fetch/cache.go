package fetch

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// maxAge bounds how long an answer is believed, whatever the server says: a
// status list that is a day old is a day wrong.
const maxAge = time.Hour

// cache keeps a few answers for as long as their server allows (RFC 9111,
// max-age only). A nil cache keeps nothing.
type cache struct {
	now func() time.Time
	max int

	mu      sync.Mutex
	entries map[string]entry
}

type entry struct {
	response Response
	until    time.Time
}

func newCache(max int, now func() time.Time) *cache {
	return &cache{now: now, max: max, entries: make(map[string]entry)}
}

// get returns a copy that the caller may change.
func (c *cache) get(url string) *Response {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[url]
	if !ok || !c.now().Before(e.until) {
		return nil
	}
	response := e.response
	response.Body = slices.Clone(response.Body)
	return &response
}

func (c *cache) put(url string, h http.Header, r *Response) {
	if c == nil {
		return
	}
	age := min(lifetime(h), maxAge)
	if age <= 0 {
		return
	}
	kept := *r
	kept.Body = slices.Clone(r.Body)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.makeRoom()
	c.entries[url] = entry{kept, c.now().Add(age)}
}

// makeRoom drops what has expired, or else what expires first.
func (c *cache) makeRoom() {
	if len(c.entries) < c.max {
		return
	}
	var first string
	for url, e := range c.entries {
		if !c.now().Before(e.until) {
			delete(c.entries, url)
		} else if first == "" || e.until.Before(c.entries[first].until) {
			first = url
		}
	}
	if len(c.entries) >= c.max {
		delete(c.entries, first)
	}
}

// lifetime reads max-age less the Age the answer has already.
func lifetime(h http.Header) time.Duration {
	var seconds int64
	for directive := range strings.SplitSeq(strings.Join(h.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.ToLower(strings.TrimSpace(directive)), "=")
		switch name {
		case "no-store", "no-cache":
			return 0
		case "max-age":
			n, err := strconv.ParseInt(strings.Trim(value, `"`), 10, 32)
			if err != nil {
				return 0
			}
			seconds = n
		}
	}
	if age, err := strconv.ParseInt(h.Get("Age"), 10, 32); err == nil {
		seconds -= max(age, 0)
	}
	return time.Duration(seconds) * time.Second
}
