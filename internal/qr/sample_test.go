package qr

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// example is the micro-credential of the examples, compact.
func example(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/microcredential.json")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := json.Compact(&out, data); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// sign makes a token with a signature of 64 bytes that look random; the
// transport never checks one.
func sign(typ, kid string, payload []byte) string {
	header := fmt.Sprintf(`{"alg":"ES256","kid":%q,"typ":%q}`, kid, typ)
	sum := sha256.Sum256(append([]byte(kid), payload...))
	rest := sha256.Sum256(sum[:])
	enc := base64.RawURLEncoding.EncodeToString
	return enc([]byte(header)) + "." + enc(payload) + "." + enc(append(sum[:], rest[:]...))
}

func credential(t testing.TB) string {
	return sign("vc+jwt", "did:web:ente.example#key-1", example(t))
}

const holder = "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169"

func presentation(tokens ...string) string {
	var list []string
	for _, token := range tokens {
		list = append(list, `{"@context":"https://www.w3.org/ns/credentials/v2","type":"EnvelopedVerifiableCredential","id":"data:application/vc+jwt,`+token+`"}`)
	}
	payload := `{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiablePresentation"],"holder":"` + holder +
		`","verifiableCredential":[` + strings.Join(list, ",") + `],"aud":"https://shop.example","nonce":"n-0S6_WzA2Mj","iat":1795305600,"exp":1795305900}`
	return sign("vp+jwt", holder+"#"+strings.TrimPrefix(holder, "did:key:"), []byte(payload))
}

func assertion(token string) string {
	sum := sha256.Sum256([]byte(token))
	payload := `{"iss":"did:web:ente.example","iat":1795305600,"exp":1797897600,"credential_hash":"` +
		base64.RawURLEncoding.EncodeToString(sum[:]) + `","credential_hash_alg":"sha-256","credential_status_type":"0x00"}`
	return sign("status-assertion+jwt", "did:web:ente.example#status-1", []byte(payload))
}
