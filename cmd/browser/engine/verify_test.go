package engine_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/cmd/browser/engine"
)

// mark and view are what a page reads of an answer.
type mark struct{ Verdict, Colour, Shape, Headline, Date string }

type check struct{ Code, Outcome, Colour, Sentence, Meaning string }

type view struct {
	mark
	Reason, Do, Suitability string
	Answers                 []struct{ Code, Label, Value, State string }
	Documents               []struct {
		mark
		Shown bool
		Title string
		Lines []struct{ Label, Value string }
	}
	Checks, Missing []check
}

// TestViews: every verdict of the verifier's own tests has a screen in words: a
// colour with its shape, the reason and what to do, and nothing green without a
// date. What nobody could decide is told as missing.
func TestViews(t *testing.T) {
	shapes := map[string]string{"green": "check", "amber": "attention", "red": "cross", "grey": "question"}
	host, seen := &frozen{}, map[string]int{}
	e := engine.New(host)
	for _, c := range recordedCalls(t) {
		host.now = time.UnixMilli(c.Now).UTC()
		out := e.Call(context.Background(), c.Name, []byte(c.Input))
		if c.Name != "verify" {
			continue
		}
		var answer struct {
			Results []struct{ View view }
		}
		must(t, json.Unmarshal(out, &answer))
		for _, r := range answer.Results {
			v := r.View
			seen[v.Colour]++
			if v.Shape != shapes[v.Colour] || v.Headline == "" || v.Suitability == "" {
				t.Errorf("%s: %q with %q: %q", c.what, v.Colour, v.Shape, v.Headline)
			}
			if v.Colour == "green" && (v.Date == "" || v.Reason != "") || v.Colour != "green" && v.Reason == "" {
				t.Errorf("%s: %s of %q because %q", c.what, v.Colour, v.Date, v.Reason)
			}
			wordsOf(t, c.what, v)
		}
	}
	for colour := range shapes {
		if seen[colour] < 3 {
			t.Errorf("%d answers are %s", seen[colour], colour)
		}
	}
}

func wordsOf(t *testing.T, what string, v view) {
	t.Helper()
	open := 0
	for _, c := range v.Checks {
		if c.Sentence == "" || strings.HasPrefix(c.Sentence, "check.") || c.Meaning == "" {
			t.Errorf("%s: %s says %q, which means %q", what, c.Code, c.Sentence, c.Meaning)
		}
		if c.Outcome == "unknown" || c.Colour == "grey" {
			open++
		}
	}
	if open > len(v.Missing) {
		t.Errorf("%s: %d checks are open, %d are told as missing", what, open, len(v.Missing))
	}
	for _, d := range v.Documents {
		if !d.Shown && len(d.Lines) > 0 {
			t.Errorf("%s: something is told of a forged document", what)
		}
	}
}

// TestTrustOpen: an older bundle than one seen is refused and leaves the one
// before it; what the page is to remember comes with every answer.
func TestTrustOpen(t *testing.T) {
	calls := recordedCalls(t, "-run", "^TestVerdict")
	host := &frozen{now: time.UnixMilli(calls[0].Now).UTC()}
	e := engine.New(host)
	open := func(in string) (out struct {
		Origin  *struct{ Seq int64 }
		Refused *struct{ Code, Message string }
		Seen    *struct{ Seq int64 }
	}) {
		must(t, json.Unmarshal(e.Call(context.Background(), "trust.open", []byte(in)), &out))
		return out
	}
	first := open(calls[0].Input)
	if first.Origin == nil || first.Seen == nil || first.Seen.Seq != first.Origin.Seq {
		t.Fatalf("%+v", first)
	}
	var in map[string]any
	must(t, json.Unmarshal([]byte(calls[0].Input), &in))
	in["seen"] = map[string]any{"seq": first.Origin.Seq + 5, "newest": host.now}
	later, err := json.Marshal(in)
	must(t, err)
	if out := open(string(later)); out.Refused == nil || out.Refused.Code != "older" || out.Origin != nil {
		t.Errorf("an older bundle: %+v", out)
	}
	in["anchor"] = strings.Repeat("A", 43)
	delete(in, "seen")
	other, err := json.Marshal(in)
	must(t, err)
	if out := open(string(other)); out.Refused == nil || out.Refused.Message == "" {
		t.Errorf("another root: %+v", out)
	}
	if out := string(e.Call(context.Background(), "verify", []byte(`{"inputs":[{"name":"a","text":"#1"}]}`))); !strings.Contains(out, `"seen":{`) {
		t.Errorf("the first bundle is gone: %s", out)
	}
}
