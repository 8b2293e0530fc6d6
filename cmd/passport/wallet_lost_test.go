package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/employment-passport/passport/issuer/issuervci"
)

// lostTwo states at the desk that two documents of one course were lost, and gives
// the offer of both.
func (d deskWorld) lostTwo(t *testing.T) issuervci.Made {
	t.Helper()
	second := filepath.Join(d.dir, "again.json")
	text := string(read(t, "../../examples/learners/01-amina-diallo.json"))
	mustDo(t, os.WriteFile(second, []byte(strings.Replace(text, "MC-PZ-2026-0042", "MC-PZ-2026-0043", 1)), 0o600))
	desk(t, "issue", "--issuer", "ente", "--template", "food-hygiene", "--learner", second, "--out", filepath.Join(d.dir, "again.jwt"))
	var made struct{ Offers []issuervci.Made }
	line := []string{"reissue", d.id, "--lost", "--seen-id", "identity-card", "--offer", "--base-url", counterBase, "--json"}
	mustDo(t, json.Unmarshal([]byte(desk(t, line...)), &made))
	if len(made.Offers) != 1 || len(made.Offers[0].Titles) != 2 {
		t.Fatalf("%+v", made.Offers)
	}
	return made.Offers[0]
}

// TestALostPhoneIsOneOffer: two documents of one course that were lost come to the
// command line's wallet by one link and one code.
func TestALostPhoneIsOneOffer(t *testing.T) {
	d := newCounterWorld(t)
	made, code := d.lostTwo(t), filepath.Join(d.dir, "code")
	mustDo(t, os.WriteFile(code, []byte(made.TxCode+"\n"), 0o600))
	c := openCounter(t, d)
	out, _, err := c.receive(receiveOptions{yes: true, txCodeFile: code}, made.Link)
	mustDo(t, err)
	v, err := c.offers.Show(t.Context(), made.ID)
	mustDo(t, err)
	if ids := strings.Fields(out); len(ids) != 2 || ids[0] == ids[1] || len(v.Credentials) != 2 || len(v.Events) != 2 {
		t.Errorf("%q, %+v", out, v)
	}
}

// TestALostPhoneIsOneOfferInTheBrowser: and so to the browser's.
func TestALostPhoneIsOneOfferInTheBrowser(t *testing.T) {
	d := newCounterWorld(t)
	made := d.lostTwo(t)
	c := openCounter(t, d)
	p := newPhone(t, c.at)
	bundle, err := os.ReadFile(d.bundle)
	mustDo(t, err)
	p.do("trust.open", map[string]any{"anchor": d.anchor, "bundle": bundle}, new(struct{}))
	p.create()
	p.do("wallet.offer", map[string]any{"link": made.Link, "host": onlineHost}, new(struct{}))
	var taken struct {
		Kept []struct {
			Card struct{ ID, Owner, Number string }
		}
		Refused []struct{ Code string }
	}
	p.do("wallet.take", map[string]any{"code": made.TxCode}, &taken)
	if len(taken.Kept) != 2 || len(taken.Refused) > 0 || taken.Kept[0].Card.Number == taken.Kept[1].Card.Number || taken.Kept[1].Card.Owner != "self" {
		t.Fatalf("%+v", taken)
	}
	p.do("wallet.tell", map[string]any{}, new(struct{}))
	v, err := c.offers.Show(t.Context(), made.ID)
	mustDo(t, err)
	if len(v.Credentials) != 2 || len(v.Events) != 2 {
		t.Errorf("%+v", v)
	}
}
