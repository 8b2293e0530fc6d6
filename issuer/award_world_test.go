package issuer_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// course is a template of the examples that meets requirement n and no other.
func course(t testing.TB, n int) []byte {
	t.Helper()
	body, err := os.ReadFile("../examples/templates/02-digital-basics-it.json")
	must(t, err)
	var tpl map[string]any
	must(t, json.Unmarshal(body, &tpl))
	tpl["name"] = fmt.Sprintf("course-%02d", n)
	achievement := tpl["credential"].(map[string]any)["credentialSubject"].(map[string]any)["achievement"].(map[string]any)
	achievement["id"] = fmt.Sprintf("urn:uuid:b7c1f6f0-6a4e-4f0b-9c1d-0000000000%02d", n)
	alignment := achievement["alignment"].([]any)
	alignment[0] = map[string]any{
		"type": []string{"Alignment"}, "targetName": fmt.Sprintf("skill %d", n), "targetFramework": "ESCO", "targetUrl": skill(n),
	}
	achievement["alignment"] = []any{alignment[0], alignment[3]}
	body, err = json.Marshal(tpl)
	must(t, err)
	return body
}

func skill(n int) string {
	return fmt.Sprintf("http://data.europa.eu/esco/skill/e439742d-558d-4f52-885e-0000000000%02d", n)
}

// definition asks for the courses 1 to n, min of them.
func definition(t testing.TB, n, min int) *schema.PassportDefinition {
	t.Helper()
	var requirements []string
	for k := range n {
		requirements = append(requirements, fmt.Sprintf(`{"ref":"R%02d","framework":"ESCO","uri":%q,"label":{"it":"Competenza %d"}}`, k+1, skill(k+1), k+1))
	}
	d, err := schema.ParseDefinition(fmt.Appendf(nil, `{"id":"https://regione.example/definitions/passaporto","version":"1","language":"it",
		"title":{"it":"Passaporto di prova"},"example":true,"validFrom":"2026-01-01","minimum":%d,"requirements":[%s]}`, min, strings.Join(requirements, ",")))
	must(t, err)
	return d
}

// awards is a desk whose people work towards a passport: twenty courses, and a
// second body "comune" that gives them as well.
type awards struct {
	*desk
	definition *schema.PassportDefinition
	token      string // of the definition
	courses    int
}

func newAwards(t testing.TB, courses, min int) *awards {
	return newAwardsOver(t, newBareDesk(t, nil), courses, min)
}

func newAwardsOver(t testing.TB, d *desk, courses, min int) *awards {
	t.Helper()
	w := &awards{desk: d, definition: definition(t, courses, min), courses: courses}
	for n := range courses {
		_, err := d.AddTemplate(t.Context(), clerk, course(t, n+1), 20)
		must(t, err)
	}
	body, err := d.Body(t.Context(), "ente")
	must(t, err)
	document, err := w.definition.Compose(schema.Particulars{
		Issuer: schema.IssuerProfile{ID: body.DID, Name: body.Title, Country: body.Country, Region: body.Region}, ValidFrom: today.Truncate(24 * 3600e9),
	})
	must(t, err)
	keys, err := d.Keys(t.Context(), "ente")
	must(t, err)
	signer, err := d.keys.Signer(t.Context(), keys[0].URI)
	must(t, err)
	w.token, err = jose.Sign(t.Context(), jose.TypeVC, keys[0].KID, signer, document)
	must(t, err)
	return w
}

var amina = schema.Learner{Name: "Amina Diallo", GivenName: "Amina", FamilyName: "Diallo", BirthDate: "1991-04-07"}

// twenty issues the micro-credentials of all courses to one person, in one batch.
func (w *awards) twenty(t testing.TB, of schema.Learner) []issuer.Issuance {
	t.Helper()
	offers := make([]issuer.Offer, w.courses)
	for n := range offers {
		offers[n] = issuer.Offer{Issuer: "ente", Template: fmt.Sprintf("course-%02d", n+1), Learner: of}
	}
	rows, err := w.IssueBatch(t.Context(), clerk, offers, nil)
	must(t, err)
	return rows
}

