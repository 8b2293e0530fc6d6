package i18n

import (
	"fmt"
	"hash/fnv"
	"strings"
	"sync"
)

// packed is the catalogue of a browser: as lines, so that a language costs its
// reader a few milliseconds, and only when it is spoken. keys holds a line
// "key TAB area" each; LANG the mark of the keys, then the sentence of the same
// line, empty where the area does not speak it. A page that stays open while its
// server is renewed may get the sentences of other keys: a wrong mark is a
// language that is not spoken, never a sentence that says something else.
type packed struct {
	read func(name string) string

	once  sync.Once
	mark  string
	lines map[string]int
	areas []string

	mu    sync.Mutex
	words map[string][]string
}

// markOf tells keys from those of another release.
func markOf(keys string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(keys)) // never fails (hash.Hash)
	return fmt.Sprintf("%016x", h.Sum64())
}

func (p *packed) line(key string) (int, bool) {
	p.once.Do(func() {
		keys := p.read("keys")
		p.mark, p.lines, p.words = markOf(keys), map[string]int{}, map[string][]string{}
		for i, line := range strings.Split(keys, "\n") {
			key, area, _ := strings.Cut(line, "\t")
			p.lines[key] = i
			p.areas = append(p.areas, area)
		}
	})
	i, ok := p.lines[key]
	return i, ok
}

// own is the sentence of a line in lang, "" where there is none.
func (p *packed) own(lang string, line int) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	words, ok := p.words[lang]
	if !ok {
		text := p.read(lang)
		if text == "" {
			return "" // not there yet
		}
		if mark, sentences, _ := strings.Cut(text, "\n"); mark == p.mark {
			words = strings.Split(sentences, "\n")
		}
		p.words[lang] = words
	}
	if line >= len(words) {
		return ""
	}
	return words[line]
}

func (p *packed) find(lang, key string) (sentence string, ok bool) {
	line, ok := p.line(key)
	if !ok {
		return "", false
	}
	if own := p.own(lang, line); own != "" {
		return own, true
	}
	own := p.own(fallback, line)
	return own, own != ""
}

func (p *packed) standing(lang, key string) (area string, speaks bool) {
	line, ok := p.line(key)
	if !ok {
		return "", false
	}
	return p.areas[line], p.own(lang, line) != ""
}
