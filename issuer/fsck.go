package issuer

import (
	"context"
	"crypto"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/verifier"
)

// Finding is one thing in the store that is not as it must be.
type Finding struct {
	Code    string `json:"code"`    // token, payload, key, index, bit, list, audit, composite
	Subject string `json:"subject"` // the credential's id, the list's URL, the entry's number
	Detail  string `json:"detail"`  // for an engineer
}

// Checked is what Fsck has looked at.
type Checked struct {
	Credentials int
	Lists       int
	Entries     uint64
	Findings    []Finding
}

// Fsck holds the store against itself: every stored token verifies with the key
// that the register names, every pending payload has its hash, every status
// index was given away once and by its list, every bit says what the state of
// its credential says, and the audit chain holds. It needs no private key.
func (i *Issuer) Fsck(ctx context.Context) (Checked, error) {
	c := &fsck{keys: map[string]crypto.PublicKey{}, bits: map[string]*statuslist.Bits{}, taken: map[string]map[uint32]string{}}
	entries, _, err := i.VerifyAudit(ctx)
	var broken *BrokenChainError
	if errors.As(err, &broken) {
		c.found("audit", fmt.Sprint(broken.Seq), broken.Reason)
	} else if err != nil {
		return Checked{}, err
	}
	c.Entries = entries
	err = i.store.View(ctx, func(tx Tx) error {
		if err := c.openLists(tx); err != nil {
			return err
		}
		if err := c.rows(ctx, tx); err != nil {
			return err
		}
		if err := c.composites(tx); err != nil {
			return err
		}
		return c.countIndexes(tx)
	})
	if err != nil {
		return Checked{}, err
	}
	return c.Checked, nil
}

type fsck struct {
	mu sync.Mutex
	Checked
	bodies []IssuerRecord
	keys   map[string]crypto.PublicKey // by kid; those that are not there are nil
	lists  []StatusList
	bits   map[string]*statuslist.Bits  // by list
	taken  map[string]map[uint32]string // by list, index: the id that took it

	passports []string // ids of rows in force that are composites by what is signed
}

func (c *fsck) found(code, subject, detail string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.Findings = append(c.Findings, Finding{code, subject, detail})
}

func (c *fsck) openLists(tx Tx) error {
	bodies, err := tx.AllIssuers()
	if err != nil {
		return err
	}
	c.bodies = bodies
	for _, b := range bodies {
		lists, err := tx.StatusListsOf(b.Name)
		if err != nil {
			return err
		}
		for _, l := range lists {
			data, err := tx.StatusBits(l.URL)
			if err != nil && !errors.Is(err, ErrNotFound) {
				return err
			}
			if len(data) != int(l.Entries/8) {
				c.found("list", l.URL, fmt.Sprintf("%d bytes of bits for %d entries", len(data), l.Entries))
				data = make([]byte, l.Entries/8)
			}
			c.bits[l.URL] = statuslist.FromBytes(data)
			c.taken[l.URL] = map[uint32]string{}
		}
		c.lists = append(c.lists, lists...)
		c.Lists += len(lists)
	}
	return nil
}

// rows checks the register in batches, tokens on all cores.
func (c *fsck) rows(ctx context.Context, tx Tx) error {
	var batch []Issuance
	flush := func() {
		onAllCores(len(batch), func(n int) { c.token(ctx, batch[n]) })
		batch = batch[:0]
	}
	var failed error
	err := tx.Issuances(Filter{}, func(row Issuance) bool {
		if failed = ctx.Err(); failed != nil {
			return false
		}
		c.Credentials++
		failed = c.learnKeys(tx, row)
		c.place(row, row.StatusList, row.StatusIndex, statuslist.PurposeRevocation)
		c.place(row, row.SuspensionList, row.SuspensionIndex, statuslist.PurposeSuspension)
		if batch = append(batch, row); len(batch) == 1024 {
			flush()
		}
		return failed == nil
	})
	flush()
	return errors.Join(err, failed)
}

// learnKeys reads the public keys of a row's issuer, whatever their state.
func (c *fsck) learnKeys(tx Tx, row Issuance) error {
	if _, known := c.keys[row.KeyID]; known || row.KeyID == "" {
		return nil
	}
	c.keys[row.KeyID] = nil
	keys, err := tx.KeysOf(row.Issuer)
	if err != nil {
		return err
	}
	for _, k := range keys {
		jwk, err := jose.ParseJWK(k.JWK)
		if err != nil {
			c.found("key", k.KID, err.Error())
			continue
		}
		c.keys[k.KID] = jwk.Public()
	}
	return nil
}

