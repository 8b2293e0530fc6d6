package boltstore

import (
	"bytes"
	"os"
	"strconv"
	"syscall"

	"go.etcd.io/bbolt"
)

// dropPages gives back the pages of the file that the process has mapped, whose
// contents the system keeps as long as it has room: who reads them again finds
// them there. It is called in a transaction, which keeps the mapping where it is.
func dropPages(db *bbolt.DB, btx *bbolt.Tx) {
	_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, db.Info().Data, uintptr(btx.Size()), syscall.MADV_DONTNEED)
}

// mapped is how many bytes of files the process has mapped and in memory, the
// program itself among them; see statm in proc(5).
func mapped() int64 {
	f, err := os.Open("/proc/self/statm")
	if err != nil {
		return maxMapped + 1 // who cannot ask gives them back
	}
	defer func() { _ = f.Close() }() // only read
	var text [128]byte
	n, _ := f.Read(text[:])
	fields := bytes.Fields(text[:n])
	if len(fields) < 3 {
		return maxMapped + 1
	}
	pages, _ := strconv.ParseInt(string(fields[2]), 10, 64)
	return pages * int64(os.Getpagesize())
}
