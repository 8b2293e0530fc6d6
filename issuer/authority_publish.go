package issuer

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"time"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
)

// BundleOptions say what goes into a bundle beside what the store knows.
type BundleOptions struct {
	ValidFor     time.Duration // zero is 30 days
	StatusLists  []string      // tokens of lists signed elsewhere
	Dictionaries []trust.Dictionary
}

// Bundle is a signed bundle and what there is to say about it.
type Bundle struct {
	*trust.Packed
	Origin   schema.Origin
	Entities int
	Lists    []trust.StatusList
	Problems []trust.Problem // parts that were left out
}

// recognitionFile is the recognition list's place, beside the did document.
const recognitionFile = "recognition.jwt"

// PublishRecognition signs the authority's recognition list for so long (zero
// is 30 days) and gives it to write: for a did:web authority by its host and
// path, after the did document that names its keys.
func (i *Issuer) PublishRecognition(ctx context.Context, by Actor, authority string, validFor time.Duration, write func(path string, data []byte) error) error {
	s, err := i.openAuthority(ctx, authority)
	if err != nil {
		return err
	}
	now := i.second()
	list, err := s.recognition(ctx, now, now.Add(life(validFor)))
	if err != nil {
		return err
	}
	document, err := authorityDocument(s.record, s.keys)
	if err != nil {
		return err
	}
	err = i.update(ctx, by, func(tx *act) error { return tx.log("authority.publish", s.record.DID, "") })
	if err != nil || document == nil {
		if err == nil {
			err = write(recognitionFile, []byte(list))
		}
		return err
	}
	return writeAuthority(document, list, write)
}

func writeAuthority(document *did.Document, list string, write func(string, []byte) error) error {
	at, err := did.WebURL(document.ID)
	if err != nil {
		return err
	}
	place, err := publicPath(at)
	if err != nil {
		return err
	}
	data, err := document.MarshalJSON()
	if err != nil {
		return err
	}
	if err := write(place, data); err != nil {
		return err
	}
	return write(path.Join(path.Dir(place), recognitionFile), []byte(list))
}

// MakeBundle signs a bundle: the recognition list, the status lists of this
// home's recognised bodies, signed afresh, and those brought along. Its number
// is taken and audited first, so that no two bundles share one, and everything
// is read after that: of two bundles the later never knows less than was true
// when its number was taken. A crash wastes a number. A list that cannot be
// signed is left out and told; the bundle that says why, because a key was
// stolen, must not wait for it. What leaves is opened once as a verifier would.
func (i *Issuer) MakeBundle(ctx context.Context, by Actor, authority string, o BundleOptions) (*Bundle, error) {
	if _, err := i.openAuthority(ctx, authority); err != nil {
		return nil, err // no number for what cannot be signed anyway
	}
	seq, err := i.takeSeq(ctx, by, authority)
	if err != nil {
		return nil, err
	}
	s, err := i.openAuthority(ctx, authority)
	if err != nil {
		return nil, err
	}
	tokens, unsigned, err := i.listsOf(ctx, s.recognitions)
	if err != nil {
		return nil, err
	}
	lists, problems := trust.SelectLists(s.entities, append(tokens, o.StatusLists...))
	problems = append(unsigned, slices.DeleteFunc(problems, func(p trust.Problem) bool {
		// An older copy of a list that is in the bundle is no loss to anybody.
		return p.Code == trust.CodeDuplicate && slices.ContainsFunc(lists, func(l trust.StatusList) bool { return l.URL == p.Subject })
	})...)
	definitions, left, err := i.definitionsFor(ctx, s.entities)
	if err != nil {
		return nil, err
	}
	problems = append(problems, left...)
	now := i.second()
	expires := now.Add(life(o.ValidFor))
	recognition, err := s.recognition(ctx, now, expires)
	if err != nil {
		return nil, err
	}
	packed, err := trust.Build(ctx, s.kid, s.signer, trust.Contents{
		Authority: s.record.DID, Seq: seq, IssuedAt: now, NextUpdate: now.Add(trust.UpdateEvery), Expires: expires,
		Chain: s.record.Delegations, Recognition: []string{recognition}, StatusLists: lists,
		Denied: s.denied, Reaffirmed: s.reaffirmed, VerifyBases: s.record.VerifyBases,
		Definitions: definitions, Dictionaries: o.Dictionaries,
	})
	if err != nil {
		return nil, fmt.Errorf("sign the bundle: %w", err)
	}
	opened, err := openOwn(packed, s.record.Anchor)
	if err != nil {
		return nil, err
	}
	return &Bundle{
		Packed: packed, Origin: opened.Origin(), Entities: len(s.entities), Lists: lists,
		Problems: append(problems, opened.Problems()...),
	}, nil
}

// openOwn opens what was just signed, as the world will.
func openOwn(p *trust.Packed, anchor string) (*trust.Bundle, error) {
	b, err := trust.Open(p.Data, anchor, trust.Options{ListFile: func(name string) ([]byte, error) {
		return []byte(p.Files[name]), nil
	}})
	var refused *trust.Error
	if errors.As(err, &refused) && refused.Code == trust.CodeDelegation {
		return nil, refuse("delegation_over").because(err)
	}
	if err != nil {
		return nil, fmt.Errorf("open our own bundle: %w", err)
	}
	return b, nil
}

