package did

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/employment-passport/passport/internal/jose"
)

const ente = "did:web:ente.example"

const edKey = `{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`

func method(id, more string) string {
	return fmt.Sprintf(`{"id":%q,"type":"JsonWebKey","controller":%q%s}`, id, ente, more)
}

// document is a DID document with a key under #key-1 for assertions, one under
// #auth for authentication, and more.
func document(id, more string) string {
	return fmt.Sprintf(`{"id":%q,"verificationMethod":[%s,%s],"assertionMethod":[%q],"authentication":["#auth"]%s}`, id,
		method(ente+"#key-1", `,"publicKeyJwk":`+edKey), method("#auth", `,"publicKeyJwk":`+edKey), ente+"#key-1", more)
}

func TestKeysByPurpose(t *testing.T) {
	doc, err := ParseDocument([]byte(document(ente, "")), ente)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := doc.AssertionKey(ente + "#key-1"); err != nil {
		t.Fatal(err)
	}
	if _, err := doc.AuthenticationKey(ente + "#auth"); err != nil {
		t.Fatal(err)
	}
	_, err = doc.AssertionKey(ente + "#auth") // B08
	mustRefuse(t, err, CodePurpose)
	_, err = doc.AuthenticationKey(ente + "#key-1")
	mustRefuse(t, err, CodePurpose)
	for _, kid := range []string{ // B10
		"did:web:evil.example#key-1", ente + "#key-2", ente, "#key-1", "key-1", "", ente + "#", ente + "x#key-1", ente + "#key-1#key-1",
	} {
		_, err := doc.AssertionKey(kid)
		mustRefuse(t, err, CodeKid)
	}
}

// TestDocuments goes through B04, B13 and B16: each document is refused whole.
func TestDocuments(t *testing.T) {
	good := document(ente, "")
	many := func(n int) string {
		var methods []string
		for i := range n {
			methods = append(methods, method(fmt.Sprintf("#key-%d", i), `,"publicKeyJwk":`+edKey))
		}
		return fmt.Sprintf(`{"id":%q,"verificationMethod":[%s]}`, ente, strings.Join(methods, ","))
	}
	tests := []struct{ id, text, code string }{
		{"B13 another DID", document("did:web:evil.example", ""), CodeDID},
		{"B13 no id", `{"verificationMethod":[]}`, CodeDID},
		{"B13 controller", document(ente, `,"controller":"did:web:evil.example"`), CodeDID},
		{"B13 controllers", document(ente, `,"controller":["did:web:ente.example","did:web:evil.example"]`), CodeDID},
		{"B13 controller of a key", strings.Replace(good, `"controller":"`+ente, `"controller":"did:web:evil.example`, 1), CodeDID},
		{"B13 key id of another DID", strings.Replace(good, `"id":"#auth"`, `"id":"did:web:evil.example#auth"`, 1), CodeDID},
		{"B13 key id without fragment", strings.Replace(good, `"id":"#auth"`, `"id":"`+ente+`"`, 1), CodeDID},
		{"B04 private member", strings.Replace(good, `"kty"`, `"d":"AAAA","kty"`, 1), CodeKey},
		{"B04 private member, escaped", strings.Replace(good, `"kty"`, `"\u0064":"AAAA","kty"`, 1), CodeKey},
		{"B04 privateKeyJwk", strings.Replace(good, `"publicKeyJwk"`, `"privateKeyJwk":{},"publicKeyJwk"`, 1), CodeKey},
		{"B04 secretKeyJwk", strings.Replace(good, `"publicKeyJwk"`, `"secretKeyJwk":{},"publicKeyJwk"`, 1), CodeKey},
		{"B16 two keys under one id", strings.Replace(good, `"#auth"`, `"#key-1"`, 1), CodeKey},
		{"B16 10,000 keys", many(10_000), CodeSize},
		{"B16 101 keys", many(101), CodeSize},
		{"B16 5 MB", good + strings.Repeat(" ", 5<<20), CodeSize},
		{"duplicate member", document(ente, `,"id":"`+ente+`"`), CodeDID},
		{"trailing bytes", good + "x", CodeDID},
		{"not an object", `[]`, CodeDID},
		{"methods no array", `{"id":"` + ente + `","verificationMethod":{}}`, CodeDID},
		{"purpose a number", `{"id":"` + ente + `","assertionMethod":[1]}`, CodeDID},
	}
	for _, test := range tests {
		t.Run(test.id, func(t *testing.T) {
			_, err := ParseDocument([]byte(test.text), ente)
			mustRefuse(t, err, test.code)
			if strings.Contains(test.id, "B04 private member") && !errors.Is(err, jose.ErrPrivateKey) {
				t.Fatal("nobody is told that a private key is out")
			}
			if strings.Contains(err.Error(), "AAAA") {
				t.Fatal("the error repeats a private key")
			}
		})
	}
	if _, err := ParseDocument([]byte(many(100)), ente); err != nil {
		t.Errorf("100 keys: %v", err)
	}
	_, err := ParseDocument([]byte(good), "")
	mustRefuse(t, err, CodeDID)
}

