package wallet

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// ErrSameID: another credential with the same id is held already.
var ErrSameID = errors.New("another credential with this id is held")

// Judge checks a credential before it is kept; *verifier.Verifier is one. A
// Judge that has no trust bundle is useful too: it finds bad signatures of
// issuers whose key stands in their name.
type Judge interface {
	VerifyCredential(ctx context.Context, token string, assertions ...string) (*verifier.Report, error)
}

// RefusedError says that a credential is not kept because it is not genuine.
type RefusedError struct {
	ID     string
	Checks []verifier.Check // those that failed
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("credential %s is not genuine: %s", e.ID, e.Codes())
}

// Codes names the failed checks.
func (e *RefusedError) Codes() string {
	codes := make([]string, len(e.Checks))
	for i, c := range e.Checks {
		codes[i] = c.Code
	}
	return strings.Join(codes, ", ")
}

// Parcel is what one file or code held, read and judged, ready for Keep.
type Parcel struct {
	held  []Held
	loose []Assertion // of credentials that did not come along
}

// Receive reads tokens: credentials, presentations (what is inside them is
// taken out, each credential for itself) and status assertions. It keeps
// nothing. A credential whose signature is bad refuses the whole parcel with a
// *RefusedError; one that is revoked, expired or of an unknown issuer is taken
// with the verdict noted. Without a trust bundle it is taken unchecked.
func Receive(ctx context.Context, tokens []string, judge Judge, now time.Time) (*Parcel, error) {
	p := &Parcel{}
	for _, token := range tokens {
		if err := p.read(token, now); err != nil {
			return nil, err
		}
	}
	if len(p.held) == 0 && len(p.loose) == 0 {
		return nil, ErrNotCredential
	}
	p.bind()
	if judge == nil {
		return p, nil
	}
	for i := range p.held {
		if err := p.held[i].judge(ctx, judge, now); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *Parcel) read(token string, now time.Time) error {
	head, payload, err := jose.ParseUnverified(token)
	if err != nil {
		return err
	}
	switch head.Type() {
	case jose.TypeVC, jose.TypeOpenBadge:
		h, err := vaultedCred{Token: token, ImportedAt: now.UTC().Truncate(time.Second)}.held()
		if err != nil {
			return err
		}
		p.held = append(p.held, h)
		return nil
	case jose.TypeVP:
		vp, err := schema.ParsePresentation(payload)
		if err != nil {
			return err
		}
		return p.unpack(vp, now)
	case jose.TypeStatusAssertion:
		a, err := parseAssertion(token)
		if err != nil {
			return err
		}
		p.loose = append(p.loose, a)
		return nil
	default:
		return fmt.Errorf("%w: typ %q", ErrNotCredential, head.Typ)
	}
}

// unpack takes the credentials out of a presentation. A presentation inside
// another is no credential and is refused.
func (p *Parcel) unpack(vp *schema.Presentation, now time.Time) error {
	for _, token := range vp.Tokens {
		head, _, err := jose.ParseUnverified(token)
		if err != nil {
			return err
		}
		if !isCredential(head) {
			return fmt.Errorf("%w: typ %q", ErrNotCredential, head.Typ)
		}
		if err := p.read(token, now); err != nil {
			return err
		}
	}
	return nil
}

// bind gives each assertion to its credential.
func (p *Parcel) bind() {
	var loose []Assertion
	for _, a := range p.loose {
		bound := false
		for i := range p.held {
			if p.held[i].Hash == a.Hash {
				p.held[i].staple(a)
				bound = true
			}
		}
		if !bound {
			loose = append(loose, a)
		}
	}
	p.loose = loose
}

// judge asks for a verdict and notes it. Without a bundle there is no verdict
// worth noting, only a signature that may turn out to be false.
func (h *Held) judge(ctx context.Context, judge Judge, now time.Time) error {
	var stapled []string
	if a, ok := h.LiveAssertion(now); ok {
		stapled = append(stapled, a.Token)
	}
	report, err := judge.VerifyCredential(ctx, h.Token, stapled...)
	if err != nil {
		return fmt.Errorf("check credential %s: %w", h.ID, err)
	}
	if report.Genuine == verifier.No {
		refused := &RefusedError{ID: h.ID}
		for _, c := range report.Checks {
			if c.Outcome == verifier.Failed {
				refused.Checks = append(refused.Checks, c)
			}
		}
		return refused
	}
	if report.Authority.Anchor != "" {
		h.Checked = noteOf(report, now)
	}
	return nil
}

func noteOf(r *verifier.Report, now time.Time) *Check {
	return &Check{
		At: now.UTC().Truncate(time.Second), Verdict: r.Verdict.String(),
		Genuine: answer(r.Genuine), Recognised: answer(r.Recognised),
		State: string(r.Status.State), StatusAsOf: r.Status.AsOf.UTC(),
	}
}

func answer(a verifier.Answer) *bool {
	if a == verifier.NotKnown {
		return nil
	}
	yes := a == verifier.Yes
	return &yes
}

// Kept tells what became of one credential of a parcel.
type Kept struct {
	Held
	New bool // false: it was there already; its status may be newer now
}

// Keep puts a parcel into the wallet, all of it or, with an error, nothing.
func (w *Wallet) Keep(p *Parcel) ([]Kept, error) {
	before := w.Held()
	var out []Kept
	for _, h := range p.held {
		k, err := w.keep(h)
		if err != nil {
			w.held = before
			return nil, fmt.Errorf("%s: %w", h.ID, err)
		}
		out = append(out, k)
	}
	for _, a := range p.loose {
		i := w.byHash(a.Hash)
		if i < 0 {
			w.held = before
			return nil, fmt.Errorf("status assertion of a credential that the wallet does not hold: %w", ErrNotFound)
		}
		h := w.held[i].clone()
		h.staple(a)
		w.held[i] = h
		out = append(out, Kept{Held: h})
	}
	return out, nil
}

// keep adds h or brings what is known of it up to date. Two tokens with one id
// are two credentials, and one of them is wrong: what has been found genuine
// stays, or takes the place of what nobody has checked.
func (w *Wallet) keep(h Held) (Kept, error) {
	if i := w.byHash(h.Hash); i >= 0 {
		old := w.held[i].clone()
		for _, a := range h.Assertions {
			old.staple(a)
		}
		if h.Checked != nil {
			old.Checked = h.Checked
		}
		w.held[i] = old
		return Kept{Held: old}, nil
	}
	for i, other := range w.held {
		if h.ID == "" || other.ID != h.ID {
			continue
		}
		if other.genuine() || !h.genuine() {
			return Kept{}, ErrSameID
		}
		w.held[i] = h
		return Kept{Held: h, New: true}, nil
	}
	if len(w.held) >= MaxCredentials {
		return Kept{}, ErrFull
	}
	w.held = append(w.held, h)
	return Kept{Held: h, New: true}, nil
}

func (h Held) genuine() bool {
	return h.Checked != nil && h.Checked.Genuine != nil && *h.Checked.Genuine
}

func (h Held) recognised() bool {
	return h.genuine() && h.Checked.Recognised != nil && *h.Checked.Recognised
}
