//go:build unix

package boltstore

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// checkOwner refuses a file of another user. Who runs one command as root on
// the store of a service would leave files behind that the service cannot read.
func checkOwner(path string, info fs.FileInfo) error {
	if st, ok := info.Sys().(*syscall.Stat_t); ok && int(st.Uid) != os.Geteuid() {
		return refuse(Owner, path, fmt.Errorf("owned by user %d, running as %d", st.Uid, os.Geteuid()))
	}
	return nil
}
