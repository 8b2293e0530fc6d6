package verifier_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/verifier"
)

func marshal(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	must(t, err)
	return data
}

// TestJudgedBeforeItEnded: with an explicit moment before a list ends the
// credential nobody can say what held then, whatever was said earlier.
func TestJudgedBeforeItEnded(t *testing.T) {
	moment := now.Add(-10 * hour)
	for name, make := range map[string]func(w *world) (string, []string){
		"revoked later": func(w *world) (string, []string) {
			w.addList(revocations, "revocation", now.Add(-hour), index)
			token := w.issue()
			return token, []string{w.assertion(token, trust.AssertedValid, moment.Add(-hour), now.Add(days))}
		},
		"suspended later": func(w *world) (string, []string) {
			w.addList(revocations, "revocation", now.Add(-20*hour))
			w.addList(suspensions, "suspension", now.Add(-hour), index)
			token := w.issue(suspendable)
			return token, []string{w.assertion(token, trust.AssertedValid, moment.Add(-hour), now.Add(days))}
		},
		"suspended later, nothing stapled": func(w *world) (string, []string) {
			w.addList(revocations, "revocation", now.Add(-20*hour))
			w.addList(suspensions, "suspension", now.Add(-hour), index)
			return w.issue(suspendable), nil
		},
		"revoked later by a stapled word": func(w *world) (string, []string) {
			w.addList(revocations, "revocation", now.Add(-20*hour))
			token := w.issue()
			return token, []string{w.assertion(token, trust.AssertedRevoked, now.Add(-hour), now.Add(days))}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := emptyWorld(t)
			token, said := make(w)
			report, err := w.verifier(func(c *verifier.Config) { atConfig(c, moment) }).VerifyCredential(context.Background(), token, said...)
			unknown("status_stale").check(t, report, err)
		})
	}
}

// TestJudgedBeforeALaterCopy: an earlier list of that time answers, unless a
// later one ends the credential.
func TestJudgedBeforeALaterCopy(t *testing.T) {
	w := emptyWorld(t)
	moment, token := now.Add(-10*hour), w.issue()
	early := w.signList(w.body, revocations, "revocation", now.Add(-20*hour))
	judge := func(lists ...string) (*verifier.Report, error) {
		return w.verifier(func(c *verifier.Config) {
			atConfig(c, moment)
			c.StatusLists = manyLists{revocations: lists}
		}).VerifyCredential(context.Background(), token)
	}
	report, err := judge(early, w.signList(w.body, revocations, "revocation", now.Add(-hour)))
	green.but(func(x *want) { x.asOf = now.Add(-20 * hour) }).check(t, report, err)
	report, err = judge(early, w.signList(w.body, revocations, "revocation", now.Add(-hour), index))
	unknown("status_stale").check(t, report, err)
}
