package issuer_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
	"golang.org/x/text/unicode/norm"
)

// spellings are the ways in which a file may hold a text: as it is, with its
// accents apart, in other case, escaped as JSON, as hex, and as the middle of
// base64 of either alphabet.
func spellings(text string) (all [][]byte) {
	quoted := strings.Trim(strconv.QuoteToASCII(text), `"`)
	for _, s := range []string{text, norm.NFD.String(text), strings.ToLower(text), strings.ToUpper(text), quoted} {
		all = append(all, []byte(s), []byte(hex.EncodeToString([]byte(s))))
		for shift := range 3 {
			padded := append(make([]byte, shift), s...)
			for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
				coded := enc.EncodeToString(padded)
				from := (shift*8 + 5) / 6 // the first letter that only the text decides
				all = append(all, []byte(coded[from:len(padded)*8/6]))
			}
		}
	}
	return all
}

// found names the files below dir that hold a text in any spelling.
func found(t testing.TB, dir, text string) (files []string) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		for _, s := range spellings(text) {
			if bytes.Contains(data, s) {
				files = append(files, fmt.Sprintf("%s: %q", filepath.Base(path), s))
			}
		}
		return err
	}))
	return files
}

func canary(n int) string       { return "Xantìppa " + canaryFamily(n) }
func canaryFamily(n int) string { return fmt.Sprintf("Kanarýnska %c%c", 'A'+n/26, 'a'+n%26) }
func canaryNumber(n int) string { return fmt.Sprintf("KANARY/2026/%03d", n) }

// TestEraseLeavesNothingOfOnePersonAmong300: who is erased is in no byte of the
// home or of a backup made after; the others are as they were, and what the
// holder has is still genuine and can be revoked.
func TestEraseLeavesNothingOfOnePersonAmong300(t *testing.T) {
	d := newDesk(t)
	plain, _ := d.templateNames(t)
	offers := make([]issuer.Offer, 300)
	for n := range offers {
		offers[n] = d.offer(t, plain, canaryNumber(n))
		offers[n].Learner.Name, offers[n].Learner.GivenName, offers[n].Learner.FamilyName = canary(n), "Xantìppa", canaryFamily(n)
		offers[n].Learner.Holder = "" // by name, as most are
		offers[n].Learner.BirthDate, offers[n].IdempotencyKey = "1991-04-07", "sheet "+canaryNumber(n)
	}
	rows, err := d.IssueBatch(t.Context(), clerk, offers, nil)
	must(t, err)
	gone := rows[117]
	if len(found(t, writeToken(t, gone), canary(117))) == 0 {
		t.Fatal("the search finds no name in a token, where there is one")
	}
	if hits := found(t, d.dir, "Ente Formazione Esempio"); len(hits) == 0 {
		t.Fatal("the search finds nothing in the home")
	}
	if hits := found(t, d.dir, canary(117)); len(hits) > 0 {
		t.Errorf("rows of a person lie open: %v", hits)
	}
	_, err = d.Suspend(t.Context(), clerk, gone.ID, issuer.Reason{Code: schema.Disputed, Note: canary(117)}, time.Time{})
	refused(t, err, "not_suspendable")

	would, err := d.Erasable(t.Context(), gone.DocumentNumber)
	must(t, err)
	if would.Person.Name != canary(117) || len(would.Credentials) != 1 || would.Credentials[0] != gone.ID {
		t.Errorf("would erase %+v", would)
	}
	done, err := d.Erase(t.Context(), clerk, gone.DocumentNumber)
	must(t, err)
	if done.Person.ID != would.Person.ID || !done.Person.ErasedAt.Equal(today) || done.Person.Name != "" || len(done.Credentials) != 1 {
		t.Errorf("erased %+v", done)
	}
	again, err := d.Erase(t.Context(), clerk, done.Person.ID)
	if err != nil || again.Person != done.Person {
		t.Errorf("a second time: %+v, %v", again, err)
	}
	d.gone(t, gone, canary(117), canaryNumber(117))
	if d.audited(t, "erase") != 1 {
		t.Error("the log does not have it once")
	}

	// The others are as they were.
	for _, n := range []int{0, 116, 118, 299} {
		row, err := d.Find(t.Context(), canaryNumber(n))
		if err != nil || row.LearnerName != canary(n) || row.Token != rows[n].Token {
			t.Errorf("person %d: %q, %v", n, row.LearnerName, err)
		}
	}
	d.outlives(t, gone)
	if checked, err := d.Fsck(t.Context()); err != nil || len(checked.Findings) > 0 {
		t.Errorf("fsck: %v %v", checked.Findings, err)
	}
	// The sheet run again does not bring the person back.
	repeated, err := d.IssueBatch(t.Context(), clerk, offers[117:118], nil)
	if err != nil || repeated[0].ID != gone.ID || !repeated[0].Erased {
		t.Errorf("run again: %+v, %v", repeated, err)
	}
	_, err = d.Issue(t.Context(), clerk, offers[117])
	refused(t, err, "erased")
}

