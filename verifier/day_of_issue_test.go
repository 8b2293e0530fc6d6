package verifier_test

import (
	"context"
	"testing"
	"time"

	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// TestTheDayOfIssueIsAllItsDates: a window is asked for validFrom and for the
// later dates of the token, and a document without a day has none inside.
func TestTheDayOfIssueIsAllItsDates(t *testing.T) {
	const degree = "https://schemas.example/degree"
	notThen := unknown("issuer_not_recognised").but(func(x *want) { x.recognised = verifier.No })
	foreign := func(doc map[string]any) {
		doc["@context"] = []any{"https://www.w3.org/ns/credentials/v2"}
		doc["type"] = []any{"VerifiableCredential"}
		doc["credentialSchema"] = map[string]any{"id": degree, "type": "JsonSchema"}
	}
	ended := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC) // validFrom is the 20th
	permissionEnds := func(w *world) { w.entities[0].RecognizedTo[1].Until = ended }
	keyEnds := func(w *world) { w.entities[0].Keys[0].State, w.entities[0].Keys[0].Until = schema.KeyRetired, ended }
	always := func(w *world) {
		w.entities[0].RecognizedTo[1].From, w.entities[0].Keys[0].From = time.Time{}, time.Time{}
	}
	for _, c := range []struct {
		name   string
		world  func(*world)
		change []func(map[string]any)
		want   want
	}{
		{"no validFrom, signed today, everything ended", func(w *world) { always(w); permissionEnds(w); keyEnds(w) },
			change(foreign, set("validFrom", nil), set("iat", now.Add(-hour).Unix())), notThen},
		{"no date at all, everything open", always, change(foreign, set("validFrom", nil)), notThen},
		{"no date at all, windows that begin", nil, change(foreign, set("validFrom", nil)), notThen},
		{"validFrom inside", nil, change(foreign), green},
		{"signed after the permission's end", permissionEnds, change(foreign, set("iat", now.Unix())), notThen},
		{"signed on the permission's last day", permissionEnds, change(foreign, set("iat", ended.Add(23*hour).Unix())), green},
		{"begins after the permission's end", permissionEnds, change(foreign, set("nbf", now.Unix())), notThen},
		{"signed after the key's end", keyEnds, change(foreign, set("iat", now.Unix())),
			unknown("key_time").but(func(x *want) { x.recognised = verifier.No })},
		{"ours, signed after the key's end", keyEnds, change(set("iat", now.Unix())),
			unknown("key_time").but(func(x *want) { x.recognised = verifier.No })},
		{"signed on the key's last day", keyEnds, change(set("iat", ended.Unix())), green},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.entities[0].RecognizedTo = append(w.entities[0].RecognizedTo, w.entities[0].RecognizedTo[0])
			w.entities[0].RecognizedTo[1].Schema = degree
			if c.world != nil {
				c.world(w)
			}
			report, err := w.verifier().VerifyCredential(context.Background(), w.issue(c.change...))
			c.want.check(t, report, err)
		})
	}
}

// TestOneKeyUnderTwoNames: a key that was renewed under a second name has two
// windows, and a document of either stays good.
func TestOneKeyUnderTwoNames(t *testing.T) {
	for _, order := range [][2]int{{0, 1}, {1, 0}} {
		w := newWorld(t)
		old := w.entities[0].Keys[0]
		old.State, old.Until = schema.KeyRetired, time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)
		renewed := w.entities[0].Keys[0]
		renewed.KID, renewed.From = w.body.did+"#key-2", time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
		both := [2]schema.Key{old, renewed}
		w.entities[0].Keys = append([]schema.Key{both[order[0]], both[order[1]]}, w.entities[0].Keys[1:]...)
		w.body.credKID = renewed.KID
		report, err := w.verifier().VerifyCredential(context.Background(), w.issue())
		green.check(t, report, err)

		w.entities[0].Keys[order[0]].Until = time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)
		w.entities[0].Keys[order[1]].Until = time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)
		w.entities[0].Keys[0].From, w.entities[0].Keys[1].From = time.Time{}, time.Time{}
		report, err = w.verifier().VerifyCredential(context.Background(), w.issue())
		invalid("key_time").but(func(x *want) { x.recognised = verifier.No }).check(t, report, err)
	}
}

// TestAWrongClockCondemnsNobody: with a clock of which only that is known, that
// it is wrong, a copy that seems to have run out is UNKNOWN; a clock that is
// behind makes nothing older than it is.
func TestAWrongClockCondemnsNobody(t *testing.T) {
	w := newWorld(t)
	token := w.issue(set("validUntil", "2026-11-25T00:00:00Z"))
	later := func(c *verifier.Config) { at(now.Add(4 * days))(c) }
	report, err := w.verifier(later).VerifyCredential(context.Background(), token)
	invalid("expired").but(func(x *want) { x.status = verifier.StatusExpired }).check(t, report, err)

	wrong := func(c *verifier.Config) { c.ClockDoubted = true }
	report, err = w.verifier(later, wrong).VerifyCredential(context.Background(), token)
	unknown("clock").check(t, report, err)

	// As of a day that somebody names, the clock has no say in it.
	asOf := func(c *verifier.Config) { atConfig(c, now.Add(4*days)) }
	report, err = w.verifier(later, wrong, asOf).VerifyCredential(context.Background(), token)
	invalid("expired").check(t, report, err)

	// Behind the chain: what has run out even so, has run out.
	report, err = w.verifier(func(c *verifier.Config) { at(now.Add(-2 * days))(c) }).
		VerifyCredential(context.Background(), w.issue(set("validFrom", "2026-11-18T00:00:00Z"), set("validUntil", "2026-11-19T00:00:00Z")))
	invalid("expired").check(t, report, err)
}