// token checks what was signed, or what is about to be.
func (c *fsck) token(ctx context.Context, row Issuance) {
	if row.Erased {
		c.erased(row)
		return
	}
	switch row.State {
	case StateVoid:
		return
	case StatePending:
		if sha256.Sum256(row.Payload) != row.PayloadHash {
			c.found("payload", row.ID, "the payload has another hash")
		}
		c.inside(row, row.Payload)
		return
	}
	if row.Token == "" && row.IssuedAt.IsZero() {
		return // revoked while pending, before it was signed
	}
	key := c.keys[row.KeyID]
	if key == nil {
		c.found("key", row.ID, "no key "+row.KeyID)
		return
	}
	if jose.TypeOf(row.Token) != row.Profile.tokenType() {
		c.found("token", row.ID, "not made by the profile that was recorded")
		return
	}
	if err := verifier.SelfCheck(ctx, row.Token, key, row.KeyID, time.Time{}); err != nil {
		c.found("token", row.ID, err.Error())
		return
	}
	_, payload, err := jose.ParseUnverified(row.Token)
	if err != nil || sha256.Sum256(payload) != row.PayloadHash {
		c.found("payload", row.ID, "the token carries another payload than was recorded")
		return
	}
	c.inside(row, payload)
}

// erased finds what should be gone, and what should not.
func (c *fsck) erased(row Issuance) {
	if row.Token != "" || len(row.Payload) > 0 || row.LearnerName != "" || row.DocumentNumber != "" || row.Note != "" || row.IdempotencyKey != "" {
		c.found("erased", row.ID, "words of a person who was erased")
	}
	if !row.IssuedAt.IsZero() && row.TokenHash == [sha256.Size]byte{} {
		c.found("erased", row.ID, "the hash of its token is gone")
	}
}

// inside holds the places in our lists that a document names against those that
// the register gave it: who reads the token looks there and nowhere else.
func (c *fsck) inside(row Issuance, payload []byte) {
	c.passport(row, payload)
	named, err := statusPlaces(payload, func(list string) bool { return c.bits[list] != nil || ownPlace(c.bodies, list) })
	if err != nil {
		c.found("index", row.ID, err.Error())
		return
	}
	var given []string
	if row.StatusList != "" {
		given = append(given, place(row.StatusList, row.StatusIndex))
	}
	if row.SuspensionList != "" {
		given = append(given, place(row.SuspensionList, row.SuspensionIndex))
	}
	slices.Sort(named)
	slices.Sort(given)
	if !slices.Equal(named, given) {
		c.found("index", row.ID, fmt.Sprintf("it names %v, the register gave %v", named, given))
	}
}

// place checks a row's index and the bit that stands there.
func (c *fsck) place(row Issuance, list string, index uint32, purpose string) {
	if list == "" {
		return
	}
	bits := c.bits[list]
	if bits == nil {
		c.found("index", row.ID, "no status list "+list)
		return
	}
	if other, twice := c.taken[list][index]; twice {
		c.found("index", row.ID, "shares its index with "+other)
	}
	c.taken[list][index] = row.ID
	set, err := bits.Get(int(index))
	if err != nil {
		c.found("index", row.ID, err.Error())
		return
	}
	if want, certain := wantBit(row.State, purpose); certain && set != want {
		c.found("bit", row.ID, fmt.Sprintf("state %s, %s bit %v", row.State, purpose, set))
	}
}

// wantBit is what a state says of a bit. A revocation leaves the bit of an
// earlier suspension as it was.
func wantBit(s State, purpose string) (set, certain bool) {
	ended := s == StateRevoked || s == StateSuperseded || s == StateVoid
	if purpose == statuslist.PurposeRevocation {
		return ended, true
	}
	return s == StateSuspended, !ended
}

// countIndexes finds indexes that a list never gave, given ones without a row,
// and bits set where nobody stands.
func (c *fsck) countIndexes(tx Tx) error {
	for _, l := range c.lists {
		taken, places := c.taken[l.URL], statuslist.NewPermutation(l.PermutationKey, l.Entries)
		given := map[uint32]bool{}
		for n := range l.Next {
			given[places.Place(n)] = true
		}
		if len(taken) != len(given) {
			c.found("list", l.URL, fmt.Sprintf("gave %d indexes, %d are in the register", len(given), len(taken)))
		}
		for index, id := range taken {
			if !given[index] {
				c.found("index", id, fmt.Sprintf("index %d was never given", index))
			}
		}
		if err := c.nobodys(tx, l); err != nil {
			return err
		}
	}
	return nil
}

// nobodys finds the bits that are set where nobody stands. As many as the log
// says were merged from published lists are no finding: they are those of
// credentials that a lost store issued.
func (c *fsck) nobodys(tx Tx, l StatusList) error {
	var set []uint32
	for index := range l.Entries {
		if on, err := c.bits[l.URL].Get(int(index)); err == nil && on && c.taken[l.URL][index] == "" {
			set = append(set, index)
		}
	}
	if len(set) == 0 {
		return nil
	}
	merged, err := unknownBits(tx, l.URL)
	if err != nil || merged == len(set) {
		return err
	}
	for _, index := range set {
		c.found("bit", l.URL, fmt.Sprintf("bit %d is set and nobody's", index))
	}
	return nil
}
