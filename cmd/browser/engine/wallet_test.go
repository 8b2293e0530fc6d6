package engine

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/passporttest/recognised"
	"github.com/employment-passport/passport/wallet"
)

const checker = "https://ente.example/verify"

// imported puts credentials into the wallet and gives the cards.
func (d *desk) imported(tokens ...string) []any {
	d.t.Helper()
	return d.do("wallet.import", map[string]any{"tokens": tokens})["kept"].([]any)
}

func member(v any, path ...string) any {
	for _, name := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[name]
	}
	return v
}

// TestWalletShows goes from an empty browser to a code that an employer's page
// verifies, with the key where WebCrypto has it.
func TestWalletShows(t *testing.T) {
	b := recognised.New(t)
	d := newDesk(t, b)
	d.refused("wb_none", "wallet.list", map[string]any{})
	d.create("")
	d.create("") // an empty one may be made anew
	token := b.Issue(d.did())
	d.imported(token)
	card := d.cards()[0]
	if member(card, "status", "colour") != "green" || member(card, "owner") != "self" || member(card, "showable") != true {
		t.Fatalf("%v", card)
	}
	id := member(card, "id").(string)
	out := d.do("wallet.present", map[string]any{"ids": []string{id}, "base": checker})
	if out["seconds"] != 300.0 || out["chunks"] != false || len(out["codes"].([]any)) != 1 {
		t.Fatalf("%v", out)
	}
	text := member(out["codes"].([]any)[0], "text").(string)
	if out["link"] != text || !strings.HasPrefix(text, checker+"#1") || !strings.HasPrefix(member(out["codes"].([]any)[0], "svg").(string), "<svg ") {
		t.Errorf("link %v", out["link"])
	}
	seen := d.do("verify", map[string]any{"inputs": []any{map[string]any{"name": "code", "texts": []string{text}}}})
	if seen["worst"] != "valid" || member(seen["results"].([]any)[0], "report", "holder") == nil {
		t.Errorf("%v", seen["results"])
	}
	shown := d.do("wallet.history", map[string]any{})["shown"].([]any)
	if len(shown) != 1 || member(shown[0], "when") != noon.Format(time.RFC3339) {
		t.Errorf("%v", shown)
	}
	view := d.do("wallet.view", map[string]any{"id": id})
	if view["token"] != token || member(view["view"].(map[string]any)["documents"].([]any)[0], "title") == nil {
		t.Errorf("%v", view["view"])
	}
}

// TestWalletShowsToSomebody: longer than five minutes needs an audience, which
// the verifier then wants to be.
func TestWalletShowsToSomebody(t *testing.T) {
	b := recognised.New(t)
	d := newDesk(t, b)
	d.create("")
	d.imported(b.Issue(d.did()))
	id := member(d.cards()[0], "id")
	d.refused("wb_audience", "wallet.present", map[string]any{"ids": []any{id}, "minutes": 60, "base": checker})
	d.refused("wb_lifetime", "wallet.present", map[string]any{"ids": []any{id}, "minutes": 1 << 40, "audience": "x", "base": checker})
	d.refused("wb_request", "wallet.present", map[string]any{"ids": []any{id}, "base": "javascript:alert(1)"})
	d.refused("wb_nothing", "wallet.present", map[string]any{"ids": []any{}, "base": checker})
	d.refused("wb_unknown", "wallet.present", map[string]any{"ids": []any{"urn:uuid:none"}, "base": checker})
	d.refused("wb_lifetime", "wallet.present", map[string]any{"ids": []any{id}, "minutes": 60, "audience": strings.Repeat("Ω", 121), "base": checker})
	// As many letters as the field takes, whatever they weigh: a name of 101 in Greek was
	// refused, as if its hours were wrong.
	for _, name := range []string{"Hotel Esempio", strings.Repeat("Ω", 120), strings.Repeat("語", 120)} {
		out := d.do("wallet.present", map[string]any{"ids": []any{id}, "minutes": 60, "audience": name, "base": checker})
		texts := []any{}
		for _, c := range out["codes"].([]any) {
			texts = append(texts, member(c, "text"))
		}
		input := []any{map[string]any{"name": "code", "texts": texts}}
		for audience, want := range map[string]string{name: "valid", "Altro": "invalid"} {
			if got := d.do("verify", map[string]any{"inputs": input, "audience": audience})["worst"]; got != want {
				t.Errorf("for %s: %v", audience, got)
			}
		}
	}
}

