package trust_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
)

// The list is a verifiable credential of the W3C draft's shape.
func TestRecognitionListIsACredential(t *testing.T) {
	w := newWorld(t)
	h, payload, err := jose.ParseUnverified(w.recognise(w.forli.Entity))
	if err != nil {
		t.Fatal(err)
	}
	if h.Typ != string(jose.TypeVC) || h.Kid != authorityDID+"#sign-1" {
		t.Errorf("header: %+v", h)
	}
	c, err := schema.ParseCredential(payload)
	if err != nil {
		t.Fatal(err)
	}
	for _, typ := range []string{"VerifiableCredential", "RecognizedEntityCredential", "PassportRecognition"} {
		if !slices.Contains(c.Types, typ) {
			t.Errorf("types %q lack %s", c.Types, typ)
		}
	}
	var got struct {
		CredentialSubject []struct {
			Type, ID     string
			RecognizedTo []struct {
				Type, Action, RecognizedBy string
				OutputValidation           struct{ ID, Type string }
			}
		}
	}
	if err := json.Unmarshal(payload, &got); err != nil {
		t.Fatal(err)
	}
	s := got.CredentialSubject[0]
	if s.Type != "RecognizedEntity" || s.ID != w.forli.DID {
		t.Errorf("subject: %+v", s)
	}
	a := s.RecognizedTo[0]
	if a.Type != "RecognizedAction" || a.Action != "issue" || a.RecognizedBy != authorityDID ||
		a.OutputValidation.ID != schema.MicroSchemaURL || a.OutputValidation.Type != "JsonSchema" {
		t.Errorf("action: %+v", a)
	}
}

func TestRecognitionListsThatAreLeftOut(t *testing.T) {
	w := newWorld(t)
	list := func(change func(*trust.Recognition)) string {
		r := trust.Recognition{Issuer: authorityDID, ValidFrom: now, ValidUntil: now.Add(trust.DefaultLife), Entities: []schema.Entity{w.forli.Entity}}
		change(&r)
		token, err := r.Sign(context.Background(), authorityDID+"#sign-1", w.daily)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	good := list(func(*trust.Recognition) {})
	_, payload, err := jose.ParseUnverified(good)
	if err != nil {
		t.Fatal(err)
	}
	raw := func(change func(map[string]any)) string {
		var p map[string]any
		if err := json.Unmarshal(payload, &p); err != nil {
			t.Fatal(err)
		}
		change(p)
		return sign(t, jose.TypeVC, authorityDID+"#sign-1", w.daily, marshal(t, p))
	}
	for name, row := range map[string]struct{ token, code string }{
		"not a token":               {"hello", trust.CodeSignature},
		"a flipped bit":             {good[:len(good)-20] + flip(good[len(good)-20:]), trust.CodeSignature},
		"of another authority":      {list(func(r *trust.Recognition) { r.Issuer = "did:web:other.example" }), trust.CodeIssuer},
		"over before the bundle is": {list(func(r *trust.Recognition) { r.ValidUntil = now.Add(time.Hour) }), trust.CodeDates},
		"dated ahead of it":         {list(func(r *trust.Recognition) { r.ValidFrom = now.Add(time.Hour) }), trust.CodeDates},
		"of a key before its delegation": {list(func(r *trust.Recognition) {
			r.ValidFrom = now.Add(-48 * time.Hour)
		}), trust.CodeDelegation},
		"of another type":       {raw(func(p map[string]any) { p["type"] = []string{"VerifiableCredential"} }), trust.CodeType},
		"of a later version":    {raw(func(p map[string]any) { p["passportRecognition"] = 2 }), trust.CodeType},
		"a subject that is not": {raw(func(p map[string]any) { p["credentialSubject"] = "nobody" }), trust.CodeFormat},
		"a date that is not":    {raw(func(p map[string]any) { p["validFrom"] = "yesterday" }), trust.CodeDates},
		"signed by a status key of a body it recognises": {
			sign(t, jose.TypeVC, w.forli.DID+"#status-1", w.forli.status, payload), trust.CodeChain,
		},
	} {
		t.Run(name, func(t *testing.T) {
			// The good list beside it still counts.
			b := w.open(func(c *trust.Contents) { c.Recognition = []string{row.token, w.recognise(w.lodz.Entity)} })
			wantProblems(t, b, "recognition "+row.code, "list issuer")
			wantList(t, b, w.lodz.url, true)
		})
	}
}

// VCDM 2.0 allows a single subject without an array.
func TestOneSubjectWithoutAnArray(t *testing.T) {
	w := newWorld(t)
	_, payload, err := jose.ParseUnverified(w.recognise(w.forli.Entity))
	if err != nil {
		t.Fatal(err)
	}
	var p map[string]any
	if err := json.Unmarshal(payload, &p); err != nil {
		t.Fatal(err)
	}
	p["credentialSubject"] = p["credentialSubject"].([]any)[0]
	token := sign(t, jose.TypeVC, authorityDID+"#sign-1", w.daily, marshal(t, p))
	b := w.open(func(c *trust.Contents) { c.Recognition = []string{token}; c.StatusLists = nil })
	wantProblems(t, b)
	if _, err := b.Entity(context.Background(), w.forli.DID); err != nil {
		t.Error(err)
	}
}

// A body named twice in one list is left out: nobody knows which was meant. Of
// one named by two lists the first counts.
func TestDuplicateEntities(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	again := w.forli.Entity
	again.State = schema.EntityWithdrawn

	b := w.open(func(c *trust.Contents) { c.Recognition = []string{w.recognise(w.forli.Entity, w.lodz.Entity, again)} })
	wantProblems(t, b, "entity duplicate", "entity duplicate", "list issuer")
	if _, err := b.Entity(ctx, w.forli.DID); !errors.Is(err, schema.ErrNotRecognised) {
		t.Errorf("named twice: %v", err)
	}
	wantList(t, b, w.lodz.url, true)

	b = w.open(func(c *trust.Contents) { c.Recognition = append(c.Recognition, w.recognise(again)) })
	wantProblems(t, b, "entity duplicate")
	if e, err := b.Entity(ctx, w.forli.DID); err != nil || e.State != schema.EntityRecognised {
		t.Errorf("the first list must count: %+v, %v", e.State, err)
	}
}

func TestEntitiesThatAreLeftOut(t *testing.T) {
	for name, row := range map[string]struct {
		change func(*schema.Entity)
		code   string
	}{
		"a state to come":      {func(e *schema.Entity) { e.State = "paused" }, trust.CodeState},
		"no state":             {func(e *schema.Entity) { e.State = "" }, trust.CodeState},
		"recognised for what?": {func(e *schema.Entity) { e.RecognizedTo[0].Schema = "" }, trust.CodeFormat},
		"not a DID":            {func(e *schema.Entity) { e.DID = "https://forli.example"; e.Keys = nil }, trust.CodeIssuer},
		"a DID in Cyrillic":    {func(e *schema.Entity) { e.DID = "did:web:forlі.example"; e.Keys = nil }, trust.CodeIssuer},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			bad := newBody(t, "did:web:third.example", "Third", "IT").Entity
			row.change(&bad)
			b := w.open(func(c *trust.Contents) { c.Recognition = []string{w.recognise(bad, w.lodz.Entity, w.forli.Entity)} })
			wantProblems(t, b, "entity "+row.code)
			if _, err := b.Entity(context.Background(), bad.DID); !errors.Is(err, schema.ErrNotRecognised) {
				t.Errorf("left out, and still: %v", err)
			}
			wantList(t, b, w.lodz.url, true)
		})
	}
}

