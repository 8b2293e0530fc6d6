//go:build unix

package torture

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"
)

// clients issue, revoke and read until ctx ends; what is acknowledged stands in
// the ledger.
func (s *server) clients(ctx context.Context, n, cycle int, l *ledger, r *rand.Rand) *sync.WaitGroup {
	var all sync.WaitGroup
	for client := range n {
		own := rand.New(rand.NewPCG(r.Uint64(), uint64(client))) //nolint:gosec // choices, no secrets
		all.Go(func() {
			var mine []*credential
			for turn := 0; ctx.Err() == nil; turn++ {
				var refused *refusal
				if len(mine) > 0 && own.IntN(3) == 0 {
					c := mine[own.IntN(len(mine))]
					if err := s.revoke(ctx, c.ID); err == nil {
						l.revoked(c, cycle)
					} else if errors.As(err, &refused) && !c.revoked {
						l.saw(refused)
					}
					continue
				}
				c, err := s.issue(ctx, fmt.Sprintf("%d-%d-%d", cycle, client, turn), nameOf(client))
				if err == nil {
					mine = append(mine, l.issued(c, cycle))
				} else if errors.As(err, &refused) {
					l.saw(refused)
					time.Sleep(5 * time.Millisecond)
				}
			}
		})
	}
	return &all
}

// TestFaultR1KillDuringIssueRevokePublish kills the server again and again while
// 8 clients issue and revoke and a reader follows the list (R10's kills too).
func TestFaultR1KillDuringIssueRevokePublish(t *testing.T) {
	f, out, choose := asked(t), report(t, "R1, R10 kill -9"), dice(t)
	w, l := newWorld(t, built.program, t.TempDir()), newLedger()
	follow := &reader{}
	out.least = 10 * f.kills
	unchecked := 0 // the first cycle whose acks nobody has looked for
	for cycle := range f.kills {
		s := w.start()
		span, atStart := untilKill(cycle, choose)
		if follow.keys == nil {
			w.soon(10*time.Second, "the did document", func() (is bool) {
				var err error
				follow.keys, err = s.keysOf(t.Context())
				return err == nil
			})
		}
		if !atStart {
			lost := s.missing(l.since(unchecked))
			if out.lost += len(lost); len(lost) > 0 {
				t.Fatalf("cycle %d: lost %v", cycle, lost)
			}
			unchecked = cycle
		}
		ctx, cancel := context.WithCancel(t.Context())
		working := s.clients(ctx, 8, cycle, l, choose)
		working.Go(func() {
			for ctx.Err() == nil {
				if err := follow.read(ctx, s); err != nil {
					t.Error(err)
					return
				}
				time.Sleep(time.Millisecond)
			}
		})
		time.Sleep(span - time.Since(s.ready))
		s.kill()
		cancel()
		working.Wait()
		if out.cycles++; cycle%50 == 49 {
			w.fsck()
		}
	}
	finish(w, l, follow, out)
	out.note = fmt.Sprintf("%d lists in %d reads, starts %s, at most %s, %s", follow.lists, follow.reads,
		w.starts[len(w.starts)/2].Round(time.Millisecond), w.starts[len(w.starts)-1].Round(time.Millisecond), out.note)
}

// untilKill is how long after its first word a server lives. Lists are signed at
// once when a server starts and then every second: half of the kills aim there.
func untilKill(cycle int, choose *rand.Rand) (span time.Duration, atStart bool) {
	switch cycle % 4 {
	case 1:
		return time.Duration(choose.IntN(15)) * time.Millisecond, true
	case 3:
		return time.Duration(950+choose.IntN(110)) * time.Millisecond, false
	}
	return time.Duration(50+choose.IntN(200)) * time.Millisecond, false
}

