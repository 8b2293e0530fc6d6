package sockstore_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
	"github.com/employment-passport/passport/issuer/sockstore"
)

// oneIssue is about what the first transaction of issuing does: 7 calls.
func oneIssue(s issuer.Store, n int) error {
	return s.Update(context.Background(), func(tx issuer.Tx) error {
		e := issuer.AuditEntry{Seq: 1, At: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), Actor: "bench", Act: "issue.pending"}
		if last, err := tx.LastAudit(); err == nil {
			e.Seq, e.Prev, e.At = last.Seq+1, last.Hash, last.At
		}
		e.Hash = e.Sum()
		_, _ = tx.Issuer("ente")
		_, _ = tx.IssuanceByKey("none")
		_, _ = tx.StatusListsOf("ente")
		id := fmt.Sprint("urn:n:", n)
		payload := make([]byte, 1500)
		if err := tx.PutIssuance(issuer.Issuance{
			ID: id, Issuer: "ente", State: issuer.StatePending, Payload: payload, PayloadHash: sha256.Sum256(payload),
			CreatedAt: e.At, ChangedAt: e.At, StatusList: "https://ente.example/status/1", StatusIndex: uint32(n),
		}); err != nil {
			return err
		}
		return tx.AppendAudit(e)
	})
}

// BenchmarkUpdate compares one writing transaction in the server's process with
// one over the socket.
func BenchmarkUpdate(b *testing.B) {
	for _, remote := range []bool{false, true} {
		name := map[bool]string{false: "here", true: "over the socket"}[remote]
		b.Run(name, func(b *testing.B) {
			s, client := benchServer(b)
			var store issuer.Store = s
			if remote {
				store = client
			}
			for n := 0; b.Loop(); n++ {
				if err := oneIssue(store, n); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkUpdateBesideCommands has 63 writers here and one over the socket,
// without a pause, and tells how long each of theirs take.
func BenchmarkUpdateBesideCommands(b *testing.B) {
	for _, commands := range []int{0, 1} {
		b.Run(fmt.Sprint(commands, " commands"), func(b *testing.B) {
			s, client := benchServer(b)
			var mu sync.Mutex
			var ours, theirs []time.Duration
			next := 0
			var all sync.WaitGroup
			end := time.After(2 * time.Second)
			done := make(chan bool)
			work := func(store issuer.Store, took *[]time.Duration) {
				for {
					select {
					case <-done:
						return
					default:
					}
					mu.Lock()
					next++
					n := next
					mu.Unlock()
					begun := time.Now()
					if err := oneIssue(store, n); err != nil {
						b.Error(err)
						return
					}
					mu.Lock()
					*took = append(*took, time.Since(begun))
					mu.Unlock()
				}
			}
			for range 63 {
				all.Go(func() { work(s, &ours) })
			}
			for range commands {
				all.Go(func() { work(client, &theirs) })
			}
			<-end
			close(done)
			all.Wait()
			for name, took := range map[string][]time.Duration{"here": ours, "socket": theirs} {
				slices.Sort(took)
				if len(took) > 0 {
					b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-p50-"+name)
					b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms-p99-"+name)
					b.ReportMetric(float64(len(took))/2, "acts/s-"+name)
				}
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

type alone struct{ *boltstore.Store }

func (a alone) Update(ctx context.Context, f func(issuer.Tx) error) error {
	return a.UpdateAlone(ctx, f)
}

func benchServer(b *testing.B) (*boltstore.Store, *sockstore.Store) {
	b.Helper()
	dir := b.TempDir()
	if err := boltstore.Create(dir); err != nil {
		b.Fatal(err)
	}
	bolt, err := boltstore.Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	path := dir + "/" + sockstore.FileName
	l, err := sockstore.Listen(path)
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- sockstore.Serve(ctx, l, sockstore.Served{Store: alone{bolt}, Identity: "bench"}, sockstore.Options{})
	}()
	b.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			b.Error(err)
		}
		_ = bolt.Close()
	})
	client, err := sockstore.Dial(context.Background(), path, sockstore.DialOptions{})
	if err != nil {
		b.Fatal(err)
	}
	return bolt, client
}
