package verifier

import (
	"context"
	"crypto"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/schema"
)

// problem is why a key or a list cannot serve: a code, and whether it speaks
// against the token (Failed) or only leaves the question open (Undecided).
type problem struct {
	code    string
	outcome Outcome
	kase    string
}

func (p *problem) Error() string { return "verifier: " + p.code }

func failed(code string) *problem    { return &problem{code: code, outcome: Failed} }
func undecided(code string) *problem { return &problem{code: code, outcome: Undecided} }

func (p *problem) in(kase string) *problem {
	p.kase = kase
	return p
}

func (p *problem) args() []string {
	if p.kase == "" {
		return nil
	}
	return []string{"case", p.kase}
}

// purpose is what a key is asked for.
type purpose int

const (
	forCredentials purpose = iota
	forStatus
	forShowing // a holder's presentation
)

// signer is the key that a token names, and whose it is.
type signer struct {
	id      string // DID or URL of whoever signed
	key     schema.Key
	derived bool // the key stands in the identifier itself
	listed  bool // the authority names the body that signed
}

// find gives the key that a header names. Its owner comes from kid, which must
// be a DID URL (VC-JOSE-COSE section 4.1.1); only a foreign issuer that is no
// DID may use a plain name, and is then read from the unverified payload.
func (s *session) find(ctx context.Context, h jose.Header, unverified []byte, use purpose) (signer, *problem) {
	owner, _, isURL := strings.Cut(h.Kid, "#")
	if !isURL {
		c, err := readClaims(unverified)
		if err != nil {
			return signer{}, failed(CodeShape)
		}
		owner = c.issuer
		if use == forShowing {
			owner = c.holder
		}
		if owner == "" || h.Kid == "" || strings.HasPrefix(owner, "did:") {
			return signer{}, failed(CodeKid)
		}
	}
	return s.keyOf(ctx, owner, h.Kid, use)
}

// keyOf gives the key of owner with that name.
func (s *session) keyOf(ctx context.Context, owner, kid string, use purpose) (signer, *problem) {
	if !strings.HasPrefix(owner, "did:") {
		return s.sourcedKey(ctx, owner, kid, use)
	}
	method, err := did.Method(owner)
	if err != nil {
		return signer{}, failed(CodeDID)
	}
	if method == "key" || method == "jwk" {
		return s.derivedKey(ctx, owner, kid, use)
	}
	return s.sourcedKey(ctx, owner, kid, use)
}

// sourcedKey asks the source of keys.
func (s *session) sourcedKey(ctx context.Context, owner, kid string, use purpose) (signer, *problem) {
	keys, err := s.keysOf(ctx, owner)
	if err != nil {
		return signer{}, undecided(CodeKeyUnknown)
	}
	by, found := signer{id: owner}, false
	for _, k := range keys {
		if k.KID != kid && (k.Thumbprint != kid || strings.Contains(kid, "#")) {
			continue
		}
		if found && by.key.Thumbprint != k.Thumbprint {
			return signer{}, failed(CodeKey) // two keys of one name (B16)
		}
		if !found || !fits(by.key.Use, use) {
			by.key, found = k, true
		}
	}
	if !found {
		return signer{}, undecided(CodeKeyUnknown)
	}
	by.key = worstState(by.key, keys)
	if !fits(by.key.Use, use) {
		return signer{}, failed(CodePurpose)
	}
	return by, nil
}

// derivedKey reads the key out of a did:key or did:jwk itself; what the source
// of keys says of a key with that thumbprint is its state.
func (s *session) derivedKey(ctx context.Context, owner, kid string, use purpose) (signer, *problem) {
	key, p := s.v.derived.get(owner, kid, use)
	if p != nil {
		return signer{}, p
	}
	by, found := signer{id: owner, key: key, derived: true}, false
	keys, err := s.keysOf(ctx, owner)
	if err != nil {
		return by, nil //nolint:nilerr // the key stands in the DID; only its state stays unsaid
	}
	for _, k := range keys {
		if k.Thumbprint == key.Thumbprint && (!found || !fits(by.key.Use, use)) {
			by.key, found = k, true
		}
	}
	if !found {
		return by, nil
	}
	by.key = worstState(by.key, keys)
	by.key.Public = key.Public
	if !fits(by.key.Use, use) {
		return signer{}, failed(CodePurpose)
	}
	return by, nil
}

