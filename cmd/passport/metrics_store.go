package main

import (
	"context"
	"time"

	"github.com/employment-passport/passport/issuer"
)

// meteredStore counts the acts of a store as they become durable, whoever does
// them: the service, or a command through its socket.
type meteredStore struct {
	issuer.Store
	meters *meters
	now    func() time.Time
}

// Update counts what the last run of f has logged, once it is stored.
func (s *meteredStore) Update(ctx context.Context, f func(issuer.Tx) error) error {
	var acts []string
	start := s.now()
	err := s.Store.Update(ctx, func(tx issuer.Tx) error {
		acts = acts[:0]
		return f(&meteredTx{Tx: tx, acts: &acts})
	})
	s.meters.commits.Observe(s.now().Sub(start).Seconds())
	if err != nil {
		return err
	}
	for _, act := range acts {
		s.meters.acts.WithLabelValues(act).Inc()
	}
	return nil
}

// Compact rewrites the file of a store that has one, see issuer.Compacter.
func (s *meteredStore) Compact(ctx context.Context) error {
	if c, ok := s.Store.(issuer.Compacter); ok {
		return c.Compact(ctx)
	}
	return nil
}

// meteredTx notes the acts that are logged through it.
type meteredTx struct {
	issuer.Tx
	acts *[]string
}

func (t *meteredTx) AppendAudit(e issuer.AuditEntry) error {
	err := t.Tx.AppendAudit(e)
	if err == nil {
		*t.acts = append(*t.acts, e.Act)
	}
	return err
}
