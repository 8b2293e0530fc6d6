package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// issuers is how many clients issue at once.
const issuers = 64

// number gives every learner of this run a document number of its own.
var number atomic.Int64

func init() { number.Store(time.Now().UnixMilli() * 1000) }

// issueRequest asks for a credential of a new learner.
func (h *home) issueRequest(s *server) []byte {
	data := fmt.Appendf(nil, `{"issuer":%q,"template":%q,"learner":%s}`, body, template, learner(number.Add(1)))
	return request("POST", "/api/v1/credentials", s.address, "Authorization: Bearer "+h.key+"\r\n", data)
}

// measureIssue issues one by one, at 64 clients.
func measureIssue(ctx context.Context, o options, h *home, s *server, b *bare, t *table) error {
	all, err := clients(s.address, issuers)
	if err != nil {
		return err
	}
	defer closeAll(all)
	r, spent := inTurns(o.part, s, func(part time.Duration) result {
		return signAndVerify(ctx, part)
	}, func(part time.Duration) result {
		return rate(ctx, issuers, part, func(hand int) error {
			_, err := all[hand].expect(201, h.issueRequest(s))
			return err
		})
	})
	if r.err != nil {
		return errors.Join(errors.New("issuing"), r.err)
	}
	t.ratio("single issues, 64 clients", 0.6, r.perSecond, "min(sign+verify, batched writes / 2)", (*bare).issuable)
	t.spent("issuing", r.perSecond, spent)
	return nil
}
