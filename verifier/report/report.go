// Package report turns what a verifier found into what others read: JSON for
// programs, a line of a table, and the words of a page or a terminal in the
// reader's language. It judges nothing and knows no clock.
package report

import (
	"time"

	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// Report is a verifier's report as JSON: what the service answers, what
// "passport verify --json" prints and what a page keeps. Programs rely on the
// names.
type Report struct {
	Input       string           `json:"input,omitempty"` // with many inputs only
	Verdict     verifier.Verdict `json:"verdict"`
	AsOf        *string          `json:"asOf"`
	CheckedAt   *string          `json:"checkedAt"` // when this was judged; asOf is of which day it speaks
	Amber       bool             `json:"amber"`
	Reason      string           `json:"reason,omitempty"` // code of the check that decided
	Genuine     verifier.Answer  `json:"genuine"`
	Recognised  verifier.Answer  `json:"recognised"`
	Status      Status           `json:"status"`
	Holder      *verifier.Holder `json:"holder"`
	Audience    string           `json:"audience,omitempty"`
	Authority   *Authority       `json:"authority"`
	Checks      []Check          `json:"checks"`
	Credentials []Credential     `json:"credentials"`
}

// Status is a dated state.
type Status struct {
	State verifier.StatusState `json:"state"`
	AsOf  *string              `json:"asOf"`
}

// Authority is who recognises the issuers.
type Authority struct {
	Name   string `json:"name"`
	DID    string `json:"did"`
	Anchor string `json:"anchor"`
}

// Check is one question with its outcome; Message is in the reader's language.
type Check struct {
	Code       string            `json:"code"`
	Outcome    verifier.Outcome  `json:"outcome"`
	Message    string            `json:"message"`
	Credential int               `json:"credential,omitempty"` // its number from 1
	Args       map[string]string `json:"args,omitempty"`
}

// Credential is what may be told of a credential whose signature is good.
type Credential struct {
	Number     int               `json:"number"`
	Verdict    verifier.Verdict  `json:"verdict"`
	Amber      bool              `json:"amber"`
	Reason     string            `json:"reason,omitempty"`
	Genuine    verifier.Answer   `json:"genuine"`
	Recognised verifier.Answer   `json:"recognised"`
	Status     Status            `json:"status"`
	Holder     *verifier.Holder  `json:"holder"`
	Format     string            `json:"format"` // vc+jwt or ob3
	ID         string            `json:"id,omitempty"`
	Type       []string          `json:"type"`
	Issuer     Issuer            `json:"issuer"`
	ValidFrom  *string           `json:"validFrom"`
	Until      *string           `json:"validUntil"`
	Subject    string            `json:"subject,omitempty"`
	Compare    []schema.Identity `json:"compare,omitempty"`
	Hash       string            `json:"credentialHash"`
	Content    schema.View       `json:"content"`
}

// Issuer is who issued a credential.
type Issuer struct {
	ID           string `json:"id"`
	Name         string `json:"name,omitempty"` // as the document says
	Country      string `json:"country,omitempty"`
	Region       string `json:"region,omitempty"`
	RecognisedAs string `json:"recognisedAs,omitempty"` // as the authority says
}

// Unjudged is the report of what could not be read.
func Unjudged(now time.Time, code, message string) Report {
	return Report{
		CheckedAt: Instant(now), Reason: code, Status: Status{State: verifier.StatusUnknown}, Credentials: []Credential{},
		Checks: []Check{{Code: code, Outcome: verifier.Undecided, Message: message}},
	}
}

// New writes a report made at now, with its messages in a language.
func New(lang string, now time.Time, r *verifier.Report) Report {
	out := Report{
		CheckedAt: Instant(now), Verdict: r.Verdict, Amber: r.Amber, Reason: r.Reason, AsOf: Instant(r.AsOf),
		Genuine: r.Genuine, Recognised: r.Recognised, Status: newStatus(r.Status), Holder: holderOf(r.Holder), Audience: r.Audience,
		Checks: make([]Check, 0, len(r.Checks)), Credentials: []Credential{},
	}
	if r.Authority != (schema.Authority{}) {
		out.Authority = &Authority{r.Authority.Name, r.Authority.DID, r.Authority.Anchor}
	}
	for _, c := range r.Checks {
		out.Checks = append(out.Checks, Check{c.Code, c.Outcome, Words(lang, c), c.Credential, c.Args})
	}
	for _, c := range r.Credentials() {
		out.Credentials = append(out.Credentials, newCredential(c))
	}
	return out
}

func newCredential(c verifier.Credential) Credential {
	subject, _ := c.Document.Holder()
	return Credential{
		Number: c.Number, Verdict: c.Verdict, Amber: c.Amber, Reason: c.Reason,
		Genuine: c.Genuine, Recognised: c.Recognised, Status: newStatus(c.Status), Holder: holderOf(c.Holder),
		Format: c.Format, ID: c.Document.ID, Type: c.Document.Types,
		Issuer: Issuer{
			ID: c.Document.Issuer.ID, Name: c.Document.Issuer.Name,
			Country: c.Document.Issuer.Country, Region: c.Document.Issuer.Region, RecognisedAs: c.IssuedBy,
		},
		ValidFrom: Instant(c.Document.ValidFrom), Until: Instant(c.Until),
		Subject: subject, Compare: c.Compare, Hash: c.Hash, Content: c.Document.View(),
	}
}

func newStatus(s verifier.Status) Status { return Status{s.State, Instant(s.AsOf)} }

// Instant is RFC 3339 in UTC; a time that is not known is null.
func Instant(t time.Time) *string {
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

// Note adds a check that changes no answer.
func (r *Report) Note(lang string, c verifier.Check) {
	r.Checks = append(r.Checks, Check{c.Code, c.Outcome, Words(lang, c), c.Credential, c.Args})
}
