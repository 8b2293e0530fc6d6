package issuer

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
)

// AfterRestore makes a store that was restored from a backup safe to issue
// from, and logs it. Between the backup and now the lost store may have given
// away indexes and opened lists that this one knows nothing of. So every list
// that still has room is closed, and a new one is opened in its place under a
// random number of nine digits: no index of it can have been given, and no list
// of the lost life can bear its URL. above is the highest number that the home
// remembers, 0 when it remembers none.
//
// Whom the lost store had erased is erased here again, before anything is issued.
//
// Clocks are not trusted for this: a machine rebuilt after a fire has any time.
func (i *Issuer) AfterRestore(ctx context.Context, by Actor, above int) error {
	var remembered []Erasure
	if r, ok := i.store.(Rememberer); ok {
		var err error
		if remembered, err = r.Remembered(ctx); err != nil {
			return err
		}
	}
	again := 0
	err := i.urgent(ctx, by, func(a *act) error {
		bodies, err := a.AllIssuers()
		if err != nil {
			return err
		}
		if err := a.log(actRestore, "", fmt.Sprintf("after entry %d", a.last.Seq)); err != nil {
			return err
		}
		for _, r := range bodies {
			if err := a.turnLists(r, above); err != nil {
				return fmt.Errorf("issuer %s: %w", r.Name, err)
			}
		}
		again, err = a.eraseAgain(ctx, remembered, i.erasers)
		return err
	})
	if err != nil || again == 0 {
		return err
	}
	return compact(ctx, i.store)
}

// turnLists closes the lists of one issuer and opens their successors.
func (a *act) turnLists(r IssuerRecord, above int) error {
	s, err := a.shelfOf(r)
	if err != nil {
		return err
	}
	open := map[string]bool{} // by purpose
	for n, l := range s.lists {
		above = max(above, l.Number)
		if l.Closed {
			continue
		}
		open[l.Purpose] = true
		s.lists[n].Closed = true
		if err := a.PutStatusList(s.lists[n]); err != nil {
			return err
		}
		if err := a.log("list.close", l.URL, "restored"); err != nil {
			return err
		}
	}
	for _, purpose := range slices.Sorted(maps.Keys(open)) {
		above += randomStep()
		if _, err := s.openNumbered(purpose, above); err != nil {
			return err
		}
	}
	return nil
}

// randomStep is between 100 million and a billion: nine digits, so that the
// URL stays short in a printed code.
func randomStep() int {
	var b [4]byte
	rand.Read(b[:]) // never fails, see crypto/rand
	return restoredNumber + int(binary.BigEndian.Uint32(b[:])%900_000_000)
}
