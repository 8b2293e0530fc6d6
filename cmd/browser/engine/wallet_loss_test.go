package engine

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/passporttest/recognised"
)

// TestRestoreNamesWhatTheCopyLacks: two phones that began from one backup count
// each for itself. The copy of the one has the higher number, and lacks what came
// to the other: nothing is lost unasked.
func TestRestoreNamesWhatTheCopyLacks(t *testing.T) {
	b := recognised.New(t)
	first := newDesk(t, b)
	words := first.drawn("en")
	first.create(words)
	begun := first.do("wallet.backup", map[string]any{"words": words})["file"]
	restore := func(file any) map[string]any { return map[string]any{"file": file, "words": words, "key": "key-2"} }

	second := newDesk(t, b)
	second.do("wallet.restore", restore(begun))
	second.keys["key-2"] = first.keys[handle]
	for range 3 {
		second.imported(b.Issue(first.did()))
	}
	ahead := second.do("wallet.backup", map[string]any{"words": words})["file"]

	first.imported(b.Issue(first.did()))
	older := first.refused("wb_older", "wallet.restore", restore(ahead))
	if older["count"] != 3.0 || older["now"] != 1.0 || len(first.cards()) != 1 {
		t.Errorf("%v", older)
	}
	accepted := restore(ahead)
	accepted["acceptOlder"] = true
	first.do("wallet.restore", accepted)
}

// TestWhatIsAwaitedIsNotThrownAway: a wallet that holds nothing yet, and waits for
// a document that its issuer has to approve, gives way neither to a new wallet nor
// to another's backup, nor to a printed copy of itself, unasked.
func TestWhatIsAwaitedIsNotThrownAway(t *testing.T) {
	b := recognised.New(t)
	other := newDesk(t, b)
	words := other.drawn("it")
	other.create(words)
	foreign := other.do("wallet.backup", map[string]any{"words": words})["file"]

	d := newDesk(t, b)
	d.create(words)
	d.fetch = counter(map[string]string{shop + "credential": `{"transaction_id":"later","interval":5}`})
	d.do("wallet.offer", map[string]any{"link": offerLink(t), "host": "ente.example"})
	d.do("wallet.take", map[string]any{"code": "123456"})
	d.refused("wb_other", "wallet.create", map[string]any{"pin": "271828"})
	d.refused("wb_other", "wallet.restore", map[string]any{"file": foreign, "words": words, "key": "key-2"})
	sheet := d.do("wallet.backup", map[string]any{"words": words, "paper": true, "base": checker})
	var texts []any
	for _, c := range sheet["codes"].([]any) {
		texts = append(texts, member(c, "text"))
	}
	d.refused("wb_older", "wallet.restore", map[string]any{"texts": texts, "words": words, "key": "key-2"})
	if later := d.do("wallet.list", map[string]any{})["later"].([]any); len(later) != 1 {
		t.Errorf("waits for %v", later)
	}
}

// TestShowingStopsWhatIsBeingAsked: a document is shown while statuses are being
// refreshed: the issuers that were still to come are not asked, and none that has
// yet to approve something is.
func TestShowingStopsWhatIsBeingAsked(t *testing.T) {
	b := recognised.New(t)
	d := newDesk(t, b)
	d.create("")
	answers := map[string]string{shop + "credential": `{"transaction_id":"later","interval":5}`, shop + "deferred": `{"transaction_id":"later","interval":5}`}
	d.fetch = counter(answers)
	d.do("wallet.offer", map[string]any{"link": offerLink(t), "host": "ente.example"})
	d.do("wallet.take", map[string]any{"code": "123456"})
	d.imported(b.Issue(d.did()), b.Issue(d.did()), b.Issue(d.did()))
	id := member(d.cards()[0], "id")
	show := func() { d.do("wallet.present", map[string]any{"ids": []any{id}, "base": checker}) }

	d.asked = nil
	d.fetch = func(Request) (Response, error) {
		show()
		return Response{Status: 404}, nil
	}
	d.do("wallet.refresh", map[string]any{"jitter": 0})
	if len(d.asked) != 1 {
		t.Errorf("asked %v", d.asked)
	}
	d.asked, d.fetch = nil, counter(answers)
	if out := d.do("wallet.collect", map[string]any{}); len(out["waiting"].([]any)) != 1 || len(d.asked) != 0 {
		t.Errorf("%v after asking %v", out, d.asked)
	}
	d.at = d.at.Add(11 * time.Minute)
	d.do("wallet.collect", map[string]any{})
	if len(d.asked) != 1 || !strings.HasSuffix(d.asked[0], "deferred") {
		t.Errorf("asked %v", d.asked)
	}
}

// TestLookingAtTheStateLocksNothing: it says what load has said, and the PIN that
// was typed still holds.
func TestLookingAtTheStateLocksNothing(t *testing.T) {
	b := recognised.New(t)
	d := newDesk(t, b)
	if out := d.do("wallet.state", map[string]any{}); !maps.Equal(out, map[string]any{"open": false}) {
		t.Errorf("%v", out)
	}
	d.do("wallet.create", map[string]any{"pin": "271828"})
	d.imported(b.Issue(d.did()))
	out := d.do("wallet.state", map[string]any{})
	if out["open"] != true || out["keyOK"] != true || out["holder"] != "pin" || out["sealed"] != false || out["count"] != 1.0 {
		t.Errorf("%v", out)
	}
	d.do("wallet.present", map[string]any{"ids": []any{member(d.cards()[0], "id")}, "base": checker})
}