// TestWalletShowsMany: five do not fit one code, so a screen shows parts in turn
// and paper a code each.
func TestWalletShowsMany(t *testing.T) {
	b := recognised.New(t)
	d := newDesk(t, b)
	d.create("")
	var tokens []string
	for range 5 {
		tokens = append(tokens, b.Issue(d.did()))
	}
	d.imported(tokens...)
	var ids []any
	for _, c := range d.cards() {
		ids = append(ids, member(c, "id"))
	}
	out := d.do("wallet.present", map[string]any{"ids": ids, "base": checker})
	var texts []string
	for _, c := range out["codes"].([]any) {
		texts = append(texts, member(c, "text").(string))
	}
	if out["chunks"] != true || len(texts) < 2 {
		t.Fatalf("%d codes, chunks %v", len(texts), out["chunks"])
	}
	if got := d.do("verify", map[string]any{"inputs": []any{map[string]any{"name": "screen", "texts": texts}}})["worst"]; got != "valid" {
		t.Errorf("parts: %v", got)
	}
	if _, err := qr.DecodeText(out["link"].(string)); err != nil {
		t.Errorf("the link: %v", err)
	}
	paper := d.do("wallet.present", map[string]any{"ids": ids, "base": checker, "paper": true})
	if paper["chunks"] != false || len(paper["codes"].([]any)) != 5 || paper["link"] != nil {
		t.Errorf("on paper %d codes, link %v", len(paper["codes"].([]any)), paper["link"])
	}
}

// TestWalletReopens: what was stored opens again with the key that signs for it;
// with another or without, it can be read and not shown (storage evicted).
func TestThreatK09KeyEvicted(t *testing.T) {
	b := recognised.New(t)
	d := newDesk(t, b)
	d.create("")
	d.imported(b.Issue(d.did()))
	d.restart(b)
	out := d.do("wallet.load", map[string]any{"state": d.stored.State, "key": handle})
	if out["keyOK"] != true || out["count"] != 1.0 || out["holder"] != "webcrypto" {
		t.Fatalf("%v", out)
	}
	id := member(d.cards()[0], "id")
	d.do("wallet.present", map[string]any{"ids": []any{id}, "base": checker})

	other, err := newKey()
	must(t, err)
	for name, key := range map[string]any{"gone": "key-2", "none": "", "another's": "key-3"} {
		d.keys["key-3"] = other
		d.restart(b)
		if out := d.do("wallet.load", map[string]any{"state": d.stored.State, "key": key}); out["keyOK"] != false || out["count"] != 1.0 {
			t.Errorf("%s: %v", name, out)
		}
		if len(d.cards()) != 1 {
			t.Errorf("%s: nothing to read", name)
		}
		d.refused("wb_key_lost", "wallet.present", map[string]any{"ids": []any{id}, "base": checker})
		d.refused("wb_key_lost", "wallet.offer", map[string]any{"link": offerLink(t), "host": "ente.example"})
	}
	d.engine.wallet.open.keyOK = true // and were it not noticed, the signature would
	d.refused("wb_key_lost", "wallet.present", map[string]any{"ids": []any{id}, "base": checker})
}

// TestThreatK10TwoTabs: the second of two tabs is refused by the counter that its
// change began from, and goes on from what the first has stored.
func TestThreatK10TwoTabs(t *testing.T) {
	b := recognised.New(t)
	one := newDesk(t, b)
	one.create("")
	two := newDesk(t, b)
	two.keys, two.stored = one.keys, one.stored
	two.do("wallet.load", map[string]any{"state": one.stored.State, "key": handle})

	one.imported(b.Issue(one.did()))
	out := two.ask("wallet.import", map[string]any{"tokens": []string{b.Issue(two.did())}})
	if was := member(out, "save", "was"); was == float64(one.stored.Counter) {
		t.Fatalf("the second tab's change began from %v", was)
	}
	two.stored = one.stored
	two.do("wallet.load", map[string]any{"state": one.stored.State, "key": handle})
	two.imported(b.Issue(two.did()))
	if n := len(two.cards()); n != 2 {
		t.Errorf("%d documents after both", n)
	}
}

