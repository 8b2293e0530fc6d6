package verifier

import (
	"context"
	"slices"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/schema"
)

// part is the judging of one credential.
type part struct {
	*session
	number int
	token  string
	digest [16]byte
	by     signer
	doc    *schema.Credential
	claims claims
	out    Credential
}

func (p *part) pass(code string, args ...string)      { p.add(p.number, code, Passed, args) }
func (p *part) note(code string, args ...string)      { p.add(p.number, code, Noted, args) }
func (p *part) aged(code string, args ...string)      { p.add(p.number, code, Aged, args) }
func (p *part) undecided(code string, args ...string) { p.add(p.number, code, Undecided, args) }
func (p *part) fail(code string, args ...string)      { p.add(p.number, code, Failed, args) }

func (p *part) tell(q *problem) { p.add(p.number, q.code, q.outcome, q.args()) }

// judge asks the questions in order. Whatever stands before the signature
// check ends the judging when it fails: nothing is read from an unsigned text.
func (s *session) judge(ctx context.Context, token string, shown *binding) *part {
	s.count++
	p := &part{session: s, number: s.count, token: token}
	p.out.Number = p.number
	p.out.Status.State = StatusUnknown
	if !p.genuine(ctx) {
		return p
	}
	p.rules()
	p.recognise(ctx)
	p.dates()
	p.status(ctx)
	p.holder(shown)
	return p
}

// genuine: the gate, the key of the issuer, the signature, the shape of the
// document, and claims that do not contradict it.
func (p *part) genuine(ctx context.Context) bool {
	_, payload, err := jose.Verify(ctx, jose.TypeVC, p.token, p.keyFunc(forCredentials, &p.by))
	if err != nil {
		q := problemOf(err)
		if q.outcome == Failed {
			p.out.Genuine = No
		}
		p.tell(q)
		return false
	}
	p.out.Genuine = No
	if p.doc, err = schema.ParseCredential(payload); err != nil {
		p.faults(CodeShape, schema.FaultsOf(err))
		return false
	}
	if p.claims, err = readClaims(payload); err != nil {
		p.fail(CodeShape)
		return false
	}
	if !p.consistent() {
		return false
	}
	if p.digest, err = jose.Digest(p.token); err != nil {
		p.tell(problemOf(err))
		return false
	}
	p.out.Genuine = Yes
	p.out.Document = p.doc
	p.pass(CodeSignature)
	return true
}

// consistent: the key is the issuer's own (B10), iss, jti and sub agree with
// the document (B09), and the document is none of our signed lists (D18, P9).
func (p *part) consistent() bool {
	subject, _ := p.doc.Holder()
	if p.by.id != p.doc.Issuer.ID {
		p.fail(CodeKid)
		return false
	}
	if claim := p.claims.disagreement(p.doc.Issuer.ID, p.doc.ID, subject); claim != "" {
		p.fail(CodeIssuer, "claim", claim)
		return false
	}
	for _, t := range notCredentials {
		if slices.Contains(p.doc.Types, t) {
			p.fail(CodeType)
			return false
		}
	}
	if p.claims.badIat {
		if p.doc.Kind() != "" {
			p.fail(CodeClaim, "claim", "iat")
			return false
		}
		p.note(CodeIatIgnored)
	}
	return true
}

// notCredentials are signed lists in the form of a credential: they speak of
// issuers and bits, never of a learner.
var notCredentials = []string{"BitstringStatusListCredential", "PassportRecognition", "RecognizedEntityCredential"}

// rules are those of our own documents (section 7 of the domain). Rules about
// the future are the dates' business.
func (p *part) rules() {
	if faults := p.doc.Rules(time.Time{}); len(faults) > 0 {
		p.faults(CodeRule, faults)
	} else if p.doc.Kind() != "" {
		p.pass(CodeRules)
	}
	if p.doc.Kind() == "" && len(p.doc.Schemas) > 0 {
		p.note(CodeSchemaUnchecked)
	}
	if p.doc.Supersedes != "" {
		p.note(CodeSupersedes, "id", p.doc.Supersedes)
	}
}

// maxFaults keeps a hostile document from filling the report.
const maxFaults = 8

func (p *part) faults(code string, faults schema.Faults) {
	if len(faults) == 0 {
		p.fail(code)
	}
	for _, f := range faults[:min(len(faults), maxFaults)] {
		args := make([]string, 0, 4+2*len(f.Args))
		for name, value := range f.Args {
			args = append(args, name, value)
		}
		p.fail(code, append(args, "rule", f.Code, "pointer", f.Pointer)...)
	}
}
