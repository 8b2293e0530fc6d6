package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sheetOf is a sheet of n people with numbers of their own.
func sheetOf(n int) string {
	var b strings.Builder
	b.WriteString("Nome;Data di nascita;Numero attestato;Esito;Data fine\n")
	for i := range n {
		name := strings.Map(func(r rune) rune { return r - '0' + 'a' }, fmt.Sprint(i))
		fmt.Fprintf(&b, "Ada %s;12/03/1994;K-%d;Superato;18/11/2026\n", name, i)
	}
	return b.String()
}

// sheetJob is what the tests read of a job.
type sheetJob struct {
	ID, State string
	Done      int
	Counts    struct{ Issued, Unchanged, Mailed, Offered int }
	Links     map[string]string
}

// sendSheet uploads a sheet.
func (w *world) sendSheet(key, query, text string) (j sheetJob) {
	w.t.Helper()
	answer, body := w.ask("POST", "/api/v1/sheets?issuer=ente&template=food-hygiene"+query, text, "Authorization", "Bearer "+key, "Content-Type", "text/csv")
	if err := json.Unmarshal([]byte(body), &j); err != nil || answer.StatusCode != http.StatusAccepted {
		w.t.Fatalf("%d %s", answer.StatusCode, body)
	}
	return j
}

// sheetUntil waits for a state of a job.
func (w *world) sheetUntil(key, id string, ok func(sheetJob) bool) (j sheetJob) {
	w.t.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(3 * time.Millisecond) {
		_, body := w.ask("GET", "/api/v1/sheets/"+id, "", "Authorization", "Bearer "+key)
		if err := json.Unmarshal([]byte(body), &j); err != nil {
			w.t.Fatalf("%v: %s", err, body)
		}
		if ok(j) {
			return j
		}
	}
	w.t.Fatalf("it stays %+v", j)
	return j
}

// TestFaultR1KillInTheMiddleOfASheet: the program is killed while it reads and
// while it issues; whoever starts it again finds the sheet at work, and in the
// end everybody has one certificate and no sheet is left on disk.
func TestFaultR1KillInTheMiddleOfASheet(t *testing.T) {
	const people = 3000 // three batches
	home, command := newHome(t)
	key := command("apikey", "add", "moodle", "--issuer", "ente", "--role", "officer", "--quiet")
	p := startProcess(t, home)
	sent := p.sendSheet(key, "", sheetOf(people))
	kill := func() {
		t.Helper()
		if err := p.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = p.cmd.Wait() // the kill's own error
		p = startProcess(t, home)
	}
	kill() // as soon as it was answered
	inTheMiddle, done := 0, 0
	for range 2 {
		j := p.sheetUntil(key, sent.ID, func(j sheetJob) bool { return j.Done > done || j.State == "done" })
		if j.State == "done" {
			break
		}
		done = j.Done
		inTheMiddle++
		kill()
	}
	j := p.sheetUntil(key, sent.ID, func(j sheetJob) bool { return j.State != "queued" && j.State != "reading" && j.State != "issuing" })
	if j.State != "done" || j.Done != people || j.Counts.Issued != people || inTheMiddle == 0 {
		t.Fatalf("%+v; killed %d times in the middle", j, inTheMiddle)
	}
	t.Logf("killed once before and %d times in the middle", inTheMiddle)
	_, report := p.ask("GET", j.Links["report"], "", "Authorization", "Bearer "+key)
	told := map[string]bool{}
	for line := range strings.SplitSeq(report, "\n") {
		if _, id, ok := strings.Cut(line, "urn:uuid:"); ok {
			told["urn:uuid:"+strings.TrimSpace(id)] = true
		}
	}
	list := command("list", "--json")
	if n := strings.Count(list, `"id":"urn:uuid:`); n != people || len(told) != people || strings.Contains(list, `"pending"`) {
		t.Errorf("%d in the register, %d in the report; pending: %v", n, len(told), strings.Contains(list, `"pending"`))
	}
	for id := range told {
		if !strings.Contains(list, id) {
			t.Errorf("%s is in the report and not in the register", id)
		}
	}
	left, err := os.ReadDir(filepath.Join(home, sheetsDir, sent.ID))
	for _, e := range left {
		if e.Name() != "rows.jsonl" && e.Name() != "faults.jsonl" {
			t.Errorf("%s is left on disk", e.Name())
		}
	}
	if err != nil || len(left) == 0 {
		t.Errorf("%v, %v", left, err)
	}
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	p.ends(drainTime)
	command("fsck", "--quiet")
}
