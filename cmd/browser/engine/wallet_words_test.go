package engine

import (
	"slices"
	"strings"
	"testing"
)

// TestWordLists: the first four letters of a word tell it from all others.
func TestWordLists(t *testing.T) {
	for kind, list := range wordLists() {
		starts := map[string]bool{}
		for _, w := range list {
			starts[w[:min(4, len(w))]] = true
			if strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") != "" || len(w) > 7 {
				t.Errorf("%s: %q", kind, w)
			}
		}
		if len(list) != listLength || len(starts) != listLength || !slices.IsSorted(list) {
			t.Errorf("%s: %d words, %d beginnings", kind, len(list), len(starts))
		}
	}
}

// TestDrawnWordsAreRead: what is drawn is understood, in every kind.
func TestDrawnWordsAreRead(t *testing.T) {
	for _, kind := range wordKinds {
		for range 50 {
			words, err := drawWords(kind)
			must(t, err)
			text := strings.Join(words, " ")
			said, err := readWords(strings.ToUpper(text))
			must(t, err)
			if !said.Complete || said.Kind != kind || said.phrase() != text {
				t.Fatalf("%s: %q read as %+v", kind, text, said)
			}
		}
	}
}

// TestTypedWords: as people type them.
func TestTypedWords(t *testing.T) {
	for _, c := range []struct {
		text, kind, phrase string
		complete           bool
		unknown            []int
	}{
		{"1) Abaco, 2) abete\n3) abis", "it", "abaco abete abisso", false, nil},
		{"abaco abete abis acetone achille acido acqua acre", "it", "abaco abete abisso acetone achille acido acqua acre", true, nil},
		{"abaco abete abis acetone achille acido acqua accre", "it", "", false, []int{7}},
		{"able about", "en", "able about", false, nil},
		{"٠٠١ ٠٠٢ ٠٠٣ ٠٠٤ ٠٠٥ ٠٠٦ ٠٠٧ ٠٠٨", "digits", "001 002 003 004 005 006 007 008", true, nil},
		{"001002003004005006007008", "digits", "001 002 003 004 005 006 007 008", true, nil},
		{"quattro parole a caso", "own", "", false, nil},
		{"", "own", "", false, nil},
	} {
		said, err := readWords(c.text)
		must(t, err)
		if said.Kind != c.kind || said.Complete != c.complete || c.phrase != "" && said.phrase() != c.phrase || c.unknown != nil && !slices.Equal(said.Unknown, c.unknown) {
			t.Errorf("%q: %+v", c.text, said)
		}
	}
	said, err := readWords("abaco abete abisso acetone achille acido acqua accre")
	must(t, err)
	if !slices.Contains(said.Suggestions[7], "acre") {
		t.Errorf("no help: %v", said.Suggestions)
	}
	if _, err := readWords(strings.Repeat("a", maxWords+1)); err == nil {
		t.Error("a book is read")
	}
}

// TestWordKinds: digits for who reads another script.
func TestWordKinds(t *testing.T) {
	for lang, want := range map[string]string{"it": "it", "es": "es", "fr": "en", "pl": "en", "ar": "digits", "el": "digits", "uk": "digits"} {
		if got := wordKindFor(lang); got != want {
			t.Errorf("%s: %s", lang, got)
		}
	}
}