// finish starts once more and wants everything that was promised: the rows, the
// revocations in the published list, and a store that is well.
func finish(w *world, l *ledger, follow *reader, out *line) {
	w.Helper()
	s := w.start()
	slices.Sort(w.starts)
	if median := w.starts[len(w.starts)/2]; median > startLimit {
		w.Errorf("half of %d starts took more than %s", len(w.starts), median)
	}
	all := l.since(0)
	lost := s.missing(all)
	out.acks, out.lost = l.acks, len(lost)
	if out.acks < max(out.least, 1) {
		w.Errorf("only %d acks: nothing was tried; refused %v\n%s", out.acks, l.refused, w.log())
	}
	for _, why := range append(lost, l.broken...) {
		w.Error(why)
	}
	if follow == nil || follow.keys == nil {
		follow = &reader{}
		var err error
		if follow.keys, err = s.keysOf(w.Context()); err != nil {
			w.Fatal(err)
		}
	}
	for _, c := range all {
		if _, _, err := verifyToken(w, follow, c.Token); err != nil {
			w.Errorf("%s: %v", c.ID, err)
		}
	}
	took := w.soon(time.Minute, "every revocation in the published list", func() bool {
		if err := follow.read(w.Context(), s); err != nil {
			w.Fatal(err)
		}
		return follow.lacks(all) == ""
	})
	s.stop()
	w.fsck()
	out.note += fmt.Sprintf("list whole after %s", took.Round(time.Millisecond))
}

// TestFaultR9RetryStorm has clients that give up after 50 ms and ask again with
// the same key, while the server is killed at random: one credential a key.
func TestFaultR9RetryStorm(t *testing.T) {
	f, out, choose := asked(t), report(t, "R9 retry storm"), dice(t)
	w, l := newWorld(t, built.program, t.TempDir()), newLedger()
	const clients = 8
	tries, wants := 0, 0
	for cycle := range f.storms {
		var mu sync.Mutex
		s := w.start()
		current := func() *server {
			mu.Lock()
			defer mu.Unlock()
			return s
		}
		var storm sync.WaitGroup
		for client := range clients {
			storm.Go(func() {
				key := fmt.Sprintf("storm-%d-%d", cycle, client)
				answers := 0
				for answers < 2 { // the second answer must be the first one again
					ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
					c, err := current().issue(ctx, key, nameOf(client))
					cancel()
					mu.Lock()
					tries++
					mu.Unlock()
					var refused *refusal
					switch {
					case err == nil:
						l.issued(c, cycle)
						answers++
					case errors.As(err, &refused) && refused.Status < 500 && refused.Status != 409 && refused.Status != 429:
						t.Errorf("%s: %v", key, err)
						return
					default:
						time.Sleep(time.Millisecond)
					}
				}
			})
		}
		wants += clients
		done := make(chan bool)
		go func() { storm.Wait(); close(done) }()
		for kills := 0; ; kills++ {
			wait := time.Duration(10+choose.IntN(150)) * time.Millisecond
			if kills >= 5 {
				wait = time.Minute // it must come to an end, and the clients are slow
			}
			select {
			case <-done:
			case <-time.After(wait):
				current().kill()
				next := w.start()
				mu.Lock()
				s = next
				mu.Unlock()
				continue
			}
			break
		}
		current().kill()
		out.cycles++
	}
	if got := len(l.byID); got != wants {
		t.Errorf("%d keys brought %d credentials", wants, got)
	}
	finish(w, l, nil, out)
	if states := w.states(); states["issued"] != wants || states["pending"] > 0 {
		t.Errorf("%d keys, and in the register %v", wants, states)
	}
	out.note += fmt.Sprintf(", %d tries for %d keys", tries, wants)
}

// TestFaultR12StopAndEnd stops the server for a while and lets it go on, then
// ends it in order, both under load: nothing is lost, and it ends in time.
func TestFaultR12StopAndEnd(t *testing.T) {
	f, out, choose := asked(t), report(t, "R12 SIGSTOP, SIGTERM under load"), dice(t)
	w, l := newWorld(t, built.program, t.TempDir()), newLedger()
	s := w.start()
	ctx, cancel := context.WithCancel(t.Context())
	working := s.clients(ctx, 8, 0, l, choose)
	time.Sleep(500 * time.Millisecond)
	s.signal(19) // SIGSTOP
	time.Sleep(f.pause)
	before := l.count()
	s.signal(18) // SIGCONT
	time.Sleep(500 * time.Millisecond)
	took := s.stop()
	cancel()
	working.Wait()
	if l.count() == before {
		t.Error("nothing was acknowledged after the pause")
	}
	if took > 10*time.Second {
		t.Errorf("it took %s to end", took)
	}
	out.cycles = 1
	finish(w, l, nil, out)
	out.note = fmt.Sprintf("stopped for %s, drained in %s, %s", f.pause, took.Round(time.Millisecond), out.note)
}
