package verifier

import (
	"context"

	"github.com/employment-passport/passport/internal/jose"
)

// Verifier judges credentials. It is safe for use by many goroutines.
type Verifier struct {
	cfg     Config
	policy  Policy
	lists   listCache
	derived derivedKeys
	memo    memo
}

// HolderBinding is what a verifier asked the holder to sign: its own name and
// a value used once. Empty means not asked. The verifier keeps no nonces: who
// hands one out takes it back once.
type HolderBinding struct{ Audience, Nonce string }

func (w HolderBinding) asked() bool { return w.Audience != "" || w.Nonce != "" }

// New makes a Verifier, or says what is missing.
func New(cfg Config) (*Verifier, error) {
	if cfg.Now == nil {
		return nil, errNoClock
	}
	p := cfg.Policy
	if p.FreshStatus < 0 || p.MaxStatusAge < 0 || p.Skew < 0 {
		return nil, errPolicy
	}
	return &Verifier{cfg: cfg, policy: p.withDefaults()}, nil
}

// VerifyCredential judges one credential with the status assertions that came
// with it. Whoever shows it has signed nothing, so the holder is to be
// compared. An error means that ctx has ended; everything else is in the
// report.
func (v *Verifier) VerifyCredential(ctx context.Context, token string, assertions ...string) (*Report, error) {
	s := v.begin()
	s.staple(assertions)
	return s.finish(ctx, []*part{s.judge(ctx, token, formatOf(token), nil)})
}

// VerifyPresentation judges a presentation and every credential in it, with
// the audience and the nonce that were asked for.
func (v *Verifier) VerifyPresentation(ctx context.Context, token string, want HolderBinding, assertions ...string) (*Report, error) {
	s := v.begin()
	s.staple(assertions)
	return s.finish(ctx, s.show(ctx, token, want))
}

// Verify judges what one code or file held: credentials or presentations, then
// status assertions. Each token goes the way of its own typ.
func (v *Verifier) Verify(ctx context.Context, tokens []string, want HolderBinding) (*Report, error) {
	s := v.begin()
	var shown, plain, stapled []string
	for _, token := range tokens {
		h, _, err := jose.ParseUnverified(token)
		switch {
		case err == nil && h.Typ == string(jose.TypeVP):
			shown = append(shown, token)
		case err == nil && h.Typ == string(jose.TypeStatusAssertion):
			stapled = append(stapled, token)
		default: // a bad token is refused by judge, with its reason
			plain = append(plain, token)
		}
	}
	if len(shown)+len(plain) > MaxCredentials {
		s.tooMany()
		return s.finish(ctx, s.unreadable(Failed))
	}
	s.staple(stapled)
	var parts []*part
	for _, token := range shown {
		parts = append(parts, s.show(ctx, token, want)...)
	}
	if len(plain) > 0 && want.asked() {
		s.whole(CodePresentationMissing, Undecided)
	}
	for _, token := range plain {
		parts = append(parts, s.judge(ctx, token, formatOf(token), nil))
	}
	return s.finish(ctx, parts)
}
