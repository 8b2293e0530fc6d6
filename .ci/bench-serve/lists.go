package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"time"
)

const (
	// readers is how many connections read the list at once.
	readers = 32

	// issuesPerSecond go on meanwhile, and one of ten is revoked: eight and a
	// half million a year, on one machine.
	issuesPerSecond = 100

	listRate = 5000
	listP99  = 20 * time.Millisecond
)

// measureLists reads the status list, whole each time, while issuing and
// revoking go on.
func measureLists(ctx context.Context, o options, h *home, s *server, b *bare, t *table) error {
	for _, kind := range []struct{ what, headers string }{
		{"GET status list, whole", ""},
		{"GET status list, If-None-Match", "If-None-Match: %s\r\n"},
	} {
		headers := kind.headers
		if headers != "" {
			headers = fmt.Sprintf(headers, `"an-older-one"`)
		}
		perSecond, p99, size, issued, err := h.readList(ctx, o.part, s, headers)
		if err != nil {
			return errors.Join(errors.New("status list"), err)
		}
		t.bound(kind.what, fmt.Sprintf("%d/s, p99 under %s", listRate, listP99),
			fmt.Sprintf("%.0f/s, p99 %s", perSecond, p99.Round(100*time.Microsecond)), perSecond >= listRate && p99 < listP99)
		t.note("%s: %d bytes each, %d connections, while %.0f/s were issued and %.0f/s revoked", kind.what, size, readers, issued, issued/10)
	}
	return nil
}

func (h *home) readList(ctx context.Context, part time.Duration, s *server, headers string) (perSecond float64, p99 time.Duration, size int, issued float64, err error) {
	all, err := clients(s.address, readers)
	if err != nil {
		return 0, 0, 0, 0, err
	}
	defer closeAll(all)
	work, stop := context.WithCancel(ctx)
	ended := make(chan result, 1)
	go func() { ended <- h.keepIssuing(work, s) }()
	ask := request("GET", "/status/1", host, headers, nil)
	took := make([][]time.Duration, readers)
	r := rate(ctx, readers, part, func(hand int) error {
		start := time.Now()
		data, err := all[hand].expect(200, ask)
		took[hand] = append(took[hand], time.Since(start))
		if hand == 0 {
			size = len(data)
		}
		return err
	})
	stop()
	meanwhile := <-ended
	every := slices.Concat(took...)
	slices.Sort(every)
	if len(every) == 0 {
		return 0, 0, 0, 0, errors.Join(r.err, errors.New("nothing was read"))
	}
	return r.perSecond, every[len(every)*99/100], size, meanwhile.perSecond, errors.Join(r.err, meanwhile.err)
}

// keepIssuing issues at a steady pace and revokes one of ten until ctx ends.
func (h *home) keepIssuing(ctx context.Context, s *server) (r result) {
	tick := time.NewTicker(time.Second / issuesPerSecond)
	defer tick.Stop()
	pace := make(chan int)
	var mu sync.Mutex
	var all sync.WaitGroup
	done, start := 0, time.Now()
	for range 8 {
		all.Go(func() {
			c, err := dial(s.address)
			if err == nil {
				defer c.conn.Close()
			}
			for n := range pace {
				if err == nil {
					err = h.issueAndRevoke(c, s, n%10 == 0)
				}
				mu.Lock()
				if done++; err != nil && r.err == nil {
					r.err = err
				}
				mu.Unlock()
			}
		})
	}
	for n := 1; ctx.Err() == nil; n++ {
		select {
		case <-ctx.Done():
		case <-tick.C:
			select {
			case pace <- n:
			case <-ctx.Done():
			}
		}
	}
	close(pace)
	all.Wait()
	r.perSecond = float64(done) / time.Since(start).Seconds()
	return r
}

func (h *home) issueAndRevoke(c *client, s *server, revoke bool) error {
	data, err := c.expect(201, h.issueRequest(s))
	if err != nil || !revoke {
		return err
	}
	var row struct{ ID string }
	if err := json.Unmarshal(data, &row); err != nil {
		return err
	}
	ask := request("POST", "/api/v1/credentials/"+url.PathEscape(row.ID)+"/revoke", s.address, "Authorization: Bearer "+h.key+"\r\n", []byte(`{"reason":"issued-in-error"}`))
	_, err = c.expect(200, ask)
	return err
}
