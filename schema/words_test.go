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

// Every fault has a sentence and a hint in five languages, and no sentence
// stands there for a fault that nobody finds.
func TestEveryFaultHasWords(t *testing.T) {
	data, err := os.ReadFile("../internal/i18n/catalogue/rules.json")
	if err != nil {
		t.Fatal(err)
	}
	var words map[string]map[string]string
	if err := json.Unmarshal(data, &words); err != nil {
		t.Fatal(err)
	}
	codes := codesInSource(t)
	if len(codes) < 90 {
		t.Errorf("found %d codes only", len(codes))
	}
	for code := range codes {
		for _, key := range []string{"error." + code, "hint." + code} {
			if len(words[key]) != 5 {
				t.Errorf("%s has no words in five languages", key)
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
