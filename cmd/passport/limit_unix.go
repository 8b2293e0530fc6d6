//go:build unix

package main

import (
	"os/signal"
	"syscall"
)

// ignoreSizeLimit makes a write beyond the limit on the size of files an error
// like any other, where the system would end the process.
func ignoreSizeLimit() { signal.Ignore(syscall.SIGXFSZ) }
