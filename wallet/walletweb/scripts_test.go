package walletweb_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// doubles stand in the place of modules: the file of testdata for each.
type doubles map[string]string

// apart are those without which the wallet moves: no engine, no network, no elements.
var apart = doubles{"page": "page", "engine": "engine", "screens": "screens", "fresh": "fresh", "trust": "rest", "scan": "rest"}

// run runs a script of testdata beside the modules of the page, with doubles in the
// place of the rest.
func run(t *testing.T, script string, with doubles) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed: the modules are not run")
	}
	dir := t.TempDir()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	put := func(from, to string) {
		data, err := os.ReadFile(from)
		must(err)
		must(os.WriteFile(filepath.Join(dir, to), data, 0o600))
	}
	own, err := filepath.Glob("assets/*.mjs")
	must(err)
	for _, m := range append(own, "pages/documents.html", "pages/shell.html") {
		put(m, filepath.Base(m))
	}
	for name, from := range with {
		put("testdata/"+from+".mjs", name+".mjs")
	}
	put("testdata/"+script, script)
	if out, err := exec.CommandContext(t.Context(), node, filepath.Join(dir, script)).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestThreatK09KeyIsKeptOrNothingIs: the key cannot be taken out again, a save that
// another tab or a full disk has refused leaves everything as it was, and the key of
// a wallet that gave way is gone.
func TestThreatK09KeyIsKeptOrNothingIs(t *testing.T) { run(t, "keyskept.mjs", apart) }

// TestThreatK08MovesLoseNothing: nothing of a kept key stays in the page, a backup
// comes back where only a PIN helps, no code is spent for what there is no room for, a
// look locks nothing, and what a newer program
// has stored is not restored over.
func TestThreatK08MovesLoseNothing(t *testing.T) { run(t, "losing.mjs", apart) }

// TestOffersAreKeptUntilAnswered: the claim page's link opens in a wallet that is there
// and in one that is made first, also in a tab that was dropped meanwhile; what is none,
// or nobody can take any more, is said where the person can go on. A second one waits.
func TestOffersAreKeptUntilAnswered(t *testing.T) { run(t, "offers.mjs", apart) }

// TestThreatK10AStolenTabSpendsNothing: Back and a link with an offer lead nowhere in a
// tab whose wallet another has taken over; it can be taken back, and the offer waits.
func TestThreatK10AStolenTabSpendsNothing(t *testing.T) { run(t, "tabs.mjs", apart) }

// TestThreatK10WhatIsTakenIsKept: another tab that takes the wallet over waits for what
// an issuer hands over but once, and nothing else of the first gets in its way.
func TestThreatK10WhatIsTakenIsKept(t *testing.T) { run(t, "taking.mjs", apart) }

// TestAPressIsWhatItShows: it waits its turn though the screen is drawn anew, opens the
// document that it stands on, and marks no more than itself as busy.
func TestAPressIsWhatItShows(t *testing.T) {
	run(t, "pressing.mjs", doubles{"page": "elements"})
}

// TestALanguageLeadsHome, however long its words take, and keeps any other screen.
func TestALanguageLeadsHome(t *testing.T) { run(t, "speaking.mjs", apart) }

// TestNewsAreJudgedByAtOnce: a list that revokes shows without the page being opened
// anew, issuers hear what became of what was collected, and the documents are drawn anew
// for who has gone home meanwhile.
func TestNewsAreJudgedByAtOnce(t *testing.T) { run(t, "news.mjs", apart) }

// TestPaperKeepsTheWordsOfACode: its picture on paper says what it is.
func TestPaperKeepsTheWordsOfACode(t *testing.T) { run(t, "printing.mjs", apart) }

// TestWhatIsDueIsAskedFor: a wallet that came back from a backup, or whose clock was
// wrong, asks for status and for what is awaited like any other.
func TestWhatIsDueIsAskedFor(t *testing.T) { run(t, "tending.mjs", apart) }

// TestAQuestionOfTheBrowserHoldsNothingUp: while it asks the person about the camera, or
// whether the page may keep what it stores, all else goes on.
func TestAQuestionOfTheBrowserHoldsNothingUp(t *testing.T) { run(t, "scanning.mjs", apart) }

// TestATickIsForWhatIsDone: a refresh that reached nobody bears none.
func TestATickIsForWhatIsDone(t *testing.T) { run(t, "refreshed.mjs", doubles{"page": "elements"}) }
