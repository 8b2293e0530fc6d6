package schema

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// aBadge is a document of ours for a person with a key.
func aBadge(t *testing.T) []byte {
	t.Helper()
	tmpl := hygiene(t)
	p := Specimen(tmpl)
	p.Learner.Holder = "did:key:zDnaeUKTWUXc1HDpGfKbEK31nKLN19yX5aunFd7VK1CUMeyJu"
	document, err := tmpl.Compose(p)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

func badgeFaults(t *testing.T, payload []byte) Faults {
	t.Helper()
	c, err := ParseCredential(payload)
	if err != nil {
		return FaultsOf(err)
	}
	return c.OpenBadgeFaults()
}

// The claims stand behind the document, in a fixed order, and repeat it.
func TestOpenBadgeClaims(t *testing.T) {
	document := aBadge(t)
	payload, err := WithOpenBadgeClaims(document)
	if err != nil {
		t.Fatal(err)
	}
	claims, ok := bytes.CutPrefix(payload, document[:len(document)-1])
	if !ok || !strings.HasPrefix(string(claims), `,"iss":"did:`) {
		t.Fatalf("claims %s", claims)
	}
	at := 0
	for _, name := range []string{`"iss":"`, `"jti":"urn:uuid:`, `"sub":"did:key:zDnae`, `"nbf":1`} {
		next := strings.Index(string(claims[at:]), name)
		if next < 0 {
			t.Fatalf("no %s in its place: %s", name, claims)
		}
		at += next
	}
	if bytes.Contains(claims, []byte(`"exp"`)) {
		t.Error("an exp without a validUntil")
	}
	if f := badgeFaults(t, payload); len(f) > 0 {
		t.Errorf("own payload: %v", f)
	}
	c, err := ParseCredential(payload)
	if err != nil {
		t.Fatal(err)
	}
	if f := c.Rules(noClock); len(f) > 0 {
		t.Errorf("rules: %v", f)
	}
	again, err := WithOpenBadgeClaims(payload)
	if err != nil || !bytes.Equal(again, payload) {
		t.Errorf("a second time: %s (%v)", again, err)
	}
}

// exp repeats validUntil, and nothing else.
func TestOpenBadgeExpiry(t *testing.T) {
	document := bytes.Replace(aBadge(t), []byte(`,"credentialSubject"`), []byte(`,"validUntil":"2030-01-01T00:00:00Z","credentialSubject"`), 1)
	payload, err := WithOpenBadgeClaims(document)
	if err != nil || !bytes.HasSuffix(payload, []byte(`,"exp":1893456000}`)) {
		t.Fatalf("%s (%v)", payload, err)
	}
	if f := badgeFaults(t, payload); len(f) > 0 {
		t.Errorf("own payload: %v", f)
	}
}

// Each claim that is away or says something else is a fault at its place.
func TestOpenBadgeFaults(t *testing.T) {
	payload, err := WithOpenBadgeClaims(aBadge(t))
	if err != nil {
		t.Fatal(err)
	}
	text := string(payload)
	cut := strings.LastIndex(text, `,"iss":`)
	bare, claims := text[:cut], text[cut:len(text)-1]
	without := func(name string) string {
		parts := strings.Split(claims[1:], ",")
		kept := bare
		for _, p := range parts {
			if !strings.HasPrefix(p, `"`+name+`"`) {
				kept += "," + p
			}
		}
		return kept + "}"
	}
	for name, row := range map[string]struct{ payload, code, pointer string }{
		"no iss":                {without("iss"), "claim_missing", "/iss"},
		"no jti":                {without("jti"), "claim_missing", "/jti"},
		"no sub":                {without("sub"), "claim_missing", "/sub"},
		"no nbf":                {without("nbf"), "claim_missing", "/nbf"},
		"another iss":           {without("iss")[:len(without("iss"))-1] + `,"iss":"did:web:altro.example"}`, "claim_contradicts", "/iss"},
		"another sub":           {without("sub")[:len(without("sub"))-1] + `,"sub":"did:web:altro.example"}`, "claim_contradicts", "/sub"},
		"another jti":           {without("jti")[:len(without("jti"))-1] + `,"jti":"urn:uuid:5c9d2b1e-0b0a-4f9e-8f0a-000000000000"}`, "claim_contradicts", "/jti"},
		"another nbf":           {without("nbf")[:len(without("nbf"))-1] + `,"nbf":1}`, "claim_contradicts", "/nbf"},
		"exp, no validUntil":    {text[:len(text)-1] + `,"exp":1893456000}`, "claim_contradicts", "/exp"},
		"validUntil, no exp":    {strings.Replace(text, `,"credentialSubject"`, `,"validUntil":"2030-01-01T00:00:00Z","credentialSubject"`, 1), "claim_missing", "/exp"},
		"no id of the subject":  {strings.Replace(text, `"credentialSubject":{"id":"did:key:zDnaeUKTWUXc1HDpGfKbEK31nKLN19yX5aunFd7VK1CUMeyJu",`, `"credentialSubject":{`, 1), "profile_needs_holder", "/credentialSubject/id"},
		"no badge by its type":  {strings.Replace(text, `"OpenBadgeCredential",`, "", 1), "profile_other_document", "/type"},
		"no badge, its context": {strings.Replace(text, `"`+contextOB+`",`, "", 1), "profile_other_document", "/type"},
	} {
		found := false
		faults := badgeFaults(t, []byte(row.payload))
		for _, f := range faults {
			found = found || f.Code == row.code && f.Pointer == row.pointer
		}
		if !found {
			t.Errorf("%s: %v, want %s at %s", name, faults, row.code, row.pointer)
		}
	}
}

// What cannot be a token of the profile is refused before anything is signed.
func TestOpenBadgeRefuses(t *testing.T) {
	document := aBadge(t)
	bearer := bytes.Replace(document, []byte(`"id":"did:key:zDnaeUKTWUXc1HDpGfKbEK31nKLN19yX5aunFd7VK1CUMeyJu",`), nil, 1)
	other := []byte(`{"@context":["https://www.w3.org/ns/credentials/v2"],"id":"urn:x:1","type":["VerifiableCredential"],"issuer":"did:web:e.example","validFrom":"2026-11-22T00:00:00Z","credentialSubject":{"id":"did:example:1"}}`)
	wrong := append(bytes.TrimSuffix(document, []byte("}")), `,"nbf":1}`...)
	for code, document := range map[string][]byte{"profile_needs_holder": bearer, "profile_other_document": other, "claim_contradicts": wrong, "json": []byte("{")} {
		_, err := WithOpenBadgeClaims(document)
		var faults Faults
		if !errors.As(err, &faults) || !faults.Has(code) {
			t.Errorf("%s: %v", code, err)
		}
	}
	if !(Learner{}).OpenBadgeFaults().Has("profile_needs_holder") || len((Learner{Holder: "did:key:z"}).OpenBadgeFaults()) > 0 {
		t.Error("a learner's key")
	}
}
