package engine_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/cmd/browser/engine"
)

// TestDamagedCodeIsToldInOneLanguage: what is wrong with the digits is told to
// programs, in English; the sentence for the person had it within, whatever its
// language.
func TestDamagedCodeIsToldInOneLanguage(t *testing.T) {
	e := engine.New(&frozen{now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)})
	for _, lang := range everyLanguage {
		in, err := json.Marshal(map[string]any{"lang": lang, "inputs": []map[string]any{{"text": "https://verify.example/v#199999999999999999123"}}})
		must(t, err)
		var answer struct {
			Results []struct {
				Problem struct{ Code, Message, Detail string }
				View    view
			}
		}
		must(t, json.Unmarshal(e.Call(context.Background(), "verify", in), &answer))
		one := answer.Results[0]
		detail := strings.TrimPrefix(one.Problem.Detail, "damaged or malformed QR code: ")
		if one.Problem.Code != "qr_malformed" || detail == "" || detail == one.Problem.Detail {
			t.Fatalf("%s: %+v", lang, one.Problem)
		}
		for _, words := range []string{one.Problem.Message, one.View.Reason, one.View.Do} {
			if words == "" || strings.Contains(words, detail) || lang != "en" && strings.Contains(words, "malformed") {
				t.Errorf("%s: %q", lang, words)
			}
		}
	}
}
