package engine

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/passporttest/recognised"
)

// TestWalletTellsOwnClock: until when a code holds, the history, a card and a
// verdict are told by the clock that the page names; without one they say UTC.
func TestWalletTellsOwnClock(t *testing.T) {
	b := recognised.New(t)
	d := newDesk(t, b)
	d.create("")
	d.imported(b.Issue(d.did()))
	id := member(d.cards()[0], "id").(string)
	for zone, want := range map[any]struct{ at, until, asOf string }{
		nil:     {"22/11/2026, 10:00 UTC", "22/11/2026, 10:05 UTC", "22/11/2026, 09:00 UTC"},
		14 * 60: {"23/11/2026, 00:00", "23/11/2026, 00:05", "22/11/2026, 23:00"},
	} {
		words := func(said any, want string) {
			t.Helper()
			if said != want {
				t.Errorf("zone %v: %q, want %q", zone, said, want)
			}
		}
		ask := func(more map[string]any) map[string]any {
			more["lang"], more["zone"] = "it", zone
			return more
		}
		out := d.do("wallet.present", ask(map[string]any{"ids": []string{id}, "base": checker}))
		words(out["until"], want.until)
		words(out["untilTime"], "2026-11-22T10:05:00Z")
		line := d.do("wallet.history", ask(map[string]any{}))["shown"].([]any)[0]
		words(member(line, "at"), want.at)
		words(member(line, "until"), want.until)
		words(member(d.do("wallet.view", ask(map[string]any{"id": id})), "view", "date"), want.asOf)
		seen := d.do("verify", ask(map[string]any{"inputs": []any{map[string]any{"name": "code", "text": out["link"]}}}))
		words(member(seen["results"].([]any)[0], "view", "date"), want.asOf)
	}
}

// TestTrustTellsOwnDay: the days of a bundle are those of the reader's clock, in the
// facts of the page and in the sentence of one that has run out; its instants are
// UTC. trust.open once took no zone and named the day of Greenwich.
func TestTrustTellsOwnDay(t *testing.T) {
	b := recognised.New(t)
	late := noon.Add(13*time.Hour + 30*time.Minute) // 23:30 UTC
	for zone, want := range map[any]struct{ issued, ends, ended string }{
		nil: {"22/11/2026", "22/12/2026", "22/12/2026"},
		60:  {"23/11/2026", "23/12/2026", "23/12/2026"},
		-60: {"22/11/2026", "22/12/2026", "22/12/2026"},
	} {
		d := newDesk(t, nil)
		d.at = late.Add(31 * day)
		out := d.do("trust.open", map[string]any{"anchor": b.Thumbprint(b.Root), "bundle": b.Bundle(late), "lang": "it", "zone": zone})
		if is := out["origin"]; member(is, "issued") != want.issued || member(is, "ends") != want.ends || member(is, "issuedAt") != "2026-11-22T23:30:00Z" {
			t.Errorf("zone %v: %v", zone, is)
		}
		checks, _ := json.Marshal(out["checks"])
		if !strings.Contains(string(checks), want.ended) {
			t.Errorf("zone %v: %s says nothing of %s", zone, checks, want.ended)
		}
	}
}

// TestHostileZone: a zone that no clock has is refused, and so is what is no
// number of minutes.
func TestHostileZone(t *testing.T) {
	d := newDesk(t, recognised.New(t))
	d.create("")
	for _, zone := range []any{841, -841, 1e300, 0.5, "60", true, []int{60}, map[string]any{"Location": nil}, json.Number("9223372036854775808")} {
		d.refused("wb_request", "wallet.history", map[string]any{"zone": zone})
		d.refused("engine_input", "verify", map[string]any{"inputs": []any{}, "zone": zone})
		d.refused("engine_input", "trust.open", map[string]any{"zone": zone})
	}
	for _, zone := range []int{-maxZone, 0, maxZone} {
		d.do("wallet.history", map[string]any{"zone": zone})
		d.do("verify", map[string]any{"inputs": []any{}, "zone": zone})
	}
}
