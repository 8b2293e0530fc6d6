package i18n

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// holders' areas: what a jobseeker or an employer reads, on a screen or paper.
var holders = []string{"wallet", "verdict", "paper", "paper_more", "composite", "define", "export", "meaning", "reading", "engine", "content", "verifypage", "walletpage", "walletcore", "page"}

// sentenceEnd also takes the Greek question mark and the raised dot.
var sentenceEnd = regexp.MustCompile(`[.!?;:·;]\s`)

func forHolders(file, key string) bool {
	if slices.Contains(holders, strings.TrimSuffix(file, ".json")) {
		return true
	}
	for _, prefix := range []string{"check.", "verdict.", "answer.", "holder.", "status.", "do.", "wallet."} {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

// TestHoldersTextsAreShort holds what a holder or an employer reads to
// sentences of 20 words.
func TestHoldersTextsAreShort(t *testing.T) {
	for _, file := range areas() {
		for key, words := range mustRead(file) {
			if !forHolders(file, key) {
				continue
			}
			for lang, text := range words {
				for _, sentence := range sentenceEnd.Split(text, -1) {
					if n := len(strings.Fields(sentence)); n > 20 {
						t.Errorf("%s: %s in %s: a sentence of %d words: %s", file, key, lang, n, sentence)
					}
				}
			}
		}
	}
}

// prose has enough words for an index of readability to mean something: a
// label of two words has none.
const prose = 6

// TestRowT7HoldersTextsReadEasily: Gulpease, the index of Italian, is 60 or more for
// whoever finished lower secondary school. It is held for each area as a whole,
// and no single sentence may fall under 35 ("very difficult" for that reader).
func TestRowT7HoldersTextsReadEasily(t *testing.T) {
	for _, file := range areas() {
		var all gulpease
		for key, words := range mustRead(file) {
			if !forHolders(file, key) {
				continue
			}
			var one gulpease
			one.add(words["it"])
			if one.words < prose {
				continue
			}
			all.add(words["it"])
			if one.index() < 35 {
				t.Errorf("%s: %s reads at %.0f: %s", file, key, one.index(), words["it"])
			}
		}
		if all.words == 0 {
			continue
		}
		t.Logf("%s: Gulpease %.1f over %d words", file, all.index(), all.words)
		if all.index() < 60 {
			t.Errorf("%s: Gulpease %.1f, want 60", file, all.index())
		}
	}
}

// gulpease counts what the index is made of: letters, words and sentences.
type gulpease struct{ letters, words, sentences int }

func (g *gulpease) add(text string) {
	text = placeholder.ReplaceAllString(text, "nome")
	for _, sentence := range sentenceEnd.Split(text, -1) {
		if strings.TrimSpace(sentence) != "" {
			g.sentences++
		}
	}
	for _, word := range strings.Fields(text) {
		n := strings.IndexFunc(word, unicode.IsLetter)
		if n < 0 {
			continue
		}
		g.words++
		for _, r := range word {
			if unicode.IsLetter(r) {
				g.letters++
			}
		}
	}
}

// index is 89 + (300 sentences - 10 letters) / words, 100 at most (Lucisano and
// Piemontese, 1988).
func (g gulpease) index() float64 {
	return min(100, 89+float64(300*g.sentences-10*g.letters)/float64(g.words))
}

func TestGulpeaseOfAKnownText(t *testing.T) {
	var g gulpease
	g.add("Il gatto dorme. La casa è grande e bella.")
	if g != (gulpease{letters: 31, words: 9, sentences: 2}) {
		t.Errorf("counted %+v", g)
	}
	g = gulpease{letters: 500, words: 100, sentences: 5}
	if g.index() != 54 {
		t.Errorf("index %v, want 54", g.index())
	}
}
