package issuer_test

import (
	"strconv"
	"testing"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

func TestIssueKeepsWhatItSigned(t *testing.T) {
	d := newDesk(t)
	plain, _ := d.templateNames(t)
	row := d.issue(t, plain, "MC-1")

	kept, err := d.Find(t.Context(), "MC-1")
	must(t, err)
	if kept.Token != row.Token || kept.State != issuer.StateIssued || kept.Payload != nil || kept.KeyID != "did:web:ente.example#key-1" {
		t.Errorf("the register holds %+v", kept)
	}
	_, payload, err := jose.ParseUnverified(row.Token)
	must(t, err)
	doc, err := schema.ParseCredential(payload)
	must(t, err)
	if doc.ID != row.ID || doc.Issuer.ID != "did:web:ente.example" || !doc.ValidFrom.Equal(today.Truncate(24*3600e9)) {
		t.Errorf("signed %s of %s from %s", doc.ID, doc.Issuer.ID, doc.ValidFrom)
	}
	if len(doc.Status) != 1 || doc.Status[0].ListURL != "https://ente.example/status/1" || doc.Status[0].Index != strconv.Itoa(int(row.StatusIndex)) {
		t.Errorf("status %+v", doc.Status)
	}
}
