//go:build unix

package main

import "syscall"

// openFiles is how many files and connections this process may have open; 0
// when the system does not say.
func openFiles() int {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) != nil || limit.Cur > 1<<30 {
		return 0
	}
	return int(limit.Cur) //nolint:gosec // below 2^30
}