// stands tells whether a key may have signed a status on that day. The
// authority's own words decide: it must name the key for status. Keys from
// anywhere else (a did document) show that a token is genuine; who holds a
// domain for an hour takes no revocation back with them.
func (s *session) stands(ctx context.Context, by *signer, on time.Time) bool {
	if by.key.State == schema.KeyCompromised {
		return false
	}
	if !s.known {
		named := by.key.Use == schema.KeyForStatus && by.key.Covers(on)
		return named || by.derived && by.key.Use == ""
	}
	entity, err := s.v.cfg.Recognition.Entity(ctx, by.id)
	if err != nil {
		// Nobody recognises a stranger's key, nor does it need to: nothing that
		// it signs is ever green.
		return by.derived && errors.Is(err, ErrNotRecognised)
	}
	by.listed = true
	named := false
	for i := range entity.Keys {
		k := &entity.Keys[i]
		switch {
		case k.Thumbprint != by.key.Thumbprint:
		case k.State == schema.KeyCompromised:
			return false
		case k.Use == schema.KeyForStatus && k.Covers(on):
			named = true
		}
	}
	return named
}

// keysOf asks Keys, unless the bundle behind it has been refused.
func (s *session) keysOf(ctx context.Context, owner string) ([]schema.Key, error) {
	if s.v.cfg.Keys == nil || s.v.cfg.Recognition != nil && !s.known {
		return nil, ErrKeysUnknown
	}
	return s.v.cfg.Keys.Keys(ctx, owner)
}

// fits keeps the uses apart: a status key signs no credential and the other
// way round. A key whose use nobody states (a did document's) may fit either;
// for a status stands asks further.
func fits(have schema.KeyUse, want purpose) bool {
	switch want {
	case forCredentials:
		return have != schema.KeyForStatus
	case forStatus:
		return have != schema.KeyForCredentials
	}
	return true
}

// worstState carries a compromise over to every name of the same key: the
// state belongs to the thumbprint.
func worstState(key schema.Key, all []schema.Key) schema.Key {
	for _, k := range all {
		if k.Thumbprint == key.Thumbprint && k.State == schema.KeyCompromised {
			key.State, key.CompromisedAt = k.State, k.CompromisedAt
		}
	}
	return key
}

// derivedKeys remembers keys read out of identifiers: the arithmetic of a
// compressed point costs a fifth of a signature. It is bounded, because
// strangers choose the identifiers.
type derivedKeys struct {
	mu   sync.Mutex
	keys map[string]schema.Key
}

const maxDerived = 1024

func (d *derivedKeys) get(owner, kid string, use purpose) (schema.Key, *problem) {
	name := kid
	if use == forShowing {
		name = "holder " + kid
	}
	d.mu.Lock()
	key, ok := d.keys[name]
	d.mu.Unlock()
	if ok {
		return key, nil
	}
	doc, err := did.Resolve(owner)
	if err != nil {
		return schema.Key{}, problemOf(err)
	}
	var jwk jose.JWK
	if use == forShowing {
		jwk, err = doc.AuthenticationKey(kid)
	} else {
		jwk, err = doc.AssertionKey(kid)
	}
	if err != nil {
		return schema.Key{}, problemOf(err)
	}
	key = schema.Key{KID: kid, Public: jwk.Public(), Thumbprint: jwk.Thumbprint()}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.keys == nil || len(d.keys) >= maxDerived {
		d.keys = make(map[string]schema.Key)
	}
	d.keys[name] = key
	return key, nil
}

// problemOf keeps the code of jose and did.
func problemOf(err error) *problem {
	var p *problem
	var j *jose.Error
	var d *did.Error
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &j) && j.Code == jose.CodeSignature:
		return failed(CodeSignatureInvalid)
	case errors.As(err, &j):
		return failed(j.Code)
	case errors.As(err, &d):
		return failed(d.Code)
	}
	return failed(CodeKey)
}

// keyFunc lets jose ask for a key and keeps whose it was.
func (s *session) keyFunc(use purpose, found *signer) jose.KeyFunc {
	return func(ctx context.Context, h jose.Header, unverified []byte) (crypto.PublicKey, error) {
		by, p := s.find(ctx, h, unverified, use)
		if p != nil {
			return nil, p
		}
		*found = by
		return by.key.Public, nil
	}
}
