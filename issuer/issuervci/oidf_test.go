package issuervci

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/employment-passport/passport/internal/jsonschema"
	"github.com/employment-passport/passport/internal/oid4vci"
)

// oidf are the JSON Schemas of the OpenID Foundation's conformance suite, which
// stand beside the project.
func oidf(t *testing.T, names ...string) *jsonschema.Engine {
	t.Helper()
	vectors := os.Getenv("PASSPORT_VECTORS")
	folder := vectors
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "vectors")
	}
	documents := map[string][]byte{}
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(folder, "oidf", name))
		if err != nil && vectors == "" {
			t.Skip("the schemas of the OpenID Foundation are not beside the project")
		}
		must(t, err)
		documents["https://oidf.example/"+name] = data
	}
	return jsonschema.New(documents)
}

// TestOpenIDSchemasAcceptWhatWeSay: metadata, offers of every kind and the
// requests of our own wallet obey the Foundation's schemas; a broken one does
// not, so that the schemas are known to be at work.
func TestOpenIDSchemasAcceptWhatWeSay(t *testing.T) {
	const issuerMeta, serverMeta, offer, request = "credential_issuer_metadata-1_0.json", "oauth_authorization_server_metadata.json",
		"credential_offer-1_0.json", "credential_request-1_0.json"
	engine := oidf(t, issuerMeta, serverMeta, offer, request)
	w := newWorld(t)
	accepts := func(schema, what string, document []byte) {
		t.Helper()
		if err := engine.Validate("https://oidf.example/"+schema, document); err != nil {
			t.Errorf("%s: %v\n%s", what, err, document)
		}
	}
	meta := w.get("/.well-known/openid-credential-issuer/ente").is(t, 200, "").body
	accepts(issuerMeta, "metadata", meta)
	accepts(serverMeta, "server metadata", w.get("/.well-known/oauth-authorization-server/ente").is(t, 200, "").body)
	for what, change := range map[string]func(*NewOffer){
		"plain": func(*NewOffer) {}, "with a code": withTxCode, "held": held,
		"of two": func(n *NewOffer) { n.Items = append(n.Items, Item{Template: digital, Learner: w.amina()}) },
	} {
		o, _, err := oid4vci.ParseLink(w.offered(change).Whole)
		must(t, err)
		data, err := json.Marshal(o)
		must(t, err)
		accepts(offer, "offer "+what, data)
	}
	data, err := json.Marshal(oid4vci.CredentialRequest{Configuration: hygiene, Proofs: &oid4vci.Proofs{JWT: []string{"x"}}})
	must(t, err)
	accepts(request, "request", data)

	var broken map[string]any
	must(t, json.Unmarshal(meta, &broken))
	broken["batch_credential_issuance"] = map[string]int{"batch_size": 1}
	if data, err = json.Marshal(broken); err != nil || engine.Validate("https://oidf.example/"+issuerMeta, data) == nil {
		t.Error("the schema takes a batch of one")
	}
}
