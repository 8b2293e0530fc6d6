package i18n

import (
	"bytes"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var placeholder = regexp.MustCompile(`\{[a-zA-Z]+\}`)

// TestEveryKeySpeaksFiveLanguages; a file that speaks an optional one speaks it
// in all its keys.
func TestEveryKeySpeaksFiveLanguages(t *testing.T) {
	for _, file := range areas() {
		area := mustRead(file)
		spoken := map[string]bool{}
		for _, words := range area {
			for lang := range words {
				spoken[lang] = true
				if !Speaks(lang) {
					t.Errorf("%s speaks %q", file, lang)
				}
			}
		}
		for _, lang := range Languages {
			spoken[lang] = true
		}
		want := slices.Sorted(maps.Keys(spoken))
		for key, words := range area {
			if got := slices.Sorted(maps.Keys(words)); !slices.Equal(got, want) {
				t.Errorf("%s: %s has %v, want %v", file, key, got, want)
			}
			for lang, sentence := range words {
				if strings.TrimSpace(sentence) != sentence || sentence == "" {
					t.Errorf("%s: %s in %s is empty or has loose space: %q", file, key, lang, sentence)
				}
				if strings.Contains(sentence, "'") {
					t.Errorf("%s: %s in %s has a typewriter's apostrophe: %q", file, key, lang, sentence)
				}
			}
		}
	}
}

// TestNoKeyTwice: encoding/json would silently keep the last of two equal
// names, so the names are counted as they stand in the files.
func TestNoKeyTwice(t *testing.T) {
	first := map[string]string{}
	for _, file := range areas() {
		data, err := files.ReadFile("catalogue/" + file)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range topLevelNames(t, file, data) {
			if other, seen := first[key]; seen {
				t.Errorf("%s stands in %s and in %s", key, other, file)
			}
			first[key] = file
		}
	}
}

func topLevelNames(t *testing.T, file string, data []byte) []string {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	if _, err := d.Token(); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	var names []string
	for d.More() {
		name, err := d.Token()
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		names = append(names, name.(string))
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			t.Fatalf("%s: %s: %v", file, name, err)
		}
	}
	return names
}

func TestSamePlaceholdersInEveryLanguage(t *testing.T) {
	for _, file := range areas() {
		for key, words := range mustRead(file) {
			want := slices.Sorted(slices.Values(placeholder.FindAllString(words[fallback], -1)))
			for lang, sentence := range words {
				got := slices.Sorted(slices.Values(placeholder.FindAllString(sentence, -1)))
				if !slices.Equal(got, want) {
					t.Errorf("%s: %s in %s has %v, in %s %v", file, key, lang, got, fallback, want)
				}
			}
		}
	}
}

func TestFill(t *testing.T) {
	for _, c := range []struct {
		sentence string
		args     map[string]string
		want     string
	}{
		{"plain", nil, "plain"},
		{"on {date}", map[string]string{"date": "2026-11-22"}, "on 2026-11-22"},
		{"{a}{b}", map[string]string{"a": "{b}", "b": "x"}, "{b}x"},
		{"{missing} and {a}", map[string]string{"a": "1"}, "{missing} and 1"},
		{"open { brace {a", map[string]string{"a": "1"}, "open { brace {a"},
	} {
		if got := fill(c.sentence, c.args); got != c.want {
			t.Errorf("fill(%q) = %q, want %q", c.sentence, got, c.want)
		}
	}
}

func TestMatch(t *testing.T) {
	for tag, want := range map[string]string{
		"it": "it", "it_IT.UTF-8": "it", "IT-it": "it", "el_GR": "el", "pl@euro": "pl",
		"es-419": "es", "en_GB": "en", "fr_FR": "en", "ar": "ar", "uk_UA": "en", "fr": "fr", "sl": "sl", "sl-SI": "en", "C": "en", "POSIX": "en", "": "en", "italian": "en",
	} {
		if got := Match(tag); got != want {
			t.Errorf("Match(%q) = %q, want %q", tag, got, want)
		}
	}
}

// TestBrowserSpeaksEleven: on the pages for employers and jobseekers no sentence
// falls back to English.
func TestBrowserSpeaksEleven(t *testing.T) {
	if len(BrowserTongues) != 11 {
		t.Errorf("%d tongues", len(BrowserTongues))
	}
	for _, tongue := range BrowserTongues {
		if !Speaks(tongue.Code) || MatchBrowser(tongue.Code+"-XX") != tongue.Code {
			t.Errorf("%s is offered and not spoken", tongue.Code)
		}
	}
	for _, area := range BrowserAreas {
		missing, example := map[string]int{}, ""
		for key, words := range mustRead(area + ".json") {
			for _, tongue := range BrowserTongues {
				if words[tongue.Code] == "" {
					missing[tongue.Code]++
					example = key
				}
			}
		}
		if len(missing) > 0 {
			t.Errorf("%s: sentences without words: %v, such as %s", area, missing, example)
		}
	}
}

// latin finds a word of three letters or more.
var latin = regexp.MustCompile(`[a-zA-Z]{3,}`)

// TestScriptsOfTheirOwn: what stands under Arabic, Ukrainian and Greek is written
// in their letters; only names and signs that everybody writes in Latin ones are
// left.
func TestScriptsOfTheirOwn(t *testing.T) {
	own := map[string]*regexp.Regexp{
		"ar": regexp.MustCompile(`\p{Arabic}`), "uk": regexp.MustCompile(`\p{Cyrillic}`), "el": regexp.MustCompile(`\p{Greek}`),
	}
	for _, area := range BrowserAreas {
		for key, words := range mustRead(area + ".json") {
			for lang, letters := range own {
				plain := placeholder.ReplaceAllString(words[lang], "")
				if latin.MatchString(plain) && words[lang] != words[fallback] && !letters.MatchString(plain) {
					t.Errorf("%s: %s in %s has none of its letters: %q", area, key, lang, words[lang])
				}
			}
			for _, r := range words["uk"] {
				if strings.ContainsRune("ыэъё", r) {
					t.Errorf("%s: %s is Russian: %q", area, key, words["uk"])
					break
				}
			}
		}
	}
}

func TestArgumentsKeepTheirDirection(t *testing.T) {
	args := map[string]string{"date": "22/11/2026"}
	if got := T("ar", "status.as_of", args); !strings.Contains(got, "\u206822/11/2026\u2069") {
		t.Errorf("%q", got)
	}
	if got := T("uk", "status.as_of", args); strings.ContainsAny(got, "\u2068\u2069") || Dir("uk") != "ltr" || Dir("ar") != "rtl" {
		t.Errorf("%q", got)
	}
}

func TestWordsOfAreas(t *testing.T) {
	words := Words("pl", "content")
	if len(words) < 90 || words["content.hours.of"] != T("pl", "content.hours.of", nil) || words["verdict.valid"] != "" {
		t.Errorf("%d words, %q", len(words), words["content.hours.of"])
	}
}

func TestUnknownKeyShowsItself(t *testing.T) {
	if got := T("it", "no.such.key", nil); got != "no.such.key" || Has("no.such.key") {
		t.Errorf("got %q", got)
	}
	if got := T("xx", "error.usage", map[string]string{"detail": "y"}); got != "bad usage: y" {
		t.Errorf("an unknown language speaks %q", got)
	}
}
