package issuersheets_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/issuersheets"
)

// restart closes the home and opens it again, as a new process does.
func (w *world) restart(t *testing.T) {
	t.Helper()
	w.shut()
	w.open(t)
	w.start(t)
}

// TestFaultR9StopInTheMiddle: the service stops while a sheet is issued, again
// and again; in the end everybody has one certificate, and the report says so.
func TestFaultR9StopInTheMiddle(t *testing.T) {
	const people = 640
	w := newWorld(t)
	w.start(t)
	sent := w.send(t, "", class(people))
	stops, done := 0, 0
	for range 20 {
		v := w.until(t, sent.ID, func(v issuersheets.View) bool { return v.State.Final() || v.Done > done })
		if v.State.Final() {
			break
		}
		done = v.Done
		w.restart(t)
		stops++
	}
	v := w.ended(t, sent.ID)
	if stops < 2 {
		t.Errorf("it was stopped only %d times", stops)
	}
	if v.State != issuersheets.StateDone || v.Done != people || v.Counts.Issued != people || w.issued(t) != people {
		t.Fatalf("%+v, %d in the register", v, w.issued(t))
	}
	_, report := w.ask(t, "GET", v.Links["report"], "")
	seen := map[string]bool{}
	for line := range strings.SplitSeq(report, "\n") {
		if _, id, ok := strings.Cut(line, "urn:uuid:"); ok && strings.Contains(line, ",issued,") {
			seen[id] = true
		}
	}
	if len(seen) != people {
		t.Errorf("%d different certificates in the report", len(seen))
	}
}

// TestFaultR9CutAfterTheLines: a crash between the lines of a batch and the
// record of them leaves lines that nobody knows; the batch is told once.
func TestFaultR9CutAfterTheLines(t *testing.T) {
	w := newWorld(t)
	sent := w.send(t, "", example(t, "class-12.csv"))
	stray := filepath.Join(w.home, "sheets", sent.ID, "rows.jsonl")
	must(t, os.WriteFile(stray, []byte(`{"row":2,"result":"issued","id":"urn:uuid:gone"}`+"\n{\"row\":3,\"res"), 0o600))
	w.start(t)
	v := w.ended(t, sent.ID)
	_, report := w.ask(t, "GET", v.Links["report"], "")
	if v.State != issuersheets.StateDone || strings.Count(report, ",issued,") != 12 || strings.Contains(report, "gone") {
		t.Errorf("%+v\n%s", v, report)
	}
}

// TestSameKeySameJob: a request that is sent again under its key, also after a
// restart, is the same job; with another sheet it is refused.
func TestSameKeySameJob(t *testing.T) {
	w := newWorld(t)
	first := w.send(t, "", class(3), "Idempotency-Key", "k-1")
	if again := w.send(t, "", class(3), "Idempotency-Key", "k-1"); again.ID != first.ID {
		t.Errorf("%s and %s", first.ID, again.ID)
	}
	w.restart(t)
	w.ended(t, first.ID)
	res, text := w.ask(t, "POST", "/api/v1/sheets?issuer=ente&template="+template, class(3), "Idempotency-Key", "k-1")
	if res.StatusCode != 202 || res.Header.Get("Idempotent-Replayed") != "true" || viewOf(t, text).State != issuersheets.StateDone {
		t.Errorf("%d %s", res.StatusCode, text)
	}
	res, text = w.ask(t, "POST", "/api/v1/sheets?issuer=ente&template="+template, class(4), "Idempotency-Key", "k-1")
	if res.StatusCode != 422 || !strings.Contains(text, "idempotency_mismatch") {
		t.Errorf("%d %s", res.StatusCode, text)
	}
	if other := w.send(t, "", class(3)); other.ID == first.ID {
		t.Error("without a key it is the same job")
	}
}

