package main

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// templateBudget tells how large a code the credentials of a template will
// need, before anybody is issued one: a credential of a person with a key, her
// name and its spelling in another script (or of a body with a long one) is
// composed and packed as if it were signed with ES256. Most need less; what a
// learner file adds beyond a few lines needs more.
func templateBudget(t *schema.Template, profile issuer.Profile) (qr.Budget, error) {
	p := schema.Specimen(t)
	p.ID = "urn:uuid:6b1f0c1e-52a7-4b0e-9d2c-8f3a7e5d4c21"
	p.Issuer = schema.IssuerProfile{ID: "did:web:formazione-lavoro.example", Name: "Istituto Formazione e Lavoro", Country: "IT", Region: "ITH5"}
	p.StatusListURL, p.StatusIndex = "https://formazione-lavoro.example/status/3", 101793
	if p.Suspension != nil {
		p.Suspension = &schema.StatusPlace{URL: "https://formazione-lavoro.example/status/4", Index: 88214}
	}
	p.Learner.DocumentNumber = "2026/HACCP/0417"
	if t.ForOrganisation() {
		p.Learner.Organisation = "Cooperativa sociale Insieme per il lavoro"
	} else {
		p.Learner.Name, p.Learner.GivenName, p.Learner.FamilyName = "Eleni Papadopoulou", "Eleni", "Papadopoulou"
		p.Learner.NameOriginalScript = "Ελένη Παπαδοπούλου"
	}
	payload, err := t.Compose(p)
	if err != nil {
		return qr.Budget{}, err
	}
	typ := `,"typ":"vc+jwt"`
	if profile == issuer.ProfileOpenBadge {
		typ = ""
		if payload, err = schema.WithOpenBadgeClaims(payload); err != nil {
			return qr.Budget{}, err
		}
	}
	part := base64.RawURLEncoding.EncodeToString
	header := fmt.Sprintf(`{"alg":"ES256","kid":"%s#key-1"%s}`, p.Issuer.ID, typ)
	token := strings.Join([]string{part([]byte(header)), part(payload), part(make([]byte, 64))}, ".")
	frame, err := qr.EncodeFrame([]string{token})
	if err != nil {
		return qr.Budget{}, err
	}
	return qr.BudgetOf(len(frame)), nil
}
