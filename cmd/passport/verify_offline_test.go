package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/employment-passport/passport/passporttest"
)

// TestBuiltProgram asks of the real binary what no test inside it can show.
func TestBuiltProgram(t *testing.T) {
	passport := filepath.Join(t.TempDir(), "passport")
	if out, err := exec.Command("go", "build", "-o", passport, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	t.Run("offline is real", func(t *testing.T) { testOfflineIsReal(t, passport) })
	t.Run("small", func(t *testing.T) { testVerifyIsSmall(t, passport) })
}

// home plays the issuer and the authority, and gives what an employer gets: a
// token, a bundle and a fingerprint.
func home(t *testing.T, passport, dir string) (anchor string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "passphrase"), []byte("correct horse battery staple\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	examples, err := filepath.Abs("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"init --work-factor 1",
		"issuer add ente --did web --domain ente.example --country IT --region ITF5",
		"template add " + examples + "/templates/01-food-hygiene-it.json",
		"issue --issuer ente --template food-hygiene --learner " + examples + "/learners/01-amina-diallo.json --out one.jwt",
		"trust init regione --did did:web:regione.example",
		"trust delegate",
		"trust recognise did:web:ente.example --schema MicroCredential",
		"trust bundle --out trust.bundle",
	} {
		cmd := exec.Command(passport, strings.Fields(line)...)
		cmd.Dir = dir
		cmd.Env = environment(dir)
		var out, errOut bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errOut
		if err := cmd.Run(); err != nil {
			t.Fatalf("passport %s: %v\n%s", line, err, errOut.String())
		}
		if strings.HasPrefix(line, "trust init") {
			anchor = strings.TrimSpace(out.String())
		}
	}
	return anchor
}

func environment(dir string) []string {
	return []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "PASSPORT_HOME=" + dir + "/home", "PASSPORT_PASSPHRASE_FILE=" + dir + "/passphrase", "LANG=en"}
}

// testOfflineIsReal runs the built program in a network namespace without any
// route, under strace, and counts its socket calls: none. The same count
// without the namespace proves that nothing was tried and refused unseen.
func testOfflineIsReal(t *testing.T, passport string) {
	strace, err := exec.LookPath("strace")
	if runtime.GOOS != "linux" || err != nil {
		t.Skip("strace is not installed: the socket calls cannot be counted")
	}
	dir := t.TempDir()
	anchor := home(t, passport, dir)
	verify := []string{strace, "-f", "-o", filepath.Join(dir, "calls"), "-e", "trace=%network", passport, "verify", "one.jwt", "--bundle", "trust.bundle", "--anchor", anchor}
	if out, err := exec.Command(strace, "-o", os.DevNull, "true").CombinedOutput(); err != nil {
		t.Skipf("strace is not permitted here: %s", out)
	}
	for _, namespace := range [][]string{nil, {"unshare", "-rn"}} {
		if namespace != nil && exec.Command("unshare", "-rn", "true").Run() != nil {
			t.Log("network namespaces are not permitted here: run without one only")
			continue
		}
		words := append(append([]string(nil), namespace...), verify...)
		cmd := exec.Command(words[0], words[1:]...)
		cmd.Dir, cmd.Env = dir, environment(dir)
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "VALID as of") {
			t.Fatalf("%v: %v\n%s", words, err, out)
		}
		calls, err := os.ReadFile(filepath.Join(dir, "calls"))
		if err != nil {
			t.Fatal(err)
		}
		if made := regexp.MustCompile(`(?m)^.*\b(socket|connect|sendto|sendmsg|bind|getsockopt)\(.*$`).FindAllString(string(calls), -1); len(made) != 0 {
			t.Errorf("%d network calls:\n%s", len(made), strings.Join(made, "\n"))
		}
		if !strings.Contains(string(calls), "+++ exited with 0 +++") {
			t.Errorf("strace saw no end of the program:\n%s", calls)
		}
	}
}

// testVerifyIsSmall holds the whole of one verification to 64 MiB. Its time is a
// goal of make bench: a test would measure what else the machine does.
func testVerifyIsSmall(t *testing.T, passport string) {
	if runtime.GOOS != "linux" {
		t.Skip("the resident size is read as Linux tells it")
	}
	dir := t.TempDir()
	anchor := home(t, passport, dir)
	most := int64(0)
	for range 5 {
		cmd := exec.Command(passport, "verify", "one.jwt", "--bundle", "trust.bundle", "--anchor", anchor, "--json")
		cmd.Dir, cmd.Env = dir, environment(dir)
		peak, err := passporttest.RunPeak(cmd)
		if err != nil {
			t.Fatal(err)
		}
		most = max(most, peak)
	}
	t.Logf("%d KiB resident", most)
	if most == 0 || most > 64<<10 {
		t.Errorf("%d KiB resident, want less than 64 MiB", most)
	}
}
