package main

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer/boltstore"
	"github.com/employment-passport/passport/issuer/sockstore"
)

// counter runs commands in one home, in this process, with a server or without.
type counter struct {
	*testing.T
	dir string
}

func newCounter(t *testing.T) counter {
	d := counter{t, t.TempDir()}
	d.write("passphrase", "correct horse battery staple\n")
	t.Setenv("LANG", "en")
	t.Setenv("LC_ALL", "en")
	t.Setenv("PASSPORT_PASSPHRASE_FILE", filepath.Join(d.dir, "passphrase"))
	return d
}

func (d counter) write(name, text string) {
	d.Helper()
	if err := os.WriteFile(filepath.Join(d.dir, name), []byte(text), 0o600); err != nil {
		d.Fatal(err)
	}
}

// run returns what a command said and how it ended. OUT begins a path that is
// the home's own.
func (d counter) run(home string, line ...string) (exit int, out, errs string) {
	var stdout, stderr bytes.Buffer
	line = slices.Clone(line)
	for n, word := range line {
		if name, is := strings.CutPrefix(word, "OUT"); is {
			line[n] = filepath.Join(d.dir, home+"-"+name)
		}
	}
	exit = run(append([]string{"--home", filepath.Join(d.dir, home)}, line...), strings.NewReader(""), &stdout, &stderr)
	return exit, stdout.String(), stderr.String()
}

