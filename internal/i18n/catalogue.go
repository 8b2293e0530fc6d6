//go:build !js

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

// find gives the sentence in lang, or in English where the area does not speak
// it.
func find(lang, key string) (sentence string, ok bool) {
	e, ok := catalogue()[key]
	return e.in(lang), ok
}

// standing tells in which area a key stands, and whether that speaks lang.
func standing(lang, key string) (area string, speaks bool) {
	e := catalogue()[key]
	return e.area, e.words[lang] != ""
}

// in is the sentence in lang, or in English where the area does not speak it.
func (e entry) in(lang string) string {
	if sentence, ok := e.words[lang]; ok {
		return sentence
	}
	return e.words[fallback]
}

// Words are the sentences of areas in lang by their keys, with their
// placeholders: what a page carries along to speak with no network.
func Words(lang string, areas ...string) map[string]string {
	words := map[string]string{}
	for key, e := range catalogue() {
		for _, area := range areas {
			if e.area == area {
				words[key] = e.in(lang)
			}
		}
	}
	return words
}

// MachineMade tells whether a page that says areas in lang says anything that a
// machine has translated and no mediator has read yet.
func MachineMade(lang string, areas ...string) bool {
	for key, e := range catalogue() {
		if slices.Contains(areas, e.area) && Machine(lang, key) {
			return true
		}
	}
	return false
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
