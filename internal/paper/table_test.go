package paper

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryKindHasItsPaper: the table of layouts is whole, and nothing adds to
// it elsewhere.
func TestEveryKindHasItsPaper(t *testing.T) {
	for kind, layout := range layoutOf {
		if layouts[layout] == nil || !layout.Known() {
			t.Errorf("%s has no paper %s", kind, layout)
		}
	}
	if Layout("poster").Known() || !Layout("").Known() || !LayoutBooklet.Known() || !LayoutCard.Known() {
		t.Error("a paper that is none, or one that is missing")
	}
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(file, "_test.go") && strings.Contains(string(source), "\nfunc init()") {
			t.Errorf("%s has an init of its own", file)
		}
	}
}
