package pagekit

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/js"
)

var (
	imports = regexp.MustCompile(`^(\s*//[^\n]*\n|\s*import [^;]*;)*`) // what stands first in a module, and only there
	exports = regexp.MustCompile(`(?m)^export `)
)

// lean takes out of a script of ours what only its readers need, and every phone
// would load: comments, blanks, the long names of what is local. What a module
// exports keeps its name; one that exports nothing is local as a whole. What a
// worker exports is for tests: no page imports it.
func lean(name string, script []byte) ([]byte, error) {
	if strings.HasSuffix(name, "-worker.mjs") {
		script = exports.ReplaceAll(script, nil)
	}
	m := minify.New()
	m.AddFunc("module", js.Minify)
	if exports.Match(script) {
		return minified(m, name, script)
	}
	first := len(imports.Find(script)) // a block alone would keep the names of functions
	made, err := minified(m, name, slices.Concat(script[:first], []byte("(()=>{"), script[first:], []byte("})()")))
	if err != nil { // one that waits before it is whole
		return minified(m, name, slices.Concat(script[:first], []byte("await(async()=>{"), script[first:], []byte("})()")))
	}
	return made, nil
}

func minified(m *minify.M, name string, script []byte) ([]byte, error) {
	made, err := m.Bytes("module", script)
	if err != nil {
		return nil, fmt.Errorf("pagekit: %s: %w", name, err)
	}
	return made, nil
}
