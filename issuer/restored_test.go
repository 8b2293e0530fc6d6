package issuer_test

import (
	"strings"
	"testing"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// A key made between a backup and its restore is lost here and pinned
// elsewhere: no key made afterwards may bear its name.
func TestKeyNumbersAfterRestore(t *testing.T) {
	d := newDesk(t)
	d.regione(t)
	next := func(use schema.KeyUse) string {
		t.Helper()
		k, err := d.RotateKey(t.Context(), clerk, "ente", use)
		must(t, err)
		return strings.TrimPrefix(k.KID, enteDID)
	}
	if kid := next(schema.KeyForCredentials); kid != "#key-2" {
		t.Errorf("before a restore the second key is %s", kid)
	}
	must(t, d.AfterRestore(t.Context(), clerk, 0))
	seen := map[string]bool{}
	for _, use := range []schema.KeyUse{schema.KeyForCredentials, schema.KeyForCredentials, schema.KeyForStatus} {
		kid := next(use)
		_, number, _ := strings.Cut(kid, "-")
		if len(number) != 9 || seen[kid] {
			t.Errorf("after a restore a key is %s", kid)
		}
		seen[kid] = true
	}
	given, err := d.Delegate(t.Context(), clerk, "", issuer.Delegate{NewKey: true})
	must(t, err)
	if _, number, _ := strings.Cut(given.KID, "#sign-"); len(number) != 9 {
		t.Errorf("after a restore the authority signs with %s", given.KID)
	}
}
