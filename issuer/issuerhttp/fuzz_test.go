package issuerhttp

import (
	"encoding/json"
	"net/url"
	"testing"
)

// What a client may write about the status of a credential never panics, and
// what is taken says one of two things about one of two entries.
func FuzzStatusEntries(f *testing.F) {
	f.Add([]byte(`{"type":"BitstringStatusListEntry","statusPurpose":"revocation"}`), true, true)
	f.Add([]byte(`[{"type":"BitstringStatusListEntry","statusPurpose":"suspension","status":"1"}]`), false, false)
	f.Add([]byte(`{"Type":"BitstringStatusListEntry"}`), true, false)
	f.Fuzz(func(t *testing.T, entries []byte, beside, status bool) {
		b := vcStatusBody{Entries: json.RawMessage(entries)}
		if beside {
			b.Status = &status
		}
		read, err := b.entries()
		if err != nil {
			return
		}
		if len(read) == 0 || len(read) > maxEntries {
			t.Errorf("%d entries", len(read))
		}
		for _, e := range read {
			if beside && e.set != status || !beside && len(e.Status) == 0 || e.Type == "" {
				t.Errorf("took %s", entries)
			}
		}
	})
}

// What a client may write behind the question mark is read within its bounds.
func FuzzPage(f *testing.F) {
	f.Add("limit=5&cursor=dXJuOnV1aWQ6MQ&since=2026-11-22")
	f.Add("limit=-1&cursor=%ff&since=24:00")
	f.Fuzz(func(t *testing.T, query string) {
		q, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		filter, p, err := filterOf(q)
		if err != nil {
			return
		}
		if p.limit < 1 || p.limit > maxPage || cursorAfter(p.after) != q.Get("cursor") && q.Get("cursor") != "" {
			t.Errorf("%q is %+v", query, p)
		}
		if text := q.Get("since"); (text == "") != filter.Since.IsZero() && filter.Since.Year() != 1 {
			t.Errorf("%q is since %s", query, filter.Since)
		}
	})
}
