package boltstore

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/employment-passport/passport/internal/sealed"
)

// A backup is one tar file: the store as it was at one moment, the
// configuration, the sealed keys, and last a manifest with the marks and the
// SHA-256 of every file. Last, because a backup that was cut short has none.
// Keys stay sealed: who finds a backup needs the passphrase as well.
const (
	backupFormat   = "passport backup 1"
	manifestName   = "manifest.json"
	configFile     = "config.yaml"
	keysFolder     = "keys"
	maxSmallFile   = 1 << 20
	maxManifest    = 32 << 20
	maxBackupFiles = 10_000
)

// Manifest says what a backup holds.
type Manifest struct {
	Format string         `json:"format"`
	MadeAt time.Time      `json:"madeAt"`
	Marks  Marks          `json:"marks"`
	Files  []ManifestFile `json:"files"`
}

// ManifestFile is one file of a backup.
type ManifestFile struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"` // hex
}

// keyFile are the names that a backup takes from, and brings to, keys/.
var keyFile = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,80}\.age$`)

// Backup writes the home to w while others read and write. The store comes
// first, from one reading transaction, and the keys after it: every key that the
// store names was on the disk before its record.
func (s *Store) Backup(ctx context.Context, w io.Writer, now time.Time) (Manifest, error) {
	if wants, err := s.wantsRewrite(); err == nil && wants { // somebody was erased, whose words are still in free pages
		_ = s.Compact(ctx) // whoever erased was told that it could not be done; a backup is made all the same
	}
	m := Manifest{Format: backupFormat, MadeAt: now.UTC()}
	b := &backupWriter{tar: tar.NewWriter(w), manifest: &m}
	if err := s.backupStore(ctx, b); err != nil {
		return m, fmt.Errorf("back up the store: %w", err)
	}
	if err := b.addFile(s.dir, configFile); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return m, fmt.Errorf("back up the configuration: %w", err)
	}
	entries, err := os.ReadDir(filepath.Join(s.dir, keysFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return m, fmt.Errorf("back up the keys: %w", err)
	}
	for _, e := range entries {
		if !keyFile.MatchString(e.Name()) {
			continue
		}
		if err := b.addFile(s.dir, keysFolder+"/"+e.Name()); err != nil {
			return m, fmt.Errorf("back up the keys: %w", err)
		}
	}
	return m, b.finish()
}

// backupStore copies the file as one reading transaction sees it.
func (s *Store) backupStore(ctx context.Context, b *backupWriter) error {
	return s.guarded(func() error {
		btx, err := s.beginView()
		if err != nil {
			return err
		}
		defer func() { _ = btx.Rollback() }() // only read
		t, err := openTables(btx)
		if err != nil {
			return err
		}
		if b.manifest.Marks, err = t.marks(); err != nil {
			return err
		}
		return b.add(FileName, btx.Size(), func(w io.Writer) error {
			_, err := btx.WriteTo(contextWriter{ctx, w})
			return err
		})
	})
}

// contextWriter stops a long copy when its context ends.
type contextWriter struct {
	ctx context.Context
	w   io.Writer
}

func (c contextWriter) Write(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.w.Write(p)
}

type backupWriter struct {
	tar      *tar.Writer
	manifest *Manifest
}

// add writes one file and its hash into the manifest.
func (b *backupWriter) add(name string, size int64, write func(io.Writer) error) error {
	header := &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: b.manifest.MadeAt, Format: tar.FormatPAX}
	if err := b.tar.WriteHeader(header); err != nil {
		return err
	}
	sum := sha256.New()
	if err := write(io.MultiWriter(b.tar, sum)); err != nil {
		return err
	}
	b.manifest.Files = append(b.manifest.Files, ManifestFile{name, size, hexSum(sum)})
	return nil
}

func (b *backupWriter) addFile(dir, name string) error {
	data, err := sealed.ReadFile(filepath.Join(dir, filepath.FromSlash(name)), maxSmallFile)
	if err != nil {
		return err
	}
	return b.add(name, int64(len(data)), func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

func (b *backupWriter) finish() error {
	text, err := json.MarshalIndent(b.manifest, "", "  ")
	if err != nil {
		return err
	}
	err = b.add(manifestName, int64(len(text)), func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(text))
		return err
	})
	if err != nil {
		return err
	}
	return b.tar.Close()
}

func hexSum(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }
