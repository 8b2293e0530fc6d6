//go:build !nosync

package boltstore

import "os"

// noSync leaves out every fsync. It is set in one build only, see sync_off.go.
const noSync = false

func syncData(f *os.File) error { return f.Sync() }