func life(d time.Duration) time.Duration {
	if d == 0 {
		return trust.DefaultLife
	}
	return d
}

// authorityState is an authority, read in one transaction and ready to sign.
type authorityState struct {
	record             AuthorityRecord
	keys               []KeyRecord
	kid                string
	signer             crypto.Signer
	recognitions       []RecognitionRecord
	entities           []schema.Entity
	denied, reaffirmed [][16]byte
}

func (i *Issuer) openAuthority(ctx context.Context, name string) (*authorityState, error) {
	s := &authorityState{}
	err := i.store.View(ctx, func(tx Tx) (err error) {
		if s.record, err = chooseAuthority(tx, name); err != nil {
			return err
		}
		return putAll(
			func() (err error) { s.keys, err = tx.KeysOf(authorityOwner(s.record.Name)); return err },
			func() (err error) { s.denied, err = tx.Digests(s.record.Name, digestsDenied); return err },
			func() (err error) { s.reaffirmed, err = tx.Digests(s.record.Name, digestsReaffirmed); return err },
			func() (err error) { s.recognitions, err = tx.Recognitions(s.record.Name); return err },
			func() (err error) { s.entities, err = entitiesOf(tx, s.recognitions); return err },
		)
	})
	if err != nil {
		return nil, err
	}
	s.signer, err = i.signer(ctx, s.keys, keyForSigning)
	if err != nil {
		return nil, err
	}
	s.kid = lastKey(s.keys, keyForSigning).KID
	return s, nil
}

// entitiesOf gives the recognised bodies as a list says them: those of this
// home with their keys as they stand now, the others with their pinned ones.
func entitiesOf(tx Tx, recognitions []RecognitionRecord) ([]schema.Entity, error) {
	entities := make([]schema.Entity, 0, len(recognitions))
	for _, r := range recognitions {
		e := schema.Entity{
			DID: r.DID, Name: r.Name, Country: r.Country, RecognizedTo: r.Permissions,
			State: r.State, StatusDelegate: r.StatusDelegate, VerifyBases: r.VerifyBases,
		}
		for _, k := range r.Keys {
			one, err := k.trusted()
			if err != nil {
				return nil, fmt.Errorf("key %s: %w", k.KID, err)
			}
			e.Keys = append(e.Keys, one)
		}
		if r.Issuer != "" {
			own, err := tx.KeysOf(r.Issuer)
			if err != nil {
				return nil, err
			}
			for _, k := range own {
				both, err := k.trusted()
				if err != nil {
					return nil, fmt.Errorf("key %s: %w", k.KID, err)
				}
				for _, one := range both {
					e.Keys = joinKey(e.Keys, one)
				}
			}
		}
		entities = append(entities, e)
	}
	return entities, nil
}

// listsOf signs afresh every status list of the recognised bodies of this home,
// and tells those that could not be signed.
func (i *Issuer) listsOf(ctx context.Context, recognitions []RecognitionRecord) (tokens []string, unsigned []trust.Problem, err error) {
	var urls []string
	err = i.store.View(ctx, func(tx Tx) error {
		for _, r := range recognitions {
			if r.Issuer == "" {
				continue
			}
			lists, err := tx.StatusListsOf(r.Issuer)
			if err != nil {
				return err
			}
			for _, l := range lists {
				urls = append(urls, l.URL)
			}
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	for _, url := range urls {
		token, err := i.StatusList(ctx, url)
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		if err != nil {
			unsigned = append(unsigned, unsignedList(url, err))
			continue
		}
		tokens = append(tokens, token)
	}
	return tokens, unsigned, nil
}

// unsignedList tells of a list that is not in the bundle, and why.
func unsignedList(url string, err error) trust.Problem {
	p := trust.Problem{Part: "list", Subject: url, Code: "unsigned", Err: err}
	var refused *Error
	if errors.As(err, &refused) {
		p.Code = refused.Code
	}
	return p
}

// takeSeq takes the number of the next bundle.
func (i *Issuer) takeSeq(ctx context.Context, by Actor, name string) (seq int64, err error) {
	err = i.urgent(ctx, by, func(tx *act) error { // what brings a revocation to the world waits for no clock
		a, err := chooseAuthority(tx, name)
		if err != nil {
			return err
		}
		a.LastSeq = trust.NextSeq(a.LastSeq, i.now())
		seq = a.LastSeq
		if err := tx.PutAuthority(a); err != nil {
			return err
		}
		return tx.log("authority.bundle", a.DID, "number "+strconv.FormatInt(seq, 10))
	})
	return seq, err
}

// recognition signs the recognition list.
func (s *authorityState) recognition(ctx context.Context, from, until time.Time) (string, error) {
	token, err := trust.Recognition{
		Issuer: s.record.DID, Name: s.record.Title, ValidFrom: from, ValidUntil: until, Entities: s.entities,
	}.Sign(ctx, s.kid, s.signer)
	if err != nil {
		return "", fmt.Errorf("sign the recognition list: %w", err)
	}
	return token, nil
}