// writeToken puts a row's payload as its token carries it into a folder.
func writeToken(t testing.TB, row issuer.Issuance) string {
	t.Helper()
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "token"), []byte(row.Token), 0o600))
	return dir
}

// gone asserts that nothing of a person is in the home, nor in a backup made
// now, and that nothing leads from their words to the row.
func (d *desk) gone(t testing.TB, was issuer.Issuance, words ...string) {
	t.Helper()
	backup := filepath.Join(t.TempDir(), "after.backup")
	f, err := os.Create(backup)
	must(t, err)
	_, err = d.store.(*boltstore.Store).Backup(t.Context(), f, today)
	must(t, errors.Join(err, f.Close()))
	for _, word := range append(words, was.Token) {
		for _, dir := range []string{d.dir, filepath.Dir(backup)} {
			if hits := found(t, dir, word); len(hits) > 0 {
				t.Errorf("still there: %v", hits)
			}
		}
	}
	row, err := d.Find(t.Context(), was.ID)
	must(t, err)
	if !row.Erased || row.Token+row.LearnerName+row.DocumentNumber+row.Note != "" || row.StatusIndex != was.StatusIndex || row.PayloadHash != was.PayloadHash {
		t.Errorf("what is left: %+v", row)
	}
	_, err = d.Find(t.Context(), was.DocumentNumber)
	refused(t, err, "credential_unknown")
	_, err = d.Reissue(t.Context(), clerk, was.ID, nil)
	refused(t, err, "erased")
}

func (d *desk) audited(t testing.TB, act string) (n int) {
	t.Helper()
	must(t, d.Audit(t.Context(), 1, func(e issuer.AuditEntry) bool {
		if e.Act == act {
			n++
		}
		return true
	}))
	return n
}

// outlives asserts that the holder's copy is VALID with a bundle of today, and
// INVALID once its id is revoked.
func (d *desk) outlives(t *testing.T, was issuer.Issuance) {
	t.Helper()
	a := d.regione(t)
	d.recognise(t)
	hash := sha256.Sum256([]byte(was.Token))
	if credential, err := jose.CredentialHash(was.Token); err != nil || credential != base64.RawURLEncoding.EncodeToString(hash[:]) {
		t.Fatalf("the hash of the holder's copy is %s, %v", credential, err)
	}
	if row, err := d.FindByHash(t.Context(), hash); err != nil || row.ID != was.ID {
		t.Errorf("by its hash: %s, %v", row.ID, err)
	}
	if n, err := d.ReaffirmIssuer(t.Context(), clerk, "", "ente"); err != nil || n != 300 {
		t.Errorf("%d reaffirmed, %v", n, err)
	}
	verdict := func() verifier.Verdict {
		d.clock.pass(time.Minute)
		b := d.bundle(t, a.Anchor)
		v, err := verifier.New(verifier.Config{Keys: b, StatusLists: b, Recognition: b, Now: d.clock.Now})
		must(t, err)
		report, err := v.VerifyCredential(t.Context(), was.Token)
		must(t, err)
		return report.Verdict
	}
	if got := verdict(); got != verifier.Valid {
		t.Errorf("the holder's copy is %v", got)
	}
	said, err := d.StatusAssertion(t.Context(), clerk, was.ID, time.Hour)
	if err != nil || said == "" {
		t.Errorf("its status: %v", err)
	}
	_, err = d.Revoke(t.Context(), clerk, was.ID, issuer.Reason{Code: schema.IssuedInError, Note: was.LearnerName})
	must(t, err)
	if got := verdict(); got != verifier.Invalid {
		t.Errorf("revoked, the holder's copy is %v", got)
	}
	if hits := found(t, d.dir, was.LearnerName); len(hits) > 0 {
		t.Errorf("a note brought the name back: %v", hits)
	}
}

