package main

import (
	"bytes"
	"context"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/verifier/intake"
	"github.com/employment-passport/passport/verifier/report"
)

// accreditationToken reads FILE when it holds a token; "" when it holds
// something else, or is no file.
func accreditationToken(name string) string {
	if intake.IsToken(name) {
		return name
	}
	data, err := os.ReadFile(name)
	if err != nil || len(data) > 64<<10 {
		return "" // said by whoever reads it as a did document
	}
	if text := string(bytes.TrimSpace(data)); intake.IsToken(text) {
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
	var foreign *verifySetup
	if o.bundle != "" || o.anchor != "" {
		setup, err := a.verifySetup(ctx, verifyOptions{bundle: o.bundle, anchor: o.anchor})
		if err != nil {
			return err
		}
		foreign = setup
	}
	return a.withAuthority(ctx, foreign == nil, func(i *issuer.Issuer) error {
		judge := func() (*verifier.Report, error) { return i.Judge(ctx, authority, token) }
		entity := func(did string) (schema.Entity, error) { return i.Recognised(ctx, authority, did) }
		if foreign != nil {
			judge = func() (*verifier.Report, error) { return foreign.verify(ctx, []string{token}) }
			entity = func(did string) (schema.Entity, error) { return foreign.cfg.Recognition.Entity(ctx, did) }
		}
		found, err := judge()
		if err != nil {
			return err
		}
		c, err := a.goodAccreditation(found)
		if err != nil {
			return err
		}
		accrediter, err := entity(c.Issuer.ID)
		if err != nil {
			return err
		}
		r, err := accreditedBy(c, accrediter, o)
		if err != nil {
			return err
		}
		if o.document != "" {
			if r.Document, err = a.readJSON(o.document); err != nil {
				return err
			}
		}
		out, err := i.RecogniseAccredited(ctx, a.actor(), authority, r)
		if err != nil {
			return err
		}
		a.tellAccredited(c.View().Accreditation, r, out)
		return a.tellRecognised(out.Record, r.Schemas)
	})
}

// goodAccreditation gives the accreditation of a report that finds it valid,
// and says in the report's own words why not otherwise.
func (a *app) goodAccreditation(r *verifier.Report) (*schema.Credential, error) {
	if r.Verdict != verifier.Valid || len(r.Credentials()) != 1 {
		reason := ""
		if c, ok := r.Because(0); ok {
			reason = strings.TrimSuffix(report.Sentence(i18n.Match(a.lang), c), ".")
		}
		return nil, fail(exitOf(r.Verdict), "accreditation_not_good", "reason", reason)
	}
	if r.Credentials()[0].Amber {
		return nil, fail(exitUnknown, "accreditation_stale")
	}
	c := r.Credentials()[0].Document
	if c.Kind() != schema.KindTrainingProviderAccreditation {
		return nil, fail(exitUsage, "accreditation_other", "kind", firstOf(c.Kind(), c.Name, "?"))
	}
	return c, nil
}

// accreditedBy translates an accreditation: its body, what it lets that body
// issue, its days and its keys. Whether a body may accredit others, or say what
// an employment passport is, is for the authority to say and not for whoever
// accredits.
func accreditedBy(c *schema.Credential, accrediter schema.Entity, o trustRecogniseOptions) (issuer.Accredited, error) {
	r := issuer.Accredited{Recognise: o.Recognise, By: c.Issuer.ID, ReplaceKeys: o.replaceKeys}
	body, identity := c.Holder()
	if body == c.Issuer.ID {
		return r, fail(exitInvalid, "accreditation_self", "did", body)
	}
	accredited := c.View().Accreditation
	permissions := accredited.Issues()
	if len(permissions) == 0 {
		return r, fail(exitInvalid, "accreditation_issues_nothing")
	}
	r.DID, r.Keys = body, accredited.Keys
	for _, p := range permissions {
		switch {
		case p.Schema == schema.KindTrainingProviderAccreditation && !o.allowAccrediting:
			return r, fail(exitInvalid, "accreditation_accredits", "did", body)
		case p.Schema == schema.KindEmploymentPassport && !o.allowPassports:
			return r, fail(exitInvalid, "accreditation_passports", "did", body)
		}
		r.Schemas = append(r.Schemas, p.Schema)
		r.Scopes, r.From, r.Until = p.Scopes, p.From, p.Until // of the accreditation as a whole
	}
	for _, i := range identity {
		if i.Type == schema.IdentityName {
			r.SaidName = i.Value
		}
	}
	r.Since = accreditingSince(accrediter, c.ValidFrom)
	return r, nil
}

// accreditingSince is the first day of the recognition by which an accrediter
// could accredit on a day; zero is open.
func accreditingSince(e schema.Entity, on time.Time) (since time.Time) {
	found := false
	for _, p := range e.RecognizedTo {
		accredits := p.Schema == schema.KindTrainingProviderAccreditation || p.Schema == schema.SchemaOf(schema.KindTrainingProviderAccreditation)
		if accredits && p.Covers(on) && (!found || p.From.Before(since)) {
			since, found = p.From, true
		}
	}
	return since
}

// tellAccredited says aloud in what the recognition is not what the
// accreditation says.
func (a *app) tellAccredited(said *schema.Accreditation, r issuer.Accredited, out issuer.Outcome) {
	if out.KeptName {
		a.warn("trust.kept_name", "said", r.SaidName, "name", out.Record.Name)
	}
	switch {
	case len(out.LeftKeys) > 0 && r.ReplaceKeys:
		a.warn("trust.own_keys", "kids", strings.Join(out.LeftKeys, ", "))
	case len(out.LeftKeys) > 0:
		a.warn("trust.left_keys", "kids", strings.Join(out.LeftKeys, ", "))
	}
	if out.KeptEnd {
		a.warn("trust.kept_end", "name", out.Record.Name)
	}
	if !out.Since.IsZero() {
		a.warn("trust.clipped_from", "from", dayWords(out.Since))
	}
	var limits []string
	for _, level := range said.LimitEQF {
		limits = append(limits, "EQF "+strconv.Itoa(level))
	}
	for _, field := range said.LimitFields {
		limits = append(limits, "ISCED-F "+field)
	}
	if limits = append(limits, said.LimitRegions...); len(limits) > 0 {
		a.warn("trust.limits_unheld", "limits", strings.Join(limits, ", "))
	}
}
