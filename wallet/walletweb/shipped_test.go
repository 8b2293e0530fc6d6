package walletweb_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestShippedModulesFit: what a phone loads is made smaller, and each module still
// finds in the others what it names. Without a page they go no further.
func TestShippedModulesFit(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed: the modules are not run")
	}
	web, _ := served(t, home)
	dir := t.TempDir()
	for _, f := range web.Files() {
		if !f.IsScript() || f.Built {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const link = `import('./wallet.mjs').then(() => { throw Error('it ran without a page'); }, fault => { if(!(fault instanceof ReferenceError)) throw fault; })`
	cmd := exec.CommandContext(t.Context(), node, "--input-type=module", "-e", link)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
