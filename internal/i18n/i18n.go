// Package i18n gives the words of Passport in Italian, English, Spanish, Greek
// and Polish. Code elsewhere carries codes and arguments; the sentences stand
// here, each in all five languages together, one file an area.
//
// It promises that a key known in one language is known in all (a test holds
// it), that an argument is text and never read as a placeholder, and that an
// unknown key shows as itself instead of nothing. A whole area may speak French
// and Slovenian too; the others then answer in English. Machine tells which
// sentences still wait for a person who speaks the language.
package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed catalogue/*.json
var files embed.FS

// Languages in the order in which they are offered.
var Languages = []string{"it", "en", "es", "el", "pl"}

// Optional languages are spoken by single areas, for the partners who need them.
var Optional = []string{"fr", "sl"}

// fallback is the language of a locale that we do not speak.
const fallback = "en"

// entry is a sentence in each language, and the area that it stands in.
type entry struct {
	words map[string]string
	area  string
}

// catalogue maps a key to its sentence. It is read at the first sentence, so
// that a program that says nothing pays nothing.
var catalogue = sync.OnceValue(func() map[string]entry {
	all := map[string]entry{}
	for _, name := range areas() {
		for key, words := range mustRead(name) {
			all[key] = entry{words, strings.TrimSuffix(name, ".json")}
		}
	}
	return all
})

// T gives the sentence for key in lang with {name} replaced from args. A
// placeholder without an argument stays as it is.
func T(lang, key string, args map[string]string) string {
	e, ok := catalogue()[key]
	if !ok {
		return key
	}
	sentence, ok := e.words[lang]
	if !ok {
		sentence = e.words[fallback]
	}
	return fill(sentence, args)
}

// Has tells whether key is in the catalogue.
func Has(key string) bool {
	_, ok := catalogue()[key]
	return ok
}

// Speaks tells whether lang can be asked for: one of the five, or one that some
// areas speak.
func Speaks(lang string) bool {
	return slices.Contains(Languages, lang) || slices.Contains(Optional, lang)
}

// Match returns the supported language nearest to tag, a BCP 47 tag or a POSIX
// locale such as it_IT.UTF-8; else en. An optional language must be asked for
// by its bare name: a French locale reads one English better than two halves.
func Match(tag string) string {
	if Speaks(tag) {
		return tag
	}
	primary := strings.ToLower(tag)
	if i := strings.IndexAny(primary, "-_.@"); i >= 0 {
		primary = primary[:i]
	}
	for _, lang := range Languages {
		if primary == lang {
			return lang
		}
	}
	return fallback
}

// fill replaces {name} in one pass, so that an argument that looks like a
// placeholder stays text.
func fill(sentence string, args map[string]string) string {
	if len(args) == 0 || !strings.Contains(sentence, "{") {
		return sentence
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(sentence, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		value, known := args[name]
		if !closed || !known {
			b.WriteByte('{')
			sentence = rest
			continue
		}
		b.WriteString(value)
		sentence = after
	}
}

func areas() []string {
	entries, err := files.ReadDir("catalogue")
	if err != nil {
		panic(fmt.Sprintf("i18n: the embedded catalogue cannot be listed: %v", err))
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// mustRead panics on a broken file: it is part of the program, and the tests
// read every one.
func mustRead(name string) map[string]map[string]string {
	data, err := files.ReadFile(path.Join("catalogue", name))
	if err != nil {
		panic(fmt.Sprintf("i18n: %s: %v", name, err))
	}
	var area map[string]map[string]string
	if err := json.Unmarshal(data, &area); err != nil {
		panic(fmt.Sprintf("i18n: %s: %v", name, err))
	}
	return area
}