// TestWalletWithPIN: where the browser keeps no key, a PIN seals one of ours.
func TestWalletWithPIN(t *testing.T) {
	b := recognised.New(t)
	d := newDesk(t, b)
	d.refused("wb_pin_short", "wallet.create", map[string]any{"pin": "12345"})
	d.do("wallet.create", map[string]any{"pin": "271828"})
	d.imported(b.Issue(d.did()))
	d.restart(b)
	d.refused("wb_pin_wrong", "wallet.load", map[string]any{"state": d.stored.State, "pin": "314159"})
	if out := d.do("wallet.load", map[string]any{"state": d.stored.State}); out["keyOK"] != false || out["holder"] != "pin" {
		t.Errorf("%v", out)
	}
	if out := d.do("wallet.load", map[string]any{"state": d.stored.State, "pin": "271828"}); out["keyOK"] != true {
		t.Errorf("%v", out)
	}
	d.do("wallet.present", map[string]any{"ids": []any{member(d.cards()[0], "id")}, "base": checker})
	words := d.drawn("digits")
	d.refused("wb_pin_wrong", "wallet.sealKey", map[string]any{"words": words, "pin": "000000"})
	d.do("wallet.sealKey", map[string]any{"words": words, "pin": "271828"})
	d.do("wallet.backup", map[string]any{"words": words})
}

// TestWalletKeepsNoSecret: neither the key nor what opens it stands in the state
// or in what is answered, but for the key that a restore hands over.
func TestWalletKeepsNoSecret(t *testing.T) {
	d := newDesk(t, recognised.New(t))
	words := d.drawn("it")
	d.create(words)
	jwk, err := jwkOf(d.keys[handle])
	must(t, err)
	for name, secret := range map[string]string{"key": jwk.D, "words": words, "word": " " + strings.Fields(words)[3] + " "} {
		if strings.Contains(d.stored.State, secret) {
			t.Errorf("the state holds the %s", name)
		}
	}
	out, err := json.Marshal(d.do("wallet.backup", map[string]any{"words": words}))
	must(t, err)
	if strings.Contains(string(out), jwk.D) || strings.Contains(string(out), words) {
		t.Error("a backup tells what it seals")
	}
}

// TestImportTellsWhatIsWrong: a forged one is not kept, another person's is kept
// and marked, a backup's code is told from a document.
func TestImportTellsWhatIsWrong(t *testing.T) {
	b := recognised.New(t)
	d := newDesk(t, b)
	d.create("")
	good := b.Issue(d.did())
	_, sheet := d.imported(good), d.ask("wallet.import", map[string]any{"texts": []string{"https://ente.example/wallet#3000100000001"}})
	if code := member(sheet["refused"].([]any)[0], "code"); code != "qr_backup" {
		t.Errorf("a backup: %v", sheet)
	}
	text, _, err := qr.Encode(checker, []string{b.Issue(d.did())}, qr.Options{})
	must(t, err)
	half := d.do("wallet.import", map[string]any{"texts": []string{text, text[:len(text)-4] + "9"}})
	if len(half["kept"].([]any)) != 1 || len(half["refused"].([]any)) != 1 || member(half["refused"].([]any)[0], "message") == "" {
		t.Errorf("half a sheet: %v", half)
	}
	d.do("wallet.remove", map[string]any{"id": member(half["kept"].([]any)[0], "card", "id")})
	forged := strings.Split(b.Issue(d.did()), ".")
	forged[2] = strings.Split(good, ".")[2]
	out := d.ask("wallet.import", map[string]any{"tokens": []string{strings.Join(forged, ".")}})
	if code := member(out["refused"].([]any)[0], "code"); code != "wb_forged" || out["save"] != nil {
		t.Errorf("forged: %v", out)
	}
	d.imported(b.Issue("did:key:zDnaeWrxBMzXu7gXkmVRaCkYj9rHfHVbnUJh1ZQmCsJk9GkZs"))
	other := d.cards()[1]
	if member(other, "id") == member(d.cards()[0], "id") || !slices.ContainsFunc(d.cards(), func(c any) bool { return member(c, "owner") == "other" && member(c, "ownerWord") != nil }) {
		t.Errorf("%v", d.cards())
	}
	for _, c := range d.cards() {
		if member(c, "owner") == "other" {
			out := d.do("wallet.present", map[string]any{"ids": []any{member(c, "id")}, "base": checker})
			if len(out["warnings"].([]any)) != 1 {
				t.Errorf("no warning: %v", out["warnings"])
			}
			d.do("wallet.remove", map[string]any{"id": member(c, "id")})
		}
	}
	if len(d.cards()) != 1 {
		t.Errorf("%d left", len(d.cards()))
	}
}

