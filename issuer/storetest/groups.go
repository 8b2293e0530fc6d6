package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
)

// errLate is what a function fails with after it has written.
var errLate = errors.New("after writing")

// groupTests hold what Update promises to many who call it at once.
var groupTests = map[string]func(*testing.T, Harness){
	"who fails takes nobody along": func(t *testing.T, h Harness) {
		s := h.New(t)
		rows := together(t, s, 48, func(n int, tx issuer.Tx) error {
			switch n % 4 {
			case 1:
				return fmt.Errorf("before writing: %w", errLate)
			case 2:
				return errors.Join(tx.PutIssuance(row(n+1)), tx.PutRecord(issuer.RecordJob, "bad", nil), errLate)
			case 3:
				if err := tx.PutIssuance(row(n + 1)); err != nil {
					return err
				}
				return tx.PutIssuance(issuer.Issuance{}) // refused by the store itself
			}
			return tx.PutIssuance(row(n + 1))
		})
		for n, err := range rows {
			if late := n%4 == 1 || n%4 == 2; errors.Is(err, errLate) != late || (err == nil) != (n%4 == 0) {
				t.Errorf("caller %d was told %v", n, err)
			}
		}
		view(t, s, func(tx issuer.Tx) error {
			for n := range rows {
				_, err := tx.Issuance(row(n + 1).ID)
				if is := err == nil; is != (n%4 == 0) {
					t.Errorf("row %d there: %v", n, is)
				}
			}
			_, err := tx.Record(issuer.RecordJob, "bad")
			absent(t, "what was taken back", err)
			return nil
		})
	},
	"only the last run counts": func(t *testing.T, h Harness) {
		s := h.New(t)
		seen := make([]uint64, 32)
		told := together(t, s, len(seen), func(n int, tx issuer.Tx) error {
			next := uint64(1)
			if last, err := tx.LastAudit(); err == nil {
				next = last.Seq + 1
			}
			seen[n] = next
			if err := tx.AppendAudit(entry(next)); err != nil || n%5 != 3 {
				return err
			}
			return errLate
		})
		// Whoever was told yes wrote the entry that its last run saw, and no two
		// wrote the same.
		wrote := map[uint64]bool{}
		for n, err := range told {
			if err == nil {
				if wrote[seen[n]] {
					t.Errorf("entry %d twice", seen[n])
				}
				wrote[seen[n]] = true
			}
		}
		view(t, s, func(tx issuer.Tx) error {
			last, err := tx.LastAudit()
			same(t, "entries", int(last.Seq), len(wrote), err)
			return nil
		})
	},
	"a panic is its caller's": func(t *testing.T, h Harness) {
		s := h.New(t)
		rows := together(t, s, 16, func(n int, tx issuer.Tx) (err error) {
			if err := tx.PutIssuance(row(n + 1)); err != nil || n != 7 {
				return err
			}
			panic("bug")
		})
		for n, err := range rows {
			if (err == nil) != (n != 7) {
				t.Errorf("caller %d was told %v", n, err)
			}
		}
		view(t, s, func(tx issuer.Tx) error {
			same(t, "rows", len(ids(t, tx, issuer.Filter{})), 15, nil)
			return nil
		})
	},
	"who leaves before the turn is not run": func(t *testing.T, h Harness) {
		s := h.New(t)
		begun, goOn := make(chan bool), make(chan bool)
		first := make(chan error, 1)
		var once sync.Once
		go func() {
			first <- s.Update(context.Background(), func(issuer.Tx) error {
				once.Do(func() { close(begun) })
				<-goOn
				return nil
			})
		}()
		<-begun
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		err := s.Update(ctx, func(issuer.Tx) error { t.Error("ran"); return nil })
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		close(goOn)
		if err := <-first; err != nil {
			t.Error(err)
		}
		put(t, s, row(1))
	},
}

// together calls Update from many goroutines that wait for the same moment, and
// returns what each was told; a panic is told as an error.
func together(t *testing.T, s issuer.Store, callers int, f func(n int, tx issuer.Tx) error) []error {
	t.Helper()
	told := make([]error, callers)
	hold, holding := make(chan bool), make(chan bool)
	var once sync.Once
	var all sync.WaitGroup
	all.Go(func() { // while this one has its turn the others gather
		err := s.Update(context.Background(), func(issuer.Tx) error {
			once.Do(func() { close(holding) })
			<-hold
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-holding
	for n := range callers {
		all.Go(func() {
			defer func() {
				if v := recover(); v != nil {
					told[n] = fmt.Errorf("panic: %v", v)
				}
			}()
			told[n] = s.Update(context.Background(), func(tx issuer.Tx) error { return f(n, tx) })
		})
	}
	time.Sleep(20 * time.Millisecond)
	close(hold)
	all.Wait()
	return told
}