// another issues one more credential of a course.
func (w *awards) another(t testing.TB, n int) issuer.Issuance {
	t.Helper()
	row, err := w.Issue(t.Context(), clerk, issuer.Offer{Issuer: "ente", Template: fmt.Sprintf("course-%02d", n), Learner: amina})
	must(t, err)
	return *row
}

// foreign has somebody else's body give a course: its own home, one credential.
func foreign(t testing.TB, n int) issuer.Issuance {
	t.Helper()
	d := newBareDesk(t, nil)
	_, err := d.AddIssuer(t.Context(), clerk, issuer.NewIssuer{Name: "comune", Title: "Comune Esempio", Country: "IT", Method: "web", Domain: "comune.example"})
	must(t, err)
	_, err = d.AddTemplate(t.Context(), clerk, course(t, n), 20)
	must(t, err)
	row, err := d.Issue(t.Context(), clerk, issuer.Offer{Issuer: "comune", Template: fmt.Sprintf("course-%02d", n), Learner: amina})
	must(t, err)
	return *row
}

// pieces are credentials that the caller found valid.
func pieces(t testing.TB, rows ...issuer.Issuance) (all []issuer.Piece) {
	t.Helper()
	for _, row := range rows {
		_, payload, err := jose.ParseUnverified(row.Token)
		must(t, err)
		c, err := schema.ParseCredential(payload)
		must(t, err)
		all = append(all, issuer.Piece{Token: row.Token, Credential: c, Good: true})
	}
	return all
}

func (w *awards) offerOf(t testing.TB, rows ...issuer.Issuance) issuer.AwardOffer {
	return issuer.AwardOffer{Issuer: "ente", Definition: w.token, Learner: amina, Pieces: pieces(t, rows...)}
}

func (w *awards) award(t testing.TB, rows ...issuer.Issuance) issuer.Issuance {
	t.Helper()
	row, err := w.Award(t.Context(), clerk, w.offerOf(t, rows...))
	must(t, err)
	return *row
}

// now is a row as the register has it.
func (d *desk) now(t testing.TB, id string) issuer.Issuance {
	t.Helper()
	row, err := d.Find(t.Context(), id)
	must(t, err)
	return row
}

// parts are the components that a composite names, by requirement.
func parts(t testing.TB, row issuer.Issuance) map[string]string {
	t.Helper()
	_, payload, err := jose.ParseUnverified(row.Token)
	must(t, err)
	c, err := schema.ParseCredential(payload)
	must(t, err)
	passport := c.View().Passport
	if passport == nil {
		t.Fatalf("%s is no passport: %s", row.ID, payload)
	}
	named := map[string]string{}
	for _, p := range passport.Components {
		named[p.Requirement] = p.ID
	}
	return named
}

// bitOf reads the bit of a row in the store, with no key.
func bitOf(t testing.TB, tx issuer.Tx, row issuer.Issuance) bool {
	t.Helper()
	data, err := tx.StatusBits(row.StatusList)
	must(t, err)
	set, err := statuslist.FromBytes(data).Get(int(row.StatusIndex))
	must(t, err)
	return set
}

// neverGreen asserts what must hold at every moment, whatever broke: no
// composite stands on a component of this home that has ended.
func (d *desk) neverGreen(t testing.TB) {
	t.Helper()
	must(t, d.store.View(context.Background(), func(tx issuer.Tx) error {
		return tx.EachComposite(func(c issuer.Composite) bool {
			row, err := tx.Issuance(c.ID)
			must(t, err)
			if row.Ended() || row.State == issuer.StateVoid {
				if !bitOf(t, tx, row) {
					t.Errorf("composite %s is %s, and its bit is not set", row.ID, row.State)
				}
				return true
			}
			for _, p := range c.Components {
				if p.Spare {
					continue
				}
				own, err := tx.Issuance(p.Current())
				if errors.Is(err, issuer.ErrNotFound) {
					continue
				}
				must(t, err)
				if own.Ended() {
					t.Errorf("composite %s is %s on component %s, which is %s", row.ID, row.State, own.ID, own.State)
				}
			}
			return true
		})
	}))
	checked, err := d.Fsck(t.Context())
	must(t, err)
	for _, f := range checked.Findings {
		t.Errorf("fsck: %+v", f)
	}
}
