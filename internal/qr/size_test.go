package qr

import (
	"bytes"
	"testing"
)

// wide is the example with four outcomes and four ESCO alignments, none of
// whose words or identifiers are in the dictionary as they stand here.
func wide(t testing.TB) []byte {
	payload := example(t)
	payload = bytes.Replace(payload, []byte(`"Conserva gli alimenti alla temperatura indicata"]`),
		[]byte(`"Conserva gli alimenti alla temperatura indicata","Smaltisce gli avanzi senza contaminare i piani","Tiene il registro delle merci in entrata"]`), 1)
	const skill = `{"type":["Alignment"],"targetName":"`
	const after = `","targetFramework":"ESCO","targetUrl":"http://data.europa.eu/esco/skill/`
	more := skill + `check deliveries on receipt` + after + `1a1e9c6a-7a3f-4f0c-9d1c-6f6d5f2b8a10"},` +
		skill + `handle kitchen waste` + after + `0d4f6f7e-2b53-4b66-8f57-b1f2a4e0c9d3"},` +
		skill + `store raw food materials` + after + `7be2a8c4-93d5-4a1e-a0b6-58c3d7f1e264"},`
	return bytes.Replace(payload, []byte(skill+`EQF`), []byte(more+skill+`EQF`), 1)
}

// TestSizes holds the marks that the transport set itself: version 20 at level
// M for a usual credential, version 22 for a wide one, 100 bytes for a status
// assertion.
func TestSizes(t *testing.T) {
	vc := credential(t)
	broad := sign("vc+jwt", "did:web:ente.example#key-1", wide(t))
	size := func(tokens ...string) int {
		frame, err := EncodeFrame(tokens)
		if err != nil {
			t.Fatal(err)
		}
		return len(frame)
	}
	for _, c := range []struct {
		name      string
		got, most int
	}{
		{"example", size(vc), 579},
		{"four outcomes, four alignments", size(broad), 735},
		{"presentation", size(presentation(vc)), PaperTarget},
		{"what an assertion adds", size(vc, assertion(vc)) - size(vc), 100},
		{"what it adds to a presentation", size(presentation(vc), assertion(vc)) - size(presentation(vc)), 100},
	} {
		t.Logf("%s: %d bytes", c.name, c.got)
		if c.got > c.most {
			t.Errorf("%s: %d bytes, want at most %d", c.name, c.got, c.most)
		}
	}
}
