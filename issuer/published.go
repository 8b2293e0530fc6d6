package issuer

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/schema"
)

// errStranger marks a list that no status key in the store has signed.
var errStranger = errors.New("signed with no status key that the store knows")

// worldList is a signed list of one of our issuers, as the world has it.
type worldList struct {
	*statuslist.List
	body IssuerRecord
}

// readPublished reads a token as a list of one of the bodies; nil is none of
// theirs. A list of theirs that no active or retired status key of theirs has
// signed comes with errStranger: what it says is not proven.
func readPublished(ctx context.Context, tx Tx, bodies []IssuerRecord, token string) (*worldList, error) {
	_, payload, err := jose.ParseUnverified(token)
	if err != nil {
		return nil, nil //nolint:nilerr // none of theirs
	}
	list, err := statuslist.ParseCredential(payload)
	if err != nil {
		return nil, nil //nolint:nilerr // none of theirs
	}
	for _, b := range bodies {
		if list.Issuer != b.DID || !strings.HasPrefix(list.ID, b.StatusBase+"/status/") || len(list.Purposes) != 1 {
			continue
		}
		p := &worldList{list, b}
		keys, err := tx.KeysOf(b.Name)
		if err != nil {
			return nil, err
		}
		_, _, err = jose.Verify(ctx, jose.TypeVC, token, func(_ context.Context, h jose.Header, _ []byte) (crypto.PublicKey, error) {
			return statusKeyOf(keys, h.Kid)
		})
		if err != nil {
			return p, errors.Join(errStranger, err)
		}
		return p, nil
	}
	return nil, nil
}

// statusKeyOf finds a key that lists may be signed with. What a compromised one
// has signed may be somebody else's.
func statusKeyOf(keys []KeyRecord, kid string) (crypto.PublicKey, error) {
	for _, k := range keys {
		if k.KID == kid && k.Signs(schema.KeyForStatus) && k.State != schema.KeyCompromised {
			jwk, err := jose.ParseJWK(k.JWK)
			return jwk.Public(), err
		}
	}
	return nil, errStranger
}

// Place is where Publish writes a status list: a path below its folder.
type Place struct{ URL, Path string }

// PublishedPlaces returns the place of every status list of the store.
func (i *Issuer) PublishedPlaces(ctx context.Context) (places []Place, err error) {
	bodies, err := i.Bodies(ctx)
	if err != nil {
		return nil, err
	}
	for _, b := range bodies {
		lists, err := i.StatusLists(ctx, b.Name)
		if err != nil {
			return nil, err
		}
		for _, l := range lists {
			place, err := publicPath(l.URL)
			if err != nil {
				return nil, err
			}
			places = append(places, Place{l.URL, place})
		}
	}
	return places, nil
}

// HoldPublished holds the store against lists that the world has already. A
// store restored from a backup knows nothing of the revocations after it;
// signing its lists again would take those back in silence (promises P5, P6).
// So a list of ours that revokes what this store does not, or is newer than
// what it last signed, is refused with "published_ahead"; one that says more
// and is signed with a key unknown here, with "published_stranger".
func (i *Issuer) HoldPublished(ctx context.Context, tokens []string) error {
	return i.store.View(ctx, func(tx Tx) error {
		bodies, err := tx.AllIssuers()
		if err != nil {
			return err
		}
		lost, err := lostLives(tx, bodies)
		if err != nil {
			return err
		}
		for _, token := range tokens {
			p, err := readPublished(ctx, tx, bodies, token)
			if err != nil && !errors.Is(err, errStranger) || p == nil {
				if err != nil {
					return err
				}
				continue
			}
			ahead, aheadErr := p.ahead(tx, lost)
			switch {
			case aheadErr != nil:
				return aheadErr
			case ahead && err != nil:
				return refuse("published_stranger", "url", p.ID).because(err)
			case ahead:
				return refuse("published_ahead", "url", p.ID, "date", p.ValidFrom.UTC().Format(time.RFC3339))
			}
		}
		return nil
	})
}

