package schema

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

const foreign = `{"@context":["https://www.w3.org/ns/credentials/v2"],"type":"VerifiableCredential","issuer":"https://a.example/i","credentialSubject":{"id":"did:example:s"}%s}`

func parse(members string) (*Credential, error) {
	return ParseCredential(fmt.Appendf(nil, foreign, members))
}

// Bad inputs of the threat model, block C, that the reader of credentials
// meets; those of plain JSON are strictjson's.
func TestReaderRefuses(t *testing.T) {
	if _, err := parse(""); err != nil {
		t.Fatal(err)
	}
	many := strings.Repeat(`"https://a.example/c",`, 1000)
	for id, row := range map[string]struct{ data, code string }{
		"C01 duplicate":         {fmt.Sprintf(foreign, `,"issuer":"did:x:y"`), "json_duplicate"},
		"C03 trailing":          {fmt.Sprintf(foreign, "") + "{}", "json"},
		"C06 array":             {`[]`, "not_object"},
		"C06 null":              {`null`, "not_object"},
		"C07 depth":             {strings.Repeat(`{"a":`, 65) + `1` + strings.Repeat(`}`, 65), "depth"},
		"C09 number":            {fmt.Sprintf(foreign, `,"x":1e400`), "number"},
		"C10 exp as text":       {fmt.Sprintf(foreign, `,"exp":"1700000000"`), "claim_form"},
		"C10 exp as float":      {fmt.Sprintf(foreign, `,"exp":1700000000.5`), "claim_form"},
		"C11 exp 1e30":          {fmt.Sprintf(foreign, `,"exp":1e30`), "claim_form"},
		"C11 exp -1":            {fmt.Sprintf(foreign, `,"exp":-1`), "claim_form"},
		"C11 exp null":          {fmt.Sprintf(foreign, `,"exp":null`), "claim_form"},
		"C11 nbf list":          {fmt.Sprintf(foreign, `,"nbf":[1]`), "claim_form"},
		"C14 dates":             {fmt.Sprintf(foreign, `,"validFrom":"2026-01-02T00:00:00Z","validUntil":"2026-01-01T00:00:00Z"`), "dates_order"},
		"C18 no context":        {strings.Replace(fmt.Sprintf(foreign, ""), "https://www.w3.org/ns/credentials/v2", "https://a.example/c", 1), "context_base"},
		"C18 1 000 contexts":    {strings.Replace(fmt.Sprintf(foreign, ""), `"]`, `",`+many+`"x:y"]`, 1), "context_base"},
		"C19 type twice":        {strings.Replace(fmt.Sprintf(foreign, ""), `"VerifiableCredential"`, `["VerifiableCredential","VerifiableCredential"]`, 1), "repeated"},
		"C19 type missing":      {strings.Replace(fmt.Sprintf(foreign, ""), `"VerifiableCredential"`, `["Other"]`, 1), "type_base"},
		"C20 10 000 subjects":   {strings.Replace(fmt.Sprintf(foreign, ""), `{"id":"did:example:s"}`, `[`+strings.Repeat(`{"a":1},`, 9999)+`{"a":1}]`, 1), "subjects"},
		"C21 vc claim":          {fmt.Sprintf(foreign, `,"vc":{}`), "claim_forbidden"},
		"B09 iss":               {fmt.Sprintf(foreign, `,"iss":"https://b.example/i"`), "claim_contradicts"},
		"jti":                   {fmt.Sprintf(foreign, `,"id":"urn:x:1","jti":"urn:x:2"`), "claim_contradicts"},
		"sub":                   {fmt.Sprintf(foreign, `,"sub":"did:example:other"`), "claim_contradicts"},
		"status size 0":         {fmt.Sprintf(foreign, `,"credentialStatus":{"id":"x y","type":"T"}`), "not_url"},
		"related twice":         {fmt.Sprintf(foreign, `,"relatedResource":[{"id":"urn:x:1","digestSRI":"a"},{"id":"urn:x:1","digestSRI":"a"}]`), "repeated"},
		"related without":       {fmt.Sprintf(foreign, `,"relatedResource":[{"id":"urn:x:1"}]`), "digest_missing"},
		"related wrong context": {fmt.Sprintf(foreign, `,"relatedResource":{"id":"https://www.w3.org/ns/credentials/v2","digestSRI":"sha256-AAAA"}`), "digest_wrong"},
	} {
		_, err := ParseCredential([]byte(row.data))
		if !FaultsOf(err).Has(row.code) {
			t.Errorf("%s: got %v, want %s", id, err, row.code)
		}
	}
}

