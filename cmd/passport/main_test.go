package main

import (
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"passport": main})
}

// TestScripts runs the stories of testdata, each in a folder of its own with
// no home, no wallet and the passphrase file that it writes itself.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Condition: func(name string) (bool, error) {
			if name != "mounts" {
				return false, fmt.Errorf("unknown condition %q", name)
			}
			return exec.Command("unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt").Run() == nil, nil
		},
		Setup: func(env *testscript.Env) error {
			root, err := os.Getwd()
			if err != nil {
				return err
			}
			env.Setenv("EXAMPLES", root+"/../../examples")
			env.Setenv("PASSPORT_HOME", env.WorkDir+"/home")
			env.Setenv("PASSPORT_WALLET", env.WorkDir+"/wallet.age")
			env.Setenv("PASSPORT_PASSPHRASE_FILE", env.WorkDir+"/passphrase")
			env.Setenv("LANG", "en")
			return nil
		},
	})
}