// ahead tells whether the world's copy of a list says what the store's does
// not. A list that the store has not opened is none that it would overwrite.
func (p *worldList) ahead(tx Tx, lost lives) (bool, error) {
	l, err := tx.StatusList(p.ID)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if p.ValidFrom.After(l.SignedAt) {
		return true, nil
	}
	if l.Purpose == statuslist.PurposeSuspension {
		// Suspensions end: only a version that another life signed says more.
		return lost.signed(p.ID, p.ValidFrom), nil
	}
	missing, err := p.missing(tx)
	return len(missing) > 0, err
}

// missing are the places whose bit is set there and not here.
func (p *worldList) missing(tx Tx) (places []uint32, err error) {
	data, err := tx.StatusBits(p.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	for n, b := range p.Bits.Bytes() {
		if n < len(data) {
			b &^= data[n]
		}
		for bit := range 8 {
			if b&(0x80>>bit) != 0 {
				places = append(places, uint32(n*8+bit))
			}
		}
	}
	return places, nil
}

// lives are the times between a backup and its restore, in which a store that
// is gone may have signed lists: what the audit log tells.
type lives struct {
	gaps  []gap
	known map[string]time.Time // by list: the newest of them that was merged
}

type gap struct {
	from, to time.Time
	lists    map[string]bool // URLs open before it whose published copies were not merged since
}

// signed tells whether a list of that date is of a life that is gone, and not
// merged.
func (l lives) signed(url string, at time.Time) bool {
	if !at.After(l.known[url]) {
		return false
	}
	for _, g := range l.gaps {
		if at.After(g.from) && at.Before(g.to) {
			return true
		}
	}
	return false
}

// restoredNumber is the least number of a list that AfterRestore opens: a store
// with none such was never restored, and its log need not be read.
const restoredNumber = 100_000_000

func lostLives(tx Tx, bodies []IssuerRecord) (l lives, err error) {
	restored := false
	for _, b := range bodies {
		lists, err := tx.StatusListsOf(b.Name)
		if err != nil {
			return l, err
		}
		for _, one := range lists {
			restored = restored || one.Number >= restoredNumber
		}
	}
	if !restored {
		return l, nil
	}
	l.known = map[string]time.Time{}
	var last time.Time
	open := map[string]bool{}
	err = tx.AuditFrom(1, func(e AuditEntry) bool {
		switch e.Act {
		case actOpen:
			open[e.Subject] = true
		case actRestore:
			l.gaps = append(l.gaps, gap{from: last, to: e.At, lists: maps.Clone(open)})
		case actMerge:
			for _, g := range l.gaps {
				delete(g.lists, e.Subject)
			}
			if m, ok := parseMergeNote(e.Details); ok && m.at.After(l.known[e.Subject]) {
				l.known[e.Subject] = m.at
			}
		}
		last = e.At
		return true
	})
	return l, err
}

// Unmerged returns the beginning of the latest gap in the register that lists
// still out in the world may fill: the store was restored, and not all that were
// open before have been merged since. Zero is none.
func (i *Issuer) Unmerged(ctx context.Context) (since time.Time, err error) {
	err = i.store.View(ctx, func(tx Tx) error {
		bodies, err := tx.AllIssuers()
		if err != nil {
			return err
		}
		lost, err := lostLives(tx, bodies)
		if err != nil {
			return err
		}
		for _, g := range lost.gaps {
			// What was signed in it has run out by then.
			if i.now().Before(g.to.Add(listLife)) && len(g.lists) > 0 {
				since = g.from
			}
		}
		return nil
	})
	return since, err
}

// mergeNote is what the log keeps of a merged list.
type mergeNote struct {
	at      time.Time // its validFrom
	unknown int       // how many of the list's bits stand for nobody in the register
}

func (m mergeNote) String() string {
	return fmt.Sprintf("published %s, %d of unknown credentials", m.at.UTC().Format(time.RFC3339Nano), m.unknown)
}

func parseMergeNote(s string) (m mergeNote, ok bool) {
	var at string
	if _, err := fmt.Sscanf(s, "published %s %d of unknown credentials", &at, &m.unknown); err != nil {
		return m, false
	}
	var err error
	m.at, err = time.Parse(time.RFC3339Nano, strings.TrimSuffix(at, ","))
	return m, err == nil
}
