//go:build unix

package torture

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// host is where the issuer of every world publishes.
const host = "ente.example"

// world is a home with one issuer, one template and one API key, and the
// program that works on it.
type world struct {
	*testing.T
	program string
	home    string
	logs    string
	secret  string // of the API key
	starts  []time.Duration
	wrap    []string // a command that runs the server, as strace

	settings []string // of the server, more than usual: NAME=value

	passphrase string
}

// newWorld makes a home in a folder of its own below dir.
func newWorld(t *testing.T, program, dir string) *world {
	t.Helper()
	aside := t.TempDir() // where no disk fills up and no power goes
	w := &world{T: t, program: program, home: filepath.Join(dir, "home"), logs: filepath.Join(aside, "log"), passphrase: filepath.Join(aside, "passphrase")}
	if err := os.WriteFile(w.passphrase, []byte("correct horse battery staple\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.run("init", "--work-factor", "1", "--quiet")
	w.run("issuer", "add", "ente", "--did", "web", "--domain", host, "--country", "IT", "--region", "ITF5")
	w.run("template", "add", "../../examples/templates/01-food-hygiene-it.json")
	var key struct{ Secret string }
	if err := json.Unmarshal(w.run("apikey", "add", "torture", "--issuer", "ente", "--role", "officer", "--json"), &key); err != nil {
		t.Fatal(err)
	}
	w.secret = key.Secret
	return w
}

func (w *world) command(line ...string) *exec.Cmd {
	c := exec.Command(w.program, line...)
	c.Env = w.env()
	return c
}

// env has no limits on how often: the harness is one client in a hurry.
func (w *world) env() []string {
	return append(append(os.Environ(), "LANG=en", "LC_ALL=en", "PASSPORT_HOME="+w.home, "PASSPORT_PASSPHRASE_FILE="+w.passphrase,
		"PASSPORT_LIMITS_READS_PER_MINUTE=0", "PASSPORT_LIMITS_ACTS_PER_MINUTE=0", "PASSPORT_LIMITS_VERIFICATIONS_PER_MINUTE=0",
		"PASSPORT_LISTEN=127.0.0.1:0", "PASSPORT_LOG_LEVEL=warn"), w.settings...)
}

// run returns what a command printed; one that fails ends the test.
func (w *world) run(line ...string) []byte {
	w.Helper()
	out, errs, exit := w.try(line...)
	if exit != 0 {
		w.Fatalf("passport %s: exit %d: %s%s\nserver:\n%s", strings.Join(line, " "), exit, out, errs, w.log())
	}
	return out
}

func (w *world) try(line ...string) (out []byte, errs string, exit int) {
	w.Helper()
	var stdout, stderr bytes.Buffer
	c := w.command(line...)
	c.Stdout, c.Stderr = &stdout, &stderr
	if err := c.Run(); c.ProcessState == nil {
		w.Fatal(err)
	}
	return stdout.Bytes(), stderr.String(), c.ProcessState.ExitCode()
}

// log is the end of what the server has said.
func (w *world) log() string {
	data, _ := os.ReadFile(w.logs)
	return string(data[max(0, len(data)-4000):])
}

// fsck wants everything in the store to be well.
func (w *world) fsck() {
	w.Helper()
	var checked struct {
		OK       bool
		Findings []struct{ Code, Subject, Detail string }
	}
	out, errs, exit := w.try("fsck", "--json")
	if err := json.Unmarshal(out, &checked); err != nil || exit != 0 || !checked.OK {
		w.Errorf("fsck: exit %d: %s%s", exit, out, errs)
	}
}

// states counts the rows of the register by status.
func (w *world) states() map[string]int {
	w.Helper()
	count := map[string]int{}
	for d := json.NewDecoder(bytes.NewReader(w.run("list", "--json"))); d.More(); {
		var row struct{ Status string }
		if err := d.Decode(&row); err != nil {
			w.Fatal(err)
		}
		count[row.Status]++
	}
	return count
}

// soon wants something to become true within a time.
func (w *world) soon(limit time.Duration, what string, is func() bool) (took time.Duration) {
	w.Helper()
	start := time.Now()
	for !is() {
		if took = time.Since(start); took > limit {
			w.Fatalf("%s: not within %s\nserver:\n%s", what, limit, w.log())
		}
		time.Sleep(20 * time.Millisecond)
	}
	return time.Since(start)
}
