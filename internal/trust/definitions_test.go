package trust_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
)

// mayAward recognises a body for passports since a day.
func (b *body) mayAward(since string) {
	b.RecognizedTo = append(b.RecognizedTo, schema.Permission{Schema: schema.KindEmploymentPassport, From: date(since)})
}

// define signs a small definition; change may alter what is signed.
func (w *world) define(b *body, version string, change ...func(doc map[string]any)) string {
	w.t.Helper()
	d := schema.PassportDefinition{
		ID: "https://forli.example/passport", Version: version, Language: "it", Title: map[string]string{"it": "Passaporto (esempio)"},
		ValidFrom: schema.DateOf(date("2026-01-01")), Minimum: 1,
		Requirements: []schema.Requirement{{Ref: "P1", Framework: "LifeComp", Code: "P1", Label: map[string]string{"it": "Autoregolazione"}}},
	}
	data, err := d.Compose(schema.Particulars{
		ID: "urn:uuid:00000000-0000-4000-8000-00000000000" + version, Issuer: schema.IssuerProfile{ID: b.DID, Name: b.Name},
		ValidFrom: date("2026-06-01"), StatusListURL: b.url, StatusIndex: 7,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(data, &doc); err != nil {
		w.t.Fatal(err)
	}
	for _, f := range change {
		f(doc)
	}
	return sign(w.t, jose.TypeVC, b.DID+"#key-1", b.credential, marshal(w.t, doc))
}

func carrying(tokens ...string) func(*trust.Contents) {
	return func(c *trust.Contents) { c.Definitions = tokens }
}

func TestBundleCarriesDefinitions(t *testing.T) {
	w := newWorld(t)
	w.forli.mayAward("2026-01-01")
	one, two := w.define(w.forli, "1"), w.define(w.forli, "2")
	b := w.open(carrying(one, two))
	wantProblems(t, b)
	got := b.Definitions()
	if len(got) != 2 || got[0].Token != one || got[1].Passport.Version != "2" || got[0].Passport.Owner.ID != w.forli.DID {
		t.Errorf("%+v", got)
	}
}

// Each definition that does not stand up is left out and told, and the rest of
// the bundle stays as it is.
func TestDefinitionsThatDoNotStandUp(t *testing.T) {
	for name, c := range map[string]struct {
		make func(w *world) string
		code string
	}{
		"a body that may award none": {func(w *world) string { return w.define(w.lodz, "1") }, trust.CodeLimit},
		"a permission that began later": {func(w *world) string {
			w.lodz.mayAward("2026-07-01")
			return w.define(w.lodz, "1")
		}, trust.CodeLimit},
		"a body that nobody recognises": {func(w *world) string {
			return w.define(newBody(w.t, "did:web:altro.example", "Altro", "IT"), "1")
		}, trust.CodeIssuer},
		"signed for another body": {func(w *world) string {
			return w.define(w.forli, "1", func(doc map[string]any) { doc["issuer"].(map[string]any)["id"] = w.lodz.DID })
		}, trust.CodeIssuer},
		"a bad signature": {func(w *world) string {
			token := w.define(w.forli, "1")
			return token[:strings.LastIndexByte(token, '.')+1] + strings.Repeat("A", 86)
		}, trust.CodeSignature},
		"a status key": {func(w *world) string {
			forged := *w.forli
			forged.credential = w.forli.status
			token := w.define(&forged, "1")
			return token
		}, trust.CodeSignature},
		"a stolen key": {func(w *world) string {
			w.forli.Keys[0].State, w.forli.Keys[0].CompromisedAt = schema.KeyCompromised, now
			return w.define(w.forli, "1")
		}, trust.CodeCompromise},
		"a day outside the key's": {func(w *world) string {
			w.forli.Keys[0].State, w.forli.Keys[0].Until = schema.KeyRetired, date("2026-03-01")
			return w.define(w.forli, "1")
		}, trust.CodeDates},
		"a body withdrawn for cause": {func(w *world) string {
			w.forli.State = schema.EntityWithdrawn
			return w.define(w.forli, "1")
		}, trust.CodeIssuer},
		"a broken rule": {func(w *world) string {
			return w.define(w.forli, "1", func(doc map[string]any) { doc["credentialSubject"].(map[string]any)["minimum"] = 9 })
		}, trust.CodeFormat},
		"no definition at all": {func(w *world) string {
			return w.define(w.forli, "1", func(doc map[string]any) { doc["type"] = []string{"VerifiableCredential"} })
		}, trust.CodeType},
		"no token": {func(*world) string { return "passport" }, trust.CodeSignature},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.forli.mayAward("2026-01-01")
			token := c.make(w)
			b := w.open(carrying(w.define(w.forli, "9"), token))
			var told []string
			for _, p := range b.Problems() {
				if p.Part == "definition" && p.Subject == "1" {
					told = append(told, p.Code)
				}
			}
			if !slices.Equal(told, []string{c.code}) {
				t.Errorf("told %v, want %s", b.Problems(), c.code)
			}
			for _, d := range b.Definitions() {
				if d.Token == token {
					t.Error("it is carried all the same")
				}
			}
			wantList(t, b, w.forli.url, true)
		})
	}
}

// A version that comes twice, too many of them, and what is no text.
func TestDefinitionsAreBounded(t *testing.T) {
	w := newWorld(t)
	w.forli.mayAward("2026-01-01")
	token := w.define(w.forli, "1")
	b := w.open(carrying(token, token))
	wantProblems(t, b, "definition duplicate")
	b = w.open(carrying(slices.Repeat([]string{token}, 60)...))
	if last := b.Problems()[len(b.Problems())-1]; last.Code != trust.CodeSize || len(b.Definitions()) != 1 {
		t.Errorf("%v, and %d are carried", last, len(b.Definitions()))
	}
	raw := w.resign(func(p map[string]any) { p["definitions"] = []any{nil, map[string]any{}, 5, token} })
	b, err := trust.Open(raw, w.anchor, trust.Options{})
	if err != nil || len(b.Definitions()) != 1 || len(b.Problems()) != 3 {
		t.Errorf("%v: %v", err, b.Problems())
	}
}

// Who makes a bundle is told what it would be refused for.
func TestSelectDefinitions(t *testing.T) {
	w := newWorld(t)
	w.forli.mayAward("2026-01-01")
	good, bad := w.define(w.forli, "1"), w.define(w.lodz, "2")
	kept, left := trust.SelectDefinitions([]schema.Entity{w.forli.Entity, w.lodz.Entity}, []string{bad, good})
	if !slices.Equal(kept, []string{good}) || len(left) != 1 || left[0].Code != trust.CodeLimit || !strings.Contains(left[0].Subject, "://") {
		t.Errorf("%d kept, left %v", len(kept), left)
	}
}
