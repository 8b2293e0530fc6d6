package verifier_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// manyLists is a source that has several copies of a list and checks none.
type manyLists map[string][]string

func (m manyLists) StatusList(_ context.Context, url string) (string, time.Time, error) {
	if len(m[url]) == 0 {
		return "", time.Time{}, schema.ErrStatusUnknown
	}
	return m[url][0], now, nil
}

func (m manyLists) StatusListCopies(_ context.Context, url, _, _ string) ([]string, error) {
	if len(m[url]) == 0 {
		return nil, schema.ErrStatusUnknown
	}
	return m[url], nil
}

// moreKeys are the bundle's keys and those of a did document, as an online
// source lays them together.
type moreKeys struct {
	*trust.Bundle
	more []schema.Key
}

func (k moreKeys) Keys(ctx context.Context, issuer string) ([]schema.Key, error) {
	known, err := k.Bundle.Keys(ctx, issuer)
	return append(append([]schema.Key(nil), known...), k.more...), err
}

// TestHijackedDomainTakesNoRevocationBack: somebody holds the issuer's domain
// for an hour and publishes a key there, a clean newer list and an assertion by
// it. The authority never named that key.
func TestHijackedDomainTakesNoRevocationBack(t *testing.T) {
	for _, use := range []schema.KeyUse{"", schema.KeyForStatus} {
		w := emptyWorld(t)
		w.addList(revocations, "revocation", now.Add(-hour), index)
		token := w.issue()
		rogue := newBody(t, w.body.did)
		rogue.statusKID = w.body.did + "#rogue"
		clean := w.signListAs(rogue, statuslist.List{ID: revocations, Issuer: w.body.did, Purposes: []string{"revocation"}, ValidFrom: now.Add(-time.Minute)})
		honest := w.body
		w.body.status, w.body.statusKID = rogue.status, rogue.statusKID
		said := w.assertion(token, trust.AssertedValid, now.Add(-time.Minute), now.Add(days))
		w.body = honest
		keys := moreKeys{w.bundle(), []schema.Key{{KID: rogue.statusKID, Public: rogue.status.Public(), Thumbprint: thumbprint(t, rogue.status.Public()), Use: use}}}
		with := func(lists verifier.StatusLists) *verifier.Verifier {
			return w.verifier(func(c *verifier.Config) { c.Keys, c.StatusLists = keys, lists })
		}

		report, err := with(manyLists{revocations: {clean, w.lists[0].Token}}).VerifyCredential(context.Background(), token, said)
		invalid("revoked").check(t, report, err)
		report, err = with(manyLists{revocations: {clean}}).VerifyCredential(context.Background(), token)
		unknown("status_invalid").check(t, report, err)
		report, err = with(manyLists{}).VerifyCredential(context.Background(), token, said)
		unknown("status_offline").but(func(x *want) { x.codes = []string{"assertion_ignored"} }).check(t, report, err)
	}
}

// TestRevocationOnceSeenStaysSeen: an older list, a newer one without the bit,
// and a source that has gone take no revocation back.
func TestRevocationOnceSeenStaysSeen(t *testing.T) {
	w := emptyWorld(t)
	source := listsByURL{revocations: w.signList(w.body, revocations, "revocation", now.Add(-hour), index)}
	v := w.verifier(func(c *verifier.Config) { c.StatusLists = source })
	token := w.issue()
	for _, next := range []string{
		source[revocations],
		w.signList(w.body, revocations, "revocation", now.Add(-2*hour)),
		w.signList(w.body, revocations, "revocation", now.Add(-time.Minute)),
		"<html>",
		w.signList(w.body, revocations, "revocation", now.Add(-50*time.Second)),
		w.signList(w.body, revocations, "revocation", now.Add(-40*time.Second)),
		w.signList(w.body, revocations, "revocation", now.Add(-30*time.Second)),
		w.signList(w.body, revocations, "revocation", now.Add(-20*time.Second)),
	} {
		source[revocations] = next
		report, err := v.VerifyCredential(context.Background(), token)
		invalid("revoked").but(func(x *want) { x.asOf = now.Add(-hour) }).check(t, report, err)
	}
	delete(source, revocations)
	report, err := v.VerifyCredential(context.Background(), token)
	invalid("revoked").check(t, report, err)
}

