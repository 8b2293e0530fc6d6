package trust

import (
	"context"
	"crypto"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/schema"
)

// Options of Open; the zero value opens a bundle whose lists are embedded.
type Options struct {
	// ListFile reads a file of the folder beside the bundle, by its name. Without
	// it the lists of a manifest cannot be had.
	ListFile func(name string) ([]byte, error)

	// NewerThan refuses a bundle with a lower number (CodeOlder).
	NewerThan int64
}

// Bundle is an open bundle. It is at once a verifier's keys, status lists and
// recognition, all out of one file: parts of two never mix. It never changes
// and may be used by many goroutines.
type Bundle struct {
	origin       schema.Origin
	entities     map[string]*schema.Entity
	lists        *lists
	denied       digests
	reaffirmed   digests
	definitions  []Definition
	dictionaries []Dictionary
	told         problems
}

// Open verifies a bundle from the root that anchor pins (the RFC 7638
// thumbprint of its key, base64url) down to every status list in it. data is
// the token, with or without gzip around.
//
// The error is ErrNoAnchor, or ErrBundle around an *Error when the bundle as a
// whole cannot be believed. A part that fails is left out and told in Problems.
// Whether the bundle is too old is not judged here: see Origin.
func Open(data []byte, anchor string, o Options) (*Bundle, error) {
	if anchor == "" {
		return nil, ErrNoAnchor
	}
	b, err := open(data, anchor, o)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBundle, err)
	}
	return b, nil
}

func open(data []byte, anchor string, o Options) (*Bundle, error) {
	if sum, err := base64.RawURLEncoding.Strict().DecodeString(anchor); err != nil || len(sum) != 32 {
		return nil, refuse(CodeAnchor, "not a thumbprint")
	}
	token, err := unpack(data)
	if err != nil {
		return nil, err
	}
	b := &Bundle{}
	p, c, by, err := verifyBundle(token, anchor, &b.told)
	if err != nil {
		return nil, err
	}
	if p.Seq < o.NewerThan {
		return nil, refuse(CodeOlder, "number %d, and %d has been seen", p.Seq, o.NewerThan)
	}
	if b.denied, err = readDigests(p.Denied); err != nil {
		return nil, err
	}
	if b.reaffirmed, err = readDigests(p.Reaffirmed); err != nil {
		return nil, err
	}
	b.origin = originOf(p, by, anchor)
	b.entities = readEntities(p, c, &b.told)
	if err := by.maySortOut(b); err != nil {
		return nil, err
	}
	b.lists = readLists(p.StatusLists, b.entities, o.ListFile, &b.told)
	b.definitions = readDefinitions(p.Definitions, b.entities, &b.told)
	b.dictionaries = readDictionaries(p.Dictionaries, &b.told)
	return b, nil
}

// verifyBundle checks the signature by a key that the anchor's chain, carried
// in the bundle itself, has delegated to.
func verifyBundle(token, anchor string, told *problems) (p *payload, c *chain, by *grant, err error) {
	_, _, err = jose.Verify(context.Background(), jose.TypeBundle, token,
		func(_ context.Context, h jose.Header, unverified []byte) (key crypto.PublicKey, err error) {
			// Parsed once, from the bytes that the signature is then checked over.
			// The chain in it is believed for its own signatures only.
			if p, err = parsePayload(unverified); err != nil {
				return nil, err
			}
			if c, err = walk(p.Chain, anchor, told); err != nil {
				return nil, err
			}
			if by, err = c.signer(h.Kid, unix(p.Iat)); err != nil {
				return nil, err
			}
			return by.Key, nil
		})
	if err != nil {
		return nil, nil, nil, signatureError(err)
	}
	if err := p.check(); err != nil {
		return nil, nil, nil, err
	}
	if p.Iss != c.authority {
		return nil, nil, nil, refuse(CodeIssuer, "%q under the root of %q", p.Iss, c.authority)
	}
	return p, c, by, nil
}

// maySortOut: digests say nothing of whose documents they are, so they stand in
// a bundle only if its signer's delegation is for every body in it.
func (g *grant) maySortOut(b *Bundle) error {
	if len(b.denied) == 0 && len(b.reaffirmed) == 0 {
		return nil
	}
	for _, e := range b.entities {
		if !g.isFor(e.Country) || slices.ContainsFunc(e.RecognizedTo, func(p schema.Permission) bool { return !g.allows(p.Schema) }) {
			return refuse(CodeLimit, "digests by a key whose delegation is not for %s", e.DID)
		}
	}
	return nil
}

