package main

import (
	"context"
	"time"
)

// tendEvery is how often the service looks after what has ended.
const tendEvery = time.Minute

// tend finishes what was interrupted and takes out what has ended: proposals,
// sessions, offers. What fails is tried again a minute later; a stopped store
// is for readyz to tell.
func (s *service) tend(ctx context.Context) error {
	tick := time.NewTicker(tendEvery)
	defer tick.Stop()
	for {
		for name, sweep := range map[string]func(context.Context) error{"access": s.access.Tend, "offers": s.offers.Sweep} {
			if err := sweep(ctx); err != nil && ctx.Err() == nil {
				s.house.log.Warn("housekeeping failed", "of", name, "error", err.Error())
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
