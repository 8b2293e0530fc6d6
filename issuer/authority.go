package issuer

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
)

// A trust authority is an issuer of another kind of document in the same store:
// it signs who else may issue. Its root signs delegations only and can sleep in
// a safe; the key that a delegation names signs every day.

// NewAuthority is what InitAuthority needs to know.
type NewAuthority struct {
	Name  string // short name on the command line
	Title string // the name that reports show; empty is Name
	// DID is a did:web that is given whole, or Domain is HOST[:PORT] and Path its
	// path. Without them the DID is the did:key of the first root.
	DID          string
	Domain, Path string
	VerifyBases  []string
	For          time.Duration // life of the first delegation; zero is the longest
}

// InitAuthority makes an authority with its root and its signing key, and the
// first delegation. The record's Anchor is what verifiers pin.
func (i *Issuer) InitAuthority(ctx context.Context, by Actor, n NewAuthority) (AuthorityRecord, error) {
	a := AuthorityRecord{Name: n.Name, Title: n.Title, VerifyBases: n.VerifyBases, CreatedAt: i.now().UTC()}
	if a.Title == "" {
		a.Title = a.Name
	}
	if err := i.nameIsFree(ctx, a.Name); err != nil {
		return a, err
	}
	root, rootSigner, err := i.makeKey(ctx, a.Name, keyForRoot)
	if err != nil {
		return a, err
	}
	daily, dailySigner, err := i.makeKey(ctx, a.Name, keyForSigning)
	if err != nil {
		return a, err
	}
	if a.DID, err = authorityDID(n, rootSigner.Public()); err != nil {
		return a, err
	}
	a.Anchor = root.Thumbprint
	root.KID, daily.KID = firstKID(a.DID, keyForRoot), firstKID(a.DID, keyForSigning)
	token, err := trust.SignDelegation(ctx, rootSigner, i.delegation(a, daily.KID, dailySigner.Public(), Delegate{For: n.For}))
	if err != nil {
		return a, fmt.Errorf("delegate to the signing key: %w", err)
	}
	a.Delegations = []string{token}
	return a, i.update(ctx, by, func(tx *act) error {
		if err := freeName(tx, a.Name); err != nil {
			return err
		}
		return putAll(
			func() error { return tx.PutAuthority(a) },
			func() error { return tx.PutKey(root) },
			func() error { return tx.PutKey(daily) },
			func() error { return tx.log("authority.init", a.DID, "anchor "+a.Anchor) },
		)
	})
}

func authorityDID(n NewAuthority, root crypto.PublicKey) (string, error) {
	switch {
	case n.DID != "":
		if method, err := did.Method(n.DID); err != nil || method != "web" {
			return "", refuse("authority_did", "did", n.DID).because(err)
		}
		return n.DID, nil
	case n.Domain != "":
		id, err := did.NewWeb(n.Domain, n.Path)
		if err != nil {
			return "", refuse("authority_did", "did", n.Domain+"/"+n.Path).because(err)
		}
		return id, nil
	}
	return did.NewKey(root)
}

// Delegate is what a renewal of the signing key's delegation may change.
type Delegate struct {
	For                time.Duration // zero is the longest, 90 days
	Countries, Schemas []string      // bounds of what the key may recognise
	NewKey             bool          // a new signing key instead of the present one
}

// Delegate gives the signing key a new delegation, signed by the root.
func (i *Issuer) Delegate(ctx context.Context, by Actor, authority string, d Delegate) (trust.Delegation, error) {
	a, keys, err := i.authority(ctx, authority)
	if err != nil {
		return trust.Delegation{}, err
	}
	root, err := i.signer(ctx, keys, keyForRoot)
	if err != nil {
		return trust.Delegation{}, err
	}
	daily := lastKey(keys, keyForSigning)
	var made *KeyRecord
	if d.NewKey {
		k, _, err := i.makeKey(ctx, a.Name, keyForSigning)
		if err != nil {
			return trust.Delegation{}, err
		}
		if k.KID, err = i.nextKID(ctx, a.DID, keyForSigning, keys); err != nil {
			return trust.Delegation{}, err
		}
		daily, made = &k, &k
	}
	signer, err := i.keys.Signer(ctx, daily.URI)
	if err != nil {
		return trust.Delegation{}, fmt.Errorf("open %s: %w", daily.KID, err)
	}
	given := i.delegation(a, daily.KID, signer.Public(), d)
	token, err := trust.SignDelegation(ctx, root, given)
	if err != nil {
		return given, delegationRefused(err)
	}
	return given, i.addDelegation(ctx, by, a.Name, token, made, func(*AuthorityRecord) string {
		return "authority.delegate"
	})
}

// RotateRoot hands over to a new root: the old one signs for it, and the new
// one delegates to the signing key. Verifiers that pinned the old root follow.
// A crash between the two leaves the delegations that the old root gave before.
func (i *Issuer) RotateRoot(ctx context.Context, by Actor, authority string, d Delegate) (anchor string, given trust.Delegation, err error) {
	a, keys, err := i.authority(ctx, authority)
	if err != nil {
		return "", given, err
	}
	old, err := i.signer(ctx, keys, keyForRoot)
	if err != nil {
		return "", given, err
	}
	next, signer, err := i.makeKey(ctx, a.Name, keyForRoot)
	if err != nil {
		return "", given, err
	}
	if next.KID, err = i.nextKID(ctx, a.DID, keyForRoot, keys); err != nil {
		return "", given, err
	}
	token, err := trust.SignDelegation(ctx, old, trust.Delegation{
		Authority: a.DID, Name: a.Title, Use: trust.UseRoot, KID: next.KID, Key: signer.Public(), IssuedAt: i.second(),
	})
	if err != nil {
		return "", given, fmt.Errorf("hand over to the new root: %w", err)
	}
	err = i.addDelegation(ctx, by, a.Name, token, &next, func(a *AuthorityRecord) string {
		a.Anchor = next.Thumbprint
		return "authority.rotate-root"
	})
	if err != nil {
		return "", given, err
	}
	given, err = i.Delegate(ctx, by, a.Name, d)
	return next.Thumbprint, given, err
}

