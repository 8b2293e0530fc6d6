//go:build !js

package i18n

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Pack gives the texts that a browser's program reads, by their names (keys, and
// each language): the sentences that the engine says, and no others.
func Pack() (map[string]string, error) {
	var keys []string
	for _, key := range slices.Sorted(maps.Keys(catalogue())) {
		if slices.Contains(EngineAreas, catalogue()[key].area) {
			keys = append(keys, key)
		}
	}
	files := map[string]string{}
	var lines []string
	for _, key := range keys {
		lines = append(lines, key+"\t"+catalogue()[key].area)
	}
	files["keys"] = strings.Join(lines, "\n")
	for _, tongue := range BrowserTongues {
		lines = append(lines[:0], markOf(files["keys"]))
		for _, key := range keys {
			sentence := catalogue()[key].words[tongue.Code]
			if strings.Contains(sentence, "\n") {
				return nil, fmt.Errorf("i18n: %s in %s is more than a line", key, tongue.Code)
			}
			lines = append(lines, sentence)
		}
		files[tongue.Code] = strings.Join(lines, "\n")
	}
	return files, nil
}