// TestCancel: between two batches; what is issued stays issued, the sheet goes.
func TestCancel(t *testing.T) {
	const people = 640
	w := newWorld(t)
	w.start(t)
	sent := w.send(t, "", class(people))
	w.until(t, sent.ID, func(v issuersheets.View) bool { return v.Done > 0 })
	res, text := w.ask(t, "DELETE", "/api/v1/sheets/"+sent.ID, "")
	if res.StatusCode != http.StatusAccepted {
		t.Fatalf("%d %s", res.StatusCode, text)
	}
	v := w.ended(t, sent.ID)
	if v.State != issuersheets.StateCancelled || v.Done == 0 || v.Done == people || w.issued(t) != v.Done {
		t.Errorf("%+v, %d in the register", v, w.issued(t))
	}
	// One that waits does not begin, and one that has ended loses its files.
	w.shut()
	w.open(t)
	waits := w.send(t, "", class(2))
	w.ask(t, "DELETE", "/api/v1/sheets/"+waits.ID, "")
	w.start(t)
	if v := w.ended(t, waits.ID); v.State != issuersheets.StateCancelled || v.Done != 0 {
		t.Errorf("%+v", v)
	}
	res, _ = w.ask(t, "DELETE", "/api/v1/sheets/"+sent.ID, "")
	if res.StatusCode != http.StatusNoContent {
		t.Errorf("%d", res.StatusCode)
	}
	res, _ = w.ask(t, "GET", v.Links["report"], "")
	if left := w.files(t); res.StatusCode != http.StatusGone || len(left) != 0 {
		t.Errorf("%d, left on disk: %v", res.StatusCode, left)
	}
}

// TestQueueIsBounded: a body may keep so many waiting, and another one is not
// kept from its turn.
func TestQueueIsBounded(t *testing.T) {
	w := newWorld(t)
	for range 8 {
		w.send(t, "", class(1))
	}
	res, text := w.ask(t, "POST", "/api/v1/sheets?issuer=ente&template="+template, class(1))
	if res.StatusCode != http.StatusServiceUnavailable || !strings.Contains(text, "sheets_busy") || res.Header.Get("Retry-After") == "" {
		t.Errorf("%d %s", res.StatusCode, text)
	}
	if _, _, err := w.Submit(t.Context(), "user:u2", issuersheets.Request{Issuer: "altro", Template: template}, strings.NewReader(class(1))); err != nil {
		t.Error(err)
	}
	res, text = w.ask(t, "GET", "/api/v1/sheets?limit=5", "")
	if res.StatusCode != 200 || strings.Count(text, `"id":`) != 5 || !strings.Contains(text, `"next":`) || strings.Contains(text, "altro") {
		t.Errorf("%d %s", res.StatusCode, text)
	}
}

// TestFourEyesSheet: where one prepares and another approves, a sheet is not
// issued on one person's word.
func TestFourEyesSheet(t *testing.T) {
	w := newWorld(t)
	_, err := w.issuer.SetFourEyes(t.Context(), "test", "ente", true)
	must(t, err)
	res, text := w.ask(t, "POST", "/api/v1/sheets?issuer=ente&template="+template, class(1))
	if res.StatusCode != http.StatusConflict || !strings.Contains(text, "needs_approval") {
		t.Errorf("%d %s", res.StatusCode, text)
	}
	if res, text := w.ask(t, "POST", "/api/v1/sheets?dryRun=true&issuer=ente&template="+template, class(1)); res.StatusCode != 200 {
		t.Errorf("%d %s", res.StatusCode, text)
	}
}

