package boltstore_test

import (
	"testing"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
	"github.com/employment-passport/passport/issuer/storetest"
)

// homes remembers the folder of each store of the suite.
type homes map[issuer.Store]string

func (h homes) New(t *testing.T) issuer.Store {
	dir := t.TempDir()
	if err := boltstore.Create(dir); err != nil {
		t.Fatal(err)
	}
	return h.open(t, dir)
}

func (h homes) Reopen(t *testing.T, s issuer.Store) issuer.Store {
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return h.open(t, h[s])
}

func (h homes) open(t *testing.T, dir string) issuer.Store {
	s, err := boltstore.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	h[s] = dir
	return s
}

func TestConformance(t *testing.T) { storetest.Run(t, homes{}) }
