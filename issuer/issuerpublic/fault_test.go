package issuerpublic

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/statuslist"
)

var errCrash = crashError{errors.New("killed")}

// R10: the publisher is killed between signing, writing, renaming and the sync
// of the folder, two hundred times, and starts again. A reader who asks a
// thousand times a second gets whole lists only, each signed, and none older
// than the one before (promise P6).
func TestFaultR10PublishIsKilledAtEveryStep(t *testing.T) {
	h := newHome(t, "ente")
	row := h.issue("ente", false)
	var serving atomic.Pointer[http.Handler]
	start := func() *Public {
		p := h.open()
		served := handler(p)
		serving.Store(&served)
		return p
	}
	p := start()
	must(t, p.Publish(t.Context()))
	stop, read := make(chan struct{}), make(chan int)
	go func() { read <- h.readAll(&serving, row.StatusList, stop) }()
	steps := []string{"signed", "written", "renamed", "synced", ""}
	crashed := 0
	for n := range 200 {
		if n%10 == 0 {
			h.revoke(h.issue("ente", false))
		}
		h.pass(renew + time.Second)
		kill := steps[n%len(steps)]
		p.fault = func(step string) error {
			if step == kill {
				return errCrash
			}
			return nil
		}
		if err := p.Publish(t.Context()); kill == "" {
			must(t, err)
			continue
		} else if !errors.As(err, new(crashError)) {
			t.Fatalf("not killed at %s: %v", kill, err)
		}
		crashed++
		must(t, p.Close())
		p = start()
		must(t, p.Publish(t.Context()))
		if n%40 == 0 {
			time.Sleep(2 * time.Millisecond) // let the reader see this one
		}
	}
	close(stop)
	if lists := <-read; lists < 20 || crashed != 160 {
		t.Errorf("%d lists read, %d times killed", lists, crashed)
	}
}

// readAll reads a list a thousand times a second until stop, and tells how many
// different ones it got.
func (h *home) readAll(serving *atomic.Pointer[http.Handler], url string, stop chan struct{}) (lists int) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	var newest time.Time
	last := ""
	for {
		select {
		case <-stop:
			return lists
		case <-tick.C:
		}
		r := get(*serving.Load(), http.MethodGet, url)
		if r.StatusCode == http.StatusNotFound {
			continue // started, and has nothing yet that is new enough
		}
		token := bodyOf(h.t, r)
		if token == last {
			continue
		}
		l, err := h.check(token)
		if err != nil || l.Bits.Len() != statuslist.MinEntries {
			h.t.Errorf("a list that is none: %v", err)
			return lists
		}
		if l.ValidFrom.Before(newest) {
			h.t.Errorf("the list went back from %s to %s", newest, l.ValidFrom)
			return lists
		}
		newest, last = l.ValidFrom, token
		lists++
	}
}

// A kept file that is half, of another list, or forged is not taken up.
func TestDamagedKeptFiles(t *testing.T) {
	h := newHome(t)
	row := h.issue("ente", false)
	other := h.issue("scuola", false)
	h.opened()
	file, stranger := filepath.Join(h.dir, keptName(row.StatusList)), filepath.Join(h.dir, keptName(other.StatusList))
	whole, err := os.ReadFile(file)
	must(t, err)
	swapped, err := os.ReadFile(stranger)
	must(t, err)
	for what, data := range map[string][]byte{
		"half": whole[:len(whole)/2], "empty": nil, "another's": swapped, "forged": append(append([]byte{}, whole[:len(whole)-8]...), "AAAAAAAA"...),
	} {
		must(t, os.WriteFile(file, data, 0o600))
		if r := get(handler(h.open()), http.MethodGet, row.StatusList); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", what, r.StatusCode)
		}
	}
	must(t, os.Remove(file))
	must(t, os.Symlink("/etc/hostname", file))
	if r := get(handler(h.open()), http.MethodGet, row.StatusList); r.StatusCode != http.StatusNotFound {
		t.Errorf("a link out of the folder: %d", r.StatusCode)
	}
}

// A full disk keeps nobody from the news: what was signed is served, and told.
func TestFolderThatCannotBeWritten(t *testing.T) {
	h := newHome(t)
	row := h.issue("ente", false)
	p := h.opened()
	h.pass(time.Minute)
	h.revoke(row)
	full := errors.New("no room")
	p.fault = func(step string) error {
		if step == "written" {
			return full
		}
		return nil
	}
	if err := p.Publish(t.Context()); !errors.Is(err, full) {
		t.Fatalf("got %v", err)
	}
	if !bit(t, h.list(handler(p), row.StatusList), row.StatusIndex) {
		t.Error("the revocation is not served")
	}
	if p.Fresh(h.clock()) == nil {
		t.Error("readiness does not tell")
	}
}
