package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/employment-passport/passport/internal/sealed"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
	"github.com/spf13/cobra"
)

func newBackupCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "backup FILE",
		Short: "Write the home into one file",
		Long: `Writes the store, the configuration and the sealed keys into one file, which appears
whole or not at all. The keys stay sealed: to use a backup one needs the passphrase
as well, so keep a copy of that elsewhere. Nobody is asked for it here.`,
		Example: "  passport backup /media/stick/passport-2026-11-22.backup\n  passport backup - | ssh archive 'cat > passport.backup'",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			store, err := a.openStore(c.Context())
			if err != nil {
				return err
			}
			m, err := a.backupTo(c.Context(), store, args[0])
			if err := firstError(storeFailure(err), store.Close); err != nil {
				return err
			}
			if args[0] == "-" {
				return nil
			}
			if a.json {
				return a.printJSON(manifestView(args[0], m))
			}
			a.talk("backup.done", "path", args[0], "entries", strconv.FormatUint(m.Marks.AuditSeq, 10))
			return nil
		},
	}
}

func manifestView(path string, m boltstore.Manifest) map[string]any {
	return map[string]any{
		"file": path, "madeAt": m.MadeAt.Format(time.RFC3339), "store": m.Marks.Store,
		"auditEntries": m.Marks.AuditSeq, "auditHash": m.Marks.AuditHash, "files": len(m.Files),
	}
}

// backupTo writes the backup beside the target and puts it there when it is
// whole and durable, so that an earlier one is only replaced by a good one.
func (a *app) backupTo(ctx context.Context, store homeStore, path string) (m boltstore.Manifest, err error) {
	if path == "-" {
		return store.Backup(ctx, a.out, a.now())
	}
	f, err := sealed.Create(path, 0o600)
	if err != nil {
		return m, fail(exitUsage, "backup_write", "path", path).wrap(err)
	}
	defer f.Drop()
	w := &failingWriter{w: f}
	if m, err = store.Backup(ctx, w, a.now()); err != nil {
		var refused *boltstore.Error
		if errors.As(err, &refused) || ctx.Err() != nil {
			return m, err
		}
		return m, fail(exitUsage, "backup_write", "path", path).wrap(errors.Join(err, w.err))
	}
	if err := f.Commit(); err != nil {
		return m, fail(exitUsage, "backup_write", "path", path).wrap(err)
	}
	return m, nil
}

// failingWriter remembers why a write failed: bbolt makes text of it.
type failingWriter struct {
	w   io.Writer
	err error
}

func (f *failingWriter) Write(p []byte) (n int, err error) {
	if n, err = f.w.Write(p); err != nil {
		f.err = err
	}
	return n, err
}

func newRestoreCommand(a *app) *cobra.Command {
	var accept bool
	var lists string
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup in the place of the home",
		Long: `Unpacks a backup beside the home, verifies every file, record, token and the audit
chain, and only then puts it in place. What it replaces is kept under another name.
A backup that is older than what the home remembers is refused without
--accept-rollback: what was issued after it would be unknown to the register. In any
case new status lists are opened, so that no status index is ever given twice.

What was revoked after the backup is not in it. --lists DIR, a folder as "passport
status publish" writes it, brings those revocations back; so does "passport status
merge DIR" later on. Nothing published tells who was erased after the backup: repeat
"passport erase" for them.`,
		Example: "  passport restore /media/stick/passport-2026-11-22.backup --lists public\n  passport restore --accept-rollback yesterday.backup",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			dir, err := a.homeDir()
			if err != nil {
				return err
			}
			published, err := listsAt(lists)
			if err != nil {
				return err
			}
			in, done, err := a.openInput(args[0])
			if err != nil {
				return err
			}
			defer done()
			var merged *issuer.Merged
			r, err := boltstore.Restore(c.Context(), in, dir, boltstore.RestoreOptions{
				AcceptRollback: accept,
				Settle: func(ctx context.Context, store *boltstore.Store, above int) (err error) {
					merged, err = a.settleRestored(ctx, store, above, published)
					return withDir(err, lists)
				},
			})
			if err != nil {
				return restoreFailure(err, args[0])
			}
			return a.sayRestored(dir, r, merged)
		},
	}
	c.Flags().BoolVar(&accept, "accept-rollback", false, "restore a backup that is older than what this home remembers")
	c.Flags().StringVar(&lists, "lists", "", "folder of published status lists whose revocations are brought back")
	return c
}

// listsAt reads the published lists of a folder; no folder, no lists.
func listsAt(dir string) ([]string, error) {
	if dir == "" {
		return nil, nil
	}
	tokens, err := listsIn(dir)
	if err == nil && len(tokens) == 0 {
		err = fail(exitUsage, "merge_nothing", "dir", dir)
	}
	return tokens, err
}

// settleRestored holds the restored register against itself, opens new status
// lists and brings back what the published ones say. No key is needed.
func (a *app) settleRestored(ctx context.Context, store *boltstore.Store, above int, published []string) (*issuer.Merged, error) {
	i, err := a.issuerOver(ctx, store, false)
	if err != nil {
		return nil, err
	}
	checked, err := i.Fsck(ctx)
	if err != nil {
		return nil, err
	}
	if len(checked.Findings) > 0 {
		f := checked.Findings[0]
		return nil, &boltstore.Error{Code: boltstore.BackupBad, Err: fmt.Errorf("%s %s: %s", f.Code, f.Subject, f.Detail)}
	}
	if err := i.AfterRestore(ctx, a.actor(), above); err != nil || len(published) == 0 {
		return nil, err
	}
	m, err := i.MergeLists(ctx, a.actor(), published)
	return &m, err
}

// restoreFailure names the backup where the backup is at fault.
func restoreFailure(err error, path string) error {
	var e *boltstore.Error
	if errors.As(err, &e) && e.Code == boltstore.BackupBad {
		detail := ""
		if e.Err != nil {
			detail = e.Err.Error()
		}
		return fail(exitUsage, "store_backup_bad", "path", path, "detail", detail).wrap(err)
	}
	return storeFailure(err)
}

func (a *app) sayRestored(dir string, r boltstore.Restored, merged *issuer.Merged) error {
	for _, path := range r.Aside {
		a.talk("restore.aside", "path", path)
	}
	if a.json {
		v := manifestView("", r.Manifest)
		delete(v, "file")
		v["home"], v["aside"] = dir, append([]string{}, r.Aside...)
		if merged != nil {
			v["revoked"], v["suspended"], v["unknown"] = len(merged.Revoked), len(merged.Suspended), merged.Unknown
		}
		return json.NewEncoder(a.out).Encode(v)
	}
	if merged != nil {
		a.talk("restore.merged", "home", dir, "date", r.Manifest.MadeAt.Format(time.RFC3339))
		a.talkMerged(*merged)
	} else {
		a.talk("restore.done", "home", dir, "date", r.Manifest.MadeAt.Format(time.RFC3339))
	}
	a.talk("restore.erased") // published lists tell of revocations only
	return nil
}

// openInput opens a file, or stdin for "-".
func (a *app) openInput(path string) (io.Reader, func(), error) {
	if path == "-" {
		return a.in, func() {}, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, fail(exitUsage, "store_backup_read", "path", path).wrap(err)
	}
	return f, func() { _ = f.Close() }, nil
}
