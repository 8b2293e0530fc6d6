package issuerpublic

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/issuer"
)

const (
	// bundleSettle is how old a bundle is before a revocation, or any other change
	// of a list, brings the next one. A change of keys or of who is recognised
	// brings it at once.
	bundleSettle = 15 * time.Second

	// bundleRest is how many times as long as a bundle took to make the publisher
	// does without: in a home of many lists, or with a slow device of keys, single
	// lists must not wait for one bundle after the other.
	bundleRest = 4

	// bundleNews is how old a bundle grows where anything else has happened, and
	// bundleRenew where nothing has.
	bundleNews  = time.Hour
	bundleRenew = 6 * time.Hour
)

// made is what was last signed for an authority.
type made struct {
	at   time.Time // zero: never in this run
	mark [sha256.Size]byte
	bits [sha256.Size]byte // of the lists, by bitsOf
	took time.Duration
	news bool // something has changed since

	files, before []string // names of the lists beside this bundle, and beside the one before
}

// publisher is who the audit log names for what is published by itself.
const publisher issuer.Actor = "public"

// showAuthorities signs the recognition lists and bundles that are due.
func (p *Public) showAuthorities(ctx context.Context, w *world, next *snapshot, now time.Time) (failed []error) {
	changed := p.world == nil || p.world.entry != w.entry
	bits := bitsOf(w)
	if len(w.authorities) > 1 {
		next.endNameless()
	}
	for _, a := range w.authorities {
		m := p.made[a.Name]
		if m == nil {
			m = &made{}
			p.made[a.Name] = m
		}
		mark := m.mark
		if changed || m.at.IsZero() {
			var err error
			if mark, err = p.markOf(ctx, a.Name); err != nil {
				failed = append(failed, err)
				continue
			}
			m.news = true
		}
		due := mark != m.mark || m.due(bits, now)
		if !due || !p.mayTry("authority:"+a.Name, now) {
			continue
		}
		err := p.showAuthority(ctx, a, m, next, now, len(w.authorities) == 1)
		if err == nil {
			m.at, m.mark, m.bits, m.news = now, mark, bits, false
			m.took = p.c.Now().Sub(now)
		}
		if err = p.outcome("authority:"+a.Name, now, err); err != nil {
			failed = append(failed, err)
		}
	}
	return failed
}

// due tells whether the next bundle shall be made for its lists or its age.
func (m *made) due(bits [sha256.Size]byte, now time.Time) bool {
	age := now.Sub(m.at)
	settled := age < 0 || age >= max(bundleSettle, min(bundleRest*m.took, bundleNews))
	return m.at.IsZero() || age >= bundleRenew || m.news && age >= bundleNews || bits != m.bits && settled
}

// bitsOf is a hash over which lists there are and when a bit of each was last
// changed: a list that is only signed again brings no bundle.
func bitsOf(w *world) (bits [sha256.Size]byte) {
	sum := sha256.New()
	for _, b := range w.bodies {
		for _, l := range b.lists {
			fmt.Fprintf(sum, "%s %d\n", l.URL, l.ChangedAt.UnixNano()) // a hash takes every byte
		}
	}
	sum.Sum(bits[:0])
	return bits
}

// markOf is a hash over whom an authority recognises, with which keys, and what
// it denies: all of a bundle that is not a list.
func (p *Public) markOf(ctx context.Context, name string) (mark [sha256.Size]byte, err error) {
	sum := sha256.New()
	write := json.NewEncoder(sum)
	err = p.c.Store.View(ctx, func(tx issuer.Tx) error {
		sum.Reset()
		record, err := tx.Authority(name)
		if err != nil {
			return err
		}
		record.LastSeq = 0
		recognitions, err := tx.Recognitions(name)
		if err != nil {
			return err
		}
		owners := []string{"authority:" + name}
		for _, r := range recognitions {
			if r.Issuer != "" {
				owners = append(owners, r.Issuer)
			}
		}
		parts := []any{record, recognitions}
		for _, owner := range owners {
			keys, err := tx.KeysOf(owner)
			if err != nil {
				return err
			}
			parts = append(parts, keys)
		}
		for _, kind := range []string{"denied", "reaffirmed"} {
			digests, err := tx.Digests(name, kind)
			if err != nil {
				return err
			}
			parts = append(parts, digests)
		}
		return write.Encode(parts)
	})
	sum.Sum(mark[:0])
	return mark, err
}

