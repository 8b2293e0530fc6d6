package schema

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// TestThreatE05LongTexts: a text of 1 MB, wherever it stands in a document, costs
// what its length costs. What grew with its square would take hours; the limit
// tells the two apart on any machine.
func TestThreatE05LongTexts(t *testing.T) {
	const limit = 30 * time.Second
	long := func(part string) string { return strings.Repeat(part, 1<<20/len(part)) }
	texts := []string{long("a"), long("2026-"), long("1."), long("a@"), long("%2e"), long(" \u202e"), long("http://"), long("é\u0301")}
	doc := decode(t, fullest(t))
	k := kindNamed(doc.(map[string]any)["type"].([]any)[2].(string))
	tried := 0
	eachText(doc, func(set func(string)) {
		text := texts[tried%len(texts)]
		set(text)
		data, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		if accepted, _ := typedAccepts(data, k); accepted {
			t.Errorf("place %d: a megabyte of %q is accepted", tried, text[:8])
		}
		if took := time.Since(begun); took > limit {
			t.Fatalf("place %d, %q…: %v", tried, text[:8], took)
		}
		tried++
	})
	if tried < 50 {
		t.Fatalf("%d places", tried)
	}
}

// eachText hands out every text of a document, one after the other, as what sets
// it; the text that was there comes back afterwards.
func eachText(at any, do func(set func(string))) {
	visit := func(value any, put func(any)) {
		if text, ok := value.(string); ok {
			do(func(s string) { put(s) })
			put(text)
			return
		}
		eachText(value, do)
	}
	switch at := at.(type) {
	case map[string]any:
		for name, value := range at {
			visit(value, func(v any) { at[name] = v })
		}
	case []any:
		for i, value := range at {
			visit(value, func(v any) { at[i] = v })
		}
	}
}
