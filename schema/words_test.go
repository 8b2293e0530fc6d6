package schema_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// codeLiteral finds the fault codes in our own source.
var codeLiteral = regexp.MustCompile(`(?:fault|with)\("([a-z_]+)"|is\w+, "([a-z_]+)"\)|Code: "([a-z_]+)"|code :?= "([a-z_]+)"|"(annex_[a-z_]+)"|"([a-z_]+)", at[A-Z]|, \d, "([a-z_]+)"\)`)

// Every fault has a sentence in eleven languages, as a report shows it, and a
// hint for issuers in five; no sentence stands there for a fault that nobody
// finds.
func TestEveryFaultHasWords(t *testing.T) {
	words := map[string]map[string]string{}
	for _, area := range []string{"rules", "rules_hints"} {
		data, err := os.ReadFile("../internal/i18n/catalogue/" + area + ".json")
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &words); err != nil { // into the same map
			t.Fatal(err)
		}
	}
	codes := codesInSource(t)
	if len(codes) < 90 {
		t.Errorf("found %d codes only", len(codes))
	}
	for code := range codes {
		for key, spoken := range map[string]int{"error." + code: 11, "hint." + code: 5} {
			if len(words[key]) != spoken {
				t.Errorf("%s has words in %d languages, want %d", key, len(words[key]), spoken)
			}
		}
	}
	for key := range words {
		if _, code, _ := strings.Cut(key, "."); !codes[code] {
			t.Errorf("%s: nobody finds this fault", key)
		}
	}
}

func codesInSource(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range codeLiteral.FindAllStringSubmatch(string(source), -1) {
			codes[strings.Join(match[1:], "")] = true
		}
	}
	delete(codes, "json") // strictjson's own, worded with the token's faults
	return codes
}
