package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// known is what the verifier of this process knows: the home's one body and the
// list that it has published.
type known struct {
	entity schema.Entity
	list   string
}

func (k *known) Keys(context.Context, string) ([]schema.Key, error) { return k.entity.Keys, nil }
func (k *known) StatusList(context.Context, string) (string, time.Time, error) {
	return k.list, time.Now(), nil
}
func (k *known) Entity(context.Context, string) (schema.Entity, error) { return k.entity, nil }
func (k *known) Denied([16]byte) bool                                  { return false }
func (k *known) Reaffirmed([16]byte) bool                              { return false }
func (k *known) Origin() schema.Origin {
	return schema.Origin{Authority: schema.Authority{Name: "bench"}, IssuedAt: time.Now()}
}

// learn reads what there is to know from the home.
func (h *home) learn(ctx context.Context) (*known, error) {
	s, err := boltstore.Open(h.path("home"))
	if err != nil {
		return nil, err
	}
	defer s.Close()
	i, err := issuer.New(issuer.Config{Store: s, Now: time.Now})
	if err != nil {
		return nil, err
	}
	keys, err := i.Keys(ctx, body)
	if err != nil {
		return nil, err
	}
	k := &known{entity: schema.Entity{
		DID: "did:web:" + host, Name: body, State: schema.EntityRecognised, RecognizedTo: []schema.Permission{{Schema: "MicroCredential"}},
	}}
	for _, r := range keys {
		jwk, err := jose.ParseJWK(r.JWK)
		if err != nil {
			return nil, err
		}
		k.entity.Keys = append(k.entity.Keys, schema.Key{KID: r.KID, Public: jwk.Public(), Thumbprint: r.Thumbprint, Use: r.Use, State: r.State})
	}
	list, err := os.ReadFile(h.path("published/" + host + "/status/1"))
	k.list = string(list)
	return k, err
}

// bareVerify is the rate of the verifier in this process, from memory.
func (h *home) bareVerify(ctx context.Context, hands int, part time.Duration) result {
	k := h.known
	v, err := verifier.New(verifier.Config{Keys: k, StatusLists: k, Recognition: k, Now: time.Now})
	if err != nil {
		return result{err: err}
	}
	return rate(ctx, hands, part, func(int) error {
		report, err := v.VerifyCredential(ctx, h.token)
		if err == nil && report.Verdict != verifier.Valid {
			err = fmt.Errorf("the sample is %s: %s", report.Verdict, report.Reason)
		}
		return err
	})
}

// measureVerify asks for the same credential over and over: nothing of an
// answer is kept between two.
func measureVerify(ctx context.Context, o options, h *home, s *server, b *bare, t *table) error {
	data, err := json.Marshal(map[string]any{"verifiableCredential": map[string]any{
		"@context": "https://www.w3.org/ns/credentials/v2", "type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt," + h.token,
	}})
	if err != nil {
		return err
	}
	ask := request("POST", "/credentials/verify", s.address, "", data)
	hands := 8 * runtime.GOMAXPROCS(0)
	all, err := clients(s.address, hands)
	if err != nil {
		return err
	}
	defer closeAll(all)
	r, spent := inTurns(o.part, s, func(part time.Duration) result {
		return h.bareVerify(ctx, runtime.GOMAXPROCS(0), part)
	}, func(part time.Duration) result {
		return rate(ctx, hands, part, func(hand int) error {
			_, err := all[hand].expect(200, ask)
			return err
		})
	})
	if r.err != nil {
		return errors.Join(errors.New("verification"), r.err)
	}
	t.ratio("POST /credentials/verify", 0.6, r.perSecond, "the verifier in process", func(b *bare) float64 { return b.verify })
	t.spent("verification", r.perSecond, spent)
	return nil
}
