// Package i18n gives the words of Passport in Italian, English, Spanish, Greek
// and Polish. Code elsewhere carries codes and arguments; the sentences stand
// here, each in all five languages together, one file an area.
//
// It promises that a key known in one language is known in all (a test holds
// it), that an argument is text and never read as a placeholder, and that an
// unknown key shows as itself instead of nothing. What employers and jobseekers
// read in a browser speaks French, Slovenian, Romanian, Albanian, Arabic and
// Ukrainian too (BrowserAreas); the other areas then answer in English. Machine
// tells which sentences still wait for a person who speaks the language.
package i18n

import "strings"

// T gives the sentence for key in lang with {name} replaced from args. A
// placeholder without an argument stays as it is.
func T(lang, key string, args map[string]string) string {
	sentence, ok := find(lang, key)
	if !ok {
		return key
	}
	return fill(sentence, isolated(lang, args))
}

// Say is T with strangers' texts as arguments: each is made a single line first,
// so that the marks that T sets around it stay.
func Say(lang, key string, args map[string]string) string {
	plain := make(map[string]string, len(args))
	for name, value := range args {
		plain[name] = OneLine(value)
	}
	return T(lang, key, plain)
}

// isolated sets arguments apart in a sentence that runs from right to left: a
// name, number or code inside it keeps its own direction, and what stands around
// it stays where it belongs (Unicode Annex 9, FSI and PDI).
func isolated(lang string, args map[string]string) map[string]string {
	if Dir(lang) != "rtl" {
		return args
	}
	apart := make(map[string]string, len(args))
	for name, value := range args {
		if value != "" {
			value = "\u2068" + value + "\u2069"
		}
		apart[name] = value
	}
	return apart
}

// Has tells whether key is in the catalogue.
func Has(key string) bool {
	_, ok := find(fallback, key)
	return ok
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
