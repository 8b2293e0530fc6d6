package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// The goals of a store with a million rows.
const (
	maxMemory = 128 // MiB
	maxStart  = time.Second
	maxPage   = 20 * time.Millisecond
)

// measureSize looks at what the server holds, how soon it was there, and how
// soon a page of the listing comes: the first, one in the middle of a walk, and
// one of a filter.
func measureSize(ctx context.Context, o options, h *home, s *server, b *bare, t *table) error {
	c, err := dial(s.address)
	if err != nil {
		return err
	}
	defer c.conn.Close()
	var all []time.Duration
	next := ""
	for n := range 60 {
		path := "/api/v1/credentials?issuer=" + body + "&limit=50"
		switch {
		case n%3 == 1:
			path += "&template=" + template
		case n%3 == 2 && next != "":
			path += "&cursor=" + next
		}
		start := time.Now()
		data, err := c.expect(200, request("GET", path, s.address, "Authorization: Bearer "+h.key+"\r\n", nil))
		if err != nil {
			return fmt.Errorf("list: %w", err)
		}
		all = append(all, time.Since(start))
		var page struct {
			Next string `json:"next"`
		}
		if err := json.Unmarshal(data, &page); err != nil {
			return err
		}
		if page.Next != "" {
			next = page.Next
		}
	}
	slices.Sort(all)
	worst := all[len(all)*95/100]
	own, whole := s.memory()
	rows := fmt.Sprintf(" (%d rows)", o.rows)
	t.bound("a page of the listing"+rows, "under "+maxPage.String(), fmt.Sprintf("%s (19 of 20), median %s", worst.Round(100*time.Microsecond), all[len(all)/2].Round(100*time.Microsecond)), worst < maxPage)
	t.bound("start until it listens"+rows, "under "+maxStart.String(), s.began.Round(time.Millisecond).String(), s.began < maxStart)
	t.bound("resident"+rows, fmt.Sprintf("under %d MiB", maxMemory), fmt.Sprintf("%.0f MiB, %.0f of its own", whole, own), whole < maxMemory)
	return ctx.Err()
}
