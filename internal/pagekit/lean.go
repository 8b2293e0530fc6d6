package pagekit

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/js"
	"github.com/tdewolff/parse/v2"
	parsed "github.com/tdewolff/parse/v2/js"
)

var (
	imports = regexp.MustCompile(`^(\s*//[^\n]*\n|\s*import [^;]*;)*`) // what stands first in a module, and only there
	exports = regexp.MustCompile(`(?m)^export `)
)

// shortened gives short names to what stands outside of functions and is not
// exported, and to imports that are used often: the minifier leaves both alone.
func shortened(script []byte) ([]byte, error) {
	module, err := parsed.Parse(parse.NewInputBytes(slices.Clone(script)), parsed.Options{})
	if err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	keep, short := shown(module), unused(script)
	for _, v := range module.Declared {
		if !slices.Contains(keep, v) {
			v.Data = short()
		}
	}
	for _, statement := range module.List {
		if from, ok := statement.(*parsed.ImportStmt); ok {
			for i := range from.List {
				rename(&from.List[i], module.Undeclared, short)
			}
		}
	}
	return []byte(module.JSString()), nil
}

// shown is what a module exports: others call it by its name.
func shown(module *parsed.AST) (all []*parsed.Var) {
	for _, statement := range module.List {
		export, ok := statement.(*parsed.ExportStmt)
		if !ok {
			continue
		}
		switch made := export.Decl.(type) {
		case *parsed.FuncDecl:
			all = append(all, made.Name)
		case *parsed.ClassDecl:
			all = append(all, made.Name)
		case *parsed.VarDecl:
			for _, one := range made.List {
				if v, ok := one.Binding.(*parsed.Var); ok {
					all = append(all, v)
				}
			}
		}
	}
	return all
}

// rename gives an import a short name where that is shorter in all.
func rename(one *parsed.Alias, used parsed.VarArray, short func() []byte) {
	at := slices.IndexFunc(used, func(v *parsed.Var) bool { return string(v.Data) == string(one.Binding) })
	if at < 0 || one.Name != nil || int(used[at].Uses)*(len(one.Binding)-2) <= len(" as A1") {
		return
	}
	one.Name, one.Binding = one.Binding, short()
	used[at].Data = one.Binding
}

// unused gives names that a script has nowhere, one after the other.
func unused(script []byte) func() []byte {
	n := -1
	return func() []byte {
		for {
			n++
			name := string(rune('A' + n%26))
			if n >= 26 {
				name += strconv.Itoa(n / 26)
			}
			if !regexp.MustCompile(`\b` + name + `\b`).Match(script) {
				return []byte(name)
			}
		}
	}
}

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
		short, err := shortened(script)
		if err != nil {
			return nil, fmt.Errorf("pagekit: %s: %w", name, err)
		}
		return minified(m, name, short)
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
