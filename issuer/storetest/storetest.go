// Package storetest holds the suite that every issuer.Store passes, so that a
// second kind of store can take the place of the first without surprise.
package storetest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/google/go-cmp/cmp"
)

// Harness makes and reopens the stores under test.
type Harness interface {
	// New returns an empty store of its own for the test.
	New(t *testing.T) issuer.Store
	// Reopen closes a store from New and opens it as the next process would.
	Reopen(t *testing.T, s issuer.Store) issuer.Store
}

// Run runs the suite.
func Run(t *testing.T, h Harness) {
	for _, group := range []struct {
		name  string
		tests map[string]func(*testing.T, Harness)
	}{
		{"transactions", transactionTests},
		{"groups", groupTests},
		{"register", registerTests},
		{"status lists", listTests},
		{"audit", auditTests},
		{"records", recordTests},
		{"composites", compositeTests},
		{"records of the service", serviceTests},
		{"people", peopleTests},
	} {
		for name, test := range group.tests {
			t.Run(group.name+"/"+name, func(t *testing.T) { test(t, h) })
		}
	}
}

// day is the suite's clock.
var day = time.Date(2026, 11, 22, 9, 30, 0, 123456789, time.UTC)

// row is a pending row; n tells rows apart, in their ids and in their indexes.
func row(n int) issuer.Issuance {
	payload := fmt.Appendf(nil, `{"n":%d}`, n)
	return issuer.Issuance{
		ID: fmt.Sprintf("urn:uuid:%08x-0000-4000-8000-%012x", n*0x01010101, n), Issuer: "ferrara", Template: "haccp",
		IdempotencyKey: fmt.Sprintf("key-%d", n), DocumentNumber: fmt.Sprintf("FE/2026/%d", n), LearnerName: "Zoë D’Amico",
		PayloadHash: sha256.Sum256(payload), Payload: payload, KeyID: "did:web:ferrara.example#key-1",
		State: issuer.StatePending, CreatedAt: day.Add(time.Duration(n) * time.Second), ChangedAt: day,
		StatusList: "https://ferrara.example/status/1", StatusIndex: uint32(n),
	}
}

// issued is the same row once it was signed.
func issued(i issuer.Issuance) issuer.Issuance {
	i.State, i.Token, i.Payload, i.IssuedAt = issuer.StateIssued, "eyJ."+i.ID+".c2ln", nil, day.Add(time.Minute)
	return i
}

func update(t *testing.T, s issuer.Store, f func(issuer.Tx) error) {
	t.Helper()
	if err := s.Update(context.Background(), f); err != nil {
		t.Fatalf("update: %v", err)
	}
}

func view(t *testing.T, s issuer.Store, f func(issuer.Tx) error) {
	t.Helper()
	if err := s.View(context.Background(), f); err != nil {
		t.Fatalf("view: %v", err)
	}
}

func put(t *testing.T, s issuer.Store, rows ...issuer.Issuance) {
	t.Helper()
	update(t, s, func(tx issuer.Tx) error {
		for _, i := range rows {
			if err := tx.PutIssuance(i); err != nil {
				return err
			}
		}
		return nil
	})
}

// same compares what was read with what was put; err is the reading's.
func same[T any](t *testing.T, what string, got, want T, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// absent wants ErrNotFound.
func absent(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, issuer.ErrNotFound) {
		t.Errorf("%s: got %v, want ErrNotFound", what, err)
	}
}

// refused wants an update to fail and to have changed nothing that look sees.
func refused(t *testing.T, s issuer.Store, what string, f func(issuer.Tx) error) {
	t.Helper()
	if err := s.Update(context.Background(), f); err == nil {
		t.Errorf("%s: accepted", what)
	}
}
