package pagekit

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/employment-passport/passport/internal/i18n"
)

// ownArea holds the words of the kit itself.
const ownArea = "pagekit"

// wordFiles are words.LANG.json for every language: a JSON object of key and
// sentence, of the areas named and of the kit's own. That a machine has
// translated them stands among them as long as it is so, then nothing.
func wordFiles(areas []string) ([]File, error) {
	all := make([]File, 0, len(Tongues))
	for _, t := range Tongues {
		words := i18n.Words(t.Code, append([]string{ownArea}, areas...)...)
		if !i18n.MachineMade(t.Code, slices.Concat(i18n.EngineAreas, areas)...) {
			words["kit.machine"] = ""
		}
		body, err := json.Marshal(words) // sorted by key
		if err != nil {
			return nil, fmt.Errorf("pagekit: words of %s: %w", t.Code, err)
		}
		all = append(all, File{Name: "words." + t.Code + ".json", Type: TypeOf(".json"), Body: body})
	}
	return all, nil
}
