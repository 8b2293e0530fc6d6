// Command bench-serve measures "passport serve" over loopback beside the bare
// cost of what nobody is spared: signing, verifying, and writing to the disk. It
// starts the program itself in a home of its own, and is the only client.
//
// Client and server share the cores. What the client takes counts against the
// server; its requests are written beforehand and its answers hardly read.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"
)

type options struct {
	program string
	part    time.Duration
	rows    int
	keep    string
	only    string
}

// parts are what can be measured, in this order.
var parts = []struct {
	name    string
	measure func(context.Context, options, *home, *server, *bare, *table) error
}{{"size", measureSize}, {"issue", measureIssue}, {"lists", measureLists}, {"verify", measureVerify}}

func main() {
	var o options
	flag.StringVar(&o.program, "passport", "bin/passport", "the program to measure")
	flag.DurationVar(&o.part, "part", 5*time.Second, "how long each part runs")
	flag.IntVar(&o.rows, "rows", 0, "issued rows to put into the store first (1000000 for the goal; takes minutes)")
	flag.StringVar(&o.keep, "home", "", "a home to use again, with its rows; made when it is not there")
	flag.StringVar(&o.only, "only", "", "one part alone: size, issue, lists or verify")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	t := &table{}
	if err := measure(ctx, o, t); err != nil {
		fmt.Fprintln(os.Stderr, "bench-serve:", err)
		os.Exit(1)
	}
	if !t.print(os.Stdout) {
		os.Exit(1)
	}
}

// measure runs all parts in turn over one home.
func measure(ctx context.Context, o options, t *table) error {
	h, err := openHome(ctx, o)
	if err != nil {
		return err
	}
	defer h.remove()
	b, err := bareCosts(ctx, h, o.part/2)
	if err != nil {
		return err
	}
	s, err := h.start(ctx)
	if err != nil {
		return err
	}
	defer s.kill()
	for _, p := range parts {
		if o.only != "" && o.only != p.name {
			continue
		}
		if err := p.measure(ctx, o, h, s, b, t); err != nil {
			return err
		}
	}
	own, whole := s.memory()
	t.note("resident after all of this: %.0f MiB of its own, %.0f with the pages of the store that it has mapped, which the machine takes back", own, whole)
	if err := s.stop(); err != nil {
		return err
	}
	after, err := bareCosts(ctx, h, o.part/2) // the machine may have been busier then than now
	if err != nil {
		return err
	}
	b.join(after)
	t.judge(b)
	return nil
}
