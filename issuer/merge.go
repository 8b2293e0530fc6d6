package issuer

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/schema"
)

// The acts of the log that tell of a restore and of what was merged after it.
const (
	actRestore = "store.restore"
	actMerge   = "list.merge"
	actOpen    = "list.open"
)

// ReasonPublished is the reason code of a revocation that was read back from a
// published list, which tells that it was revoked and not why.
const ReasonPublished = "published-list"

// Merged says what MergeLists has found.
type Merged struct {
	Lists     int      // lists of this store that were read
	Revoked   []string // ids of credentials that are revoked now
	Suspended []string // ids of credentials that are suspended now
	Unknown   int      // revoked or suspended credentials that the register does not know
	Opened    []string // URLs of lists that the store did not know
}

// MergeLists brings back what published lists say and the store has lost: a
// restore from a backup undoes every revocation after it. Of each list the
// newest signed by the issuer's own status keys counts. A bit that is set there
// and not here revokes or suspends its credential; where the register has no
// such credential, issued after the backup, the bit is set all the same and the
// list gives no further index. Lists opened after the backup are taken over,
// closed. It is one act: all of it happens, or nothing.
//
// It refuses with "merge_nothing" when there is no list of ours, with
// "merge_stranger" when one is not signed by a key of ours.
func (i *Issuer) MergeLists(ctx context.Context, by Actor, tokens []string) (m Merged, err error) {
	var after *falls
	err = i.urgent(ctx, by, func(a *act) error {
		if m, err = a.mergeLists(ctx, tokens); err != nil {
			return err
		}
		for _, id := range m.Revoked { // when every list has its bits
			if err := a.fell(id); err != nil {
				return err
			}
		}
		after = a.falls
		return nil
	})
	if err == nil {
		i.afterFalls(ctx, by, after)
	}
	return m, err
}

func (a *act) mergeLists(ctx context.Context, tokens []string) (m Merged, err error) {
	bodies, err := a.AllIssuers()
	if err != nil {
		return m, err
	}
	newest, err := a.newestPublished(ctx, bodies, tokens)
	if err != nil {
		return m, err
	}
	if len(newest) == 0 {
		return m, refuse("merge_nothing")
	}
	lost, err := lostLives(a, bodies)
	if err != nil {
		return m, err
	}
	for _, url := range slices.Sorted(maps.Keys(newest)) {
		if err := a.mergeList(newest[url], lost, &m); err != nil {
			return m, err
		}
		m.Lists++
	}
	return m, nil
}

// newestPublished reads the tokens and keeps the newest of each list.
func (a *act) newestPublished(ctx context.Context, bodies []IssuerRecord, tokens []string) (map[string]*worldList, error) {
	newest := map[string]*worldList{}
	for _, token := range tokens {
		p, err := readPublished(ctx, a, bodies, token)
		switch {
		case errors.Is(err, errStranger):
			return nil, refuse("merge_stranger", "url", p.ID).because(err)
		case err != nil:
			return nil, err
		case p == nil:
			continue
		}
		old := newest[p.ID]
		if old == nil {
			newest[p.ID] = p
			continue
		}
		if p.ValidFrom.After(old.ValidFrom) {
			newest[p.ID] = p.with(old)
			continue
		}
		newest[p.ID] = old.with(p)
	}
	return newest, nil
}

// mergeList sets what a list says beyond the store's own copy.
func (a *act) mergeList(p *worldList, lost lives, m *Merged) error {
	l, err := a.listFor(p, m)
	if err != nil {
		return err
	}
	if l.Purpose != p.Purposes[0] || int(l.Entries) != p.Bits.Len() {
		return refuse("merge_stranger", "url", p.ID)
	}
	var missing []uint32
	if l.Purpose == statuslist.PurposeRevocation || p.ValidFrom.After(l.SignedAt) || lost.signed(p.ID, p.ValidFrom) {
		if missing, err = p.missing(a); err != nil {
			return err
		}
	}
	unknown, err := a.endRows(p, l, missing, m)
	if err != nil {
		return err
	}
	m.Unknown += unknown
	// Who is unknown here was given an index that this store would give again.
	l.Closed = l.Closed || unknown > 0
	if p.ValidFrom.After(l.SignedAt) {
		l.SignedAt = p.ValidFrom // the next version is later than the world's
	}
	l.ChangedAt = later(a.clock, l.SignedAt)
	if err := a.PutStatusList(l); err != nil {
		return err
	}
	before, err := unknownBits(a, p.ID)
	if err != nil {
		return err
	}
	return a.log(actMerge, p.ID, mergeNote{p.ValidFrom, before + unknown}.String())
}