// lend opens the store of a home as a server does, and lends it.
func (d counter) lend(home string) (stop func()) {
	d.Helper()
	dir := filepath.Join(d.dir, home)
	store, err := boltstore.Open(dir)
	if err != nil {
		d.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	wait, err := lendStore(ctx, dir, sockstore.Base{}, store, aloneStore{store}, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		d.Fatal(err)
	}
	return func() {
		cancel()
		if err := wait(); err != nil {
			d.Error(err)
		}
		if err := store.Close(); err != nil {
			d.Error(err)
		}
	}
}

// unlike is what differs between two homes whatever they do: ids, keys, hashes,
// times, and the name of the home.
var unlike = regexp.MustCompile(`urn:uuid:[0-9a-f-]+|eyJ[A-Za-z0-9_.-]+|[0-9a-f]{64}|202[67]-[0-9T:.Z-]+|per-[a-z0-9]+|"secret":"[^"]+"|\b[a-z0-9]{10}\b|[A-Za-z0-9_-]{43}|"store":"[A-Z0-9]+"|(statusListIndex|status/1#)"?:?[0-9]+|home-[a-z]+|[0-9]{2} [A-Z][a-z]+ 20[0-9]{2}`)

func alike(s string) string { return unlike.ReplaceAllString(s, "…") }

// TestSameWithAServer runs one list of commands in two homes, one of them held
// by a server: what they print, what they say and how they end is the same.
func TestSameWithAServer(t *testing.T) {
	d := newCounter(t)
	template := "../../examples/templates/01-food-hygiene-it.json"
	learner := "../../examples/learners/01-amina-diallo.json"
	d.write("few.csv", "name;documentNumber;birthDate\nAda Lovelace;N-1;1990-01-02\nBea Bianchi;N-2;1991-03-04\n")
	lines := [][]string{
		{"issuer", "add", "ente", "--did", "web", "--domain", "ente.example", "--country", "IT", "--region", "ITF5"},
		{"issuer", "list"},
		{"issuer", "show", "ente", "--json"},
		{"template", "add", template},
		{"template", "list", "--json"},
		{"template", "show", "food-hygiene"},
		{"issue", "--issuer", "ente", "--template", "food-hygiene", "--learner", learner, "--json"},
		{"issue", "--issuer", "ente", "--template", "food-hygiene", "--sheet", filepath.Join(d.dir, "few.csv"), "--dry-run"},
		{"issue", "--issuer", "ente", "--template", "food-hygiene", "--sheet", filepath.Join(d.dir, "few.csv")},
		{"issue", "--issuer", "nobody", "--template", "food-hygiene", "--learner", learner},
		{"list"},
		{"list", "--json", "--status", "issued", "--learner", "amina"},
		{"show", "MC-PZ-2026-0042"},
		{"show", "MC-0"},
		{"suspend", "MC-PZ-2026-0042", "--reason", "disputed"},
		{"reissue", "MC-PZ-2026-0042", "--json"},
		{"revoke", "MC-PZ-2026-0042", "--reason", "issued-in-error", "--note", "wrong course"},
		{"revoke", "MC-PZ-2026-0042", "--reason", "holder-request"},
		{"reinstate", "MC-PZ-2026-0042"},
		{"status", "publish", "--out", "OUTpublic"},
		{"key", "list", "--issuer", "ente"},
		{"key", "rotate", "--issuer", "ente"},
		{"trust", "list", "--json"},
		{"print", "MC-PZ-2026-0042", "--layout", "revocation", "--out", "OUTrevoked.pdf"},
		{"apikey", "add", "moodle", "--issuer", "ente", "--role", "officer", "--json"},
		{"apikey", "list"},
		{"user", "add", "rossi", "--issuer", "ente", "--role", "officer"},
		{"user", "list", "--json"},
		{"proposal", "list"},
		{"erase", "N-1"},
		{"erase", "N-1", "--yes"},
		{"erase", "N-1", "--yes"},
		{"list", "--json"},
		{"audit", "--verify"},
		{"audit", "--json"},
		{"fsck", "--json"},
		{"fsck", "--lang", "it"},
		{"backup", "OUTbackup", "--json"},
		{"backup", "OUTnone/backup"},
		{"init", "--work-factor", "1"},
	}
	for _, home := range []string{"home-alone", "home-served"} {
		if exit, _, errs := d.run(home, "init", "--work-factor", "1", "--quiet"); exit != exitOK {
			t.Fatal(errs)
		}
	}
	defer d.lend("home-served")()
	for _, line := range lines {
		exit, out, errs := d.run("home-alone", line...)
		servedExit, servedOut, servedErrs := d.run("home-served", line...)
		if exit != servedExit || alike(out) != alike(servedOut) || alike(errs) != alike(servedErrs) {
			t.Errorf("passport %s\nalone:  %d %s%s\nserved: %d %s%s", strings.Join(line, " "), exit, alike(out), alike(errs), servedExit, alike(servedOut), alike(servedErrs))
		}
		if exit == exitInternal {
			t.Errorf("passport %s: %s", strings.Join(line, " "), errs)
		}
	}
}

// TestRestoreUnderAServer wants one sentence and nothing changed.
func TestRestoreUnderAServer(t *testing.T) {
	d := newCounter(t)
	backup := filepath.Join(d.dir, "backup")
	for _, line := range [][]string{{"init", "--work-factor", "1", "--quiet"}, {"backup", backup}} {
		if exit, _, errs := d.run("home", line...); exit != exitOK {
			t.Fatal(errs)
		}
	}
	defer d.lend("home")()
	exit, _, errs := d.run("home", "restore", backup)
	if exit != exitUsage || !strings.Contains(errs, "is already open in process") || strings.Count(errs, "passport: error") != 1 {
		t.Errorf("exit %d: %s", exit, errs)
	}
	if exit, _, errs := d.run("home", "fsck"); exit != exitOK {
		t.Error(errs)
	}
}

// TestSocketOfADeadServer wants the file opened as if there were no socket.
func TestSocketOfADeadServer(t *testing.T) {
	d := newCounter(t)
	if exit, _, errs := d.run("home", "init", "--work-factor", "1", "--quiet"); exit != exitOK {
		t.Fatal(errs)
	}
	path := filepath.Join(d.dir, "home", sockstore.FileName)
	l, err := sockstore.Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Link(path, path+".kept"); err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	if err := os.Rename(path+".kept", path); err != nil {
		t.Fatal(err)
	}
	if exit, _, errs := d.run("home", "issuer", "list"); exit != exitOK || errs != "" {
		t.Errorf("exit %d: %s", exit, errs)
	}
	defer d.lend("home")() // and a server takes the place
	if exit, _, errs := d.run("home", "issuer", "list"); exit != exitOK || errs != "" {
		t.Errorf("exit %d: %s", exit, errs)
	}
}
