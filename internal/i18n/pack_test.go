package i18n

import (
	"slices"
	"strings"
	"testing"
)

// TestPack: what a browser says is what every other program says.
func TestPack(t *testing.T) {
	files, err := Pack()
	if err != nil {
		t.Fatal(err)
	}
	p := packed{read: func(name string) string { return files[name] }}
	said := 0
	for key, e := range catalogue() {
		if !slices.Contains(EngineAreas, e.area) {
			if _, ok := p.find("it", key); ok {
				t.Errorf("%s is not the engine's to say", key)
			}
			continue
		}
		said++
		for _, tongue := range BrowserTongues {
			want, _ := find(tongue.Code, key)
			if got, ok := p.find(tongue.Code, key); !ok || got != want {
				t.Errorf("%s in %s: %q, want %q", key, tongue.Code, got, want)
			}
			area, speaks := p.standing(tongue.Code, key)
			if a, s := standing(tongue.Code, key); area != a || speaks != s {
				t.Errorf("%s in %s: area %s, spoken %v", key, tongue.Code, area, speaks)
			}
		}
	}
	if said < 500 {
		t.Errorf("%d sentences", said)
	}
	if _, ok := p.find("it", "no.such.key"); ok {
		t.Error("a key that is nowhere was found")
	}
}

// TestPackOfAnotherRelease: sentences that belong to other keys are not said at
// all, so that no verdict gets the words of another.
func TestPackOfAnotherRelease(t *testing.T) {
	files, err := Pack()
	if err != nil {
		t.Fatal(err)
	}
	newer := "a.newer.key\tverdict\n" + files["keys"]
	p := packed{read: func(name string) string {
		if name == "it" {
			_, sentences, _ := strings.Cut(files["it"], "\n")
			return markOf(newer) + "\nuna frase nuova\n" + sentences
		}
		return files[name]
	}}
	want, _ := find("en", "verdict.invalid")
	if got, ok := p.find("it", "verdict.invalid"); !ok || got != want {
		t.Errorf("%q, want it in English: %q", got, want)
	}
	if _, speaks := p.standing("it", "verdict.invalid"); speaks {
		t.Error("it says that it speaks a language that it does not")
	}
	none := packed{read: func(name string) string {
		if name == "keys" {
			return newer
		}
		return files[name]
	}}
	if got, ok := none.find("it", "verdict.invalid"); ok {
		t.Errorf("a sentence of another release: %q", got)
	}
}
