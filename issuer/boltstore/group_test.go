package boltstore_test

import (
	"context"
	"errors"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
)

// Many updates that come at once cost few commits, and all are durable.
func TestUpdatesShareCommits(t *testing.T) {
	dir := t.TempDir()
	must(t, boltstore.Create(dir))
	s, err := boltstore.Open(dir)
	must(t, err)
	const callers, each = 32, 10
	var all sync.WaitGroup
	for c := range callers {
		all.Go(func() {
			for n := range each {
				if err := s.Update(context.Background(), putRecord(strconv.Itoa(c)+"-"+strconv.Itoa(n))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	commits := s.Generation() - 1
	if commits < each || commits > callers*each/2 {
		t.Errorf("%d updates by %d callers took %d commits", callers*each, callers, commits)
	}
	must(t, s.Close())
	s, err = boltstore.Open(dir)
	must(t, err)
	defer func() { must(t, s.Close()) }()
	records := 0
	must(t, s.View(t.Context(), func(tx issuer.Tx) error {
		return tx.EachRecord(issuer.RecordJob, "", func(string, []byte) bool { records++; return true })
	}))
	if records != callers*each {
		t.Errorf("%d records of %d are there", records, callers*each)
	}
}

// Of an Update that nothing came of there is no commit.
func TestRefusalsCostNoCommit(t *testing.T) {
	h := newHome(t)
	before := h.store.Generation()
	refusal := errors.New("no")
	if err := h.store.Update(t.Context(), func(issuer.Tx) error { return refusal }); !errors.Is(err, refusal) {
		t.Errorf("got %v", err)
	}
	if after := h.store.Generation(); after != before {
		t.Errorf("%d commits", after-before)
	}
	h.close()
}

// Everybody who waits for a store that has stopped is told so, and nobody yes.
func TestStoppedStoreTellsAllWhoWait(t *testing.T) {
	h := newHome(t)
	begun, goOn := make(chan bool), make(chan bool)
	var once sync.Once
	var all sync.WaitGroup
	var wrong atomic.Int32
	all.Go(func() {
		_ = h.store.Update(context.Background(), func(issuer.Tx) error {
			once.Do(func() { close(begun) })
			<-goOn
			return errors.New("nothing")
		})
	})
	<-begun
	for n := range 20 {
		all.Go(func() {
			if err := h.store.Update(context.Background(), putRecord(strconv.Itoa(n))); !errors.Is(err, &boltstore.Error{Code: boltstore.Stopped}) {
				wrong.Add(1)
			}
		})
	}
	h.store.Stop(errors.New("fsync failed"))
	close(goOn)
	all.Wait()
	if n := wrong.Load(); n > 0 {
		t.Errorf("%d were told something else", n)
	}
	_ = h.store.Close()
}

func putRecord(key string) func(issuer.Tx) error {
	return func(tx issuer.Tx) error { return tx.PutRecord(issuer.RecordJob, key, []byte(`{"small":true}`)) }
}

// BenchmarkUpdate measures small durable updates: one caller, whose every update
// is a commit, and 64, who share them.
func BenchmarkUpdate(b *testing.B) {
	for _, callers := range []int{1, 64} {
		b.Run(strconv.Itoa(callers), func(b *testing.B) {
			dir := filepath.Join(b.TempDir(), "home")
			if err := boltstore.Create(dir); err != nil {
				b.Fatal(err)
			}
			s, err := boltstore.Open(dir)
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = s.Close() }()
			before := s.Generation()
			var next atomic.Int64
			var all sync.WaitGroup
			b.ResetTimer()
			for range callers {
				all.Go(func() {
					for {
						n := next.Add(1)
						if n > int64(b.N) {
							return
						}
						if err := s.Update(context.Background(), putRecord(strconv.FormatInt(n, 10))); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			all.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "updates/s")
			b.ReportMetric(float64(s.Generation()-before)/b.Elapsed().Seconds(), "commits/s")
		})
	}
}
