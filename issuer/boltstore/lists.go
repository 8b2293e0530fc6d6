package boltstore

import (
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/employment-passport/passport/issuer"
)

// Lists stand under their URL in "lists" and their bits in "bits".

// PutStatusList writes the row of l.URL, see issuer.StatusLists.
func (t *tx) PutStatusList(l issuer.StatusList) error {
	lists, err := t.table("lists")
	if err != nil {
		return err
	}
	if err := checkKey("status list", l.URL); err != nil {
		return err
	}
	old, err := t.StatusList(l.URL)
	if err != nil && !errors.Is(err, issuer.ErrNotFound) {
		return err
	}
	if err == nil && (l.Next < old.Next || l.Version < old.Version || l.PermutationKey != old.PermutationKey || l.Entries != old.Entries) {
		return fmt.Errorf("status list %s would go back or give its indexes in another order", l.URL)
	}
	if err := lists.putJSON([]byte(l.URL), listRowOf(l)); err != nil {
		return err
	}
	t.reached.Lists[l.URL] = l.Next
	return nil
}

// StatusList returns a list by its URL.
func (t *tx) StatusList(url string) (issuer.StatusList, error) {
	lists, err := t.table("lists")
	if err != nil {
		return issuer.StatusList{}, err
	}
	var r listRow
	if err := lists.getJSON([]byte(url), &r); err != nil {
		return issuer.StatusList{}, err
	}
	return r.list()
}

// StatusListsOf returns an issuer's lists by number. A home has few lists, one
// for every 131 072 credentials, so that no index is kept.
func (t *tx) StatusListsOf(name string) ([]issuer.StatusList, error) {
	lists, err := t.table("lists")
	if err != nil {
		return nil, err
	}
	rows, err := all[listRow](lists, nil)
	if err != nil {
		return nil, err
	}
	var of []issuer.StatusList
	for _, r := range rows {
		if r.Issuer != name {
			continue
		}
		l, err := r.list()
		if err != nil {
			return nil, err
		}
		of = append(of, l)
	}
	sortBy(of, func(l issuer.StatusList) int { return l.Number })
	return of, nil
}

// StatusBits returns a copy of a list's bits.
func (t *tx) StatusBits(url string) ([]byte, error) {
	bits, err := t.table("bits")
	if err != nil {
		return nil, err
	}
	value, err := bits.get([]byte(url))
	return clone(value), err
}

// PutStatusBits writes a list's bits.
func (t *tx) PutStatusBits(url string, value []byte) error {
	bits, err := t.table("bits")
	if err != nil {
		return err
	}
	if err := checkKey("status list", url); err != nil {
		return err
	}
	return bits.put([]byte(url), value)
}

// The log stands under its numbers.

// AppendAudit writes the next entry, see issuer.Audit.
func (t *tx) AppendAudit(e issuer.AuditEntry) error {
	audit, err := t.table("audit")
	if err != nil {
		return err
	}
	if e.Seq != t.reached.AuditSeq+1 {
		return fmt.Errorf("audit entry %d after entry %d", e.Seq, t.reached.AuditSeq)
	}
	if err := audit.put(number(e.Seq), auditRowOf(e).line()); err != nil {
		return err
	}
	t.reached.AuditSeq, t.reached.AuditHash = e.Seq, hex.EncodeToString(e.Hash[:])
	return nil
}

// AuditFrom yields the entries from seq on.
func (t *tx) AuditFrom(seq uint64, yield func(issuer.AuditEntry) bool) error {
	audit, err := t.table("audit")
	if err != nil {
		return err
	}
	next := max(seq, 1)
	return audit.scan(nil, number(seq), func(key, value []byte) (bool, error) {
		e, err := t.decodeAudit(audit, key, value)
		if err != nil {
			return false, err
		}
		if e.Seq != next {
			return false, damaged("audit entry %d is gone", next)
		}
		next++
		return yield(e), nil
	})
}

// LastAudit returns the newest entry.
func (t *tx) LastAudit() (issuer.AuditEntry, error) {
	audit, err := t.table("audit")
	if err != nil {
		return issuer.AuditEntry{}, err
	}
	key, stored := audit.bucket.Cursor().Last()
	if key == nil {
		return issuer.AuditEntry{}, issuer.ErrNotFound
	}
	value, err := audit.value(key, stored)
	if err != nil {
		return issuer.AuditEntry{}, err
	}
	return t.decodeAudit(audit, key, value)
}

func (t *tx) auditEntry(seq uint64) (issuer.AuditEntry, error) {
	audit, err := t.table("audit")
	if err != nil {
		return issuer.AuditEntry{}, err
	}
	value, err := audit.get(number(seq))
	if err != nil {
		return issuer.AuditEntry{}, err
	}
	return t.decodeAudit(audit, number(seq), value)
}

func (t *tx) decodeAudit(audit *table, key, value []byte) (issuer.AuditEntry, error) {
	if len(key) != 8 {
		return issuer.AuditEntry{}, damaged("a key of the audit log is %d bytes long", len(key))
	}
	var r auditRow
	if err := audit.decode(value, &r); err != nil {
		return issuer.AuditEntry{}, err
	}
	return r.entry(sequence(key))
}
