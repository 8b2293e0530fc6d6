package boltstore_test

import (
	"context"
	"sync"
	"testing"

	"github.com/employment-passport/passport/issuer/boltstore"
)

// A check beside writers took pages for lost that they had just given free: a
// server's fsck told of damage where there was none.
func TestCheckBesideWriters(t *testing.T) {
	dir := t.TempDir()
	check(boltstore.Create(dir))
	s, err := boltstore.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	var writer sync.WaitGroup
	writer.Go(func() {
		for ctx.Err() == nil {
			if _, err := writeOne(s, 1500); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for range 20 {
		if problems, err := s.Check(t.Context()); err != nil || len(problems) > 0 {
			t.Errorf("%v, %v", problems, err)
			break
		}
	}
	cancel()
	writer.Wait()
}
