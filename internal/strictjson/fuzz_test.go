package strictjson

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/employment-passport/passport/passporttest"
)

// credential is a text of the size and shape of a learner's credential, 2.8 KB.
func credential() []byte {
	outcome := `"Applica le norme di igiene quando prepara i pasti e conserva gli alimenti alla temperatura indicata",`
	alignment := `{"type":["Alignment"],"targetName":"applicare le norme d’igiene","targetFramework":"ESCO","targetUrl":"http://data.europa.eu/esco/skill/d9449998-c1f5-478c-a103-2255398cf0b6"},`
	return []byte(`{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],` +
		`"id":"urn:uuid:9a3f6b2e-1c44-4b8a-9e21-6f0a2d7c5b31","type":["VerifiableCredential","OpenBadgeCredential"],` +
		`"issuer":{"id":"did:web:ente.example","type":["Profile"],"name":"Ente Formazione Esempio S.c.s."},"validFrom":"2026-11-20T00:00:00Z",` +
		`"credentialSubject":{"type":["AchievementSubject"],"identifier":[{"type":"IdentityObject","hashed":false,"identityHash":"Ελένη Παπαδοπούλου","identityType":"name"}],` +
		`"achievement":{"id":"urn:uuid:3e0d7e2c-52f3-4ad1-8a64-7f3b5b7a1d20","type":["Achievement"],"learningOutcomes":[` +
		strings.TrimSuffix(strings.Repeat(outcome, 6), ",") + `],"alignment":[` + strings.TrimSuffix(strings.Repeat(alignment, 7), ",") +
		`],"notionalWorkload":{"value":16,"unit":"hours"},"stackable":true}},` +
		`"credentialStatus":{"id":"https://ente.example/status/1#94567","type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"94567","statusListCredential":"https://ente.example/status/1"}}`)
}

// FuzzCheck holds Check equal to go-json-experiment's reader, an independent
// one: both take a text, or Check alone refuses it for its depth or a number.
func FuzzCheck(f *testing.F) {
	f.Add(credential())
	for _, families := range refusals {
		for _, texts := range families {
			for _, text := range texts {
				f.Add([]byte(text))
			}
		}
	}
	seeds, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "vectors", "vcdm2", "tests", "input", "*.json"))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range seeds {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		err := Check(data)
		other := jsontext.Value(data).IsValid()
		var refused *Error
		switch {
		case err == nil && !other:
			t.Fatalf("%q: taken, and the other reader refuses it", data)
		case err != nil && !errors.As(err, &refused):
			t.Fatalf("%q: an error of another type: %v", data, err)
		case other && err != nil && refused.Code != CodeDepth && refused.Code != CodeNumber:
			t.Fatalf("%q: refused with %v, and the other reader takes it", data, err)
		case err == nil:
			decodesAlike(t, data)
		}
	})
}

// decodesAlike: the decoder that trusts Check reads what the strict one reads.
func decodesAlike(t *testing.T, data []byte) {
	t.Helper()
	var trusting, strict any
	if err := UnmarshalChecked(data, &trusting); err != nil {
		t.Fatalf("%q: %v", data, err)
	}
	if err := json.Unmarshal(data, &strict); err != nil {
		t.Fatalf("%q: %v", data, err)
	}
	a, err := json.Marshal(trusting, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(strict, json.Deterministic(true))
	if err != nil || !bytes.Equal(a, b) {
		t.Fatalf("%s and %s (%v)", a, b, err)
	}
}

// BenchmarkCheck reads a credential; the bare work is another strict reader's,
// which does less (it bounds neither numbers nor depth).
func BenchmarkCheck(b *testing.B) {
	data := credential()
	b.SetBytes(int64(len(data)))
	passporttest.Beside(b, func() {
		if !jsontext.Value(data).IsValid() {
			b.Fatal("refused")
		}
	}, func() {
		if err := Check(data); err != nil {
			b.Fatal(err)
		}
	})
}
