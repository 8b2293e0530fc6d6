package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/employment-passport/passport/passporttest"
)

// BenchmarkVerifyCommand starts the built program to judge one file of the
// demo, as an employer does: start included, less than 100 ms and 64 MiB
// resident. The bare work is a start that judges nothing, "passport version".
func BenchmarkVerifyCommand(b *testing.B) {
	dir := b.TempDir()
	program := filepath.Join(dir, "passport")
	run := func(name string, args ...string) *os.ProcessState {
		cmd := exec.Command(name, args...)
		// The printed passport of the demo ends revoked: a verdict all the same.
		if out, err := cmd.CombinedOutput(); err != nil && cmd.ProcessState.ExitCode() != exitInvalid {
			b.Fatalf("%s %v: %v\n%s", name, args, err, out)
		}
		return cmd.ProcessState
	}
	run("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", program, ".")
	demo := filepath.Join(dir, "demo")
	run(program, "demo", "--quiet", "--dir", demo)
	for name, file := range map[string]string{"token": goodToken(b, demo), "printed": filepath.Join(demo, "passport.png")} {
		verify := []string{"--home", filepath.Join(demo, "employer"), "verify", file, "--bundle", filepath.Join(demo, "bundle"), "--anchor", demoAnchor(b, demo)}
		b.Run(name, func(b *testing.B) {
			var resident int64
			took := passporttest.Beside(b,
				func() { run(program, "version") },
				func() { run(program, verify...) })
			peak, err := passporttest.RunPeak(exec.Command(program, verify...))
			if err != nil {
				b.Log(err) // the printed passport of the demo ends revoked
			}
			resident = max(resident, peak)
			b.ReportMetric(float64(took.Microseconds())/1000, "ms")
			b.ReportMetric(float64(resident)/1024, "MiB")
		})
	}
}

// goodToken is a credential of the demo that was not revoked.
func goodToken(b *testing.B, demo string) string {
	files, err := filepath.Glob(filepath.Join(demo, "issued", "*-*.jwt"))
	if err != nil || len(files) == 0 {
		b.Fatal("the demo left no token", err)
	}
	return files[0]
}

func demoAnchor(b *testing.B, demo string) string {
	var verdict struct {
		Authority struct{ Anchor string }
	}
	data, err := os.ReadFile(filepath.Join(demo, "verdict-before.json"))
	if err == nil {
		err = json.Unmarshal(data, &verdict)
	}
	if err != nil {
		b.Fatal(err)
	}
	return verdict.Authority.Anchor
}