// A key that we do not use fails where it is asked for, and harms no other.
func TestForeignKeys(t *testing.T) {
	text := fmt.Sprintf(`{"id":%q,"controller":%[1]q,"verificationMethod":[%s,%s,%s],"assertionMethod":["#key-1","#rsa","#multi",%s],"keyAgreement":["#x"]}`, ente,
		method("#key-1", `,"publicKeyJwk":`+edKey),
		method("#rsa", `,"publicKeyJwk":{"kty":"RSA","n":"AQAB","e":"AQAB"}`),
		`{"id":"#multi","type":"Multikey","controller":"`+ente+`","publicKeyMultibase":"z6Mk"}`,
		strings.Replace(method("#inside", `,"publicKeyJwk":`+edKey), "JsonWebKey", "JsonWebKey2020", 1))
	doc, err := ParseDocument([]byte(text), ente)
	if err != nil {
		t.Fatal(err)
	}
	for kid, code := range map[string]string{"#key-1": "", "#inside": "", "#rsa": CodeKey, "#multi": CodeKey, "#x": CodeKid} {
		_, err := doc.AssertionKey(ente + kid)
		if code != "" {
			mustRefuse(t, err, code)
		} else if err != nil {
			t.Errorf("%s: %v", kid, err)
		}
	}
}

// Documents are written with the type that the reader wants, and read back.
func TestWrite(t *testing.T) {
	key, err := jose.ParseJWK([]byte(edKey))
	if err != nil {
		t.Fatal(err)
	}
	doc := &Document{
		ID: ente,
		Methods: []VerificationMethod{
			{ID: ente + "#key-1", Key: key},
			{ID: ente + "#status-1", Type: TypeJSONWebKey2020, Key: key},
		},
		Assertion: []string{ente + "#key-1", ente + "#status-1"},
	}
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		`"@context":["https://www.w3.org/ns/did/v1","https://w3id.org/security/jwk/v1","https://w3id.org/security/suites/jws-2020/v1"]`,
		`{"id":"did:web:ente.example#key-1","type":"JsonWebKey","controller":"did:web:ente.example","publicKeyJwk":{`,
		`"type":"JsonWebKey2020"`,
		`"assertionMethod":["did:web:ente.example#key-1","did:web:ente.example#status-1"]`,
	} {
		if !strings.Contains(string(text), part) {
			t.Errorf("no %s in %s", part, text)
		}
	}
	back, err := ParseDocument(text, ente)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(doc.Assertion, back.Assertion); diff != "" {
		t.Error(diff)
	}
	if got := back.Methods[0]; got.Type != TypeJSONWebKey || got.Controller != ente || got.Key.Thumbprint() != key.Thumbprint() {
		t.Errorf("%+v", got)
	}
}
