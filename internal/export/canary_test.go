package export

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/employment-passport/passport/schema"
)

const canary = "KANARIENVOGEL"

// laden is a credential of another program that holds, beside an honest title,
// what belongs in a record only: on every object, under every private name.
func laden(t testing.TB, context, kind string) *schema.Credential {
	t.Helper()
	private := map[string]any{}
	for _, name := range privateMembers {
		private[name] = canary
		private["ext:"+name] = canary
	}
	with := func(o map[string]any) map[string]any {
		for name, value := range private {
			if _, there := o[name]; !there {
				o[name] = value
			}
		}
		return o
	}
	doc := with(map[string]any{
		"@context": []string{"https://www.w3.org/ns/credentials/v2", context}, "type": []string{"VerifiableCredential", "OpenBadgeCredential", kind},
		"id": "urn:uuid:00000000-0000-8000-8000-000000000001", "name": "Corso di cucina", "validFrom": "2026-11-01T00:00:00Z",
		"issuer": with(map[string]any{"id": "did:web:altro.example", "type": []string{"Profile"}, "name": "Altro Ente", "address": map[string]any{"addressCountryCode": "IT", "streetAddress": canary}}),
		"credentialSubject": with(map[string]any{
			"type": []string{"AchievementSubject"}, "identifier": []any{
				map[string]any{"type": "IdentityObject", "identityType": "name", "identityHash": "Amina Diallo", "hashed": false},
				map[string]any{"type": "IdentityObject", "identityType": "nationalIdentityNumber", "identityHash": canary, "hashed": false},
				map[string]any{"type": "IdentityObject", "identityType": "ext:birthPlace", "identityHash": canary, "hashed": false},
			},
			"achievement": with(map[string]any{"id": "urn:uuid:00000000-0000-8000-8000-000000000002", "type": []string{"Achievement"}, "name": "Corso di cucina"}),
		}),
	})
	data, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	c, err := schema.ParseCredential(data)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Row N8: what belongs in a record only leaves in no export, whoever signed it
// into a credential and wherever it stands there. Tokens as they are do not
// travel from such a credential.
func TestRowN8NothingPrivateLeaves(t *testing.T) {
	for _, c := range []*schema.Credential{
		laden(t, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "AchievementCredential"),
		laden(t, schema.ContextURL, schema.KindMicroCredential),
	} {
		payload := base64.RawURLEncoding.EncodeToString(c.Raw)
		line := Line{Credential: c, Token: "eyJhbGciOiJFUzI1NiJ9." + payload + ".c2ln", Verified: true, AsOf: now}
		cv := CV{Language: "it", Person: PersonOf(c), Lines: []Line{line}}
		plain, err := json.Marshal(PlainOf(cv))
		if err != nil {
			t.Fatal(err)
		}
		var elm bytes.Buffer
		if err := ELM(&elm, line, Options{Now: now}); err != nil {
			t.Fatal(err)
		}
		for form, text := range map[string]string{
			"Europass": europass(t, cv), "JSON Resume": resumed(t, cv), "HTML": page(t, cv), "paper": string(plain), "ELM": elm.String(),
		} {
			if !strings.Contains(text, "Corso di cucina") {
				t.Errorf("%s: the honest part is missing: the search proves nothing", form)
			}
			for _, hidden := range []string{canary, strings.ToLower(canary), payload} {
				if strings.Contains(text, hidden) {
					t.Errorf("%s: a canary got out", form)
				}
			}
		}
		var picture bytes.Buffer
		if err := BadgePNG(&picture, line, "it"); !errors.Is(err, ErrKind) {
			t.Errorf("PNG: %v", err)
		}
		if err := BadgeSVG(&picture, line, "it"); !errors.Is(err, ErrKind) || picture.Len() > 0 {
			t.Errorf("SVG: %v, %d bytes", err, picture.Len())
		}
	}
}

// The holder's file is refused with any private name, in any spelling, at any
// depth, and with a number that identifies a person in any text.
func TestOwnWordsRefusePrivateMembers(t *testing.T) {
	for _, name := range privateMembers {
		for _, spelt := range []string{name, strings.ToUpper(name), name[:2] + "_" + name[2:]} {
			for _, file := range []string{
				`{"` + spelt + `":"` + canary + `"}`, `{"contact":{"` + spelt + `":"` + canary + `"}}`, `{"experiences":[{"title":"x","` + spelt + `":1}]}`,
				`{"languages":[{"language":"it","` + spelt + `":null}]}`,
			} {
				if _, err := ParseOwn([]byte(file)); !schema.FaultsOf(err).Has("own_private") {
					t.Errorf("%s: %v", file, err)
				}
			}
		}
	}
	for _, number := range []string{"DLLMNA94C52Z343H", "44051401359", "12345678Z"} {
		for _, file := range []string{`{"summary":"CF ` + number + `."}`, `{"skills":["` + number + `"]}`, `{"contact":{"city":"` + number + `"}}`} {
			if _, err := ParseOwn([]byte(file)); !schema.FaultsOf(err).Has("own_number") {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
}

func TestOwnWords(t *testing.T) {
	for file, want := range map[string]schema.Fault{
		``:                              {Code: "own_json"},
		`[]`:                            {Code: "own_json"},
		`{"summary":"a","summary":"b"}`: {Code: "own_json"},
		`{"hobby":"x"}`:                 {Code: "own_unknown", Pointer: "/hobby"},
		`{"summary":""}`:                {Code: "own_form", Pointer: "/summary"},
		`{"summary":7}`:                 {Code: "own_form", Pointer: "/summary"},
		`{"summary":"a\u202eb"}`:        {Code: "own_form", Pointer: "/summary"},
		`{"contact":[]}`:                {Code: "own_form", Pointer: "/contact"},
		`{"contact":{"email":"a"}}`:     {Code: "own_form", Pointer: "/contact/email"},
		`{"contact":{"country":"XX"}}`:  {Code: "own_country", Pointer: "/contact/country"},
		`{"experiences":[{}]}`:          {Code: "own_missing", Pointer: "/experiences/0/title"},
		`{"experiences":[{"title":"x","from":"2019","until":"2018-12"}]}`: {Code: "own_period", Pointer: "/experiences/0/until"},
		`{"experiences":[{"title":"x","from":"15/03/2019"}]}`:             {Code: "own_day", Pointer: "/experiences/0/from"},
		`{"languages":[{"language":"it","reading":"C3"}]}`:                {Code: "own_cefr", Pointer: "/languages/0/reading"},
		`{"languages":[{"language":"italiano!"}]}`:                        {Code: "own_language", Pointer: "/languages/0/language"},
		`{"languages":[{"language":"it","motherTongue":"yes"}]}`:          {Code: "own_form", Pointer: "/languages/0/motherTongue"},
		`{"skills":"x"}`: {Code: "own_form", Pointer: "/skills"},
		`{"skills":[` + strings.Repeat(`"x",`, 50) + `"x"]}`: {Code: "own_many", Pointer: "/skills"},
		`{"skills":["` + strings.Repeat("è", 201) + `"]}`:    {Code: "own_long", Pointer: "/skills/0"},
		`{"summary":"` + strings.Repeat("a ", MaxOwn) + `"}`: {Code: "own_size"},
	} {
		faults := schema.FaultsOf(func() error { _, err := ParseOwn([]byte(file)); return err }())
		if len(faults) != 1 || faults[0].Code != want.Code || faults[0].Pointer != want.Pointer {
			t.Errorf("%.60s: %v, want %v", file, faults, want)
		}
	}
	own, err := ParseOwn([]byte(ownWords))
	if err != nil || len(own.Experiences) != 2 || own.Languages[1].Listening != "B2" || own.Contact.City != "Potenza" {
		t.Errorf("%+v, %v", own, err)
	}
}
