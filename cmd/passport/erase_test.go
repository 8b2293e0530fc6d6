package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
)

// issuedCounter is a counter whose home has issued a sheet, and how to give it a
// line that must go well.
func issuedCounter(t *testing.T, sheet string) (d counter, do func(line ...string)) {
	t.Helper()
	d = newCounter(t)
	do = func(line ...string) {
		t.Helper()
		if exit, out, errs := d.run("home", line...); exit != exitOK {
			t.Fatalf("%v: exit %d\n%s%s", line, exit, out, errs)
		}
	}
	do("init", "--work-factor", "1")
	do("issuer", "add", "ente", "--did", "web", "--domain", "ente.example", "--country", "IT", "--region", "ITF5")
	do("template", "add", "../../examples/templates/01-food-hygiene-it.json")
	d.write("sheet.csv", sheet)
	do("issue", "--issuer", "ente", "--template", "food-hygiene", "--sheet", filepath.Join(d.dir, "sheet.csv"))
	return d, do
}

// A command erases a person in a store that a server holds: the server rewrites
// its file, and nothing of the person is in the home or in a backup made after.
func TestEraseBesideAServer(t *testing.T) {
	d, do := issuedCounter(t, "name;documentNumber;birthDate\nAda Kanarienvogel;KANARY-1;1990-01-02\nBea Bianchi;N-2;1991-03-04\n")
	stop := d.lend("home")
	do("erase", "KANARY-1", "--yes")
	do("backup", filepath.Join(d.dir, "home", "after.backup"))
	for _, word := range []string{"Kanarienvogel", "KANARY-1", "KANARIENVOGEL"} {
		if err := filepath.WalkDir(filepath.Join(d.dir, "home"), func(path string, e fs.DirEntry, err error) error {
			if err != nil || !e.Type().IsRegular() {
				return err
			}
			data, err := os.ReadFile(path)
			if bytes.Contains(data, []byte(word)) {
				t.Errorf("%s is in %s", word, filepath.Base(path))
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	}
	do("fsck")
	do("show", "N-2")
	// What a restore has kept aside is not the store's to rewrite: whoever erases is told.
	d.write("home/passport.db.replaced", "an older store")
	if exit, _, errs := d.run("home", "erase", "N-2", "--yes"); exit != exitOK || !strings.Contains(errs, "passport.db.replaced") {
		t.Errorf("exit %d, nothing said of the file aside: %s", exit, errs)
	}
	stop()
	do("fsck")
}

// Two people of one body who have the same name and year of birth are one person to
// the register: whoever erases one of them sees it before, course by course.
func TestEraseShowsNamesakes(t *testing.T) {
	d, _ := issuedCounter(t, "name;documentNumber;birthDate\nMaria Rossi;N-1;1990-05-01\nMaria  ROSSI;N-2;1990-05-01\n")
	store, err := boltstore.Open(filepath.Join(d.dir, "home"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	i, err := issuer.New(issuer.Config{Store: store, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	would, err := i.Erasable(t.Context(), "N-1")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	a := &app{err: &out, lang: "en"}
	if err := a.showErase(t.Context(), i, would); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"N-1", "N-2", "food-hygiene", "count as one person"} {
		if !strings.Contains(out.String(), word) {
			t.Errorf("%q is not in\n%s", word, out.String())
		}
	}
}
