package wallet

import (
	"bytes"
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/employment-passport/passport/internal/jose"
)

// Bounds of a presentation.
const (
	// DefaultLifetime is also the longest without an audience: who finds a
	// picture of the code an hour later must not be able to use it.
	DefaultLifetime = 5 * time.Minute
	MaxLifetime     = 366 * 24 * time.Hour
	MaxShown        = 10 // credentials in one presentation, as in one QR code
)

var (
	ErrNothingToShow = errors.New("no credential to show")
	ErrTooManyShown  = errors.New("too many credentials for one presentation")
	// ErrNeedsAudience: a lifetime above five minutes, or a nonce, without an
	// audience.
	ErrNeedsAudience = errors.New("needs an audience")
	ErrLifetime      = errors.New("lifetime out of range")
)

// Showing says how credentials are to be shown.
type Showing struct {
	Audience string        // for whom; empty for whoever looks
	Nonce    string        // the verifier's own, proves that this is no replay
	For      time.Duration // zero means DefaultLifetime
	Now      time.Time
}

// Presented is a signed presentation with the status stapled to it.
type Presented struct {
	Token      string   // vp+jwt
	Assertions []string // live status assertions of what is shown, in its order
	ExpiresAt  time.Time
	Shown      []Held
}

// Tokens is what travels: the presentation, then the status assertions.
func (p *Presented) Tokens() []string { return append([]string{p.Token}, p.Assertions...) }

// presentation is a VerifiablePresentation of VCDM 2.0 around enveloped
// credentials (section 4.13) with the JWT claims of RFC 7519. The order of the
// members is fixed: the QR dictionary relies on it.
type presentation struct {
	Context     []string   `json:"@context"`
	Type        []string   `json:"type"`
	Holder      string     `json:"holder"`
	Credentials []envelope `json:"verifiableCredential"`
	Audience    string     `json:"aud,omitempty"`
	Nonce       string     `json:"nonce,omitempty"`
	IssuedAt    int64      `json:"iat"`
	Expires     int64      `json:"exp"`
}

type envelope struct {
	Context string `json:"@context"`
	Type    string `json:"type"`
	ID      string `json:"id"`
}

const vcdm2 = "https://www.w3.org/ns/credentials/v2"

// Present signs a presentation of the credentials named by refs, each of them
// once, with the holder's key. A credential of another key may be shown; the
// verifier will then say mismatch, so ask Owner and tell the person first.
func (w *Wallet) Present(ctx context.Context, refs []string, s Showing) (*Presented, error) {
	if s.For == 0 {
		s.For = DefaultLifetime
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	shown, err := w.pick(refs)
	if err != nil {
		return nil, err
	}
	vp := presentation{
		Context: []string{vcdm2}, Type: []string{"VerifiablePresentation"}, Holder: w.did,
		Audience: s.Audience, Nonce: s.Nonce,
		IssuedAt: s.Now.Unix(), Expires: s.Now.Add(s.For).Unix(),
	}
	out := &Presented{Shown: shown, ExpiresAt: time.Unix(vp.Expires, 0).UTC()}
	for _, h := range shown {
		vp.Credentials = append(vp.Credentials, envelope{
			Context: vcdm2, Type: "EnvelopedVerifiableCredential", ID: mediaOf(h.Token) + h.Token,
		})
		if a, ok := h.LiveAssertion(s.Now); ok {
			out.Assertions = append(out.Assertions, a.Token)
		}
	}
	out.Token, err = w.sign(ctx, vp)
	return out, err
}

// mediaOf begins the data URL of a token (VCDM 2.0 section 4.13): that of an
// Open Badge is a plain JWT.
func mediaOf(token string) string {
	if jose.TypeOf(token) == jose.TypeOpenBadge {
		return "data:application/jwt,"
	}
	return "data:application/vc+jwt,"
}

func (s Showing) check() error {
	switch {
	case s.For < time.Second || s.For > MaxLifetime:
		return fmt.Errorf("%w: %s", ErrLifetime, s.For)
	case s.Audience == "" && (s.For > DefaultLifetime || s.Nonce != ""):
		return ErrNeedsAudience
	}
	return nil
}

func (w *Wallet) pick(refs []string) ([]Held, error) {
	var shown []Held
	seen := map[string]bool{}
	for _, ref := range refs {
		h, err := w.Find(ref)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", ref, err)
		}
		if !seen[h.Hash] {
			seen[h.Hash] = true
			shown = append(shown, h)
		}
	}
	switch {
	case len(shown) == 0:
		return nil, ErrNothingToShow
	case len(shown) > MaxShown:
		return nil, fmt.Errorf("%w: %d of at most %d", ErrTooManyShown, len(shown), MaxShown)
	}
	return shown, nil
}

// sign signs and then verifies what it has signed with the code that the world
// uses: a fault in memory must not go out on paper.
func (w *Wallet) sign(ctx context.Context, vp presentation) (string, error) {
	var payload bytes.Buffer
	enc := json.NewEncoder(&payload)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(vp); err != nil {
		return "", fmt.Errorf("write presentation: %w", err)
	}
	token, err := jose.Sign(ctx, jose.TypeVP, w.kid(), w.key, bytes.TrimRight(payload.Bytes(), "\n"))
	if err != nil {
		return "", fmt.Errorf("sign presentation: %w", err)
	}
	own := func(context.Context, jose.Header, []byte) (crypto.PublicKey, error) { return w.key.Public(), nil }
	if _, _, err := jose.Verify(ctx, jose.TypeVP, token, own); err != nil {
		return "", fmt.Errorf("check own presentation: %w", err)
	}
	return token, nil
}
