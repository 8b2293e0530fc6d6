package issuerpublic

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// world is what the store says of what is public, in one consistent state.
type world struct {
	at          time.Time // when it was looked at
	entry       uint64    // last entry of the audit log: nothing changes without one
	bodies      []body
	authorities []issuer.AuthorityRecord
}

// body is an issuer with its keys and lists.
type body struct {
	issuer.IssuerRecord
	keys  []issuer.KeyRecord
	lists []issuer.StatusList
}

// statusKey is the kid of the key that signs the body's lists now; "" for none.
func (b body) statusKey() string {
	for _, k := range slices.Backward(b.keys) {
		if k.Signs(schema.KeyForStatus) && k.State == schema.KeyActive {
			return k.KID
		}
	}
	return ""
}

// over tells a body that was its key and has lost it: nobody believes a list
// of it any more.
func (b body) over() bool { return strings.HasPrefix(b.DID, "did:key:") && b.statusKey() == "" }

// look reads the world. Where no entry was written since the last look, that
// one still stands.
func (p *Public) look(ctx context.Context) (*world, error) {
	w := &world{at: p.c.Now()}
	err := p.c.Store.View(ctx, func(tx issuer.Tx) error {
		last, err := tx.LastAudit()
		if err != nil && !errors.Is(err, issuer.ErrNotFound) {
			return err
		}
		w.entry = last.Seq
		if p.world != nil && p.world.entry == last.Seq {
			w.bodies, w.authorities = p.world.bodies, p.world.authorities
			return nil
		}
		if w.authorities, err = tx.AllAuthorities(); err != nil {
			return err
		}
		w.bodies, err = bodiesIn(tx)
		return err
	})
	return w, err
}

func bodiesIn(tx issuer.Tx) ([]body, error) {
	records, err := tx.AllIssuers()
	if err != nil {
		return nil, err
	}
	bodies := make([]body, 0, len(records))
	for _, r := range records {
		b := body{IssuerRecord: r}
		if b.keys, err = tx.KeysOf(r.Name); err != nil {
			return nil, err
		}
		if b.lists, err = tx.StatusListsOf(r.Name); err != nil {
			return nil, err
		}
		bodies = append(bodies, b)
	}
	return bodies, nil
}
