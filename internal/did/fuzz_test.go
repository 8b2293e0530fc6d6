package did

import (
	"encoding/json"
	"net/url"
	"path"
	"strings"
	"testing"
)

// FuzzDID: an identifier that is taken has one spelling, and the URL of a
// did:web goes to the host that it shows.
func FuzzDID(f *testing.F) {
	for _, id := range []string{
		"did:key:" + exampleP256, "did:key:" + exampleEd25519, "did:web:ente.example", "did:web:ente.example%3A8443:a:b",
		"did:web:a..b", "did:web:a.aweb:a.aa..", "did:web:user%40host", "did:jwk:eyJrdHkiOiJPS1AifQ",
	} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		method, err := Method(id)
		if err != nil {
			return
		}
		if strings.ToValidUTF8(id, "") != id || strings.ContainsAny(id, " \r\n\t\x00/?#@\\") {
			t.Fatalf("%q is taken", id)
		}
		switch method {
		case "web":
			at, err := WebURL(id)
			if err != nil {
				t.Fatal(err)
			}
			u, err := url.Parse(at)
			if err != nil || u.Scheme != "https" || u.User != nil || u.Fragment != "" || u.RawQuery != "" || path.Clean(u.Path) != u.Path {
				t.Fatalf("%q leads to %q", id, at)
			}
			if again, err := NewWeb(u.Host, strings.TrimSuffix(strings.TrimSuffix(u.Path, "/did.json"), "/.well-known")); err != nil || again != id {
				t.Fatalf("%q, through its URL, is %q (%v)", id, again, err)
			}
		case "key":
			doc, err := Resolve(id)
			if err != nil {
				t.Fatal(err)
			}
			if again, err := NewKey(doc.Methods[0].Key.Public()); err != nil || again != id {
				t.Fatalf("%q is also %q (%v)", id, again, err)
			}
		}
	})
}

// FuzzDocument: what is read of a document is its own, and can be written and
// read again.
func FuzzDocument(f *testing.F) {
	f.Add([]byte(document(ente, "")))
	f.Add([]byte(document(ente, `,"controller":["did:web:ente.example"]`)))
	f.Add([]byte(`{"id":"did:web:ente.example","assertionMethod":[{"id":"#a","type":"Multikey"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := ParseDocument(data, ente)
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, m := range doc.Methods {
			if !strings.HasPrefix(m.ID, ente+"#") || m.Controller != ente || seen[m.ID] || m.Key.Public() == nil {
				t.Fatalf("%q holds %+v", data, m)
			}
			seen[m.ID] = true
		}
		text, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ParseDocument(text, ente); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	})
}
