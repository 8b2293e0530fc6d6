package pagekit

import (
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	exported = regexp.MustCompile(`export (?:async )?(?:const|let|function|class) ?([a-zA-Z]+)`)
	imported = regexp.MustCompile(`import \{ ?([^}]+)\}`)
)

// TestLeanScriptsAreScripts: what is served still parses, and keeps the names by
// which one module calls another.
func TestLeanScriptsAreScripts(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no node to parse scripts with")
	}
	sources, err := filesBelow(assets, "assets")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range sources {
		if !f.IsScript() {
			continue
		}
		made, err := lean(f.Name, f.Body)
		if err != nil {
			t.Fatal(err)
		}
		check := exec.Command(node, "--input-type=module", "--check", "-")
		check.Stdin = strings.NewReader(string(made))
		if out, err := check.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", f.Name, err, out)
		}
		for _, names := range []*regexp.Regexp{exported, imported} {
			if names == exported && strings.HasSuffix(f.Name, "-worker.mjs") {
				continue // for tests: no page imports a worker
			}
			if was, is := namesIn(names, f.Body), namesIn(names, made); !slices.Equal(was, is) {
				t.Errorf("%s: %v became %v", f.Name, was, is)
			}
		}
	}
	if _, err := lean("broken.mjs", []byte("const = {")); err == nil {
		t.Error("a broken script was taken")
	}
}

// namesIn gives the names that a module shows or asks for, sorted.
func namesIn(what *regexp.Regexp, script []byte) (names []string) {
	for _, found := range what.FindAllSubmatch(script, -1) {
		for name := range strings.SplitSeq(string(found[1]), ",") {
			name, _, _ = strings.Cut(strings.TrimSpace(name), " as ")
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
