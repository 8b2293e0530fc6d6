package schema

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var self = IssuerProfile{ID: "did:web:ente.example", Name: "Ente Formazione Esempio"}

// The credential and presentation files of the W3C's suite for VCDM 2.0
// (w3c/vc-data-model-2.0-test-suite) get the outcome in their names.
func TestDataModelVectors(t *testing.T) {
	folder := filepath.Join(oracleFolder(), "vectors", "vcdm2", "tests", "input")
	oracle(t, "vectors/vcdm2/tests/input/credential-ok.json")
	seen := 0
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".json") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		data = bytes.ReplaceAll(data, []byte("PAST DATE"), []byte("2020-01-01T00:00:00Z"))
		data = bytes.ReplaceAll(data, []byte("FUTURE DATE"), []byte("2040-01-01T00:00:00Z"))
		name := filepath.Base(path)
		faults := judgeRaw(name, data)
		switch {
		case strings.HasSuffix(name, "-ok.json"):
			if len(faults) > 0 {
				t.Errorf("%s refused: %v", name, faults)
			}
		case strings.HasSuffix(name, "-fail.json"), strings.HasSuffix(name, "-fail-or-inject.json"):
			if len(faults) == 0 {
				t.Errorf("%s accepted", name)
			}
		default: // self-asserted credentials: the holder's business, not the shape's
			return nil
		}
		seen++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 100 {
		t.Errorf("judged %d files only", seen)
	}
	t.Logf("judged %d files", seen)
}

// judgeRaw does what an issuer does with a document of a client: it puts
// itself where the issuer is missing, then looks whether it may sign.
func judgeRaw(name string, data []byte) Faults {
	if strings.HasPrefix(name, "presentation-") {
		return CheckPresentationForIssuing(data)
	}
	if injected, err := WithIssuer(data, self); err == nil {
		data = injected
	} else if !FaultsOf(err).Has("issuer_other") {
		return FaultsOf(err)
	}
	return CheckForIssuing(data, today)
}
