package i18n

import "testing"

// What no native speaker wrote is marked until somebody has read it.
func TestMachineWordsAreMarked(t *testing.T) {
	for _, c := range []struct {
		lang, key string
		want      bool
	}{
		{"it", "error.usage", false}, {"en", "error.usage", false},
		{"es", "error.usage", true}, {"el", "error.usage", true}, {"pl", "error.usage", true},
		{"fr", "error.usage", false}, // it answers in English
		{"ar", "verdict.valid", true}, {"uk", "verdict.valid", true},
		{"pl", "no.such.key", false},
	} {
		if got := Machine(c.lang, c.key); got != c.want {
			t.Errorf("Machine(%s, %s) = %v", c.lang, c.key, got)
		}
	}
}

func TestMachineMadeAreasAreMarked(t *testing.T) {
	for lang, want := range map[string]bool{"it": false, "en": false, "es": true, "uk": true, "ar": true} {
		if got := MachineMade(lang, "verdict", "verifypage"); got != want {
			t.Errorf("%s: %v", lang, got)
		}
	}
	if MachineMade("fr", "serve") || MachineMade("pl") {
		t.Error("words that are not said are marked")
	}
}

// A review names an area or a key that is there, in a language that it speaks.
func TestReviewsNameRealWords(t *testing.T) {
	for _, lang := range reviews().Machine {
		if !Speaks(lang) {
			t.Errorf("nobody speaks %q", lang)
		}
	}
	spoken := map[string]map[string]bool{}
	for key, e := range catalogue() {
		for _, name := range []string{key, e.area} {
			if spoken[name] == nil {
				spoken[name] = map[string]bool{}
			}
			for lang := range e.words {
				spoken[name][lang] = true
			}
		}
	}
	for name, langs := range reviews().Reviewed {
		for _, lang := range langs {
			if !spoken[name][lang] {
				t.Errorf("%s is said to be reviewed in %s, where it has no words", name, lang)
			}
		}
	}
}
