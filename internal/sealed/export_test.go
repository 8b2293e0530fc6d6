package sealed

import "os"

// FailingSync makes every fsync of a new file fail, until the call of undo.
func FailingSync(err error) (undo func()) {
	before := syncFile
	syncFile = func(*os.File) error { return err }
	return func() { syncFile = before }
}
