package engine

import (
	"strings"
	"testing"

	"github.com/employment-passport/passport/passporttest/recognised"
)

// TestWhatIsShownIsSignedOnce: a code that is drawn again, in another language, is
// worded anew; nothing is signed and nothing more stands in the history.
func TestWhatIsShownIsSignedOnce(t *testing.T) {
	b := recognised.New(t)
	d := newDesk(t, b)
	d.create("")
	d.imported(b.Issue(d.did()))
	ask := map[string]any{"ids": []any{member(d.cards()[0], "id")}, "minutes": 60, "audience": "Hotel Esempio", "base": checker}
	out := d.do("wallet.present", ask)
	ask["signed"], ask["lang"] = out["untilTime"], "pl"
	again := d.do("wallet.present", ask)
	if again["token"] != nil || again["save"] != nil {
		t.Errorf("signed again: %v", again)
	}
	if until, _ := again["until"].(string); until == "" || until == out["until"] {
		t.Errorf("in Polish %q, in English %q", until, out["until"])
	}
	if shown := d.do("wallet.history", map[string]any{})["shown"].([]any); len(shown) != 1 {
		t.Errorf("%d showings", len(shown))
	}
}

// TestKindsHaveNames: nobody sees what programs call a kind of document.
func TestKindsHaveNames(t *testing.T) {
	b := recognised.New(t)
	d := newDesk(t, b)
	d.create("")
	d.imported(b.Issue(d.did()))
	for lang, want := range map[string]string{"it": "Attestato di microcredenziale", "en": "Micro-credential certificate"} {
		card := d.do("wallet.list", map[string]any{"lang": lang})["cards"].([]any)[0]
		if got := member(card, "kind"); got != want {
			t.Errorf("%s: %v", lang, got)
		}
	}
	if got := kindOf("it", "EmploymentPassport"); got != "Passaporto per l’occupazione" {
		t.Error(got)
	}
	if got := kindOf("it", "Corso di cucina"); got != "Corso di cucina" {
		t.Error(got)
	}
}

// TestPastedRubbishIsNoBackup: who pastes a wrong text is told what to paste, in the
// words for a text; a foreign code in a picture keeps its own.
func TestPastedRubbishIsNoBackup(t *testing.T) {
	d := newDesk(t, recognised.New(t))
	d.create("")
	for text, want := range map[string]string{
		"Call me on Monday.": "wb_text", "https://comune.example/avvisi#312": "wb_text", "  ": "wb_text", "https://comune.example": "wb_text",
		"MC-PZ-2026-0042": "short_code",
	} {
		refused := d.do("wallet.import", map[string]any{"text": text})["refused"].([]any)
		if len(refused) != 1 || member(refused[0], "code") != want || member(refused[0], "hint") == "" {
			t.Errorf("%q: %v", text, refused)
		}
	}
	refused := d.do("wallet.import", map[string]any{"texts": []string{"https://shop.example"}})["refused"].([]any)
	if member(refused[0], "code") != "qr_foreign" || strings.Contains(member(refused[0], "message").(string), "backup") {
		t.Errorf("%v", refused)
	}
	if kind := d.do("kind", map[string]any{"text": "https://comune.example/avvisi#312"})["kind"]; kind == "backup" {
		t.Error("a place in a page is taken for a backup")
	}
}

// TestWhatWasSeenAndNotReadIsSaid: of a sheet one code was read and one was not. The
// document is kept, and the person hears that another may be missing; what cannot be
// read at all is refused for that.
func TestWhatWasSeenAndNotReadIsSaid(t *testing.T) {
	b := recognised.New(t)
	d := newDesk(t, b)
	d.create("")
	unread := []any{map[string]any{"code": "code_unread", "args": map[string]any{"count": "1"}}}
	out := d.do("wallet.import", map[string]any{"tokens": []any{b.Issue(d.did())}, "told": unread})
	refused := out["refused"].([]any)
	if len(out["kept"].([]any)) != 1 || len(refused) != 1 || member(refused[0], "code") != "wb_unread" || !strings.Contains(member(refused[0], "message").(string), "may be missing") {
		t.Errorf("%v", out)
	}
	out = d.do("wallet.import", map[string]any{"texts": []any{}, "problem": map[string]any{"code": "qr_picture_large", "args": map[string]any{"file": "x.png"}}})
	if refused := out["refused"].([]any); len(refused) != 1 || !strings.Contains(member(refused[0], "message").(string), "x.png is too large") {
		t.Errorf("%v", out)
	}
}
