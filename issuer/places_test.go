package issuer_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// documentWith is a client's own, with a credentialStatus as it is spelt.
func documentWith(status string) []byte {
	return fmt.Appendf(nil, `{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential"],`+
		`"issuer":"did:web:ente.example","credentialSubject":{"id":"did:example:1"},"credentialStatus":%s}`, status)
}

const ownEntry = `{"id":"https://ente.example/status/1#5","type":"BitstringStatusListEntry","statusPurpose":"revocation",` +
	`"statusListIndex":"5","statusListCredential":"https://ente.example/status/1"}`

// A place in our lists is given by us, however it is spelt and whichever body
// of the home asks for it.
func TestNoPlaceInOwnListsByDocument(t *testing.T) {
	d := newDesk(t)
	d.secondBody(t)
	spelt := func(base string) string { return strings.ReplaceAll(ownEntry, "https://ente.example/status/1", base) }
	foreign := spelt("https://elsewhere.example/status/1")
	for name, status := range map[string]string{
		"plain":               ownEntry,
		"escaped slashes":     strings.ReplaceAll(ownEntry, "/", `\/`),
		"escaped letters":     strings.ReplaceAll(ownEntry, "/", `\u002f`),
		"in an array":         "[" + foreign + "," + ownEntry + "]",
		"escaped in an array": "[" + foreign + "," + strings.ReplaceAll(ownEntry, "/", `\u002F`) + "]",
		"another body's":      spelt(`https://zeta.example/status/1`),
		"large letters":       spelt(`https://ENTE.example/status/1`),
		"default port":        spelt(`https://ente.example:443/status/1`),
		"percent":             spelt(`https://ente.example/%73tatus/1`),
		"dots":                spelt(`https://ente.example/x/../status/1`),
		"only the list":       strings.Replace(ownEntry, "https://ente.example/status/1#5", "urn:example:5", 1),
	} {
		_, err := d.IssueRaw(t.Context(), clerk, issuer.RawOffer{Issuer: "ente", Document: documentWith(status)})
		var faults schema.Faults
		if !errors.As(err, &faults) || faults[0].Code != "status_own_list" {
			t.Errorf("%s: %v", name, err)
		}
	}
	row, err := d.IssueRaw(t.Context(), clerk, issuer.RawOffer{Issuer: "ente", Document: documentWith(foreign)})
	must(t, err)
	if row.StatusList != "" {
		t.Errorf("it has a place in %s as well", row.StatusList)
	}
}

// fsck reads the places inside what was signed, and not only the register's
// word for them.
func TestFsckReadsPlacesInsideTokens(t *testing.T) {
	d := newDesk(t)
	plain, _ := d.templateNames(t)
	d.issue(t, plain, "MC-1")
	c, err := d.Fsck(t.Context())
	must(t, err)
	if len(c.Findings) > 0 {
		t.Fatalf("a sound store: %v", c.Findings)
	}
	row, err := d.IssueRaw(t.Context(), clerk, issuer.RawOffer{
		Issuer: "ente", Document: documentWith(strings.ReplaceAll(ownEntry, "ente.example", "later.example")),
	})
	must(t, err)
	// Somebody makes the foreign list ours after the fact.
	must(t, d.store.Update(t.Context(), func(tx issuer.Tx) error {
		return tx.PutIssuer(issuer.IssuerRecord{Name: "later", DID: "did:web:later.example", StatusBase: "https://later.example"})
	}))
	c, err = d.Fsck(t.Context())
	must(t, err)
	if len(c.Findings) != 1 || c.Findings[0].Code != "index" || c.Findings[0].Subject != row.ID {
		t.Errorf("found %v", c.Findings)
	}
}