// TestRefreshKeepsStill: no issuer is asked within ten minutes of a showing, and
// then each once; what it answers is stapled.
func TestRefreshKeepsStill(t *testing.T) {
	b := recognised.New(t)
	d := newDesk(t, b)
	d.create("")
	token := b.Issue(d.did())
	d.imported(token)
	hash, err := jose.CredentialHash(token)
	must(t, err)
	d.fetch = func(r Request) (Response, error) {
		if r.URL != listURL+"/assertions/"+hash {
			return Response{Status: 404}, nil
		}
		return Response{Status: 200, Body: []byte(b.Assert(token, d.at, day))}, nil
	}
	id := member(d.cards()[0], "id")
	d.do("wallet.present", map[string]any{"ids": []any{id}, "base": checker})
	d.refused("wb_refresh_soon", "wallet.refresh", map[string]any{"jitter": 0})
	if len(d.asked) > 0 {
		t.Fatalf("asked %v", d.asked)
	}
	d.at = d.at.Add(11 * time.Minute)
	if out := d.do("wallet.refresh", map[string]any{"jitter": 0}); out["fresh"] != 1.0 || member(out["outcomes"].([]any)[0], "outcome") != "fresh" {
		t.Errorf("%v", out)
	}
	if out := d.do("wallet.present", map[string]any{"ids": []any{id}, "base": checker}); len(out["assertions"].([]any)) != 1 {
		t.Errorf("nothing stapled: %v", out["assertions"])
	}
}

// TestBackupOpensEverywhere: a file of the page opens in package wallet, a vault of
// the command line opens in the page, and a printed sheet brings everything back.
func TestBackupOpensEverywhere(t *testing.T) {
	b := recognised.New(t)
	d := newDesk(t, b)
	words := d.drawn("it")
	d.create(words)
	did := d.did()
	d.imported(b.Issue(did), b.Issue(did))
	d.refused("wb_words_own", "wallet.backup", map[string]any{"words": d.drawn("it")})
	out := d.do("wallet.backup", map[string]any{"words": strings.ToUpper(strings.ReplaceAll(words, " ", " , "))})
	file, err := base64.StdEncoding.DecodeString(out["file"].(string))
	must(t, err)
	native, err := wallet.Unseal(file, words)
	must(t, err)
	if native.DID() != did || len(native.Held()) != 2 || out["name"] != "passport-wallet-2026-11-22.age" {
		t.Errorf("%s holds %d", native.DID(), len(native.Held()))
	}

	sheet := d.do("wallet.backup", map[string]any{"words": words, "paper": true, "base": "https://ente.example/wallet"})
	var texts []string
	for _, c := range sheet["codes"].([]any) {
		texts = append(texts, member(c, "text").(string))
	}
	for name, in := range map[string]map[string]any{
		"file":  {"file": out["file"], "words": words, "key": "key-9", "acceptOlder": true},
		"sheet": {"texts": texts, "words": words, "key": "key-9"},
	} {
		fresh := newDesk(t, b)
		back := fresh.do("wallet.restore", in)
		if back["did"] != did || back["count"] != 2.0 {
			t.Fatalf("%s: %v", name, back)
		}
		fresh.keys["key-9"] = d.keys[handle] // the page imports the JWK
		if member(back, "jwk", "d") == nil {
			t.Errorf("%s: no key", name)
		}
		fresh.restart(b)
		if out := fresh.do("wallet.load", map[string]any{"state": fresh.stored.State, "key": "key-9"}); member(out, "backup", "changes") != 0.0 {
			t.Errorf("%s: the backup that was just opened is not known: %v", name, out)
		}
		fresh.do("wallet.present", map[string]any{"ids": []any{member(fresh.cards()[0], "id")}, "base": checker})
		fresh.do("wallet.backup", map[string]any{"words": words})
	}

	vault, err := native.Seal("quattro parole a caso", 4)
	must(t, err)
	cli := newDesk(t, b)
	in := map[string]any{"file": base64.StdEncoding.EncodeToString(vault), "words": " quattro parole a caso\n", "pin": "271828"}
	if back := cli.do("wallet.restore", in); back["did"] != did || back["jwk"] != nil {
		t.Errorf("a vault of the command line: %v", back)
	}
}