// TestSuspensionEndsWithANewerList: only revocations are for ever.
func TestSuspensionEndsWithANewerList(t *testing.T) {
	w := emptyWorld(t)
	clean := w.signList(w.body, revocations, "revocation", now.Add(-hour))
	source := manyLists{revocations: {clean}, suspensions: {w.signList(w.body, suspensions, "suspension", now.Add(-2*hour), index)}}
	v := w.verifier(func(c *verifier.Config) { c.StatusLists = source })
	token := w.issue(suspendable)
	report, err := v.VerifyCredential(context.Background(), token)
	invalid("suspended").check(t, report, err)
	source[suspensions] = append(source[suspensions], w.signList(w.body, suspensions, "suspension", now.Add(-hour)))
	report, err = v.VerifyCredential(context.Background(), token)
	green.check(t, report, err)
}

// TestCopiesOfAList: the newest that stands answers, one that does not stand up
// takes nothing from the others, and any may revoke.
func TestCopiesOfAList(t *testing.T) {
	w := emptyWorld(t)
	list := func(age time.Duration, set ...int) string {
		return w.signList(w.body, revocations, "revocation", now.Add(-age), set...)
	}
	stranger := newBody(t, "did:web:altro.example")
	w.entities = append(w.entities, stranger.entity(t))
	other := w.signList(stranger, revocations, "revocation", now.Add(-time.Minute), index)
	token := w.issue()
	for name, c := range map[string]struct {
		copies []string
		want   want
	}{
		"older and newer":          {[]string{list(3 * hour), list(hour)}, green.but(func(x *want) { x.asOf = now.Add(-hour) })},
		"newer and older":          {[]string{list(hour), list(3 * hour)}, green.but(func(x *want) { x.asOf = now.Add(-hour) })},
		"nonsense beside":          {[]string{"<html>", list(hour), ""}, green},
		"another body's beside":    {[]string{other, list(hour)}, green},
		"the newer revokes":        {[]string{list(3 * hour), list(hour, index)}, invalid("revoked")},
		"the older revokes":        {[]string{list(hour), list(3*hour, index)}, invalid("revoked")},
		"an ended one revokes":     {[]string{list(hour), list(60*days, index)}, invalid("revoked")},
		"one that is dated ahead":  {[]string{list(-hour), list(hour)}, green.but(func(x *want) { x.asOf = now.Add(-hour) })},
		"only one that is ahead":   {[]string{list(-hour)}, unknown("status_stale")},
		"nonsense":                 {[]string{"<html>", "x"}, unknown("status_invalid")},
		"nothing but another body": {[]string{other}, invalid("status_issuer")},
	} {
		t.Run(name, func(t *testing.T) {
			v := w.verifier(func(cfg *verifier.Config) { cfg.StatusLists = manyLists{revocations: c.copies} })
			for range 2 { // the second time out of the cache
				report, err := v.VerifyCredential(context.Background(), token)
				c.want.check(t, report, err)
			}
		})
	}
}

// changingTrust is a bundle that somebody replaces while a verifier lives.
type changingTrust struct{ *trust.Bundle }

// TestListOfAKeyCompromisedSince: a list opened before its key was known to be
// stolen is no answer afterwards.
func TestListOfAKeyCompromisedSince(t *testing.T) {
	w := newWorld(t)
	source := &changingTrust{w.bundle()}
	v := w.verifier(func(c *verifier.Config) {
		c.Keys, c.Recognition, c.StatusLists = source, source, listsByURL{revocations: w.lists[0].Token}
	})
	token := w.issue()
	report, err := v.VerifyCredential(context.Background(), token)
	green.check(t, report, err)

	w.compromise(1)
	w.seq++
	source.Bundle = w.bundle()
	report, err = v.VerifyCredential(context.Background(), token)
	unknown("status_invalid").check(t, report, err)
}

