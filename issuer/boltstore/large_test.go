package boltstore_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
	"github.com/employment-passport/passport/issuer/storetest"
)

// Marks of a register of years.
const (
	maxOpen   = time.Second
	maxPage   = 20 * time.Millisecond
	maxMemory = 128 << 20
)

// A register of many rows opens at once, lists a page at once wherever it is and
// whatever it is narrowed by, and takes little memory while it issues and lists.
// PASSPORT_ROWS is how many rows: 1000000 for what a region has in years, which
// takes some minutes; PASSPORT_STORE a folder that keeps them for the next time.
func TestLargeRegister(t *testing.T) {
	rows := 2600
	if n, err := strconv.Atoi(os.Getenv("PASSPORT_ROWS")); err == nil {
		rows = n
	}
	dir := os.Getenv("PASSPORT_STORE")
	if dir == "" {
		dir = filepath.Join(t.TempDir(), "large")
	}
	if s := filledTo(t, dir, rows); s != nil {
		start := time.Now()
		h := &home{t: t, dir: dir, store: s, Issuer: issuerOver(t, s, dir)}
		templates, err := h.Templates(t.Context())
		must(t, err)
		must(t, storetest.Fill(t.Context(), h.store, "ente", templates[0].Name, rows, nil))
		h.close()
		t.Logf("%d rows written in %v", rows, time.Since(start).Round(time.Second))
	}
	command := exec.Command(os.Args[0], "-test.run=^$")
	command.Env = append(os.Environ(), "BOLTSTORE_CHILD=large "+dir)
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%d rows:\n%s", rows, out)
	for line := range strings.Lines(string(out)) {
		var what string
		var n, limit int64
		if _, err := fmt.Sscanf(line, "%s %d of %d", &what, &n, &limit); err != nil || n > limit {
			t.Errorf("too much: %s", line)
		}
	}
}

// filledTo opens the store of a folder, made if it is not there, when it has
// fewer rows.
func filledTo(t *testing.T, dir string, rows int) *boltstore.Store {
	t.Helper()
	if _, err := os.Stat(filepath.Join(dir, boltstore.FileName)); err != nil {
		return homeAt(t, dir).store
	}
	s, err := boltstore.Open(dir)
	must(t, err)
	err = s.View(t.Context(), func(tx issuer.Tx) error {
		_, err := tx.IssuanceByKey(fmt.Sprint("fill ", rows-1))
		return err
	})
	if err == nil {
		must(t, s.Close())
		return nil
	}
	return s
}

// largeChild opens a store, lists and issues, and says what that took.
func largeChild(dir string) error {
	start := time.Now()
	s, err := boltstore.Open(dir)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	say := func(what string, n, limit int64) { fmt.Printf("%s %d of %d\n", what, n, limit) }
	say("open-µs", time.Since(start).Microseconds(), maxOpen.Microseconds())
	say("memory-after-open", resident(), maxMemory)
	last, err := listAll(s, say)
	if err != nil {
		return err
	}
	say("memory-after-listing", resident(), maxMemory)
	if err := writeSome(s, last); err != nil {
		return err
	}
	say("memory-after-writing", resident(), maxMemory)
	return nil
}

// listAll times pages of 50 by every filter, from the beginning, the middle and
// the end; it returns the newest row.
func listAll(s issuer.Store, say func(string, int64, int64)) (newest issuer.Issuance, err error) {
	ctx := context.Background()
	var middle string
	err = s.View(ctx, func(tx issuer.Tx) error {
		found, err := tx.FindIssuance("FILL/2500")
		if err == nil {
			middle = found[0].ID
		}
		return err
	})
	if err != nil {
		return newest, err
	}
	for name, f := range map[string]issuer.Filter{
		"all": {}, "newest": {Newest: true}, "after": {After: middle}, "back": {After: middle, Newest: true},
		"issuer": {Issuer: "ente"}, "nobody": {Issuer: "none"}, "issued": {State: issuer.StateIssued, Newest: true},
		"revoked": {State: issuer.StateRevoked}, "template": {Template: "food-hygiene", Issuer: "ente", Newest: true},
		"since": {Since: now().AddDate(0, 0, 1)}, "recent": {Since: now().AddDate(0, 0, -1), Newest: true},
	} {
		f.Limit = 50
		best := time.Hour
		for range 3 {
			start := time.Now()
			err := s.View(ctx, func(tx issuer.Tx) error {
				return tx.Issuances(f, func(i issuer.Issuance) bool {
					if name == "newest" && newest.ID == "" {
						newest = i
					}
					return true
				})
			})
			if err != nil {
				return newest, err
			}
			best = min(best, time.Since(start))
		}
		say("page-"+name+"-µs", best.Microseconds(), maxPage.Microseconds())
	}
	return newest, nil
}

// writeSome does what issuing 500 credentials one by one writes.
func writeSome(s issuer.Store, like issuer.Issuance) error {
	for n := range 500 {
		err := s.Update(context.Background(), func(tx issuer.Tx) error {
			p, err := tx.PersonFor(like.Issuer, []string{fmt.Sprintf("holder did:new:%d", n)}, now())
			if err != nil {
				return err
			}
			row := like
			row.ID, row.DocumentNumber, row.IdempotencyKey, row.Person = fmt.Sprintf("urn:uuid:new-%d-%d", os.Getpid(), n), "", "", p.ID
			row.StatusList = ""
			return tx.PutIssuance(row)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// resident is how much memory the process has, file pages among it; 0 where
// nobody says.
func resident() int64 {
	data, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(data)) {
		var kib int64
		if n, _ := fmt.Sscanf(line, "VmRSS: %d kB", &kib); n == 1 {
			return kib << 10
		}
	}
	return 0
}