// All credentials of a person go together, a copy that was replaced and one that
// waits for its signature among them, and what packages keep of them beside.
func TestEraseTakesAllOfAPerson(t *testing.T) {
	var asked []string
	d, f := newFaultyDesk(t)
	d.Issuer = d.with(t, func(c *issuer.Config) {
		c.Erasers = []issuer.Eraser{func(_ context.Context, tx issuer.Tx, p issuer.Person) error {
			asked = append(asked, p.Name)
			return tx.DeleteRecord(issuer.RecordOffer, p.ID)
		}}
	})
	plain, suspendable := d.templateNames(t)
	first := d.issue(t, plain, "MC-1")
	second, err := d.Reissue(t.Context(), clerk, first.ID, nil)
	must(t, err)
	third := d.issue(t, suspendable, "MC-3")
	left := d.leavePending(t, f, d.offer(t, plain, "MC-4"))
	row, err := d.Find(t.Context(), first.ID)
	must(t, err)
	must(t, d.store.Update(t.Context(), func(tx issuer.Tx) error {
		return tx.PutRecord(issuer.RecordOffer, row.Person, []byte("words"))
	}))
	done, err := d.Erase(t.Context(), clerk, third.ID)
	must(t, err)
	if len(done.Credentials) != 4 || done.Person.ID != row.Person {
		t.Errorf("erased %+v", done)
	}
	if len(asked) != 1 || asked[0] != first.LearnerName {
		t.Errorf("erasers were asked for %q", asked)
	}
	must(t, d.store.View(t.Context(), func(tx issuer.Tx) error {
		if _, err := tx.Record(issuer.RecordOffer, row.Person); !errors.Is(err, issuer.ErrNotFound) {
			t.Errorf("the record: %v", err)
		}
		return nil
	}))
	if row, err := d.Find(t.Context(), left.ID); err != nil || row.State != issuer.StateVoid || len(row.Payload) > 0 {
		t.Errorf("the pending one is %s, %v", row.State, err)
	}
	if hits := found(t, d.dir, first.LearnerName); len(hits) > 0 {
		t.Errorf("still there: %v", hits)
	}
	must(t, d.Resume(t.Context()))
	if row, err := d.Find(t.Context(), second.ID); err != nil || !row.Erased || row.State != issuer.StateIssued {
		t.Errorf("the copy is %+v, %v", row, err)
	}
}

// An eraser that fails keeps the person, whole.
func TestEraseIsOneAct(t *testing.T) {
	d := newDesk(t)
	d.Issuer = d.with(t, func(c *issuer.Config) {
		c.Erasers = []issuer.Eraser{func(context.Context, issuer.Tx, issuer.Person) error { return errBroken }}
	})
	plain, _ := d.templateNames(t)
	row := d.issue(t, plain, "MC-1")
	if _, err := d.Erase(t.Context(), clerk, row.ID); !errors.Is(err, errBroken) {
		t.Errorf("got %v", err)
	}
	if now, err := d.Find(t.Context(), "MC-1"); err != nil || now.Erased || now.Token != row.Token {
		t.Errorf("%+v, %v", now, err)
	}
	for _, ref := range []string{"", "nobody", "per-nobody", "urn:uuid:none"} {
		_, err := d.Erase(t.Context(), clerk, ref)
		refused(t, err, "person_unknown")
	}
	if d.audited(t, "erase") != 0 {
		t.Error("the log has what did not happen")
	}
}

// with is another Issuer over the same home.
func (d *desk) with(t testing.TB, change func(*issuer.Config)) *issuer.Issuer {
	t.Helper()
	c := issuer.Config{Store: d.store, Keys: d.keys, Now: d.clock.Now}
	change(&c)
	i, err := issuer.New(c)
	must(t, err)
	return i
}