// TestClosedBodySignsOn: once its delegate has signed, what a closed body's own
// key signs later counts for nothing; revocations of before count.
func TestClosedBodySignsOn(t *testing.T) {
	for name, c := range map[string]struct {
		delegate, own   time.Duration
		delegates, owns []int
		want            want
	}{
		"the delegate revokes, a later own list does not": {10 * hour, hour, []int{index}, nil, invalid("revoked")},
		"a later own list revokes":                        {10 * hour, hour, nil, []int{index}, amber("issuer_closed")},
		"an earlier own list revokes":                     {hour, 10 * hour, nil, []int{index}, invalid("revoked")},
		"the delegate's is old, a later own one fresh":    {40 * hour, hour, nil, nil, amber("issuer_closed").but(func(x *want) { x.asOf = now.Add(-40 * hour) })},
	} {
		t.Run(name, func(t *testing.T) {
			w := emptyWorld(t)
			delegate := newBody(t, "did:web:regione.example:liste")
			w.entities = append(w.entities, delegate.entity(t))
			w.entities[0].State, w.entities[0].StatusDelegate = schema.EntityClosed, delegate.did
			last := w.signListAs(delegate, statuslist.List{ID: revocations, Issuer: w.body.did, Purposes: []string{"revocation"}, ValidFrom: now.Add(-c.delegate)}, c.delegates...)
			w.lists = append(w.lists, trust.StatusList{URL: revocations, Token: last})
			w.addList(revocations, "revocation", now.Add(-c.own), c.owns...)
			report, err := w.verifier().VerifyCredential(context.Background(), w.issue())
			c.want.check(t, report, err)
		})
	}
}

// TestAddressThatNobodyOwns: where no recognised body lives, another body can
// put a list; it neither blinds nor condemns.
func TestAddressThatNobodyOwns(t *testing.T) {
	const cdn = "https://liste.cdn.example/ente/1"
	w := emptyWorld(t)
	stranger := newBody(t, "did:web:altro.example")
	w.entities = append(w.entities, stranger.entity(t))
	token := w.issue(status(map[string]any{"statusListCredential": cdn, "id": fmt.Sprintf("%s#%d", cdn, index)}))
	w.lists = []trust.StatusList{{URL: cdn, Token: w.signList(stranger, cdn, "revocation", now, index)}}
	report, err := w.verifier().VerifyCredential(context.Background(), token)
	unknown("status_issuer").check(t, report, err)
	w.addList(cdn, "revocation", now.Add(-hour))
	report, err = w.verifier().VerifyCredential(context.Background(), token)
	green.check(t, report, err)
}

// TestManyStatusEntries: a credential makes nobody read more than four lists,
// and what was not read leaves the question open.
func TestManyStatusEntries(t *testing.T) {
	w := emptyWorld(t)
	var entries []any
	for i := range 100 {
		url := fmt.Sprintf("https://ente.example/status/%d", i)
		w.addList(url, "revocation", now.Add(-hour))
		entries = append(entries, entry("revocation", url))
	}
	payload := fmt.Sprintf(`{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential","ExampleDegree"],
		"issuer":%q,"validFrom":"2026-11-20T00:00:00Z","credentialSubject":{"id":"did:example:1"},"credentialStatus":%s}`, w.body.did, marshal(t, entries))
	token := sign(t, "vc+jwt", w.body.credKID, w.body.credentials, []byte(payload))
	source := &countedLists{inner: w.bundle()}
	v := w.verifier(func(c *verifier.Config) { c.StatusLists = source })
	said := w.assertion(token, trust.AssertedValid, now.Add(-hour), now.Add(days))
	report, err := v.VerifyCredential(context.Background(), token, said)
	must(t, err)
	if source.asked != 4 || report.Verdict != verifier.Unknown || !report.Has("status_unsupported") {
		t.Errorf("%d lists asked for, %s for %q", source.asked, report.Verdict, report.Reason)
	}
}

type countedLists struct {
	inner verifier.StatusLists
	asked int
}

func (c *countedLists) StatusList(ctx context.Context, url string) (string, time.Time, error) {
	c.asked++
	return c.inner.StatusList(ctx, url)
}
