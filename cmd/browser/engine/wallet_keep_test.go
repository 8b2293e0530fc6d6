package engine

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/passporttest/recognised"
)

// TestWhatNoBackupHolds: a document that came after the last backup is told of at once,
// and who has no words is not asked for a backup that they cannot have.
func TestWhatNoBackupHolds(t *testing.T) {
	b := recognised.New(t)
	for _, sealed := range []bool{true, false} {
		d := newDesk(t, b)
		words := ""
		if sealed {
			words = d.drawn("it")
		}
		d.create(words)
		told := func(when string, bare, nocopy bool) {
			t.Helper()
			if out := d.do("wallet.list", map[string]any{"quick": true}); out["bare"] != bare || out["nocopy"] != nocopy {
				t.Errorf("%s, sealed %v: bare %v, nocopy %v", when, sealed, out["bare"], out["nocopy"])
			}
		}
		told("empty", false, false)
		d.imported(b.Issue(d.did()))
		told("one document", true, sealed)
		if !sealed {
			continue
		}
		d.at = d.at.Add(time.Minute)
		d.do("wallet.backup", map[string]any{"words": words})
		told("backed up", false, false)
		d.at = d.at.Add(time.Minute)
		d.do("wallet.present", map[string]any{"ids": []any{member(d.cards()[0], "id")}, "base": checker})
		told("shown", false, false)
		d.imported(b.Issue(d.did()))
		told("one more", true, true)
	}
}

// TestAClockThatWasAheadHidesNothing: a backup of a day to come, and then the right day: a
// document that came after it counted as backed up, and nothing told of it before all was
// deleted.
func TestAClockThatWasAheadHidesNothing(t *testing.T) {
	b := recognised.New(t)
	d := newDesk(t, b)
	words := d.drawn("it")
	d.create(words)
	bare := func(when string, want bool) {
		t.Helper()
		d.do("wallet.load", map[string]any{"state": d.stored.State, "key": handle})
		if out := d.do("wallet.list", map[string]any{"quick": true}); out["bare"] != want {
			t.Errorf("%s: bare %v", when, out["bare"])
		}
	}
	d.imported(b.Issue(d.did()))
	today := d.at
	d.at = today.Add(24 * time.Hour)
	d.do("wallet.backup", map[string]any{"words": words})
	d.at = today
	bare("backed up", false)
	token := b.Issue(d.did())
	d.imported(token)
	bare("one more", true)
	d.imported(token)
	bare("the same again", true)
	d.do("wallet.backup", map[string]any{"words": words})
	d.imported(token)
	bare("backed up with it", false)
}

// TestWhatPaperCannotHoldIsInNoBackup: what a printed sheet has left off is told of as
// no backup had been made, unless a file has it; a file mends it.
func TestWhatPaperCannotHoldIsInNoBackup(t *testing.T) {
	b := recognised.New(t)
	d := newDesk(t, b)
	words := d.drawn("it")
	d.create(words)
	backup := func(paper bool, left int, bare bool) {
		t.Helper()
		d.at = d.at.Add(time.Minute)
		out := d.do("wallet.backup", map[string]any{"words": words, "paper": paper, "base": checker})
		if names, _ := out["left"].([]any); len(names) != left {
			t.Errorf("left %v", names)
		}
		d.restart(b)
		d.do("wallet.load", map[string]any{"state": d.stored.State, "key": handle})
		if out := d.do("wallet.list", map[string]any{"quick": true}); out["bare"] != bare || out["nocopy"] != bare {
			t.Errorf("paper %v: bare %v, nocopy %v", paper, out["bare"], out["nocopy"])
		}
	}
	d.imported(b.Issue(d.did()))
	backup(true, 0, false)
	d.at = d.at.Add(time.Minute)
	d.imported(unprintable(t, b, d.did()))
	backup(true, 1, true)
	backup(true, 1, true)
	backup(false, 0, false)
	backup(true, 1, false)
}

