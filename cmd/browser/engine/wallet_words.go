package engine

import (
	"context"
	"crypto/rand"
	_ "embed" // the lists of words
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// The words of a backup: eight of a list of 1024, or eight groups of three digits
// for who reads another script. Both are 80 bits, which scrypt makes dearer
// still. The lists are the shorter words of BIP-39 in Italian, English and Spanish,
// without accents and without those that hurt; the first four letters of a word
// tell it from all others of its list.
const (
	wordCount  = 8
	listLength = 1024
	kindDigits = "digits"
	maxWords   = 1000  // bytes of what somebody typed
	kindOwn    = "own" // of a vault made elsewhere: whatever its owner chose
)

//go:embed words/it.txt
var wordsIT string

//go:embed words/en.txt
var wordsEN string

//go:embed words/es.txt
var wordsES string

// wordKinds in the order in which a page offers them.
var wordKinds = []string{"it", "en", "es", kindDigits}

var wordLists = sync.OnceValue(func() map[string][]string {
	return map[string][]string{"it": strings.Fields(wordsIT), "en": strings.Fields(wordsEN), "es": strings.Fields(wordsES)}
})

// wordKindFor is the kind for a reader of a language: digits for another script.
func wordKindFor(lang string) string {
	switch lang {
	case "it", "en", "es":
		return lang
	case "el", "ar", "uk":
		return kindDigits
	}
	return "en"
}

// drawWords draws fresh ones from crypto/rand.
func drawWords(kind string) ([]string, error) {
	list, known := wordLists()[kind]
	if !known && kind != kindDigits {
		return nil, refuse("wb_request")
	}
	words := make([]string, wordCount)
	for i := range words {
		n, err := randomBelow(map[bool]int{true: listLength, false: 1000}[known])
		if err != nil {
			return nil, err
		}
		if words[i] = fmt.Sprintf("%03d", n); known {
			words[i] = list[n]
		}
	}
	return words, nil
}

// randomBelow draws a number below n, each as likely.
func randomBelow(n int) (int, error) {
	limit := 1 << 16 / n * n
	for {
		var two [2]byte
		if _, err := rand.Read(two[:]); err != nil {
			return 0, fmt.Errorf("draw words: %w", err)
		}
		if v := int(two[0])<<8 | int(two[1]); v < limit {
			return v % n, nil
		}
	}
}

// saidWords is what somebody typed, as far as it can be understood.
type saidWords struct {
	Kind        string           `json:"kind"`
	Words       []string         `json:"words"`
	Unknown     []int            `json:"unknown"`
	Suggestions map[int][]string `json:"suggestions,omitempty"`
	Complete    bool             `json:"complete"`
}

// readWords takes a typed text apart. Case, accents, marks between words and the
// digits of other scripts do not matter, and the first four letters are enough.
func readWords(text string) (saidWords, error) {
	if len(text) > maxWords {
		return saidWords{}, refuse("wb_request")
	}
	fields := strings.FieldsFunc(plainLetters(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	if digits := strings.Join(fields, ""); digits != "" && strings.Trim(digits, "0123456789") == "" {
		return readDigits(digits), nil
	}
	fields = slices.DeleteFunc(fields, func(f string) bool { return strings.Trim(f, "0123456789") == "" }) // numbers of a list
	best := saidWords{Kind: kindOwn, Words: fields, Unknown: []int{}}
	most := 0
	for _, kind := range wordKinds {
		list, ok := wordLists()[kind]
		if !ok {
			continue
		}
		if said, known := readIn(kind, list, fields); known > most {
			best, most = said, known
		}
	}
	if most*2 < len(fields) || len(fields) > wordCount {
		best = saidWords{Kind: kindOwn, Words: fields, Unknown: []int{}}
	}
	return best, nil
}

func readDigits(digits string) saidWords {
	s := saidWords{Kind: kindDigits, Unknown: []int{}, Complete: len(digits) == 3*wordCount}
	for len(digits) > 0 {
		n := min(3, len(digits))
		s.Words, digits = append(s.Words, digits[:n]), digits[n:]
	}
	return s
}

func readIn(kind string, list, fields []string) (s saidWords, known int) {
	s = saidWords{Kind: kind, Words: slices.Clone(fields), Unknown: []int{}, Suggestions: map[int][]string{}}
	for i, field := range fields {
		if word, ok := inList(list, field); ok {
			s.Words[i] = word
			known++
			continue
		}
		s.Unknown = append(s.Unknown, i)
		if near := nearWords(list, field); len(near) > 0 {
			s.Suggestions[i] = near
		}
	}
	s.Complete = len(fields) == wordCount && known == wordCount
	return s, known
}

// inList finds a word, whole or by its first four letters or more.
func inList(list []string, field string) (string, bool) {
	i, exact := slices.BinarySearch(list, field)
	if exact {
		return field, true
	}
	if len(field) >= 4 && i < len(list) && strings.HasPrefix(list[i], field) {
		return list[i], true
	}
	return "", false
}

// nearWords are at most three of the list that are one slip away.
func nearWords(list []string, field string) (near []string) {
	for _, word := range list {
		if len(near) < 3 && oneSlip(word, field) {
			near = append(near, word)
		}
	}
	return near
}

// oneSlip: a letter more, less, another one, or two that changed places.
func oneSlip(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(b) && a[i] == b[i] {
		i++
	}
	switch len(a) - len(b) {
	case 0:
		return i == len(a) || a[i+1:] == b[i+1:] ||
			i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
	case 1:
		return a[i+1:] == b[i:]
	}
	return false
}

// phrase is the passphrase that the words make, the one to type into another
// program: lower case, one blank between them.
func (s saidWords) phrase() string { return strings.Join(s.Words, " ") }

// plainLetters makes letters small, takes the accents of our lists' languages off
// and writes the digits of other scripts as ours.
func plainLetters(text string) string {
	return strings.Map(func(r rune) rune {
		r = unicode.ToLower(r)
		switch {
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		case r >= 0x300 && r <= 0x36f: // combining marks
			return -1
		}
		if i := strings.IndexRune(accented, r); i >= 0 {
			return rune(unaccented[len([]rune(accented[:i]))])
		}
		return r
	}, text)
}

const (
	accented   = "àáâäèéêëìíîïòóôöùúûüñç"
	unaccented = "aaaaeeeeiiiioooouuuunc"
)

type wordsIn struct {
	request
	Kind string `json:"kind"`
}

type wordsOut struct {
	Kind  string   `json:"kind"`
	Kinds []string `json:"kinds"`
	Words []string `json:"words"`
	Text  string   `json:"text"`
}

// words draws the words of a backup.
func (p purse) words(_ context.Context, lang string, in wordsIn) (any, error) {
	kind := first(in.Kind, wordKindFor(lang))
	words, err := drawWords(kind)
	if err != nil {
		return nil, err
	}
	return wordsOut{Kind: kind, Kinds: wordKinds, Words: words, Text: strings.Join(words, " ")}, nil
}

type textIn struct {
	request
	Text string `json:"text"`
}

func (p purse) checkWords(_ context.Context, _ string, in textIn) (any, error) {
	return readWords(in.Text)
}
