package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"github.com/employment-passport/passport/examples"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/schema"
)

// randomUUID is one as issuers make them, which no dictionary can shorten.
func randomUUID(t testing.TB) string {
	t.Helper()
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		t.Fatal(err)
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// A passport of twenty components, of a person with a key and a name in two
// scripts, fits one code.
func TestPassportOfTwentyFitsOneCode(t *testing.T) {
	data, err := examples.Files.ReadFile("definitions/passaporto-esempio.json")
	if err != nil {
		t.Fatal(err)
	}
	d, err := schema.ParseDefinition(data)
	if err != nil {
		t.Fatal(err)
	}
	var components []schema.Component
	for _, r := range d.Requirements {
		components = append(components, schema.Component{ID: randomUUID(t), Requirement: r.Ref})
	}
	payload, err := schema.ComposePassport(d, components, schema.Particulars{
		ID:     randomUUID(t),
		Issuer: schema.IssuerProfile{ID: "did:web:consorzio.example", Name: "Consorzio Esempio", Country: "IT", Region: "ITF5"},
		Learner: schema.Learner{
			Name: "Eleni Papadopoulou", NameOriginalScript: "Ελένη Παπαδοπούλου", BirthDate: "1994-03-12",
			Holder: "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
		},
		ValidFrom:     time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
		StatusListURL: "https://consorzio.example/status/3", StatusIndex: 101793,
	})
	if err != nil {
		t.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jose.Sign(context.Background(), jose.TypeVC, "did:web:consorzio.example#key-1", key, payload)
	if err != nil {
		t.Fatal(err)
	}
	frame, err := qr.EncodeFrame([]string{token})
	if err != nil {
		t.Fatal(err)
	}
	budget := qr.BudgetOf(len(frame))
	t.Logf("token of %d bytes, %s", len(token), budget)
	if !budget.OnScreen {
		t.Errorf("it does not: %s", budget)
	}
	if !budget.OnPaper {
		t.Errorf("not on paper at level M: %s", budget)
	}
}
