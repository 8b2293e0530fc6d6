package sockstore

import (
	"fmt"
	"os"
	"path/filepath"
)

// maxSocketPath is what fits into a sockaddr_un, with room for ".new".
const maxSocketPath = 100

// shortPath gives a name to the socket that the kernel takes: a longer one than
// 107 bytes is reached through its open folder.
func shortPath(path string) (short string, done func(), err error) {
	if len(path) <= maxSocketPath {
		return path, func() {}, nil
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return "", nil, err
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", dir.Fd(), filepath.Base(path)), func() { _ = dir.Close() }, nil
}
