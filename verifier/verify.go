package verifier

import (
	"context"
	"crypto"
	"errors"
	"time"
)

// Verifier judges credentials. It is safe for use by many goroutines.
type Verifier struct {
	cfg Config
}

// HolderBinding is what a verifier asked the holder to sign: its own name and
// a value used once. Empty means not asked.
type HolderBinding struct{ Audience, Nonce string }

var errSoon = errors.New("verifier: not yet")

// New makes a Verifier, or says what is missing.
func New(cfg Config) (*Verifier, error) {
	if cfg.Now == nil {
		return nil, errNoClock
	}
	return &Verifier{cfg: cfg}, nil
}

// VerifyCredential judges one credential with the status assertions that came with it.
func (v *Verifier) VerifyCredential(ctx context.Context, token string, assertions ...string) (*Report, error) {
	return nil, errSoon
}

// VerifyPresentation judges a presentation and every credential in it.
func (v *Verifier) VerifyPresentation(ctx context.Context, token string, want HolderBinding, assertions ...string) (*Report, error) {
	return nil, errSoon
}

// Verify judges what one code or file held: credentials or presentations, then assertions.
func (v *Verifier) Verify(ctx context.Context, tokens []string, want HolderBinding) (*Report, error) {
	return nil, errSoon
}

// SelfCheck is an issuer's own look at what it has just signed: signature,
// shape and rules; never dates, status or recognition.
func SelfCheck(ctx context.Context, token string, pub crypto.PublicKey, kid string, now time.Time) error {
	return errSoon
}
