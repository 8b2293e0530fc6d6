package verifier_test

import (
	"context"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

var revocationRows = []row{
	{"revoked", listed(hour, index), nil,
		invalid("revoked").but(func(x *want) { x.status, x.asOf = verifier.StatusRevoked, now.Add(-hour) })},
	{"a neighbour is revoked", listed(hour, index-1, index+1), nil, green},
	{"revoked in a list older than max-status-age", listed(40*days, index), nil,
		invalid("revoked").but(func(x *want) { x.status = verifier.StatusRevoked })},
	{"revoked in a list past its own end", listed(60*days, index), nil, invalid("revoked")},
	{"revoked, bundle past its own end", listed(hour, index), at(now.Add(80 * days)), invalid("revoked")},
	{"revoked and unrecognised", func(w *world) (string, []string) {
		w.entities[0].RecognizedTo[0].Schema = "TrainingAttendance"
		return listed(hour, index)(w)
	}, nil, invalid("revoked").but(func(x *want) { x.recognised = verifier.No })},
	{"revoked and expired", func(w *world) (string, []string) {
		w.addList(revocations, "revocation", now.Add(-hour), index)
		return w.issue(set("validUntil", "2026-11-21T00:00:00Z")), nil
	}, nil, invalid("revoked").but(func(x *want) { x.status = verifier.StatusRevoked })},
}

// both adds a clean revocation list and a suspension list of that age.
func both(age time.Duration, suspended ...int) func(w *world) (string, []string) {
	return func(w *world) (string, []string) {
		w.addList(revocations, "revocation", now.Add(-hour))
		w.addList(suspensions, "suspension", now.Add(-age), suspended...)
		return w.issue(suspendable), nil
	}
}

var suspensionRows = []row{
	{"two entries, both clear", both(hour), nil, green},
	{"suspended, fresh list", both(hour, index), nil,
		invalid("suspended").but(func(x *want) { x.status, x.asOf = verifier.StatusSuspended, now.Add(-hour) })},
	{"suspended, stale list", both(25*hour, index), nil,
		unknown("suspended").but(func(x *want) { x.status = verifier.StatusSuspended })},
	{"suspended and revoked", func(w *world) (string, []string) {
		w.addList(revocations, "revocation", now.Add(-hour), index)
		w.addList(suspensions, "suspension", now.Add(-hour), index)
		return w.issue(suspendable), nil
	}, nil, invalid("revoked")},
	{"one of two entries unknown", func(w *world) (string, []string) {
		w.addList(revocations, "revocation", now.Add(-hour))
		return w.issue(suspendable), nil
	}, nil, unknown("status_offline")},
	{"one of two entries unknown, the other revokes", func(w *world) (string, []string) {
		w.addList(revocations, "revocation", now.Add(-hour), index)
		return w.issue(suspendable), nil
	}, nil, invalid("revoked")},
	{"two entries of different age: the older counts", both(30 * hour), nil,
		amber("status_old").but(func(x *want) { x.asOf = now.Add(-30 * hour) })},
}

// withEntry issues with a changed status entry under a clean, fresh list.
func withEntry(change map[string]any) func(w *world) (string, []string) {
	return func(w *world) (string, []string) {
		w.addList(revocations, "revocation", now.Add(-hour))
		return w.issue(status(change)), nil
	}
}

var entryRows = []row{
	{"status entry of unknown type (D17)", withEntry(map[string]any{"type": "OtherStatusEntry"}), nil, unknown("status_unsupported")},
	{"no status entry at all", func(w *world) (string, []string) {
		return w.issue(set("credentialStatus", nil)), nil
	}, nil, unknown("status_missing")},
	{"list missing (D19)", func(w *world) (string, []string) { return w.issue(), nil }, nil, unknown("status_offline")},
	{"list failing in the bundle", func(w *world) (string, []string) {
		stranger := newBody(w.t, w.body.did)
		w.lists = append(w.lists, trust.StatusList{URL: revocations, Token: w.signList(stranger, revocations, "revocation", now)})
		return w.issue(), nil
	}, nil, unknown("status_offline")},
	{"list of another purpose (D05)", func(w *world) (string, []string) {
		w.addList(revocations, "suspension", now.Add(-hour))
		return w.issue(), nil
	}, nil, unknown("status_invalid")},
	{"index one past the end (D07)", withEntry(map[string]any{"statusListIndex": "131072", "id": revocations + "#131072"}), nil, invalid("status_index")},
	{"index no number (D06)", withEntry(map[string]any{"statusListIndex": "-1"}), nil, invalid("status_index")},
	{"index a fraction (D06)", withEntry(map[string]any{"statusListIndex": "1.5"}), nil, invalid("status_index")},
	{"index with a space (D06)", withEntry(map[string]any{"statusListIndex": " 7"}), nil, invalid("status_index")},
	{"index beyond 64 bits (D06)", withEntry(map[string]any{"statusListIndex": "18446744073709551616"}), nil, invalid("status_index")},
	{"index empty (D06)", withEntry(map[string]any{"statusListIndex": ""}), nil, invalid("status_index")},
	{"index a JSON number (D06)", withEntry(map[string]any{"statusListIndex": 7}), nil, invalid("status_index")},
	{"statusSize 0 (D14)", withEntry(map[string]any{"statusSize": 0}), nil, invalid("status_index")},
	{"statusSize 2 without messages (D14)", withEntry(map[string]any{"statusSize": 2}), nil, invalid("status_index")},
	{"statusSize 2^31 (D14)", withEntry(map[string]any{"statusSize": 1 << 31}), nil, invalid("status_index")},
	{"last index (D07)", withEntry(map[string]any{"statusListIndex": "131071", "id": revocations + "#131071"}), nil, green},
}

var dateRows = []row{
	{"validFrom ahead", func(w *world) (string, []string) {
		w.addList(revocations, "revocation", now.Add(-hour))
		return w.issue(set("validFrom", "2026-11-24T00:00:00Z")), nil
	}, nil, invalid("not_yet_valid")},
	{"validFrom ahead and the clock doubtful", func(w *world) (string, []string) {
		w.addList(revocations, "revocation", now.Add(-4*days))
		return w.issue(), nil
	}, at(now.Add(-3 * days)), unknown("clock")},
	{"validUntil passed", func(w *world) (string, []string) {
		w.addList(revocations, "revocation", now.Add(-hour))
		return w.issue(set("validUntil", "2026-11-22T09:58:59Z")), nil
	}, nil, invalid("expired").but(func(x *want) { x.status = verifier.StatusExpired })},
	{"validUntil passed within the skew (C13)", func(w *world) (string, []string) {
		w.addList(revocations, "revocation", now.Add(-hour))
		return w.issue(set("validUntil", "2026-11-22T09:59:30Z")), nil
	}, nil, green},
	{"a rule of the document broken, signature good", func(w *world) (string, []string) {
		w.addList(revocations, "revocation", now.Add(-hour))
		return w.issue(func(doc map[string]any) {
			achievement := doc["credentialSubject"].(map[string]any)["achievement"].(map[string]any)
			achievement["notionalWorkload"] = map[string]any{"value": 0, "unit": "hours"}
		}), nil
	}, nil, invalid("rule")},
}

// stapled adds a list of that age and an assertion from so long ago until so
// far ahead.
func stapled(listAge time.Duration, said trust.AssertedStatus, age, life time.Duration, set ...int) func(w *world) (string, []string) {
	return func(w *world) (string, []string) {
		token, _ := listed(listAge, set...)(w)
		return token, []string{w.assertion(token, said, now.Add(-age), now.Add(life))}
	}
}

var assertionRows = []row{
	{"no list, assertion good", func(w *world) (string, []string) {
		token := w.issue()
		return token, []string{w.assertion(token, trust.AssertedValid, now.Add(-hour), now.Add(days))}
	}, nil, green.but(func(x *want) { x.asOf, x.codes = now.Add(-hour), []string{"assertion"} })},
	{"list old, assertion fresh", stapled(10*days, trust.AssertedValid, hour, days), nil,
		green.but(func(x *want) { x.asOf = now.Add(-hour) })},
	{"list stale, assertion older than the policy's age", stapled(31*days, trust.AssertedValid, 2*days, days), nil,
		amber("status_old").but(func(x *want) { x.asOf = now.Add(-2 * days) })},
	{"assertion bad, newer list good: revoked", stapled(hour, trust.AssertedRevoked, 2*hour, days), nil, invalid("revoked")},
	{"assertion bad, newer list good: suspended, the newest wins", func(w *world) (string, []string) {
		token, _ := both(hour)(w)
		return token, []string{w.assertion(token, trust.AssertedSuspended, now.Add(-2*hour), now.Add(days))}
	}, nil, green},
	{"assertion suspended, older list good", func(w *world) (string, []string) {
		token, _ := both(3 * hour)(w)
		return token, []string{w.assertion(token, trust.AssertedSuspended, now.Add(-2*hour), now.Add(days))}
	}, nil, invalid("suspended")},
	{"assertion good, newer than a list that suspends", func(w *world) (string, []string) {
		token, _ := both(3*hour, index)(w)
		return token, []string{w.assertion(token, trust.AssertedValid, now.Add(-2*hour), now.Add(days))}
	}, nil, green},
	{"assertion good, a list of any age revokes", stapled(40*days, trust.AssertedValid, hour, days, index), nil, invalid("revoked")},
	{"assertion expired adds only that it was valid", func(w *world) (string, []string) {
		token := w.issue()
		return token, []string{w.assertion(token, trust.AssertedValid, now.Add(-10*days), now.Add(-days))}
	}, nil, unknown("status_offline").but(func(x *want) { x.codes = []string{"assertion_expired"} })},
	{"assertion with a date ahead is ignored", func(w *world) (string, []string) {
		token := w.issue()
		return token, []string{w.assertion(token, trust.AssertedValid, now.Add(hour), now.Add(days))}
	}, nil, unknown("status_offline").but(func(x *want) { x.codes = []string{"assertion_ignored"} })},
	{"assertion for another hash is ignored", func(w *world) (string, []string) {
		token := w.issue()
		return token, []string{w.assertion(w.issue(), trust.AssertedValid, now.Add(-hour), now.Add(days))}
	}, nil, unknown("status_offline")},
	{"assertion by the credential key is ignored", func(w *world) (string, []string) {
		token := w.issue()
		w.body.status, w.body.statusKID = w.body.credentials, w.body.credKID
		return token, []string{w.assertion(token, trust.AssertedValid, now.Add(-hour), now.Add(days))}
	}, nil, unknown("status_offline").but(func(x *want) { x.codes = []string{"assertion_ignored"} })},
	{"assertion by a compromised status key is ignored", func(w *world) (string, []string) {
		w.compromise(1)
		token := w.issue()
		return token, []string{w.assertion(token, trust.AssertedValid, now.Add(-hour), now.Add(days))}
	}, nil, unknown("status_offline").but(func(x *want) { x.codes = []string{"assertion_ignored"} })},
	{"bundle expired, live assertion by a key recognised there", func(w *world) (string, []string) {
		token := w.issue()
		return token, []string{w.assertion(token, trust.AssertedValid, now.Add(99*days), now.Add(110*days))}
	}, at(now.Add(100 * days)), amber("bundle_old").but(func(x *want) { x.asOf = now.Add(99 * days) })},
	{"bundle expired for more than a year, live assertion", func(w *world) (string, []string) {
		token := w.issue()
		return token, []string{w.assertion(token, trust.AssertedValid, now.Add(399*days), now.Add(410*days))}
	}, at(now.Add(400 * days)), unknown("bundle_expired")},
}

// TestRowListsFromElsewhere feeds lists that no bundle would hold: an online
// source hands them over as they came.
func TestRowListsFromElsewhere(t *testing.T) {
	other := "https://altro.example/status/9"
	for _, c := range []struct {
		name string
		list func(w *world, stranger body) string
		want want
	}{
		{"clean", func(w *world, _ body) string { return w.signList(w.body, revocations, "revocation", now.Add(-hour)) }, green},
		{"unsigned text (D02)", func(w *world, _ body) string { return "<html>" }, unknown("status_invalid")},
		{"signed by another key (D02)", func(w *world, s body) string {
			s.did, s.statusKID = w.body.did, w.body.statusKID
			return w.signList(s, revocations, "revocation", now.Add(-hour))
		}, unknown("status_invalid")},
		{"signed with the credential key", func(w *world, _ body) string {
			b := w.body
			b.status, b.statusKID = b.credentials, b.credKID
			return w.signList(b, revocations, "revocation", now.Add(-hour))
		}, unknown("status_invalid")},
		{"signed by another recognised issuer (D03)", func(w *world, s body) string {
			return w.signList(s, revocations, "revocation", now.Add(-hour))
		}, invalid("status_issuer")},
		{"another issuer in this one's name", func(w *world, s body) string {
			return w.signListAs(s, statuslist.List{ID: revocations, Issuer: w.body.did, Purposes: []string{"revocation"}, ValidFrom: now})
		}, invalid("status_issuer")},
		{"another list's id (D04)", func(w *world, _ body) string { return w.signList(w.body, other, "revocation", now.Add(-hour)) }, unknown("status_invalid")},
		{"dated ahead (D09)", func(w *world, _ body) string { return w.signList(w.body, revocations, "revocation", now.Add(hour)) }, unknown("status_stale")},
		{"a credential instead of a list", func(w *world, _ body) string { return w.issue() }, unknown("status_invalid")},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := emptyWorld(t)
			stranger := newBody(t, "did:web:altro.example")
			w.entities = append(w.entities, stranger.entity(t))
			token := w.issue()
			v := w.verifier(func(cfg *verifier.Config) { cfg.StatusLists = listsByURL{revocations: c.list(w, stranger)} })
			report, err := v.VerifyCredential(context.Background(), token)
			c.want.check(t, report, err)
		})
	}
}