// originOf says whose bundle it is and how long it counts: never longer than
// the delegation of the key that signed it, or a stolen daily key could date a
// bundle back and let it live for ever.
func originOf(p *payload, by *grant, anchor string) schema.Origin {
	expires := unix(p.Exp)
	if by.Expires.Before(expires) {
		expires = by.Expires
	}
	return schema.Origin{
		Authority: schema.Authority{Name: by.Name, DID: p.Iss, Anchor: anchor},
		Seq:       p.Seq, IssuedAt: unix(p.Iat), NextUpdate: unix(p.NextUpdate), Expires: expires,
		VerifyBases: p.VerifyBases,
	}
}

// readEntities joins the recognition lists. Of a body named by two lists the
// first counts, so that a list can take nothing from an earlier one; a body
// named twice by one list is left out, because nobody knows which was meant.
func readEntities(p *payload, c *chain, told *problems) map[string]*schema.Entity {
	entities := map[string]*schema.Entity{}
	states := keyStates{}
	for i, token := range p.Recognition {
		_, by, subjects, err := readRecognition(token, c, p)
		if err != nil {
			told.add("recognition", strconv.Itoa(i), err)
			continue
		}
		times := map[string]int{}
		for _, w := range subjects {
			times[w.ID]++
		}
		for _, w := range subjects {
			keys := readKeys(w, by, states, told)
			e, err := readEntity(w, by)
			if err == nil && (times[w.ID] > 1 || entities[w.ID] != nil) {
				err = refuse(CodeDuplicate, "named twice")
			}
			if err != nil {
				told.add("entity", w.ID, err)
				continue
			}
			e.Keys = keys
			entities[w.ID] = e
		}
	}
	for _, e := range entities {
		states.apply(e)
	}
	return entities
}

// Keys returns the keys of an issuer, of both uses and in every state, or
// schema.ErrKeysUnknown.
func (b *Bundle) Keys(_ context.Context, issuer string) ([]schema.Key, error) {
	e, ok := b.entities[issuer]
	if !ok || len(e.Keys) == 0 {
		return nil, schema.ErrKeysUnknown
	}
	return e.Keys, nil
}

// StatusList returns the list with that URL, verified, as its issuer signed it,
// and when the bundle was made. A list that is not in the bundle, or was left
// out of it, is schema.ErrStatusUnknown.
func (b *Bundle) StatusList(_ context.Context, url string) (token string, fetched time.Time, err error) {
	token, err = b.lists.single(url)
	return token, b.origin.IssuedAt, err
}

// StatusListCopies returns every list of the bundle with that URL that issuer
// has signed, or its delegate if it has one; without any, those of other
// bodies. Without these either it is schema.ErrStatusUnknown.
func (b *Bundle) StatusListCopies(_ context.Context, url, issuer, delegate string) (tokens []string, err error) {
	all := b.lists.find(url)
	if own := by(all, issuer, delegate); len(own) > 0 {
		all = own
	}
	if len(all) == 0 {
		return nil, schema.ErrStatusUnknown
	}
	for _, one := range all {
		tokens = append(tokens, one.token)
	}
	return tokens, nil
}

// Entity returns what the authority says of a body, or schema.ErrNotRecognised.
func (b *Bundle) Entity(_ context.Context, did string) (schema.Entity, error) {
	e, ok := b.entities[did]
	if !ok {
		return schema.Entity{}, schema.ErrNotRecognised
	}
	return *e, nil
}

// Denied tells whether the authority has declared a token with that digest
// (jose.Digest) a forgery.
func (b *Bundle) Denied(digest [16]byte) bool { return b.denied.has(digest) }

// Reaffirmed tells whether a token with that digest is in the register of what
// an honest body really issued.
func (b *Bundle) Reaffirmed(digest [16]byte) bool { return b.reaffirmed.has(digest) }

// Origin says whose bundle it is, its number and its dates.
func (b *Bundle) Origin() schema.Origin { return b.origin }

// Problems tells every part that was left out when the bundle was opened, and
// every list of a manifest that has failed since.
func (b *Bundle) Problems() []Problem {
	return append(b.told[:len(b.told):len(b.told)], b.lists.failed()...)
}

// Dictionaries gives the dictionaries of the QR transport that the bundle brings.
func (b *Bundle) Dictionaries() []Dictionary { return b.dictionaries }

// Definitions gives the definitions of composite passports that stand up.
func (b *Bundle) Definitions() []Definition { return b.definitions }

// PassportDefinition gives one version of a definition.
func (b *Bundle) PassportDefinition(id, version string) (*schema.PassportDefinition, bool) {
	for _, d := range b.definitions {
		if d.Passport.ID == id && d.Passport.Version == version {
			return d.Passport, true
		}
	}
	return nil, false
}

// Entities gives the DIDs of all recognised bodies, in no order.
func (b *Bundle) Entities() []string {
	all := make([]string, 0, len(b.entities))
	for did := range b.entities {
		all = append(all, did)
	}
	return all
}
