package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// accreditationToken reads FILE when it holds a token; "" when it holds
// something else, or is no file.
func accreditationToken(name string) string {
	if isTokenLike(name) {
		return name
	}
	data, err := os.ReadFile(name)
	if err != nil || len(data) > 64<<10 {
		return "" // said by whoever reads it as a did document
	}
	if text := string(bytes.TrimSpace(data)); isTokenLike(text) {
		return text
	}
	return ""
}

// recogniseAccreditation makes the recognition that a signed accreditation
// asks for. Nothing of it is believed before it is found good: by the bundle
// of another authority, or by this authority itself, which must recognise
// whoever accredits for that very document.
func (a *app) recogniseAccreditation(ctx context.Context, authority string, o trustRecogniseOptions, token string) error {
	if len(o.Schemas) > 0 || len(o.Scopes) > 0 || o.from != "" || o.until != "" {
		return fail(exitUsage, "accreditation_flags")
	}
	var foreign *verifier.Report
	if o.bundle != "" || o.anchor != "" {
		setup, err := a.verifySetup(ctx, verifyOptions{bundle: o.bundle, anchor: o.anchor})
		if err != nil {
			return err
		}
		if foreign, err = setup.verify(ctx, []string{token}); err != nil {
			return err
		}
	}
	return a.withAuthority(ctx, foreign == nil, func(i *issuer.Issuer) error {
		report := foreign
		if report == nil {
			var err error
			if report, err = i.Judge(ctx, authority, token); err != nil {
				return err
			}
		}
		c, err := a.goodAccreditation(report)
		if err != nil {
			return err
		}
		r, err := recogniseBy(c, o.Recognise)
		if err != nil {
			return err
		}
		if o.document != "" {
			if r.Document, err = a.readJSON(o.document); err != nil {
				return err
			}
		}
		return a.recognise(ctx, i, authority, r)
	})
}

// goodAccreditation gives the accreditation of a report that finds it valid,
// and says in the report's own words why not otherwise.
func (a *app) goodAccreditation(r *verifier.Report) (*schema.Credential, error) {
	if r.Verdict != verifier.Valid || len(r.Credentials()) != 1 {
		reason := ""
		if c, ok := r.Because(0); ok {
			reason = strings.TrimSuffix(checkSentence(i18n.Match(a.lang), c), ".")
		}
		return nil, fail(exitOf(r.Verdict), "accreditation_not_good", "reason", reason)
	}
	c := r.Credentials()[0].Document
	if c.Kind() != schema.KindTrainingProviderAccreditation {
		return nil, fail(exitUsage, "accreditation_other", "kind", firstOf(c.Kind(), c.Name, "?"))
	}
	return c, nil
}

// recogniseBy translates an accreditation: its body, what it lets that body
// issue, its days and its keys.
func recogniseBy(c *schema.Credential, r issuer.Recognise) (issuer.Recognise, error) {
	body, identity := c.Holder()
	if body == c.Issuer.ID {
		return r, fail(exitInvalid, "accreditation_self", "did", body)
	}
	accredited := c.View().Accreditation
	permissions := accredited.Issues()
	if len(permissions) == 0 {
		return r, fail(exitInvalid, "accreditation_issues_nothing")
	}
	r.DID = body
	for _, p := range permissions {
		r.Schemas = append(r.Schemas, p.Schema)
		r.Scopes, r.From, r.Until = p.Scopes, p.From, p.Until // of the accreditation as a whole
	}
	for _, i := range identity {
		if i.Type == schema.IdentityName && r.Name == "" {
			r.Name = i.Value
		}
	}
	if len(accredited.Keys) > 0 {
		var err error
		if r.Document, err = accreditedKeys(body, accredited.Keys); err != nil {
			return r, err
		}
	}
	return r, nil
}

// accreditedKeys writes the keys of an accreditation as the history that a
// body publishes of its own, which is how an authority pins keys with windows.
func accreditedKeys(did string, keys []schema.AccreditedKey) ([]byte, error) {
	type line struct {
		KID   string          `json:"kid"`
		JWK   json.RawMessage `json:"jwk"`
		Use   schema.KeyUse   `json:"use"`
		From  string          `json:"from,omitempty"`
		Until string          `json:"until,omitempty"`
		State schema.KeyState `json:"state"`
	}
	history := struct {
		ID   string `json:"id"`
		Keys []line `json:"keys"`
	}{ID: did}
	for _, k := range keys {
		var named struct{ Kid string }
		if err := json.Unmarshal([]byte(k.JWK), &named); err != nil {
			return nil, err
		}
		history.Keys = append(history.Keys, line{named.Kid, json.RawMessage(k.JWK), k.Use, k.From, k.Until, schema.KeyActive})
	}
	return json.Marshal(history)
}
