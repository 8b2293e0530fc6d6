package issuerpublic

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
)

// restore puts a backup in the place of the store, as the command does.
func (h *home) restore(backup []byte) {
	h.t.Helper()
	must(h.t, h.store.Close())
	dir := filepath.Dir(h.store.Path())
	_, err := boltstore.Restore(h.t.Context(), bytes.NewReader(backup), dir, boltstore.RestoreOptions{
		AcceptRollback: true,
		Settle: func(ctx context.Context, s *boltstore.Store, above int) error {
			i, err := issuer.New(issuer.Config{Store: s, Keys: h.keys, Now: h.clock})
			must(h.t, err)
			return i.AfterRestore(ctx, clerk, above)
		},
	})
	must(h.t, err)
	h.store, err = boltstore.Open(dir)
	must(h.t, err)
	h.t.Cleanup(func() { _ = h.store.Close() })
	h.issuer, err = issuer.New(issuer.Config{Store: h.store, Keys: h.keys, Now: h.clock})
	must(h.t, err)
}

func (h *home) backup() []byte {
	h.t.Helper()
	var b bytes.Buffer
	_, err := h.store.Backup(h.t.Context(), &b, h.clock())
	must(h.t, err)
	return b.Bytes()
}

// A service over a store that was restored from an older backup takes no
// revocation back that it has published before, not even of credentials that the
// backup does not know, and no list goes back (promises P5, P6; fault R8).
func TestFaultR8PublishedRevocationsOutliveARestore(t *testing.T) {
	h := newHome(t, "ente")
	row := h.issue("ente", false)
	must(t, h.opened().Publish(t.Context()))
	backup := h.backup()
	h.pass(time.Hour)
	later := h.issue("ente", false)
	h.revoke(row)
	h.revoke(later)
	h.pass(time.Minute)
	before := h.list(handler(h.opened()), row.StatusList)
	if !bit(t, before, row.StatusIndex) || !bit(t, before, later.StatusIndex) {
		t.Fatal("the revocations were not published")
	}
	h.restore(backup)
	h.pass(time.Hour)
	for range 2 { // and the next start
		after := h.list(handler(h.opened()), row.StatusList)
		if !bit(t, after, row.StatusIndex) || !bit(t, after, later.StatusIndex) || after.ValidFrom.Before(before.ValidFrom) {
			t.Errorf("a revocation of %s was taken back on %s", before.ValidFrom, after.ValidFrom)
		}
		now, err := h.issuer.Find(t.Context(), row.ID)
		if err != nil || now.State != issuer.StateRevoked {
			t.Errorf("%s, %v", now.State, err)
		}
		h.pass(time.Hour)
	}
	merged := 0
	must(t, h.issuer.Audit(t.Context(), 1, func(e issuer.AuditEntry) bool {
		if e.Act == "list.merge" {
			merged++
		}
		return true
	}))
	if merged != 1 {
		t.Errorf("merged %d times", merged)
	}
}

// A list that was opened after the backup goes on being served.
func TestListsOpenedAfterTheBackupAreTakenOver(t *testing.T) {
	h := newHome(t, "ente")
	h.issue("ente", false)
	must(t, h.opened().Publish(t.Context()))
	backup := h.backup()
	row := h.issue("ente", true) // the first one that can be suspended
	must(t, h.opened().Publish(t.Context()))
	if row.SuspensionList == "" {
		t.Fatal("nothing was opened")
	}
	h.restore(backup)
	h.pass(time.Hour)
	h.list(handler(h.opened()), row.SuspensionList)
}

// What is signed with a key that the restored store does not know cannot be taken
// over, and nothing is signed over it.
func TestNothingIsPublishedOverAStrangersList(t *testing.T) {
	h := newHome(t, "ente")
	row := h.issue("ente", false)
	must(t, h.opened().Publish(t.Context()))
	backup := h.backup()
	h.pass(time.Hour)
	h.revoke(row)
	_, err := h.issuer.RotateKey(t.Context(), clerk, "ente", "status")
	must(t, err)
	h.pass(time.Minute)
	h.opened()
	h.restore(backup)
	_, err = New(Config{Issuer: h.issuer, Store: h.store, Now: h.clock, Dir: h.dir})
	if !refusedWith(err, "published_stranger") {
		t.Errorf("got %v", err)
	}
	// As the hint says: once it was moved away the service starts.
	must(t, os.Remove(filepath.Join(h.dir, keptName(row.StatusList))))
	if r := get(handler(h.opened()), http.MethodGet, row.StatusList); r.StatusCode != http.StatusOK {
		t.Errorf("%d", r.StatusCode)
	}
}