// What a verifier must read though it does not know it (C22, VCDM section 5.2).
func TestReaderTolerates(t *testing.T) {
	for _, members := range []string{
		`,"unknown":{"deep":[1,2,{"x":null}]}`,
		`,"credentialSchema":{"id":"https://a.example/s","type":"Novel"}`,
		`,"termsOfUse":{"type":"Novel"},"evidence":[{"type":["A","B"]}]`,
		`,"iat":"2010-01-01T19:23:24Z"`,
		`,"name":[{"@value":"Cane","@language":"it"},{"@value":"כלב","@language":"he","@direction":"rtl"}]`,
		`,"relatedResource":{"id":"https://www.w3.org/ns/credentials/v2","digestSRI":"sha256-WZVc7WaX1h4D8rJVb+vlMIqxaEKEb1tYbX8fet7JJzQ="}`,
		`,"credentialStatus":{"type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"7","statusListCredential":"https://a.example/l"}`,
	} {
		if _, err := parse(members); err != nil {
			t.Errorf("%s: %v", members, err)
		}
	}
	c, err := parse(`,"iat":"2010-01-01T19:23:24Z","exp":1700000000`)
	if err != nil || !c.Claims.IssuedAtUnreadable || !c.Claims.Expires.Equal(time.Unix(1700000000, 0)) {
		t.Errorf("claims %+v (%v)", c, err)
	}
	if c.Kind() != "" || len(c.Rules(today)) > 0 {
		t.Error("a foreign credential is judged by our rules")
	}
}

// Our type without our context is somebody else's word.
func TestKindNeedsOurContext(t *testing.T) {
	data, err := hygiene(t).Compose(amina())
	if err != nil {
		t.Fatal(err)
	}
	if c, err := ParseCredential(data); err != nil || c.Kind() != KindMicroCredential || c.SchemaID() != MicroSchemaURL {
		t.Errorf("kind %q (%v)", c.Kind(), err)
	}
	other := strings.Replace(string(data), `,"`+ContextURL+`"`, "", 1)
	if c, err := ParseCredential([]byte(other)); err != nil || c.Kind() != "" {
		t.Errorf("without our context: kind %q (%v)", c.Kind(), err)
	}
}

// One table of dates (C15); a leap second is none (K03).
func TestInstants(t *testing.T) {
	for s, want := range map[string]string{
		"2026-11-20T00:00:00Z":             "2026-11-20T00:00:00Z",
		"2026-11-20T01:30:00+01:30":        "2026-11-20T00:00:00Z",
		"2026-11-19T19:00:00.25-05:00":     "2026-11-20T00:00:00.25Z",
		"2024-02-29T23:59:59Z":             "2024-02-29T23:59:59Z",
		"2026-11-20T14:00:00+14:00":        "2026-11-20T00:00:00Z",
		"2026-11-20T00:00:00-00:00":        "2026-11-20T00:00:00Z",
		"2026-11-20T00:00:00.12345678912Z": "2026-11-20T00:00:00.123456789Z",
		"2026-02-30T00:00:00Z":             "", "2026-02-29T00:00:00Z": "", "2026-11-20T24:00:00Z": "", "2026-11-20T23:59:60Z": "",
		"2026-11-20T00:00:00": "", "2026-11-20t00:00:00Z": "", "2026-11-20T00:00:00z": "", "2026-11-20T00:00:00,5Z": "",
		"2026-11-20T00:00:00+23:59": "", "2026-11-20T00:00:00+14:01": "", "10000-01-01T00:00:00Z": "", "2026-11-20T00:00:00.Z": "",
		"2026-13-01T00:00:00Z": "", "2026-00-01T00:00:00Z": "", "2026-11-20 00:00:00Z": "", "2026-11-20T0:00:00Z": "", "": "",
	} {
		got, ok := parseInstant(s)
		if ok != (want != "") || ok && got.Format(time.RFC3339Nano) != want {
			t.Errorf("%q: got %v %v, want %q", s, got, ok, want)
		}
	}
}

func TestPartialDates(t *testing.T) {
	for s, future := range map[string]bool{"1994": false, "1994-03": false, "1994-03-12": false, "2026": false, "2026-11": false, "2026-12": true, "2026-11-23": true, "2027": true} {
		p, err := ParsePartialDate(s)
		if err != nil || p.AfterDay(DateOf(today)) != future || p.Year() != s[:4] {
			t.Errorf("%s: %v, future %v", s, err, p.AfterDay(DateOf(today)))
		}
	}
	for _, s := range []string{"", "94", "1994-13", "1994-02-30", "1994/03/12", "12.03.1994", "0999", "1994-3"} {
		if _, err := ParsePartialDate(s); err == nil {
			t.Errorf("%q passes", s)
		}
	}
}

