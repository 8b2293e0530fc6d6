package main

import (
	"encoding/json"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// reportJSON is what verify prints with --json. Scripts rely on the names.
type reportJSON struct {
	Input       string           `json:"input,omitempty"` // with many inputs only
	Verdict     verifier.Verdict `json:"verdict"`
	AsOf        *string          `json:"asOf"`
	CheckedAt   *string          `json:"checkedAt"` // when this was judged; asOf is of which day it speaks
	Amber       bool             `json:"amber"`
	Reason      string           `json:"reason,omitempty"` // code of the check that decided
	Genuine     verifier.Answer  `json:"genuine"`
	Recognised  verifier.Answer  `json:"recognised"`
	Status      statusJSON       `json:"status"`
	Holder      *verifier.Holder `json:"holder"`
	Audience    string           `json:"audience,omitempty"`
	Authority   *authorityJSON   `json:"authority"`
	Checks      []checkJSON      `json:"checks"`
	Credentials []credentialJSON `json:"credentials"`
}

type statusJSON struct {
	State verifier.StatusState `json:"state"`
	AsOf  *string              `json:"asOf"`
}

type authorityJSON struct {
	Name   string `json:"name"`
	DID    string `json:"did"`
	Anchor string `json:"anchor"`
}

type checkJSON struct {
	Code       string            `json:"code"`
	Outcome    verifier.Outcome  `json:"outcome"`
	Message    string            `json:"message"`
	Credential int               `json:"credential,omitempty"` // its number from 1
	Args       map[string]string `json:"args,omitempty"`
}

type credentialJSON struct {
	Number     int               `json:"number"`
	Verdict    verifier.Verdict  `json:"verdict"`
	Amber      bool              `json:"amber"`
	Reason     string            `json:"reason,omitempty"`
	Genuine    verifier.Answer   `json:"genuine"`
	Recognised verifier.Answer   `json:"recognised"`
	Status     statusJSON        `json:"status"`
	Holder     *verifier.Holder  `json:"holder"`
	Format     string            `json:"format"` // vc+jwt or ob3
	ID         string            `json:"id,omitempty"`
	Type       []string          `json:"type"`
	Issuer     issuerJSON        `json:"issuer"`
	ValidFrom  *string           `json:"validFrom"`
	Until      *string           `json:"validUntil"`
	Subject    string            `json:"subject,omitempty"`
	Compare    []schema.Identity `json:"compare,omitempty"`
	Hash       string            `json:"credentialHash"`
	Content    schema.View       `json:"content"`
}

type issuerJSON struct {
	ID           string `json:"id"`
	Name         string `json:"name,omitempty"` // as the document says
	Country      string `json:"country,omitempty"`
	Region       string `json:"region,omitempty"`
	RecognisedAs string `json:"recognisedAs,omitempty"` // as the authority says
}

func newReportJSON(lang string, now time.Time, j judged, named bool) reportJSON {
	out := reportJSON{CheckedAt: instant(now), Checks: []checkJSON{}, Credentials: []credentialJSON{}, Status: statusJSON{State: verifier.StatusUnknown}}
	if named {
		out.Input = j.input
	}
	if j.report == nil {
		out.Reason = j.problem.code
		out.Checks = append(out.Checks, checkJSON{Code: j.problem.code, Outcome: verifier.Undecided, Message: problemWords(lang, j.problem)})
		return out
	}
	r := j.report
	out.Verdict, out.Amber, out.Reason, out.AsOf = r.Verdict, r.Amber, r.Reason, instant(r.AsOf)
	out.Genuine, out.Recognised, out.Status, out.Holder = r.Genuine, r.Recognised, newStatusJSON(r.Status), holderOf(r.Holder)
	out.Audience = r.Audience
	if r.Authority != (schema.Authority{}) {
		out.Authority = &authorityJSON{r.Authority.Name, r.Authority.DID, r.Authority.Anchor}
	}
	for _, c := range r.Checks {
		out.Checks = append(out.Checks, checkJSON{c.Code, c.Outcome, checkWords(lang, c), c.Credential, c.Args})
	}
	for _, base := range j.foreign {
		args := map[string]string{"base": base}
		out.Checks = append(out.Checks, checkJSON{Code: "base_unknown", Outcome: verifier.Noted, Message: i18n.T(lang, "check.base_unknown", map[string]string{"base": neutral(base)}), Args: args})
	}
	for _, c := range r.Credentials() {
		out.Credentials = append(out.Credentials, newCredentialJSON(c))
	}
	return out
}

func newCredentialJSON(c verifier.Credential) credentialJSON {
	subject, _ := c.Document.Holder()
	return credentialJSON{
		Number: c.Number, Verdict: c.Verdict, Amber: c.Amber, Reason: c.Reason,
		Genuine: c.Genuine, Recognised: c.Recognised, Status: newStatusJSON(c.Status), Holder: holderOf(c.Holder),
		Format: c.Format, ID: c.Document.ID, Type: c.Document.Types,
		Issuer: issuerJSON{
			ID: c.Document.Issuer.ID, Name: c.Document.Issuer.Name,
			Country: c.Document.Issuer.Country, Region: c.Document.Issuer.Region, RecognisedAs: c.IssuedBy,
		},
		ValidFrom: instant(c.Document.ValidFrom), Until: instant(c.Until),
		Subject: subject, Compare: c.Compare, Hash: c.Hash, Content: c.Document.View(),
	}
}

func newStatusJSON(s verifier.Status) statusJSON { return statusJSON{s.State, instant(s.AsOf)} }

// instant is RFC 3339 in UTC; a time that is not known is null.
func instant(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := t.UTC().Format(time.RFC3339)
	return &s
}

func holderOf(h verifier.Holder) *verifier.Holder {
	if h == "" {
		return nil
	}
	return &h
}

func problemWords(lang string, f *failure) string {
	if key := "error." + f.code; i18n.Has(key) {
		return oneLine(i18n.T(lang, key, f.args))
	}
	return oneLine(f.Error())
}

// jsonPrinter prints one object a line.
type jsonPrinter struct {
	app  *app
	many bool
}

func (p *jsonPrinter) print(j judged) error {
	e := json.NewEncoder(p.app.out)
	e.SetEscapeHTML(false)
	return e.Encode(newReportJSON(i18n.Match(p.app.lang), p.app.now(), j, p.many))
}

func (p *jsonPrinter) end() error { return nil }