// listsByURL is a source of lists that checks nothing, as the network is.
type listsByURL map[string]string

func (l listsByURL) StatusList(_ context.Context, url string) (string, time.Time, error) {
	token, ok := l[url]
	if !ok {
		return "", time.Time{}, schema.ErrStatusUnknown
	}
	return token, now, nil
}

// TestRowRollbackOfAList: a verifier that has seen a newer list takes no older
// one (D10).
func TestRowRollbackOfAList(t *testing.T) {
	w := emptyWorld(t)
	source := listsByURL{revocations: w.signList(w.body, revocations, "revocation", now.Add(-hour))}
	v := w.verifier(func(cfg *verifier.Config) { cfg.StatusLists = source })
	token := w.issue()
	report, err := v.VerifyCredential(context.Background(), token)
	green.check(t, report, err)

	source[revocations] = w.signList(w.body, revocations, "revocation", now.Add(-2*hour))
	report, err = v.VerifyCredential(context.Background(), token)
	unknown("status_rollback").check(t, report, err)
}

// TestRowForeignDocument: a credential that is not one of ours has no rules
// here, and nobody is recognised for it by accident.
func TestRowForeignDocument(t *testing.T) {
	w := emptyWorld(t)
	w.addList(revocations, "revocation", now.Add(-hour))
	token := sign(t, jose.TypeVC, w.body.credKID, w.body.credentials, []byte(`{"@context":["https://www.w3.org/ns/credentials/v2"],
		"type":["VerifiableCredential","ExampleDegree"],"issuer":"did:web:ente.example","validFrom":"2026-11-20T00:00:00Z",
		"credentialSubject":{"id":"did:example:1"},"credentialStatus":{"type":"BitstringStatusListEntry","statusPurpose":"revocation",
		"statusListIndex":"7","statusListCredential":"`+revocations+`"}}`))
	report, err := w.verifier().VerifyCredential(context.Background(), token)
	unknown("issuer_not_recognised").but(func(x *want) { x.recognised = verifier.No }).check(t, report, err)
}
