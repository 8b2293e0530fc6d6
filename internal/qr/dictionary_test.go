package qr

import (
	"bytes"
	"encoding/hex"
	"os"
	"strings"
	"testing"

	"github.com/employment-passport/passport/schema"
)

// middleOf reads the part of a dictionary that is written by hand.
func middleOf(t testing.TB, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []byte
	for line := range strings.SplitSeq(strings.TrimSuffix(string(data), "\n"), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for {
			before, after, found := strings.Cut(line, `\`)
			out = append(out, before...)
			if !found {
				break
			}
			b, err := hex.DecodeString(after[:2])
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			out = append(out, b...)
			line = after[2:]
		}
	}
	return out
}

// dictionary2 is made of dictionary 1 without its words of language courses, the
// new documents, and the presentation and the micro-credential with which 1 ends,
// so that a presentation of old and new documents finds both near.
func dictionary2FromSource(t testing.TB) []byte {
	t.Helper()
	words := bytes.Index(dictionary1, []byte("solve technical problems"))
	end := bytes.Index(dictionary1, []byte("\xff{\"alg\":\"ES256\",\"kid\":\"did:key:z#z\",\"typ\":\"vp+jwt\"}"))
	if words < 0 || end < words {
		t.Fatal("dictionary 1 is another")
	}
	return bytes.Join([][]byte{dictionary1[words:end], middleOf(t, "testdata/dictionary2.txt"), dictionary1[end:]}, nil)
}

// TestDictionary2ComesFromItsSource: what is embedded is what the source in
// testdata makes, and all of it lies in the window of DEFLATE.
func TestDictionary2ComesFromItsSource(t *testing.T) {
	if !bytes.Equal(dictionary2, dictionary2FromSource(t)) {
		t.Error("dict/2 is not what testdata/dictionary2.txt makes; a released dictionary never changes")
	}
	for _, d := range released {
		if len(d.Bytes) > 32<<10 {
			t.Errorf("dictionary %d has %d bytes, of which DEFLATE sees 32 KiB", d.Number, len(d.Bytes))
		}
	}
}

// TestDictionary2KnowsEveryKind: a kind without its skeleton would cost its
// issuers a third of the frame without anybody noticing.
func TestDictionary2KnowsEveryKind(t *testing.T) {
	for _, kind := range schema.Kinds() {
		if !bytes.Contains(dictionary2, []byte(`"OpenBadgeCredential","`+kind+`"],"name":"`)) || !bytes.Contains(dictionary2, []byte(schema.SchemaOf(kind))) {
			t.Errorf("dictionary 2 does not know %s", kind)
		}
	}
}
