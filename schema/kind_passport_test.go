package schema

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jsonschema"
)

// parts are components that meet every requirement of the example.
func parts(d *PassportDefinition) (all []Component) {
	for i, r := range d.Requirements {
		all = append(all, Component{ID: fmt.Sprintf("urn:uuid:9a3f6b2e-1c44-4b8a-9e21-%012d", i), Requirement: r.Ref})
	}
	return all
}

// awarded is the issuing of a passport to somebody who has a key.
func awarded() Particulars {
	p := owner
	p.Learner = Learner{Name: "Amina Diallo", BirthDate: "1994-03-12", Holder: aminaDID}
	return p
}

// A passport composed from a definition obeys its own schema and that of Open
// Badges, reads back, and names its components by id and requirement only.
func TestPassportComposed(t *testing.T) {
	d := example(t)
	data, err := ComposePassport(d, parts(d), awarded())
	if err != nil {
		t.Fatal(err)
	}
	if err := jsonschema.New(Schemas()).Validate(PassportSchemaURL, data); err != nil {
		t.Error(err)
	}
	c, err := ParseCredential(data)
	if err != nil {
		t.Fatal(err)
	}
	if f := c.Rules(awarded().ValidFrom); len(f) > 0 {
		t.Errorf("broken rules: %v", f)
	}
	if f := CheckForIssuing(data, awarded().ValidFrom); len(f) > 0 {
		t.Errorf("may not be signed: %v", f)
	}
	v := c.View()
	if v.Kind != KindEmploymentPassport || v.Passport == nil || len(v.Passport.Components) != 20 || v.Passport.Definition.Version != "1" {
		t.Errorf("%+v", v)
	}
	if v.Title != "Passaporto per l’occupazione (esempio)" || v.Language != "it" || v.LegalValue != "atto-privato" || !strings.HasPrefix(v.DocumentNumber, "EP-") {
		t.Errorf("%q %q %q %q", v.Title, v.Language, v.LegalValue, v.DocumentNumber)
	}
	if strings.Contains(string(data), "learningOutcomes") || strings.Contains(string(data), "Autoregolazione") {
		t.Error("it says more of its components than id and requirement")
	}
}

// A passport speaks the language of the country where it is awarded, and only
// Italian ones bear a legal value of Italy.
func TestPassportSpeaksTheCountrysLanguage(t *testing.T) {
	d := example(t)
	for country, want := range map[string]string{"PL": "Paszport zatrudnienia (przykład)", "GR": "Διαβατήριο απασχόλησης (παράδειγμα)", "FR": "Passaporto per l’occupazione (esempio)"} {
		p := awarded()
		p.Issuer.Country, p.Issuer.Region = country, ""
		data, err := ComposePassport(d, parts(d), p)
		if err != nil {
			t.Fatal(err)
		}
		c, err := ParseCredential(data)
		if err != nil {
			t.Fatal(err)
		}
		if v := c.View(); v.Title != want || v.LegalValue != "none" {
			t.Errorf("%s: %q, legal value %q", country, v.Title, v.LegalValue)
		}
	}
}

// What keeps a passport from being composed.
func TestPassportFaults(t *testing.T) {
	d := example(t)
	all := parts(d)
	change := func(f func(c []Component) []Component) []Component {
		return f(append([]Component(nil), all...))
	}
	for name, c := range map[string]struct {
		components []Component
		code       string
	}{
		"none":                    {nil, "passport_components"},
		"nineteen":                {all[:19], "passport_incomplete"},
		"a credential twice":      {change(func(c []Component) []Component { c[1].ID = c[0].ID; return c }), "component_twice"},
		"a requirement twice":     {change(func(c []Component) []Component { c[1].Requirement = c[0].Requirement; return c }), "component_twice"},
		"itself":                  {change(func(c []Component) []Component { c[1].ID = owner.ID; return c }), "component_twice"},
		"a requirement not asked": {change(func(c []Component) []Component { c[1].Requirement = "XX"; return c }), "component_unasked"},
		"an id that is no urn":    {change(func(c []Component) []Component { c[1].ID = "https://ente.example/1"; return c }), "not_uuid"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ComposePassport(d, c.components, awarded())
			if !FaultsOf(err).Has(c.code) {
				t.Errorf("got %v, want %s", err, c.code)
			}
		})
	}
	p := awarded()
	p.Learner.Holder, p.Learner.BirthDate = "", ""
	if _, err := ComposePassport(d, all, p); FaultsOf(err) == nil || !FaultsOf(err).at("/learner/birthDate") {
		t.Errorf("a passport of nobody: %v", err)
	}
}

// A passport assesses nothing itself: outcomes, results and levels are refused,
// and so is what a learner file would slip in.
func TestPassportHasNoContentOfItsOwn(t *testing.T) {
	d := example(t)
	p := awarded()
	p.Learner.Details, p.Learner.Result = `{"components":[]}`, "10"
	data, err := ComposePassport(d, parts(d), p)
	if err != nil {
		t.Fatal(err)
	}
	for _, member := range []string{
		`"learningOutcomes":["Sa tutto"]`, `"typeOfAssessment":["` + assessmentBase + `6a4db9f11d"]`,
		`"levelNotApplicable":true`, `"notionalWorkload":{"value":1,"unit":"hours"}`,
	} {
		more := strings.Replace(string(data), `"criteria":`, member+`,"criteria":`, 1)
		c, err := ParseCredential([]byte(more))
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Rules(time.Time{})) == 0 {
			t.Errorf("%s is taken", member)
		}
	}
}

// 1EdTech's own schema takes a passport for an Open Badge.
func TestPassportIsAnOpenBadge(t *testing.T) {
	const badge = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
	theirs, err := os.ReadFile(filepath.Join(oracleFolder(), "openbadges", "ob_v3p0_achievementcredential_schema.json"))
	if err != nil {
		t.Skip("1EdTech's schema is not beside the project")
	}
	d := example(t)
	data, err := ComposePassport(d, parts(d), awarded())
	if err != nil {
		t.Fatal(err)
	}
	if err := jsonschema.New(map[string][]byte{badge: theirs}).Validate(badge, data); err != nil {
		t.Error(err)
	}
}

// R13: a passport is awarded by what a person holds; a template would make one
// of nothing.
func TestPassportHasNoTemplate(t *testing.T) {
	_, err := ParseTemplate([]byte(`{"name":"passaporto","type":"EmploymentPassport","credential":{"credentialSubject":{
		"definition":{"id":"https://consorzio.example/d","version":"1"},"components":[{"id":"urn:uuid:9a3f6b2e-1c44-4b8a-9e21-6f0a2d7c5b31","requirement":"P1"}],
		"achievement":{"id":"https://consorzio.example/d","type":["Achievement"],"achievementType":"ext:PassportToEmployment","name":"Passaporto","description":"x",
		"inLanguage":"it","criteria":{"narrative":"x"},"legalValue":"none"}}}}`))
	if !FaultsOf(err).Has("template_passport") {
		t.Errorf("got %v", err)
	}
}