// TestThreatK08RestoreRefuses: wrong words, a cut file, an older copy, another
// wallet, missing codes: each in its own words, and the wallet stays.
func TestThreatK08RestoreRefuses(t *testing.T) {
	b := recognised.New(t)
	d := newDesk(t, b)
	words := d.drawn("en")
	d.create(words)
	d.imported(b.Issue(d.did()))
	old := d.do("wallet.backup", map[string]any{"words": words})["file"].(string)
	if out := d.ask("wallet.restore", map[string]any{"file": old, "words": words, "key": "key-2"}); out["error"] != nil {
		t.Errorf("the copy of this minute: %v", out["error"])
	}
	d.restart(b)
	d.do("wallet.load", map[string]any{"state": d.stored.State, "key": handle})
	d.imported(b.Issue(d.did()))

	data, err := base64.StdEncoding.DecodeString(old)
	must(t, err)
	flipped := slices.Clone(data)
	flipped[len(flipped)-9] ^= 4
	costly := []byte(strings.Replace(string(data), " 4\n", " 30\n", 1))
	encoded := base64.StdEncoding.EncodeToString
	try := func(file any, words string) map[string]any {
		return map[string]any{"file": file, "words": words, "key": "key-2"}
	}
	d.refused("wb_words_wrong", "wallet.restore", try(old, d.drawn("en")))
	slip := strings.Fields(words)
	slip[2] = "zzzz"
	if r := d.refused("wb_words_wrong", "wallet.restore", try(old, strings.Join(slip, " "))); r["unknown"].([]any)[0] != 2.0 {
		t.Errorf("which word: %v", r["unknown"])
	}
	d.refused("wb_damaged", "wallet.restore", try(encoded(flipped), words))
	d.refused("wb_damaged", "wallet.restore", try(encoded(data[:len(data)/2]), words))
	d.refused("wb_damaged", "wallet.restore", try(encoded(costly), words))
	d.refused("wb_not_backup", "wallet.restore", try("", words))
	d.refused("wb_not_backup", "wallet.restore", try(encoded([]byte("%PDF-1.7")), words))
	d.refused("wb_not_backup", "wallet.restore", try(encoded([]byte("%PDF-1.7")), "")) // before anybody types
	d.refused("wb_words_wrong", "wallet.restore", try(old, ""))
	d.refused("wb_request", "wallet.restore", map[string]any{"file": old, "words": words})
	older := d.refused("wb_older", "wallet.restore", try(old, words))
	if older["count"] != 1.0 || older["now"] != 2.0 {
		t.Errorf("%v", older)
	}
	if len(d.cards()) != 2 {
		t.Fatalf("%d left", len(d.cards()))
	}
	in := try(old, words)
	in["acceptOlder"] = true
	d.do("wallet.restore", in)

	stranger := newDesk(t, b)
	stranger.create("")
	stranger.imported(b.Issue(stranger.did()))
	stranger.refused("wb_other", "wallet.restore", try(old, words))
	in["replace"] = true
	stranger.do("wallet.restore", in)

	sheet := d.do("wallet.backup", map[string]any{"words": words, "paper": true, "base": "https://ente.example/wallet"})
	codes := sheet["codes"].([]any)
	lost := d.refused("wb_parts", "wallet.restore", map[string]any{"texts": []any{member(codes[0], "text")}, "words": words, "key": "key-2"})
	if lost["of"] != float64(len(codes)) || len(lost["missing"].([]any)) != len(codes)-1 {
		t.Errorf("%v", lost)
	}
}

// TestThreatK08StateRefused: a state that was cut, or of a newer program, opens as
// nothing; one with what only a newer program knows is not called damaged, since a
// backup would be restored over it.
func TestThreatK08StateRefused(t *testing.T) {
	d := newDesk(t, nil)
	d.create("")
	good := d.stored.State
	for name, c := range map[string]struct{ state, code string }{
		"cut":     {good[:len(good)-2], "wb_state"},
		"empty":   {"", "wb_state"},
		"other":   {`{"format":"x","version":1}`, "wb_state"},
		"newer":   {strings.Replace(good, `"version":1`, `"version":7,"later":{"x":1}`, 1), "wb_newer"},
		"wider":   {strings.Replace(good, `"version":1`, `"version":1,"later":1`, 1), "wb_state"},
		"in half": {strings.Replace(good, `"credentials":[]`, `"credentials":[{"token":"eyJ.e.A"}]`, 1), "wb_state"},
	} {
		d.restart(nil)
		t.Log(name)
		d.refused(c.code, "wallet.load", map[string]any{"state": c.state, "key": handle})
		d.refused("wb_none", "wallet.list", map[string]any{})
	}
}