// unprintable is a document with more tokens inside than one code may hold.
func unprintable(t *testing.T, b *recognised.Body, holder string) string {
	t.Helper()
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(b.Issue(holder), ".")[1])
	must(t, err)
	var doc map[string]any
	must(t, json.Unmarshal(payload, &doc))
	var inside []map[string]any
	for range qr.MaxCredentials + 1 {
		inside = append(inside, map[string]any{"type": []string{"Evidence"}, "narrative": b.Issue(holder)})
	}
	doc["evidence"] = inside
	payload, err = json.Marshal(doc)
	must(t, err)
	token, err := jose.Sign(t.Context(), jose.TypeVC, issuerDID+"#key-1", b.Key, payload)
	must(t, err)
	return token
}

// TestARefreshTellsOfWhatEnded: a document that was revoked is not told of as brought up
// to date and nothing more, and its note is not green any longer.
func TestARefreshTellsOfWhatEnded(t *testing.T) {
	b := recognised.New(t)
	d := newDesk(t, b)
	d.create("")
	d.imported(b.Issue(d.did()))
	if out := d.do("wallet.refresh", map[string]any{"jitter": 0}); out["ended"] != false {
		t.Errorf("%v", out)
	}
	b.Revoked = []int{101}
	d.at = d.at.Add(2 * time.Hour)
	d.restart(b)
	d.do("wallet.load", map[string]any{"state": d.stored.State, "key": handle})
	if out := d.do("wallet.refresh", map[string]any{"jitter": 0}); out["ended"] != true {
		t.Errorf("%v", out)
	}
	if card := d.do("wallet.list", map[string]any{"quick": true})["cards"].([]any)[0]; member(card, "status", "colour") != "red" {
		t.Errorf("%v", card)
	}
}

// TestOneDocumentNamesItsPerson, beside the body.
func TestOneDocumentNamesItsPerson(t *testing.T) {
	b := recognised.New(t)
	d := newDesk(t, b)
	d.create("")
	d.imported(b.Issue(d.did()))
	card := d.do("wallet.view", map[string]any{"id": member(d.cards()[0], "id")})["card"]
	if member(card, "person") != "Amina Diallo" || member(card, "issuer") != "Ente Formazione Esempio" {
		t.Errorf("%v", card)
	}
}

// TestAnInvitationThatIsOver: used or run out is told from an issuer that does not answer,
// at the place of the offer and, where no code can be wrong, at the token.
func TestAnInvitationThatIsOver(t *testing.T) {
	b := recognised.New(t)
	d := newDesk(t, b)
	d.create("")
	place := "https://ente.example/offers/s3cret"
	link := "openid-credential-offer://?credential_offer_uri=" + url.QueryEscape(place)
	ask := map[string]any{"link": link, "host": "ente.example"}
	for status, code := range map[int]string{404: "wb_offer_gone", 410: "wb_offer_gone", 500: "wb_unreachable", 429: "wb_unreachable"} {
		d.fetch = func(Request) (Response, error) { return Response{Status: status}, nil }
		d.refused(code, "wallet.offer", ask)
	}

	offer := `{"credential_issuer":"https://ente.example/x","credential_configuration_ids":["a"],"grants":{"urn:ietf:params:oauth:grant-type:pre-authorized_code":{"pre-authorized_code":"c"}}}`
	d.fetch = counter(map[string]string{place: offer, shop + "token": `{"error":"invalid_grant"}`})
	d.do("wallet.offer", ask)
	d.refused("wb_offer_gone", "wallet.take", map[string]any{})

	metadata := counter(nil)
	d.fetch = func(r Request) (Response, error) {
		if r.URL == place {
			return Response{Status: 200, Body: []byte(offer)}, nil
		}
		if _, err := metadata(r); err != nil {
			return Response{}, err
		}
		return Response{Status: 404}, nil // a body that is there no more is another matter
	}
	d.refused("wb_unreachable", "wallet.offer", ask)
}