// addDelegation appends a link to the chain, with the key that it brings.
func (i *Issuer) addDelegation(ctx context.Context, by Actor, name, token string, made *KeyRecord, change func(*AuthorityRecord) string) error {
	return i.update(ctx, by, func(tx *act) error {
		a, err := tx.Authority(name)
		if err != nil {
			return err
		}
		if made != nil {
			if err := tx.PutKey(*made); err != nil {
				return err
			}
		}
		a.Delegations = append(a.Delegations, token)
		what := change(&a)
		if err := tx.PutAuthority(a); err != nil {
			return err
		}
		return tx.log(what, a.DID, "")
	})
}

func (i *Issuer) delegation(a AuthorityRecord, kid string, key crypto.PublicKey, d Delegate) trust.Delegation {
	now := i.second()
	if d.For == 0 {
		d.For = trust.MaxDelegation
	}
	return trust.Delegation{
		Authority: a.DID, Name: a.Title, Use: trust.UseSign, KID: kid, Key: key,
		IssuedAt: now, Expires: now.Add(d.For), Countries: d.Countries, Schemas: d.Schemas,
	}
}

func delegationRefused(err error) error {
	var refused *trust.Error
	if errors.As(err, &refused) && refused.Code == trust.CodeDelegation {
		return refuse("delegation_too_long", "days", "90").because(err)
	}
	return fmt.Errorf("delegate to the signing key: %w", err)
}

// authority reads an authority and its keys. An empty name is the only one
// that there is.
func (i *Issuer) authority(ctx context.Context, name string) (a AuthorityRecord, keys []KeyRecord, err error) {
	err = i.store.View(ctx, func(tx Tx) error {
		if a, err = chooseAuthority(tx, name); err != nil {
			return err
		}
		keys, err = tx.KeysOf(authorityOwner(a.Name))
		return err
	})
	return a, keys, err
}

func chooseAuthority(tx Tx, name string) (AuthorityRecord, error) {
	if name != "" {
		a, err := tx.Authority(name)
		if errors.Is(err, ErrNotFound) {
			return a, refuse("authority_unknown", "name", name).because(err)
		}
		return a, err
	}
	all, err := tx.AllAuthorities()
	switch {
	case err != nil:
		return AuthorityRecord{}, err
	case len(all) == 0:
		return AuthorityRecord{}, refuse("authority_none").because(ErrNotFound)
	case len(all) > 1:
		return AuthorityRecord{}, refuse("authority_which", "names", authorityNames(all))
	}
	return all[0], nil
}

func authorityNames(all []AuthorityRecord) string {
	names := make([]string, len(all))
	for n, a := range all {
		names[n] = a.Name
	}
	return strings.Join(names, ", ")
}

func (i *Issuer) nameIsFree(ctx context.Context, name string) error {
	if strings.TrimSpace(name) != name || name == "" || len(name) > 100 || strings.ContainsFunc(name, unfitForName) {
		return refuse("authority_name", "name", name)
	}
	return i.store.View(ctx, func(tx Tx) error { return freeName(tx, name) })
}

// unfitForName keeps what a terminal, a path or the owner of a key would trip
// over out of names, which may otherwise be words in any language.
func unfitForName(r rune) bool { return !unicode.IsPrint(r) || strings.ContainsRune(`/\:`, r) }

func freeName(tx Tx, name string) error {
	switch _, err := tx.Authority(name); {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	return refuse("authority_exists", "name", name)
}

func authorityOwner(name string) string { return "authority:" + name }

// makeKey makes a key of an authority; its KID is the caller's to give.
func (i *Issuer) makeKey(ctx context.Context, name string, use schema.KeyUse) (KeyRecord, crypto.Signer, error) {
	k, err := i.newKey(ctx, authorityOwner(name), use)
	if err != nil {
		return k, nil, err
	}
	signer, err := i.keys.Signer(ctx, k.URI)
	if err != nil {
		return k, nil, fmt.Errorf("open the %s key: %w", use, err)
	}
	k.From = i.today()
	return k, signer, nil
}

// signer opens the newest key of that use.
func (i *Issuer) signer(ctx context.Context, keys []KeyRecord, use schema.KeyUse) (crypto.Signer, error) {
	k := lastKey(keys, use)
	if k == nil {
		return nil, refuse("authority_key", "use", string(use)).because(ErrNoKey)
	}
	s, err := i.keys.Signer(ctx, k.URI)
	if err != nil {
		return nil, refuse("authority_key", "use", string(use)).because(err)
	}
	return s, nil
}

func lastKey(keys []KeyRecord, use schema.KeyUse) *KeyRecord {
	for n := len(keys) - 1; n >= 0; n-- {
		if keys[n].Use == use {
			return &keys[n]
		}
	}
	return nil
}

// nextKID names the next key of an authority.
func (i *Issuer) nextKID(ctx context.Context, id string, use schema.KeyUse, keys []KeyRecord) (kid string, err error) {
	err = i.store.View(ctx, func(tx Tx) error {
		kid, err = nextKID(tx, id, use, keys)
		return err
	})
	return kid, err
}

// second is now, in whole seconds: what a NumericDate can say.
func (i *Issuer) second() time.Time { return i.now().UTC().Truncate(time.Second) }

// putAll does one thing after the other until one fails.
func putAll(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
