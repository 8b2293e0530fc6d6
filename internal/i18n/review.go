package i18n

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
)

//go:embed review.json
var reviewFile []byte

// review says who has read the words. A sentence in a machine's language counts
// as made by a machine until its key or its area is named as reviewed, so that
// a new sentence is marked without anybody thinking of it.
type review struct {
	Machine  []string            `json:"machine"`  // languages that no native speaker wrote
	Reviewed map[string][]string `json:"reviewed"` // area or key: languages that a mediator has read
}

var reviews = sync.OnceValue(func() (r review) {
	if err := json.Unmarshal(reviewFile, &r); err != nil {
		panic(fmt.Sprintf("i18n: review.json: %v", err))
	}
	return r
})

// Machine tells whether what T gives for key in lang was translated by a
// machine and no mediator has read it yet. Where T falls back to English, the
// answer is about English.
func Machine(lang, key string) bool {
	area, speaks := standing(lang, key)
	if !speaks {
		return false
	}
	r := reviews()
	return slices.Contains(r.Machine, lang) &&
		!slices.Contains(r.Reviewed[key], lang) && !slices.Contains(r.Reviewed[area], lang)
}