// A delegation bounded to countries and schemas recognises nobody beyond them.
func TestDelegationLimits(t *testing.T) {
	w := newWorld(t)
	w.forli.RecognizedTo = append(w.forli.RecognizedTo, schema.Permission{Schema: "TrainingAttendance"})
	for name, limit := range map[string]string{"by name": "MicroCredential", "by schema id": schema.MicroSchemaURL} {
		t.Run(name, func(t *testing.T) {
			b := w.open(func(c *trust.Contents) {
				c.Recognition = []string{w.recognise(w.forli.Entity, w.lodz.Entity)}
				c.Chain = []string{w.delegate(func(d *trust.Delegation) {
					d.Countries, d.Schemas = []string{"IT"}, []string{limit}
				})}
			})
			wantProblems(t, b, "entity limit", "list issuer")
			e, err := b.Entity(context.Background(), w.forli.DID)
			if err != nil {
				t.Fatal(err)
			}
			if len(e.RecognizedTo) != 1 || e.RecognizedTo[0].Schema != "MicroCredential" {
				t.Errorf("recognised to %+v, want MicroCredential alone", e.RecognizedTo)
			}
		})
	}
}

// Windows travel as UTC days and compare as such, both ends included.
func TestWindowsAreUTCDays(t *testing.T) {
	w := newWorld(t)
	rome := time.FixedZone("CET", 3600)
	w.forli.RecognizedTo[0].From = time.Date(2026, 3, 1, 0, 30, 0, 0, rome) // still February in UTC
	w.forli.RecognizedTo[0].Until = date("2026-06-30")
	e, err := w.open().Entity(context.Background(), w.forli.DID)
	if err != nil {
		t.Fatal(err)
	}
	p := e.RecognizedTo[0]
	for at, want := range map[string]bool{
		"2026-02-27T23:59:59Z": false, "2026-02-28T00:00:00Z": true, "2026-02-28T23:59:59Z": true,
		"2026-06-30T23:59:59Z": true, "2026-07-01T00:00:00Z": false,
		"2026-07-01T01:30:00+02:00": true,  // 30 June in UTC
		"2026-06-30T23:30:00-02:00": false, // 1 July in UTC
	} {
		moment, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if p.Covers(moment) != want {
			t.Errorf("%s: covered %v, want %v", at, !want, want)
		}
	}
}
