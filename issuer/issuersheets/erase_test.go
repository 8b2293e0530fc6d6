package issuersheets_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
	"github.com/employment-passport/passport/issuer/issuersheets"
	"github.com/employment-passport/passport/schema"
)

// ada is somebody by one of her names, known again by the key of her wallet.
func ada(name string) issuer.Offer {
	return issuer.Offer{Issuer: "ente", Template: template, Learner: schema.Learner{
		Name: name, BirthDate: "1990-12-10", Holder: "did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP",
	}}
}

// sheetsSay tells whether any file of a sheet has a word, in any case.
func sheetsSay(t *testing.T, home, word string) (says bool) {
	t.Helper()
	must(t, filepath.WalkDir(filepath.Join(home, "sheets"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		says = says || strings.Contains(strings.ToLower(string(data)), word)
		return err
	}))
	return says
}

// Who has married since is erased from the sheets by the name of before, too.
func TestErasedByEveryName(t *testing.T) {
	w, _, _ := deliveries(t)
	_, err := w.issuer.Issue(t.Context(), "test", ada("Ada Byron"))
	must(t, err)
	now, err := w.issuer.Issue(t.Context(), "test", ada("Ada Lovelace"))
	must(t, err)
	w.ended(t, w.send(t, "&delivery=slip", "Nome;Nato il;Numero attestato;Esito;Data fine\nAda Byron;1990;N-1;Superato;18/11/2026\n").ID)
	if !sheetsSay(t, w.home, "byron") {
		t.Fatal("nothing to take out")
	}
	done, err := w.issuer.Erase(t.Context(), "test", now.ID)
	must(t, err)
	if len(done.Credentials) != 2 {
		t.Errorf("erased %v", done.Credentials)
	}
	if sheetsSay(t, w.home, "byron") {
		t.Error("the sheets still have the name of before")
	}
}

// A backup that was made while a sheet was at work can be restored although
// somebody has been erased since; that sheet, which may bear the name, is given up.
func TestFaultR8RestoreWithASheetAtWork(t *testing.T) {
	w, _, _ := deliveries(t)
	row, err := w.issuer.Issue(t.Context(), "test", ada("Ada Lovelace"))
	must(t, err)
	w.stop()
	job := w.send(t, "&delivery=slip", class(1)).ID
	var backup bytes.Buffer
	_, err = w.store.(*boltstore.Store).Backup(t.Context(), &backup, today)
	must(t, err)
	w.start(t)
	w.ended(t, job)
	_, err = w.issuer.Erase(t.Context(), "test", row.ID)
	must(t, err)
	w.shut()
	_, err = boltstore.Restore(t.Context(), &backup, w.home, boltstore.RestoreOptions{
		AcceptRollback: true,
		Settle: func(ctx context.Context, s *boltstore.Store, above int) error {
			i, err := issuer.New(issuer.Config{
				Store: s, Keys: w.keys, Now: w.now,
				Erasers: []issuer.Eraser{issuersheets.Eraser(filepath.Join(w.home, "sheets"))},
			})
			must(t, err)
			return i.AfterRestore(ctx, "test", above)
		},
	})
	must(t, err)
	w.open(t)
	w.start(t)
	v := w.until(t, job, func(v issuersheets.View) bool { return v.State.Final() })
	if v.State != issuersheets.StateCancelled {
		t.Errorf("the sheet is %s", v.State)
	}
	if again, err := w.issuer.Find(t.Context(), row.ID); err != nil || !again.Erased {
		t.Errorf("%+v, %v", again, err)
	}
}
