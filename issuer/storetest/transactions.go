package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/employment-passport/passport/issuer"
)

var transactionTests = map[string]func(*testing.T, Harness){
	"an error undoes everything": func(t *testing.T, h Harness) {
		s := h.New(t)
		broken := errors.New("broken")
		err := s.Update(t.Context(), func(tx issuer.Tx) error {
			if err := tx.PutIssuance(row(1)); err != nil {
				return err
			}
			if err := tx.AppendAudit(entry(1)); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
		view(t, s, func(tx issuer.Tx) error {
			_, err := tx.Issuance(row(1).ID)
			absent(t, "row", err)
			_, err = tx.IssuanceByKey("key-1")
			absent(t, "key", err)
			_, err = tx.LastAudit()
			absent(t, "audit", err)
			return nil
		})
		put(t, s, row(1)) // and its index is free
	},
	"a panic undoes everything and passes on": func(t *testing.T, h Harness) {
		s := h.New(t)
		func() {
			defer func() {
				if v := recover(); v != "bug" {
					t.Errorf("recovered %v", v)
				}
			}()
			_ = s.Update(t.Context(), func(tx issuer.Tx) error {
				_ = tx.PutIssuance(row(1))
				panic("bug")
			})
		}()
		put(t, s, row(2))
		view(t, s, func(tx issuer.Tx) error {
			_, err := tx.Issuance(row(1).ID)
			absent(t, "row", err)
			return nil
		})
	},
	"what was written lives on": func(t *testing.T, h Harness) {
		s := h.New(t)
		put(t, s, issued(row(1)))
		s = h.Reopen(t, s)
		view(t, s, func(tx issuer.Tx) error {
			got, err := tx.Issuance(row(1).ID)
			same(t, "row", got, issued(row(1)), err)
			return nil
		})
	},
	"a view cannot write": func(t *testing.T, h Harness) {
		s := h.New(t)
		view(t, s, func(tx issuer.Tx) error {
			for what, err := range map[string]error{
				"PutIssuance": tx.PutIssuance(row(1)), "PutIssuer": tx.PutIssuer(issuer.IssuerRecord{Name: "a"}),
				"AppendAudit": tx.AppendAudit(entry(1)), "PutStatusBits": tx.PutStatusBits("https://a.example/status/1", nil),
				"PutStatusList": tx.PutStatusList(list(1)), "AddDigests": tx.AddDigests("a", "denied", make([][16]byte, 1)),
			} {
				if err == nil {
					t.Errorf("%s: accepted", what)
				}
			}
			return nil
		})
	},
	"a transaction that ended is dead": func(t *testing.T, h Harness) {
		s := h.New(t)
		put(t, s, row(1))
		var late issuer.Tx
		view(t, s, func(tx issuer.Tx) error { late = tx; return nil })
		if _, err := late.Issuance(row(1).ID); err == nil {
			t.Error("read through an ended view")
		}
		update(t, s, func(tx issuer.Tx) error { late = tx; return nil })
		if err := late.PutIssuance(row(2)); err == nil {
			t.Error("wrote through an ended update")
		}
	},
	"a cancelled context does nothing": func(t *testing.T, h Harness) {
		s := h.New(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		never := func(issuer.Tx) error { t.Error("ran"); return nil }
		if err := s.Update(ctx, never); !errors.Is(err, context.Canceled) {
			t.Errorf("update: %v", err)
		}
		if err := s.View(ctx, never); !errors.Is(err, context.Canceled) {
			t.Errorf("view: %v", err)
		}
	},
	"a view sees one state while others write": func(t *testing.T, h Harness) {
		s := h.New(t)
		put(t, s, row(1))
		view(t, s, func(tx issuer.Tx) error {
			done := make(chan error)
			go func() {
				done <- s.Update(context.Background(), func(w issuer.Tx) error { return w.PutIssuance(issued(row(1))) })
			}()
			if err := <-done; err != nil {
				return err
			}
			got, err := tx.Issuance(row(1).ID)
			same(t, "row", got, row(1), err)
			return nil
		})
	},
	"many writers take turns": func(t *testing.T, h Harness) {
		s := h.New(t)
		const writers, each = 8, 5
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for n := range each {
					err := s.Update(context.Background(), func(tx issuer.Tx) error {
						next := uint64(1)
						if last, err := tx.LastAudit(); err == nil {
							next = last.Seq + 1
						}
						if err := tx.AppendAudit(entry(next)); err != nil {
							return err
						}
						return tx.PutIssuance(row(1 + w*each + n))
					})
					if err != nil {
						t.Error(fmt.Errorf("writer %d: %w", w, err))
					}
				}
			})
		}
		wg.Wait()
		view(t, s, func(tx issuer.Tx) error {
			last, err := tx.LastAudit()
			same(t, "last entry", last.Seq, writers*each, err)
			n := 0
			err = tx.Issuances(issuer.Filter{}, func(issuer.Issuance) bool { n++; return true })
			same(t, "rows", n, writers*each, err)
			return nil
		})
	},
}
