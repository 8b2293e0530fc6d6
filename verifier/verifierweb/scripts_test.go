package verifierweb_test

import (
	"os"
	"os/exec"
	"testing"
)

// TestScripts runs the tests of the page's own modules, as they are shipped,
// which need no browser.
func TestScripts(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed: the modules are not run")
	}
	web, _ := served(t, trusted())
	dir := t.TempDir()
	if err := web.Write(dir, "en"); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), node, "--test", "testdata/answer.test.mjs", "testdata/flow.test.mjs")
	cmd.Env = append(os.Environ(), "PAGE="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
