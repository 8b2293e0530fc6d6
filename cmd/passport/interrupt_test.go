package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestSheetInterrupted stops the program in the middle of a sheet of 2 000, as
// a hand does (Ctrl-C) and as the system does (kill -9). What was begun is
// whole; run again, exactly the missing ones are issued.
func TestSheetInterrupted(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no signals to send here")
	}
	for _, c := range []struct {
		name   string
		signal syscall.Signal
	}{{"Ctrl-C", syscall.SIGINT}, {"kill -9", syscall.SIGKILL}} {
		t.Run(c.name, func(t *testing.T) {
			var d *sheetDesk
			var begun map[string]string
			for range 5 { // where the signal hits is not ours to say
				d = newSheetDesk(t)
				exit, words := d.interrupt(c.signal)
				d.run("fsck")
				if begun = d.listed(); len(begun) == 0 || exit == exitOK {
					continue
				}
				if c.signal == syscall.SIGINT && (exit != exitInternal || words != "passport: error: interrupted; what was acknowledged is kept\npassport: hint: if it was a sheet, run the same command again: it goes on from there\n") {
					t.Errorf("exit %d, said %q", exit, words)
				}
				break
			}
			if len(begun) == 0 {
				t.Fatal("never stopped in the middle")
			}
			t.Logf("stopped after %d of 2 000", len(begun))
			issued := strings.Fields(d.run(d.sheet...))
			d.run("fsck")
			d.whole(begun, issued)
		})
	}
}

// sheetDesk is a home ready for the sheet, and the program as a process.
type sheetDesk struct {
	*testing.T
	dir     string
	program string
	sheet   []string
}

func newSheetDesk(t *testing.T) *sheetDesk {
	dir := t.TempDir()
	program := filepath.Join(dir, "passport")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v: %s", err, out)
	}
	d := &sheetDesk{T: t, dir: dir, program: program}
	d.sheet = []string{"issue", "--issuer", "ente", "--template", "food-hygiene", "--sheet", "../../examples/learners/class-2000.csv", "--out", filepath.Join(d.dir, "tokens")}
	if err := os.WriteFile(filepath.Join(d.dir, "passphrase"), []byte("correct horse battery staple\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.run("init", "--work-factor", "1")
	d.run("issuer", "add", "ente", "--did", "web", "--domain", "ente.example", "--country", "IT", "--region", "ITF5")
	d.run("template", "add", "../../examples/templates/01-food-hygiene-it.json")
	return d
}

func (d *sheetDesk) command(line ...string) *exec.Cmd {
	c := exec.Command(d.program, line...)
	c.Env = append(os.Environ(), "LANG=en", "PASSPORT_HOME="+filepath.Join(d.dir, "home"),
		"PASSPORT_PASSPHRASE_FILE="+filepath.Join(d.dir, "passphrase"))
	return c
}

func (d *sheetDesk) run(line ...string) string {
	d.Helper()
	var errs bytes.Buffer
	c := d.command(line...)
	c.Stderr = &errs
	out, err := c.Output()
	if err != nil {
		d.Fatalf("passport %v: %v: %s", line, err, errs.String())
	}
	return string(out)
}

// interrupt issues the sheet and sends the signal once the store is written.
func (d *sheetDesk) interrupt(signal syscall.Signal) (exit int, words string) {
	d.Helper()
	watched := filepath.Join(d.dir, "home", "passport.guard") // written after the first batch
	if signal == syscall.SIGINT {
		watched = filepath.Join(d.dir, "home", "passport.db") // while it is being written: what was begun is finished
	}
	before, err := os.Stat(watched)
	if err != nil {
		d.Fatal(err)
	}
	var errs bytes.Buffer
	c := d.command(append(d.sheet, "--quiet")...)
	c.Stderr = &errs
	if err := c.Start(); err != nil {
		d.Fatal(err)
	}
	for range 20_000 {
		if now, err := os.Stat(watched); err == nil && (now.Size() != before.Size() || now.ModTime().After(before.ModTime())) {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if err := c.Process.Signal(signal); err != nil {
		d.Fatal(err)
	}
	_ = c.Wait() // its exit code tells
	return c.ProcessState.ExitCode(), errs.String()
}

// listed are the credentials of the register by document number.
func (d *sheetDesk) listed() map[string]string {
	d.Helper()
	ids := map[string]string{}
	for line := range strings.Lines(d.run("list", "--json")) {
		number, id := field(line, "documentNumber"), field(line, "id")
		if ids[number] != "" {
			d.Errorf("number %s was issued twice", number)
		}
		ids[number] = id
	}
	return ids
}

// field takes one text out of a line of JSON.
func field(line, name string) string {
	_, rest, _ := strings.Cut(line, `"`+name+`":"`)
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

// whole: 2 000 credentials, each number once, those begun among them unchanged,
// each handed over and with its token in a file.
func (d *sheetDesk) whole(begun map[string]string, issued []string) {
	d.Helper()
	all := d.listed()
	if len(all) != 2000 || len(issued) != 2000 {
		d.Errorf("%d in the register, %d handed over", len(all), len(issued))
	}
	for number, id := range begun {
		if all[number] != id {
			d.Errorf("%s was %s and is %s", number, id, all[number])
		}
	}
	files, err := os.ReadDir(filepath.Join(d.dir, "tokens"))
	if err != nil || len(files) != 2000 {
		d.Errorf("%d tokens in the folder: %v", len(files), err)
	}
	for _, id := range all {
		if _, err := os.Stat(filepath.Join(d.dir, "tokens", strings.TrimPrefix(id, "urn:uuid:")+".jwt")); err != nil {
			d.Error(err)
		}
	}
}