// listFor returns the store's row of a list. One that was opened after the
// backup is taken over, so that it goes on being signed, and gives no index.
func (a *act) listFor(p *worldList, m *Merged) (StatusList, error) {
	l, err := a.StatusList(p.ID)
	if !errors.Is(err, ErrNotFound) {
		return l, err
	}
	number, err := strconv.Atoi(strings.TrimPrefix(p.ID, p.body.StatusBase+"/status/"))
	if err != nil || number < 1 {
		return l, refuse("merge_stranger", "url", p.ID).because(err)
	}
	l = StatusList{
		URL: p.ID, Issuer: p.body.Name, Purpose: p.Purposes[0], Number: number,
		Entries: uint32(p.Bits.Len()), SignedAt: p.ValidFrom, Closed: true,
	}
	if err := a.PutStatusList(l); err != nil {
		return l, err
	}
	m.Opened = append(m.Opened, l.URL)
	// Its bits are those that missing finds; a suspension counts as well, since
	// no version of the list was ever signed here.
	l.SignedAt = time.Time{}
	return l, errors.Join(a.PutStatusBits(l.URL, make([]byte, l.Entries/8)), a.log(actOpen, l.URL, l.Purpose))
}

// endRows revokes or suspends the credentials at the missing places, sets the
// bits, and counts the places where nobody stands.
func (a *act) endRows(p *worldList, l StatusList, missing []uint32, m *Merged) (unknown int, err error) {
	if len(missing) == 0 {
		return 0, nil
	}
	rows, err := a.rowsAt(l, missing)
	if err != nil {
		return 0, err
	}
	data, err := a.StatusBits(l.URL)
	if err != nil {
		return 0, err
	}
	bits := statuslist.FromBytes(data)
	for _, place := range missing {
		if err := bits.Set(int(place), true); err != nil {
			return 0, err
		}
		row, known := rows[place]
		if !known {
			unknown++
			continue
		}
		if err := a.endRow(p, row, m); err != nil {
			return 0, err
		}
	}
	return unknown, a.PutStatusBits(l.URL, bits.Bytes())
}

// rowsAt finds the credentials that stand at places of a list.
func (a *act) rowsAt(l StatusList, places []uint32) (map[uint32]Issuance, error) {
	wanted := map[uint32]bool{}
	for _, p := range places {
		wanted[p] = true
	}
	rows := map[uint32]Issuance{}
	err := a.Issuances(Filter{Issuer: l.Issuer}, func(row Issuance) bool {
		switch {
		case row.StatusList == l.URL && wanted[row.StatusIndex]:
			rows[row.StatusIndex] = row
		case row.SuspensionList == l.URL && wanted[row.SuspensionIndex]:
			rows[row.SuspensionIndex] = row
		}
		return true
	})
	return rows, err
}

// endRow gives a credential the state that the list gives it.
func (a *act) endRow(p *worldList, row Issuance, m *Merged) error {
	note := "read from the published list of " + p.ValidFrom.UTC().Format(time.RFC3339)
	row.ChangedAt, row.SuspendedUntil = a.at, time.Time{}
	if p.Purposes[0] == statuslist.PurposeRevocation {
		row.State, row.Payload, row.Reason, row.Note = StateRevoked, nil, ReasonPublished, note
		m.Revoked = append(m.Revoked, row.ID)
		if err := a.PutIssuance(row); err != nil {
			return err
		}
		return a.log("revoke", row.ID, row.Reason)
	}
	switch row.State {
	case StatePending:
		// It is finished first, by whoever has the keys: Resume, then this again.
		return refuse("merge_pending", "id", row.ID)
	case StateIssued:
	default:
		return nil // ended for good; what was its suspension does not matter
	}
	row.State, row.Reason, row.Note = StateSuspended, string(schema.Disputed), note
	m.Suspended = append(m.Suspended, row.ID)
	if err := a.PutIssuance(row); err != nil {
		return err
	}
	return a.log("suspend", row.ID, row.Reason)
}

// unknownBits is how many bits of a list were set, at earlier merges, for
// credentials that the register does not know.
func unknownBits(tx Tx, url string) (n int, err error) {
	err = tx.AuditFrom(1, func(e AuditEntry) bool {
		if e.Act == actMerge && e.Subject == url {
			if m, ok := parseMergeNote(e.Details); ok {
				n = m.unknown
			}
		}
		return true
	})
	return n, err
}

// with is p and, of a list of revocations, the bits that an older copy sets too:
// a revocation in any copy is final.
func (p *worldList) with(older *worldList) *worldList {
	if p.Purposes[0] != statuslist.PurposeRevocation || older.Purposes[0] != p.Purposes[0] || older.Bits.Len() != p.Bits.Len() {
		return p
	}
	bits := p.Bits.Bytes()
	all := make([]byte, len(bits))
	for n, b := range older.Bits.Bytes() {
		all[n] = bits[n] | b
	}
	list := *p.List
	list.Bits = statuslist.FromBytes(all)
	return &worldList{&list, p.body}
}
