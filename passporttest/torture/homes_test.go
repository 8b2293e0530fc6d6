//go:build unix

package torture

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/keyring"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
	"github.com/employment-passport/passport/schema"
)

// TestFaultR5TwoServers starts a second server on the home of the first, and
// runs a command: the one is told who is there, the other works.
func TestFaultR5TwoServers(t *testing.T) {
	asked(t)
	out := report(t, "R5 two servers")
	w, l := newWorld(t, built.program, t.TempDir()), newLedger()
	s := w.start()
	begun := time.Now()
	_, errs, exit := w.try("serve")
	took := time.Since(begun)
	if exit == 0 || took > startLimit {
		t.Errorf("the second server ended with %d after %s", exit, took)
	}
	for _, named := range []string{strconv.Itoa(s.pid()), filepath.Join(w.home, boltstore.FileName)} {
		if !strings.Contains(errs, named) {
			t.Errorf("the second server does not name %s: %s", named, errs)
		}
	}
	c, err := s.issue(t.Context(), "one", nameOf(1))
	if err != nil {
		t.Fatal(err)
	}
	l.issued(c, 0)
	ctx, cancel := context.WithCancel(t.Context())
	working := s.clients(ctx, 8, 0, l, dice(t)) // and commands beside a busy server
	commands := time.Duration(0)
	for n := range 5 {
		begun := time.Now()
		id := strings.TrimSpace(string(w.run("issue", "--issuer", "ente", "--template", "food-hygiene", "--learner", "../../examples/learners/01-amina-diallo.json", "--quiet")))
		w.run("list", "--learner", "amina")
		if n == 0 {
			w.run("revoke", c.ID, "--reason", "issued-in-error")
			l.revoked(l.byID[c.ID], 0)
		}
		w.run("reissue", id, "--quiet")
		commands = max(commands, time.Since(begun))
	}
	w.fsck()
	cancel()
	working.Wait()
	s.stop()
	out.cycles = 1
	finish(w, l, nil, out)
	out.note = fmt.Sprintf("the second ended after %s, three commands beside 8 clients took %s at most, %s", took.Round(time.Millisecond), commands.Round(time.Millisecond), out.note)
}

// TestFaultR8OlderBackup restores a backup that is older than the home, and
// issues on: no index is given twice.
func TestFaultR8OlderBackup(t *testing.T) {
	asked(t)
	out := report(t, "R8 restore of an older backup")
	w := newWorld(t, built.program, t.TempDir())
	backup := filepath.Join(t.TempDir(), "backup")
	issue := func(s *server, name string, n int) (places []string) {
		for i := range n {
			c, err := s.issue(t.Context(), fmt.Sprint(name, i), nameOf(i))
			if err != nil {
				t.Fatal(err)
			}
			now, err := s.show(t.Context(), c.ID)
			if err != nil {
				t.Fatal(err)
			}
			places = append(places, fmt.Sprintf("%s#%d", now.List, now.Index))
			out.acks++
		}
		return places
	}
	s := w.start()
	before := issue(s, "before", 5)
	w.run("backup", backup) // hot
	after := issue(s, "after", 5)
	if _, errs, exit := w.try("restore", backup); exit == 0 || strings.Count(errs, "passport: error") != 1 {
		t.Errorf("restored under a server: exit %d, %s", exit, errs)
	}
	s.stop()
	if _, errs, exit := w.try("restore", backup); exit != 1 {
		t.Errorf("an older backup was not refused: exit %d, %s", exit, errs)
	}
	w.run("restore", "--accept-rollback", backup)
	s = w.start()
	again := issue(s, "again", 5)
	taken := map[string]bool{}
	for _, place := range append(append(before, after...), again...) {
		if taken[place] {
			out.lost++
			t.Errorf("%s was given twice", place)
		}
		taken[place] = true
	}
	s.stop()
	w.fsck()
	out.cycles = 1
}

// TestFaultR13Clock sets the clock a day back, ten years ahead and right again:
// nothing is issued while it cannot be right, and the log's times never fall.
func TestFaultR13Clock(t *testing.T) {
	asked(t)
	out := report(t, "R13 clock -1 d, +10 y")
	dir := t.TempDir()
	ctx := context.Background()
	if err := errors.Join(boltstore.Create(dir), keyring.Create(filepath.Join(dir, "keys"), "correct horse", 1)); err != nil {
		t.Fatal(err)
	}
	store, err := boltstore.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	today := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	now := today
	passphrase := func(context.Context) (string, error) { return "correct horse", nil }
	i, err := issuer.New(issuer.Config{Store: store, Keys: keyring.Open(filepath.Join(dir, "keys"), passphrase), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := i.AddIssuer(ctx, "torture", issuer.NewIssuer{Name: "ente", Method: "web", Domain: host, Country: "IT", Region: "ITF5"}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../../examples/templates/01-food-hygiene-it.json")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := i.AddTemplate(ctx, "torture", text, 10); err != nil {
		t.Fatal(err)
	}
	issue := func() error {
		learner := schema.Learner{Name: nameOf(out.cycles), BirthDate: "1994-03-12", CompletedOn: "2026-11-18"}
		_, err := i.Issue(ctx, "torture", issuer.Offer{Issuer: "ente", Template: "food-hygiene", Learner: learner})
		return err
	}
	for _, c := range []struct {
		at      time.Time
		refused string
	}{
		{today, ""},
		{today.AddDate(0, 0, -1), "clock_back"},
		{today.AddDate(10, 0, 0), "clock_jump"},
		{today.Add(time.Hour), ""},
	} {
		now = c.at
		var refused *issuer.Error
		err := issue()
		if errors.As(err, &refused) {
			err = nil
			if refused.Code != c.refused {
				t.Errorf("at %s: %v", c.at, refused)
			}
		} else if c.refused != "" {
			t.Errorf("at %s it was issued", c.at)
		} else if err == nil {
			out.acks++
		}
		if err != nil {
			t.Fatal(err)
		}
		out.cycles++
	}
	last := time.Time{}
	if err := i.Audit(ctx, 1, func(e issuer.AuditEntry) bool {
		if e.At.Before(last) {
			t.Errorf("entry %d is before the one before it", e.Seq)
		}
		last = e.At
		return true
	}); err != nil {
		t.Fatal(err)
	}
	if checked, err := i.Fsck(ctx); err != nil || len(checked.Findings) > 0 || out.acks != 2 {
		t.Errorf("%v, %v, %d acks", checked.Findings, err, out.acks)
	}
}
