package issuerhttp_test

import (
	"fmt"
	"testing"

	"github.com/employment-passport/passport/schema"
)

// TestReasonsOfTheDocument: the OpenAPI document names every reason that a
// revocation takes; superseded was missing.
func TestReasonsOfTheDocument(t *testing.T) {
	request := theContract().doc["components"].(map[string]any)["schemas"].(map[string]any)["RevokeRequest"].(map[string]any)
	said := request["properties"].(map[string]any)["reason"].(map[string]any)["enum"]
	if fmt.Sprint(said) != fmt.Sprint(schema.RevocationReasons()) {
		t.Errorf("%v, want %v", said, schema.RevocationReasons())
	}
}