// TestEventsTellTheWhole: progress and the result arrive while the connection
// stands, a comment shows that it lives, and whoever comes back is told the
// state; a reader who is slow misses steps and not the end.
func TestEventsTellTheWhole(t *testing.T) {
	w := newWorld(t)
	sent := w.send(t, "", class(300))
	req, err := http.NewRequestWithContext(t.Context(), "GET", w.server.URL+sent.Links["events"], nil)
	must(t, err)
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	defer func() { _ = res.Body.Close() }()
	if kind := res.Header.Get("Content-Type"); kind != "text/event-stream" || res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%v", res.Header)
	}
	lines := bufio.NewScanner(res.Body)
	wait := func(prefix string) string {
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), prefix) {
				return lines.Text()
			}
		}
		t.Fatalf("no %q: %v", prefix, lines.Err())
		return ""
	}
	if id := wait("id: "); id != "id: queued-0" {
		t.Errorf("%s", id)
	}
	wait(": still here")
	w.start(t)
	steps := 0
	for wait("event: ") != "event: result" {
		steps++
	}
	if data := wait("data: "); !strings.Contains(data, `"state":"done"`) || !strings.Contains(data, `"done":300`) || steps < 2 {
		t.Errorf("%d steps, %s", steps, data)
	}
	if rest, err := io.ReadAll(res.Body); err != nil || strings.Contains(string(rest), "event:") {
		t.Errorf("after the result: %q, %v", rest, err)
	}
	_, again := w.ask(t, "GET", sent.Links["events"], "", "Last-Event-ID", "issuing-64")
	if !strings.HasPrefix(again, "id: done-300\nevent: result\ndata: {") {
		t.Errorf("%s", again)
	}
}

// TestTidy: files go after a week, records after a month, and what a crash left
// without a record at the start.
func TestTidy(t *testing.T) {
	w := newWorld(t)
	w.start(t)
	sent := w.send(t, "", example(t, "class-12.csv"))
	w.ended(t, sent.ID)
	dir := filepath.Join(w.home, "sheets")
	must(t, os.MkdirAll(filepath.Join(dir, "tffff"), 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "upload-1"), []byte("x"), 0o600))
	long := today.Add(-2 * time.Hour)
	must(t, os.Chtimes(filepath.Join(dir, "upload-1"), long, long))

	w.pass(8 * 24 * time.Hour)
	w.restart(t)
	v := w.until(t, sent.ID, func(v issuersheets.View) bool { return v.Links["report"] == "" })
	if v.Counts.Issued != 12 {
		t.Errorf("%+v", v)
	}
	if !eventually(func() bool { left, err := os.ReadDir(dir); return err == nil && len(left) == 0 }) {
		t.Errorf("left on disk: %v", w.files(t))
	}
	w.pass(30 * 24 * time.Hour)
	w.restart(t)
	if !eventually(func() bool {
		res, _ := w.ask(t, "GET", "/api/v1/sheets/"+sent.ID, "")
		return res.StatusCode == http.StatusNotFound
	}) {
		t.Error("the record stays")
	}
}

// TestNobodyWaitsForASlowReader: one who asks for events and takes none keeps
// neither the job nor others from their end.
func TestNobodyWaitsForASlowReader(t *testing.T) {
	w := newWorld(t)
	sent := w.send(t, "", class(200))
	for range 3 {
		conn, err := net.Dial("tcp", w.server.Listener.Addr().String())
		must(t, err)
		defer func() { _ = conn.Close() }()
		_, err = io.WriteString(conn, "GET "+sent.Links["events"]+" HTTP/1.1\r\nHost: x\r\n\r\n")
		must(t, err)
	}
	w.start(t)
	if v := w.ended(t, sent.ID); v.State != issuersheets.StateDone {
		t.Errorf("%+v", v)
	}
}

// fullStore is a store whose disk is full for a while.
type fullStore struct {
	issuer.Store
	full atomic.Bool
}

func (s *fullStore) Update(ctx context.Context, f func(issuer.Tx) error) error {
	if s.full.Load() {
		return issuer.ErrStoreFull
	}
	return s.Store.Update(ctx, f)
}

// TestFaultFullDiskKeepsTheJob: what cannot be written is tried again, and the
// job is done when there is room, without its sender.
func TestFaultFullDiskKeepsTheJob(t *testing.T) {
	w := newWorld(t)
	w.shut()
	var disk *fullStore
	w.config = func(c *issuersheets.Config) {
		disk = &fullStore{Store: c.Store}
		c.Store, c.Retry = disk, 10*time.Millisecond
	}
	w.open(t)
	sent := w.send(t, "", class(100))
	disk.full.Store(true)
	w.start(t)
	v := w.until(t, sent.ID, func(v issuersheets.View) bool { return v.WaitingFor != "" || v.State.Final() })
	if v.State.Final() || v.WaitingFor != issuersheets.WaitSpace || !strings.Contains(v.Message, "disk") || !w.Full() {
		t.Fatalf("%+v", v) // it stood there without a word, and the service called itself ready
	}
	disk.full.Store(false)
	if v := w.ended(t, sent.ID); v.State != issuersheets.StateDone || v.Counts.Issued != 100 || v.WaitingFor != "" || w.Full() {
		t.Errorf("%+v", v)
	}
}

