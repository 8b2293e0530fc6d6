package verifier

import (
	"context"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
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
func (s *session) judge(ctx context.Context, token string, f format, shown *binding) *part {
	s.count++
	p := &part{session: s, number: s.count, token: token}
	p.out.Number = p.number
	p.out.Status.State = StatusUnknown
	if !p.genuine(ctx, f) {
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
// document, and claims that fit it.
func (p *part) genuine(ctx context.Context, f format) bool {
	header, payload, err := jose.Verify(ctx, f.typ, p.token, p.keyFunc(forCredentials, &p.by))
	if err != nil {
		q := problemOf(err)
		if q.outcome == Failed {
			p.out.Genuine = No
		}
		p.tell(q)
		return false
	}
	p.out.Genuine = No
	if p.doc, err = schema.ParseChecked(payload); err != nil {
		p.shape(schema.FaultsOf(err))
		return false
	}
	if !p.consistent() || !p.claimsFit(f) {
		return false
	}
	sum, err := jose.AcceptedSum(header, p.token)
	if err != nil {
		p.tell(problemOf(err))
		return false
	}
	p.digest, p.out.Hash = [16]byte(sum[:16]), base64.RawURLEncoding.EncodeToString(sum[:])
	p.out.Genuine, p.out.Format = Yes, f.name
	p.out.Document = p.doc
	p.pass(CodeSignature)
	return true
}

// consistent: the key is the issuer's own (B10), the document is none of our
// signed lists (D18, P9), and iat is a date: in a foreign token a wrong one is
// ignored and told, because it decides nothing.
func (p *part) consistent() bool {
	if p.by.id != p.doc.Issuer.ID {
		p.fail(CodeKid)
		return false
	}
	for _, t := range notCredentials {
		if slices.Contains(p.doc.Types, t) {
			p.fail(CodeType, "case", "list")
			return false
		}
	}
	if !p.doc.Claims.IssuedAtUnreadable {
		return true
	}
	if p.doc.Kind() != "" {
		p.fail(CodeClaim)
		return false
	}
	p.note(CodeIatIgnored)
	return true
}

// notCredentials are signed lists in the form of a credential: they speak of
// issuers and bits, never of a learner.
var notCredentials = []string{"BitstringStatusListCredential", "PassportRecognition", "RecognizedEntityCredential"}

// rules are those of our own documents (section 7 of the domain). Rules about
// the future are the dates' business. Where there is no status entry, or one
// that no list can answer, the status check has the word, and no rule speaks
// over it; a fault in an entry that it would take for good is a broken rule.
func (p *part) rules() {
	faults := slices.DeleteFunc(p.doc.Rules(time.Time{}), p.leftToStatus)
	if len(faults) > 0 {
		p.broken(faults)
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

// leftToStatus tells whether a fault is of the status check, which gives the
// same thing its own answer.
func (p *part) leftToStatus(f schema.Fault) bool {
	at, ok := strings.CutPrefix(f.Pointer, "/credentialStatus")
	if !ok {
		return false
	}
	entries := p.doc.Status
	if len(entries) == 0 {
		return true
	}
	if at == "" && f.Code == "status_entries" {
		return false // one too many is nobody's fault but the document's
	}
	n := 0
	if first, _, _ := strings.Cut(strings.TrimPrefix(at, "/"), "/"); first != "" {
		if i, err := strconv.Atoi(first); err == nil {
			n = i
		}
	}
	if n >= len(entries) {
		return false
	}
	_, unusable := position(entries[n])
	return unusable != nil
}

// maxFaults keeps a hostile document from filling the report.
const maxFaults = 8

// broken tells each broken rule of a document of ours (the words for it are
// those of the rule).
func (p *part) broken(faults schema.Faults) {
	for _, f := range faults[:min(len(faults), maxFaults)] {
		p.fail(CodeRule, faultArgs(f)...)
	}
}

// shape tells why a signed text is no credential that can be read.
func (p *part) shape(faults schema.Faults) { p.addFaults(p.number, faults) }

func (s *session) addFaults(number int, faults schema.Faults) {
	if len(faults) == 0 {
		s.add(number, CodeShape, Failed, nil)
	}
	for _, f := range faults[:min(len(faults), maxFaults)] {
		s.add(number, shapeCode(f.Code), Failed, faultArgs(f))
	}
}

func faultArgs(f schema.Fault) []string {
	args := make([]string, 0, 4+2*len(f.Args))
	for name, value := range f.Args {
		args = append(args, name, value)
	}
	if f.Code == "dates_order" {
		args = append(args, "case", "order")
	}
	return append(args, "rule", f.Code, "pointer", f.Pointer)
}

// shapeCode gives some faults of the shape the name of the question that they
// answer; the rest is shape.
func shapeCode(fault string) string {
	switch fault {
	case "claim_contradicts":
		return CodeIssuer // B09
	case "claim_forbidden", "claim_form":
		return CodeClaim // C10, C21
	case "dates_order":
		return CodeDates // C14
	case "context_base", "context_item":
		return CodeContext // C18
	}
	return CodeShape
}
