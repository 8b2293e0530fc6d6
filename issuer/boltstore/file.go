package boltstore

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
)

// Layout of a bbolt meta page (go.etcd.io/bbolt v1.5, internal/common/meta.go):
// a page header of 16 bytes, then these fields in the byte order of the machine.
const (
	boltMagic   = 0xED0CDAED
	metaOffset  = 16
	metaLen     = 64
	metaSumFrom = 56
	minPage     = 1 << 10
	maxPage     = 1 << 16
)

type metaPage struct {
	Magic, Version, PageSize, Flags uint32
	Root, RootSequence              uint64
	Freelist, Pages, TxID, Sum      uint64
}

// checkFile looks at a store's file before bbolt maps it: bbolt makes a new
// store out of an empty file, and reads beyond the end of a cut one, which
// kills the process.
func checkFile(path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return fileError(path, err)
	}
	if !info.Mode().IsRegular() {
		return refuse(Foreign, path, errors.New("not a regular file"))
	}
	if err := checkOwner(path, info); err != nil {
		return err
	}
	if info.Size() == 0 {
		return refuse(Empty, path, nil)
	}
	f, err := os.Open(path)
	if err != nil {
		return fileError(path, err)
	}
	defer func() { _ = f.Close() }() // only read
	return checkPages(path, f)
}

func checkPages(path string, f *os.File) error {
	head := make([]byte, 2*maxPage)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return fileError(path, err)
	}
	head = head[:n]
	newest, found := newestMeta(head)
	size, err := fileSize(f)
	if err != nil {
		return err
	}
	switch {
	case !found && !hasMagic(head):
		return refuse(Foreign, path, errors.New("no store has this beginning"))
	case !found && n < 2*minPage:
		return refuse(Truncated, path, nil)
	case !found:
		return refuse(Damaged, path, errors.New("both header pages are damaged"))
	case newest.Pages > uint64(size)/uint64(newest.PageSize):
		return refuse(Truncated, path, fmt.Errorf("%d pages of %d bytes do not fit in %d bytes", newest.Pages, newest.PageSize, size))
	case newest.Root >= newest.Pages || newest.Freelist >= newest.Pages:
		return refuse(Damaged, path, errors.New("the header points beyond the end"))
	}
	return nil
}

// newestMeta returns the valid meta page of the last transaction. The second
// one stands a page after the first, whose size only a valid one can tell: as
// bbolt does, we try.
func newestMeta(head []byte) (newest metaPage, found bool) {
	for _, at := range []int{0, 1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 14, 1 << 15, 1 << 16} {
		m, ok := parseMeta(head, at)
		if ok && (at == 0 || int(m.PageSize) == at) && (!found || m.TxID > newest.TxID) {
			newest, found = m, true
		}
	}
	return newest, found
}

func parseMeta(head []byte, at int) (m metaPage, ok bool) {
	if len(head) < at+metaOffset+metaLen {
		return m, false
	}
	raw := head[at+metaOffset:][:metaLen]
	if _, err := binary.Decode(raw, binary.NativeEndian, &m); err != nil {
		return m, false
	}
	h := fnv.New64a()
	_, _ = h.Write(raw[:metaSumFrom])
	ok = m.Magic == boltMagic && m.Version == 2 && m.Sum == h.Sum64() &&
		m.PageSize >= minPage && m.PageSize <= maxPage && m.Pages >= 2
	return m, ok
}

func hasMagic(head []byte) bool {
	magic := binary.NativeEndian.AppendUint32(nil, boltMagic)
	return bytes.Contains(head, magic)
}

func fileSize(f fs.File) (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