func TestPresentationTokens(t *testing.T) {
	p, err := ParsePresentation([]byte(`{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiablePresentation"],"id":"urn:uuid:1","holder":{"id":"did:key:z1"},
		"verifiableCredential":[{"@context":"https://www.w3.org/ns/credentials/v2","id":"data:application/vc+jwt,a.b.c","type":"EnvelopedVerifiableCredential"},
		{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential"],"issuer":"did:x:y","credentialSubject":{}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if p.Holder != "did:key:z1" || len(p.Tokens) != 1 || p.Tokens[0] != "a.b.c" || p.Embedded != 1 {
		t.Errorf("got %+v", p)
	}
	for _, id := range []string{"data:application/vc+sd-jwt,a.b.c", "data:application/vc+jwt;base64,a.b.c", "data:application/vc+cose;base64,AA", "not-a-credential"} {
		data, _ := json.Marshal(map[string]any{
			"@context": contextVC, "type": "VerifiablePresentation",
			"verifiableCredential": map[string]any{"@context": contextVC, "id": id, "type": typeEnveloped},
		})
		if _, err := ParsePresentation(data); err == nil {
			t.Errorf("%s passes", id)
		}
	}
}

func TestWithIssuer(t *testing.T) {
	for issuer, want := range map[string]string{
		``:                                      `{"type":"T","issuer":{"id":"did:web:ente.example","name":"Ente Formazione Esempio"}}`,
		`,"issuer":{}`:                          `{"type":"T","issuer":{"id":"did:web:ente.example","name":"Ente Formazione Esempio"}}`,
		`,"issuer":{"name":"N","x":[1,"a\"b"]}`: `{"type":"T","issuer":{"id":"did:web:ente.example","name":"N","x":[1,"a\"b"]}}`,
		`,"issuer":"did:web:ente.example"`:      `{"type":"T","issuer":"did:web:ente.example"}`,
		`,"issuer":null`:                        "", `,"issuer":"did:web:other.example"`: "", `,"issuer":{"id":null}`: "", `,"issuer":{"id":"did:web:other.example"}`: "",
	} {
		got, err := WithIssuer([]byte(`{"type":"T"`+issuer+`}`), self)
		if string(got) != want || (err == nil) != (want != "") {
			t.Errorf("%s: got %s (%v), want %s", issuer, got, err, want)
		}
	}
}

func TestUnknownWordsAreNotSigned(t *testing.T) {
	for members, code := range map[string]string{
		`,"surprise":1`:                          "unknown_member",
		`,"evidence":{"type":"Novel"}`:           "type_unmapped",
		`,"evidence":{"type":"https://a/b#C"}`:   "",
		`,"issuanceDate":"2010-01-01T00:00:00Z"`: "unknown_member",
	} {
		faults := CheckForIssuing(fmt.Appendf(nil, foreign, members), today)
		if code == "" && len(faults) > 0 || code != "" && !faults.Has(code) {
			t.Errorf("%s: got %v, want %q", members, faults, code)
		}
	}
	private := strings.Replace(fmt.Sprintf(foreign, ""), `credentials/v2"]`, `credentials/v2","https://private.example/ctx"]`, 1)
	if faults := CheckForIssuing([]byte(private), today); !faults.Has("context_unknown") {
		t.Errorf("a context that nobody knows: %v", faults)
	}
}

// Long lists of equal or wrong entries must not cost their square.
func TestHugeListsAreRefusedQuickly(t *testing.T) {
	list := func(item string) string { return "[" + strings.Repeat(item+",", 15000) + item + "]" }
	doc := string(fullest(t))
	for name, data := range map[string]string{
		"types":    strings.Replace(fmt.Sprintf(foreign, ""), `"VerifiableCredential"`, list(`"a"`), 1),
		"names":    fmt.Sprintf(foreign, `,"name":`+list(`1`)),
		"related":  fmt.Sprintf(foreign, `,"relatedResource":`+list(`{}`)),
		"outcomes": strings.Replace(doc, `["Riceve le merci","Prepara le spedizioni"]`, list(`"a"`), 1),
		"nested":   fmt.Sprintf(foreign, `,"x":{"type":`+list(`"a"`)+`}`),
	} {
		start := time.Now()
		if faults := CheckForIssuing([]byte(data), today); len(faults) == 0 || len(faults) > 2*maxFaults {
			t.Errorf("%s: %d faults", name, len(faults))
		}
		if took := time.Since(start); took > 10*time.Second { // some ms; the square takes far longer
			t.Errorf("%s took %v", name, took)
		}
	}
}