// TestWhatWasTakenOutlivesALoad: another tab was first while the network was waited
// for, and the page has loaded the wallet anew: what the spent code brought is kept in
// that, beside what came, and its issuer hears of it. Another wallet gets nothing.
func TestWhatWasTakenOutlivesALoad(t *testing.T) {
	b := recognised.New(t)
	other := newDesk(t, b)
	other.create("")
	for name, meanwhile := range map[string]func(d *desk){
		"loaded anew": func(d *desk) { d.do("wallet.load", map[string]any{"state": d.stored.State, "key": handle}) },
		"another":     func(d *desk) { d.do("wallet.load", map[string]any{"state": other.stored.State}) },
	} {
		d := newDesk(t, b)
		d.create("")
		d.imported(b.Issue(d.did()))
		answers := counter(map[string]string{shop + "credential": `{"credentials":[{"credential":"` + b.Issue(d.did()) + `"}],"notification_id":"i"}`})
		d.fetch = answers
		d.do("wallet.offer", map[string]any{"link": offerLink(t), "host": "ente.example"})
		d.fetch = func(r Request) (Response, error) {
			if r.URL == shop+"credential" {
				meanwhile(d)
			}
			return answers(r)
		}
		if name == "another" {
			d.refused("wb_stopped", "wallet.take", map[string]any{"code": "123456"})
			continue
		}
		out := d.do("wallet.take", map[string]any{"code": "123456"})
		if len(out["kept"].([]any)) != 1 || len(d.cards()) != 2 {
			t.Errorf("kept %v of %d", out["kept"], len(d.cards()))
		}
		d.asked = nil
		d.do("wallet.tell", map[string]any{})
		if len(d.asked) != 1 {
			t.Errorf("told %v", d.asked)
		}
	}
}

// TestWhatWasCollectedOutlivesALoad: two documents come that issuers had yet to approve,
// and the page has loaded the wallet anew while the second was asked for: both are kept
// in that, and their issuers hear of it.
func TestWhatWasCollectedOutlivesALoad(t *testing.T) {
	b := recognised.New(t)
	d := newDesk(t, b)
	d.create("")
	for _, n := range []string{"one", "two"} {
		d.fetch = counter(map[string]string{shop + "credential": `{"transaction_id":"` + n + `","interval":5}`})
		d.do("wallet.offer", map[string]any{"link": offerLink(t), "host": "ente.example"})
		d.do("wallet.take", map[string]any{"code": "123456"})
	}
	asked := 0
	d.fetch = func(r Request) (Response, error) {
		if r.URL == shop+"deferred" {
			if asked++; asked == 2 {
				d.do("wallet.load", map[string]any{"state": d.stored.State, "key": handle})
			}
		}
		return counter(map[string]string{shop + "deferred": `{"credentials":[{"credential":"` + b.Issue(d.did()) + `"}],"notification_id":"i"}`})(r)
	}
	out := d.do("wallet.collect", map[string]any{})
	if len(out["kept"].([]any)) != 2 || len(d.cards()) != 2 {
		t.Errorf("kept %v of %d", out["kept"], len(d.cards()))
	}
	if later := d.do("wallet.list", map[string]any{})["later"].([]any); len(later) != 0 {
		t.Errorf("still waits for %v", later)
	}
	d.asked = nil
	if d.do("wallet.tell", map[string]any{}); len(d.asked) != 2 {
		t.Errorf("told %v", d.asked)
	}
}

// TestWhatNeverComesIsNamed: what an issuer refuses in the end, and what it hands over and
// nobody can keep, is awaited no more, and the person is told of which and whose it was.
func TestWhatNeverComesIsNamed(t *testing.T) {
	b := recognised.New(t)
	for _, answer := range []string{`{"error":"credential_request_denied"}`, `{"error":"invalid_token"}`, `{"credentials":[{"credential":"forged"}]}`} {
		d := newDesk(t, b)
		d.create("")
		d.fetch = counter(map[string]string{shop + "credential": `{"transaction_id":"one","interval":5}`, shop + "deferred": answer})
		d.do("wallet.offer", map[string]any{"link": offerLink(t), "host": "ente.example"})
		d.do("wallet.take", map[string]any{"code": "123456"})
		never, _ := d.do("wallet.collect", map[string]any{})["never"].([]any)
		if len(never) != 1 || member(never[0], "title") != "Igiene" || member(never[0], "host") != "ente.example" {
			t.Errorf("%s: %v", answer, never)
		}
		if later := d.do("wallet.list", map[string]any{})["later"].([]any); len(later) != 0 {
			t.Errorf("%s: still waits for %v", answer, later)
		}
	}
}

// TestABackupThatFailedIsNone: a sheet that no codes hold was noted as if somebody had
// it, and the next change, which may be a code that works once, was refused as late.
func TestABackupThatFailedIsNone(t *testing.T) {
	b := recognised.New(t)
	d := newDesk(t, b)
	words := d.drawn("it")
	d.create(words)
	d.imported(b.Issue(d.did()))
	d.refused("wb_request", "wallet.backup", map[string]any{"words": words, "paper": true, "base": "javascript:alert(1)"})
	if state := d.do("wallet.state", map[string]any{}); state["backup"] != nil {
		t.Errorf("backed up: %v", state["backup"])
	}
	d.imported(b.Issue(d.did()))
	if out := d.do("wallet.list", map[string]any{"quick": true}); out["bare"] != true {
		t.Error("counts as backed up")
	}
}