// TestFaultR9WhatAReaderLeaves: a crash while a workbook is read leaves its
// unpacked parts, which name everybody. They go with the sheet, and what no job
// knows goes at the next start; the parts of a dry run that is at work stay.
func TestFaultR9WhatAReaderLeaves(t *testing.T) {
	w := newWorld(t)
	sent := w.send(t, "", class(2))
	dir := filepath.Join(w.home, "sheets")
	unpacked, old, young := filepath.Join(dir, sent.ID, "excelize-1"), filepath.Join(dir, "excelize-2"), filepath.Join(dir, "excelize-3")
	for _, name := range []string{unpacked, old, young} {
		must(t, os.WriteFile(name, []byte("Ada a"), 0o600))
	}
	must(t, os.Chtimes(old, today.Add(-2*time.Hour), today.Add(-2*time.Hour)))
	must(t, os.Chtimes(young, today, today))
	w.start(t)
	if v := w.ended(t, sent.ID); v.State != issuersheets.StateDone {
		t.Fatalf("%+v", v)
	}
	if !eventually(func() bool { return len(w.files(t)) == 3 }) {
		t.Errorf("left on disk: %v", w.files(t)) // rows, faults, and what is young
	}
	for name, want := range map[string]bool{unpacked: false, old: false, young: true} {
		if _, err := os.Stat(name); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCancelledWhileItIsRead: who finds out in time that it was the wrong file
// has issued nothing, although no batch has an end to stop at.
func TestCancelledWhileItIsRead(t *testing.T) {
	w := newWorld(t)
	w.shut()
	w.config = func(c *issuersheets.Config) { c.Batch = 100_000 }
	w.open(t)
	w.start(t)
	sent := w.send(t, "", class(20_000))
	w.until(t, sent.ID, func(v issuersheets.View) bool { return v.State == issuersheets.StateReading || v.State.Final() })
	if res, text := w.ask(t, "DELETE", "/api/v1/sheets/"+sent.ID, ""); res.StatusCode != http.StatusAccepted {
		t.Fatalf("%d %s", res.StatusCode, text)
	}
	if v := w.ended(t, sent.ID); v.State != issuersheets.StateCancelled || w.issued(t) != 0 {
		t.Errorf("%+v, %d in the register", v, w.issued(t))
	}
}

// TestOneBadRowOfManyIsNamed: among 20 000 people one has no date that can be.
// Their row is told by its number, and nobody is issued anything.
func TestOneBadRowOfManyIsNamed(t *testing.T) {
	const people, bad = 20_000, 13_577 // the row's number: the header is row 1
	lines := strings.SplitAfter(class(people), "\n")
	lines[bad-1] = strings.Replace(lines[bad-1], "12/03/1994", "31/02/1994", 1)
	w := newWorld(t)
	w.start(t)
	v := w.ended(t, w.send(t, "", strings.Join(lines, "")).ID)
	if v.State != issuersheets.StateRefused || v.Faults != 1 || v.FaultyRows != 1 || v.Total != people-1 || v.Done != 0 || w.issued(t) != 0 {
		t.Fatalf("%+v, %d in the register", v, w.issued(t))
	}
	_, report := w.ask(t, "GET", v.Links["report"], "", "Accept-Language", "en")
	if rows := strings.Split(strings.TrimSpace(report), "\n"); len(rows) != 2 || !strings.HasPrefix(rows[1], "13577,fault,Data di nascita,date_impossible,") {
		t.Errorf("%.300s", report)
	}
}
