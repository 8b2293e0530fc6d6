package boltstore

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/internal/sealed"
)

// The pid file only names who holds the store, for the sentence that a second
// process gets. The lock itself is bbolt's, on the open file: it ends with its
// process, however that ends.

func writePID(dir string) error {
	return os.WriteFile(filepath.Join(dir, pidName), []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600)
}

func removePID(dir string) { _ = os.Remove(filepath.Join(dir, pidName)) }

// readPID returns the number in the pid file, or "?".
func readPID(dir string) string {
	data, err := sealed.ReadFile(filepath.Join(dir, pidName), 32)
	if err != nil {
		return "?"
	}
	pid := strings.TrimSpace(string(data))
	if _, err := strconv.ParseUint(pid, 10, 32); err != nil {
		return "?"
	}
	return pid
}
