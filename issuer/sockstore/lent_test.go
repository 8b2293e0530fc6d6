package sockstore_test

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/sockstore"
)

// TestIterationsNest calls other methods, other iterations too, out of a yield,
// stops early in both, and goes on.
func TestIterationsNest(t *testing.T) {
	s := newServer(t, sockstore.Options{})
	client := dial(t, s)
	const rows = 700 // more than one message of them
	err := client.Update(t.Context(), func(tx issuer.Tx) error {
		for n := range rows {
			if err := tx.PutTemplate(issuer.TemplateRecord{Name: fmt.Sprintf("t%03d", n)}); err != nil {
				return err
			}
			if err := tx.PutDefinition(fmt.Sprintf("d%03d", n), "1", fmt.Sprint("token", n)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	outer, inner := 0, 0
	err = client.View(t.Context(), func(tx issuer.Tx) error {
		return tx.EachDefinition(func(token string) bool {
			if token != fmt.Sprint("token", outer) {
				t.Errorf("%d is %q", outer, token)
			}
			outer++
			if outer%100 != 0 {
				return true
			}
			seen := 0
			err := tx.EachDefinition(func(string) bool { seen++; return seen < 40 })
			if _, e := tx.Template(fmt.Sprintf("t%03d", outer-1)); err != nil || e != nil {
				t.Errorf("inside: %v, %v", err, e)
			}
			inner += seen
			return outer < 600
		})
	})
	if err != nil || outer != 600 || inner != 6*40 {
		t.Errorf("%d outside, %d inside, %v", outer, inner, err)
	}
}

// TestBackupOverTheSocket is byte for byte what the server's own is.
func TestBackupOverTheSocket(t *testing.T) {
	s := newServer(t, sockstore.Options{})
	client := dial(t, s)
	if err := putIssuer(client, "ente"); err != nil {
		t.Fatal(err)
	}
	var over, own bytes.Buffer
	said, err := client.Backup(t.Context(), &over)
	if err != nil || string(said) != s.bolt.Identity() {
		t.Fatalf("%q, %v", said, err)
	}
	if _, err := s.bolt.Backup(t.Context(), &own, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(over.Bytes(), own.Bytes()) {
		t.Error("the backup over the socket is another one")
	}
	if problems, err := client.Check(t.Context()); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}

// TestSocketIsTheOwners wants mode 0600, in a folder with a long name too, and a
// socket of a dead server replaced.
func TestSocketIsTheOwners(t *testing.T) {
	path := t.TempDir() + "/" + sockstore.FileName
	if runtime.GOOS == "linux" {
		dir := t.TempDir() + "/" + strings.Repeat("long", 40)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		path = dir + "/" + sockstore.FileName
	}
	for range 2 {
		l, err := sockstore.Listen(path)
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
		t.Cleanup(func() { _ = l.Close() }) // only now: the second takes the place of the first
	}
}
