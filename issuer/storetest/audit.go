package storetest

import (
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
)

func entry(seq uint64) issuer.AuditEntry {
	return issuer.AuditEntry{
		Seq: seq, At: day.Add(time.Duration(seq) * time.Second), Actor: "cli:anna", Act: "issue.done", Subject: "urn:uuid:1",
		Details: "list 1", Prev: [32]byte{byte(seq - 1)}, Hash: [32]byte{byte(seq)},
	}
}

func appendAudit(entries ...issuer.AuditEntry) func(issuer.Tx) error {
	return func(tx issuer.Tx) error {
		for _, e := range entries {
			if err := tx.AppendAudit(e); err != nil {
				return err
			}
		}
		return nil
	}
}

var auditTests = map[string]func(*testing.T, Harness){
	"empty": func(t *testing.T, h Harness) {
		s := h.New(t)
		view(t, s, func(tx issuer.Tx) error {
			_, err := tx.LastAudit()
			absent(t, "last", err)
			err = tx.AuditFrom(0, func(issuer.AuditEntry) bool { t.Error("an entry"); return true })
			same(t, "from", err, nil, nil)
			return nil
		})
	},
	"in order, from anywhere": func(t *testing.T, h Harness) {
		s := h.New(t)
		for seq := uint64(1); seq <= 300; seq += 3 {
			update(t, s, appendAudit(entry(seq), entry(seq+1), entry(seq+2)))
		}
		s = h.Reopen(t, s)
		view(t, s, func(tx issuer.Tx) error {
			for _, from := range []uint64{0, 1, 256, 300, 301} {
				next := max(from, 1)
				err := tx.AuditFrom(from, func(e issuer.AuditEntry) bool {
					same(t, "entry", e, entry(next), nil)
					next++
					return true
				})
				same(t, "end", next, 301, err)
			}
			n := 0
			err := tx.AuditFrom(5, func(issuer.AuditEntry) bool { n++; return n < 2 })
			same(t, "stops when told", n, 2, err)
			last, err := tx.LastAudit()
			same(t, "last", last, entry(300), err)
			return nil
		})
	},
	"no gaps and no second entries": func(t *testing.T, h Harness) {
		s := h.New(t)
		refused(t, s, "the first is 1", appendAudit(entry(0)))
		refused(t, s, "a first entry 2", appendAudit(entry(2)))
		update(t, s, appendAudit(entry(1), entry(2)))
		refused(t, s, "entry 2 again", appendAudit(entry(2)))
		refused(t, s, "entry 4 after 2", appendAudit(entry(4)))
		refused(t, s, "a gap within", appendAudit(entry(3), entry(5)))
		update(t, s, appendAudit(entry(3)))
	},
}
