package verifier_test

import (
	"encoding/json"
	"os"
	"sync"
	"testing"
	"time"
)

// recorded is what a test showed a verifier: a bundle, the clock, and all that
// was signed until then. The parity test of the engine judges the same as
// WebAssembly; it asks for the records by PASSPORT_RECORD, a file.
type recorded struct {
	Test   string    `json:"test"`
	Anchor string    `json:"anchor"`
	Bundle []byte    `json:"bundle"`
	Now    time.Time `json:"now"`
	Tokens []string  `json:"tokens"`
}

var record struct {
	mu     sync.Mutex
	tokens map[string][]string // by test, in the order of signing
	all    []recorded
}

func TestMain(m *testing.M) {
	code := m.Run()
	if path := os.Getenv("PASSPORT_RECORD"); path != "" && code == 0 {
		for i := range record.all {
			record.all[i].Tokens = record.tokens[record.all[i].Test]
		}
		data, err := json.Marshal(record.all)
		if err == nil {
			err = os.WriteFile(path, data, 0o600)
		}
		if err != nil {
			panic(err)
		}
	}
	os.Exit(code)
}

// recordBundle notes what a verifier of the test believes.
func recordBundle(t testing.TB, anchor string, bundle []byte, now time.Time) {
	if os.Getenv("PASSPORT_RECORD") == "" {
		return
	}
	record.mu.Lock()
	defer record.mu.Unlock()
	record.all = append(record.all, recorded{Test: t.Name(), Anchor: anchor, Bundle: bundle, Now: now})
}

// recordToken adds a token to the records of its test.
func recordToken(t testing.TB, token string) {
	if os.Getenv("PASSPORT_RECORD") == "" {
		return
	}
	record.mu.Lock()
	defer record.mu.Unlock()
	if record.tokens == nil {
		record.tokens = map[string][]string{}
	}
	record.tokens[t.Name()] = append(record.tokens[t.Name()], token)
}
