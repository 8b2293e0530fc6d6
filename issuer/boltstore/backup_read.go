package boltstore

import (
	"archive/tar"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/employment-passport/passport/internal/strictjson"
)

// unpack reads a backup into an empty folder and holds every file against the
// manifest. Nothing of it may be used when it returns an error. It takes no name
// but those that Backup writes, so that no file leaves the folder.
func unpack(r io.Reader, dir string) (Manifest, error) {
	if err := os.MkdirAll(filepath.Join(dir, keysFolder), 0o700); err != nil {
		return Manifest{}, err
	}
	var got []ManifestFile
	tr := tar.NewReader(r)
	for {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return Manifest{}, errors.New("it has no manifest: it was cut short")
		}
		if err != nil {
			return Manifest{}, fmt.Errorf("not a backup, or a damaged one: %w", err)
		}
		if h.Name == manifestName {
			m, err := readManifest(tr, h)
			if err != nil {
				return m, err
			}
			return m, compare(m.Files, got)
		}
		if err := checkHeader(h, got); err != nil {
			return Manifest{}, err
		}
		f, err := unpackFile(tr, h, dir)
		if err != nil {
			return Manifest{}, err
		}
		got = append(got, f)
	}
}

func checkHeader(h *tar.Header, got []ManifestFile) error {
	limit := int64(maxSmallFile)
	key, isKey := strings.CutPrefix(h.Name, keysFolder+"/")
	switch {
	case h.Typeflag != tar.TypeReg:
		return fmt.Errorf("%q is no plain file", h.Name)
	case h.Name == FileName:
		limit = 1 << 40
	case h.Name != configFile && (!isKey || !keyFile.MatchString(key)):
		return fmt.Errorf("%q does not belong in a backup", h.Name)
	}
	if h.Size < 0 || h.Size > limit {
		return fmt.Errorf("%q is too large", h.Name)
	}
	if len(got) >= maxBackupFiles || slices.ContainsFunc(got, func(f ManifestFile) bool { return f.Name == h.Name }) {
		return fmt.Errorf("%q comes twice, or too many files do", h.Name)
	}
	return nil
}

func unpackFile(r io.Reader, h *tar.Header, dir string) (ManifestFile, error) {
	f, err := os.OpenFile(filepath.Join(dir, filepath.FromSlash(h.Name)), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return ManifestFile{}, err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, sum), r)
	if err == nil && n != h.Size {
		err = io.ErrUnexpectedEOF
	}
	return ManifestFile{h.Name, n, hexSum(sum)}, errors.Join(err, f.Close())
}

func readManifest(r io.Reader, h *tar.Header) (m Manifest, err error) {
	if h.Typeflag != tar.TypeReg || h.Size > maxManifest {
		return m, errors.New("its manifest is too large")
	}
	data, err := io.ReadAll(io.LimitReader(r, maxManifest))
	if err != nil {
		return m, fmt.Errorf("read manifest: %w", err)
	}
	if err := strictjson.UnmarshalKnown(data, &m); err != nil {
		return m, fmt.Errorf("read manifest: %w", err)
	}
	if m.Format != backupFormat {
		return m, fmt.Errorf("format %q, this release reads %q", m.Format, backupFormat)
	}
	return m, nil
}

// compare holds what was unpacked against what was promised.
func compare(promised, got []ManifestFile) error {
	if !slices.Equal(promised, got) {
		for _, f := range promised {
			if !slices.Contains(got, f) {
				return fmt.Errorf("%s is not what the manifest says", f.Name)
			}
		}
		return errors.New("it holds other files than its manifest says")
	}
	if !slices.ContainsFunc(got, func(f ManifestFile) bool { return f.Name == FileName }) {
		return errors.New("it holds no store")
	}
	return nil
}