// showAuthority signs and serves the recognition list, the bundle and, of a
// did:web authority, its did document.
func (p *Public) showAuthority(ctx context.Context, a issuer.AuthorityRecord, m *made, next *snapshot, now time.Time, only bool) error {
	var list []byte
	document, noPlace := did.WebURL(a.DID) // a did:key authority has no place of its own
	err := p.c.Issuer.PublishRecognition(ctx, publisher, a.Name, 0, func(place string, data []byte) error {
		kind := "application/did+json"
		if address := "https://" + place; noPlace != nil || address != document {
			list, kind = data, typeList
		}
		if noPlace != nil {
			return nil //nolint:nilerr // a did:key says it all itself
		}
		return next.renew("https://"+place, fileOf(data, kind, now, keysAge))
	})
	if err != nil {
		return err
	}
	b, err := p.c.Issuer.MakeBundle(ctx, publisher, a.Name, issuer.BundleOptions{})
	if err != nil {
		return err
	}
	for _, problem := range b.Problems {
		p.c.Log.Warn("left out of the bundle", "authority", a.Name, "part", problem.Part, "subject", problem.Subject, "code", problem.Code)
	}
	next.showTrust(a.Name, "recognition", only, fileOf(list, typeList, now, listAge))
	if err := next.showBundle(a, only, b.Packed, m, now); err != nil || p.kept == nil || len(b.Files) > 0 {
		return err
	}
	return p.kept.write(keptBundle(a.Name), b.Data)
}

// The media types of what is signed. A bundle has none that is registered.
const (
	typeList   = "application/vc+jwt"
	typeBundle = "application/octet-stream"
)

func keptBundle(authority string) string { return "authority:" + authority + "/bundle" }

// showTrust serves a file of an authority under its name, and of the only one
// also without, on every host.
func (s *snapshot) showTrust(name, what string, only bool, f *httpkit.File) {
	s.keep("/trust/"+name+"/"+what, f)
	if only {
		s.keep("/trust/"+what, f)
	}
}

// endNameless ends what stood without the name of an authority: of several, none
// is the one, and what is signed no more would be served for ever.
func (s *snapshot) endNameless() {
	for place := range s.files {
		what, _, _ := strings.Cut(strings.TrimPrefix(place, "/trust/"), "/")
		if strings.HasPrefix(place, "/trust/") && (place == "/trust/"+what || what == "bundle"+trust.FolderSuffix) {
			delete(s.files, place)
		}
	}
}

// showBundle serves a bundle and the lists beside it. Those of the one before
// stay until the next, for who is still reading it.
func (s *snapshot) showBundle(a issuer.AuthorityRecord, only bool, packed *trust.Packed, m *made, now time.Time) error {
	b, err := trust.Open(packed.Data, a.Anchor, trust.Options{ListFile: func(name string) ([]byte, error) {
		return []byte(packed.Files[name]), nil
	}})
	if err != nil {
		return fmt.Errorf("open our own bundle: %w", err)
	}
	s.bundles[a.Name] = b
	s.showTrust(a.Name, "bundle", only, fileOf(packed.Data, typeBundle, now, listAge))
	for _, name := range m.before {
		if _, still := packed.Files[name]; !still {
			delete(s.files, "/trust/"+a.Name+"/bundle"+trust.FolderSuffix+"/"+name)
			delete(s.files, "/trust/bundle"+trust.FolderSuffix+"/"+name)
		}
	}
	m.before, m.files = m.files, nil
	for name, token := range packed.Files {
		s.showTrust(a.Name, "bundle"+trust.FolderSuffix+"/"+name, only, fileOf([]byte(token), typeList, now, fixedAge))
		m.files = append(m.files, name)
	}
	return nil
}
