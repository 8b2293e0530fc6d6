package issuerpublic

import (
	"context"
	"crypto"
	"errors"
	"fmt"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// takeUp is the snapshot that a run begins with: the kept files that are still
// the newest of their kind, and the did documents. A list that is older than
// what the store says was signed is left: somebody may have the newer one.
func (p *Public) takeUp(ctx context.Context, w *world) *snapshot {
	s := emptySnapshot()
	s.addFixed(p.c.Now())
	s.governed = len(w.authorities) > 0
	for _, b := range w.bodies {
		for _, row := range b.lists {
			l, err := p.keptList(ctx, b, row)
			if err == nil {
				err = s.putList(row.URL, l)
			}
			if err != nil {
				p.c.Log.Debug("no kept list", "list", row.URL, "reason", err.Error())
			}
		}
	}
	for _, err := range p.showKeys(ctx, &world{bodies: w.bodies, entry: w.entry}, s, p.c.Now()) {
		p.c.Log.Error("public files", "error", err.Error())
	}
	for _, a := range w.authorities {
		if err := p.keptTrust(a, s, len(w.authorities) == 1); err != nil {
			p.c.Log.Debug("no kept bundle", "authority", a.Name, "reason", err.Error())
		}
	}
	return s
}

var errOlder = errors.New("not the version that the store knows")

// keptList reads a kept list and checks it as a stranger would: the folder is
// not the store.
func (p *Public) keptList(ctx context.Context, b body, row issuer.StatusList) (*list, error) {
	data, err := p.kept.read(row.URL)
	if err != nil {
		return nil, err
	}
	keyOf := func(_ context.Context, h jose.Header, _ []byte) (crypto.PublicKey, error) {
		for _, k := range b.keys {
			if k.KID == h.Kid && k.Signs(schema.KeyForStatus) && k.State != schema.KeyCompromised {
				jwk, err := jose.ParseJWK(k.JWK)
				return jwk.Public(), err
			}
		}
		return nil, fmt.Errorf("key %q: %w", h.Kid, issuer.ErrNoKey)
	}
	if _, _, err := jose.Verify(ctx, jose.TypeVC, string(data), keyOf); err != nil {
		return nil, err
	}
	l, says, err := readList(string(data))
	if err == nil && (says.ID != row.URL || !l.signedAt.Equal(row.SignedAt)) {
		err = errOlder
	}
	return l, err
}

// keptTrust takes up the bundle of an authority. The recognition list is inside,
// and stands beside it as soon as it is signed again.
func (p *Public) keptTrust(a issuer.AuthorityRecord, s *snapshot, only bool) error {
	data, err := p.kept.read(keptBundle(a.Name))
	if err != nil {
		return err
	}
	if _, err := trust.Open(data, a.Anchor, trust.Options{NewerThan: a.LastSeq}); err != nil {
		return err
	}
	return s.showBundle(a, only, &trust.Packed{Data: data}, &made{}, p.c.Now())
}
