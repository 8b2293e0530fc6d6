package web

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/fetch"
)

const key = `{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`

// The story of one server with three documents: its own, one under a path, and
// one that speaks for somebody else.
func TestResolve(t *testing.T) {
	var host string
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := "did:web:" + host
		switch r.URL.Path {
		case "/.well-known/did.json":
		case "/enti/uno/did.json":
			id += ":enti:uno"
		case "/altro/did.json":
			id = "did:web:evil.example"
		default:
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		fmt.Fprintf(w, `{"id":%q,"verificationMethod":[{"id":"#key-1","type":"JsonWebKey","controller":%[1]q,"publicKeyJwk":%s}],"assertionMethod":["#key-1"]}`, id, key)
	}))
	defer server.Close()
	// The test certificate is good for *.example.com, a name that leads here.
	address := netip.MustParseAddrPort(strings.TrimPrefix(server.URL, "https://"))
	host = fmt.Sprintf("ente.example.com%%3A%d", address.Port())
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	resolver := Resolver{Client: fetch.New(fetch.Config{
		Roots: roots, Ports: []int{int(address.Port())}, AllowLoopbackUnsafe: true,
		Lookup: func(context.Context, string) ([]netip.Addr, error) { return []netip.Addr{address.Addr()}, nil },
	})}

	for _, id := range []string{"did:web:" + host, "did:web:" + host + ":enti:uno"} {
		doc, err := resolver.Resolve(context.Background(), id)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := doc.AssertionKey(id + "#key-1"); err != nil {
			t.Error(err)
		}
	}
	_, err := resolver.Resolve(context.Background(), "did:web:"+host+":altro") // B13
	var refused *did.Error
	if !errors.As(err, &refused) || refused.Code != did.CodeDID {
		t.Errorf("the document of another: %v", err)
	}
	_, err = resolver.Resolve(context.Background(), "did:web:"+host+":nessuno")
	var failed *fetch.Error
	if !errors.As(err, &failed) || failed.Code != fetch.CodeStatus {
		t.Errorf("no document: %v", err)
	}
	for _, id := range []string{"did:web:user%40host", "did:web:127.0.0.1", "did:key:z6Mk", ""} { // F11
		if _, err := resolver.Resolve(context.Background(), id); !errors.As(err, &refused) {
			t.Errorf("%q: %v", id, err)
		}
	}
}
