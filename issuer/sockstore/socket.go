package sockstore

import (
	"context"
	"fmt"
	"io/fs"
	"net"
	"os"
)

// Listen makes the socket of a home, mode 0600. It takes the place of one that
// an earlier server left: the caller holds the store, so there is no other
// server. It appears under its name when it answers. Closing the listener
// removes it.
func Listen(path string) (net.Listener, error) {
	short, done, err := shortPath(path)
	if err != nil {
		return nil, err
	}
	defer done()
	staged := short + ".new"
	if err := os.Remove(staged); err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: staged, Net: "unix"})
	if err != nil {
		return nil, fmt.Errorf("make the socket %s: %w", path, err)
	}
	l.SetUnlinkOnClose(false)
	if err := place(staged, short); err != nil {
		_ = l.Close()
		_ = os.Remove(staged)
		return nil, fmt.Errorf("make the socket %s: %w", path, err)
	}
	made, err := os.Lstat(path)
	if err != nil {
		_ = l.Close()
		return nil, err
	}
	return &listener{UnixListener: l, path: path, made: made}, nil
}

func place(staged, path string) error {
	if err := os.Chmod(staged, 0o600); err != nil {
		return err
	}
	return os.Rename(staged, path)
}

// listener removes its socket when it is closed, and only its own.
type listener struct {
	*net.UnixListener
	path string
	made fs.FileInfo
}

func (l *listener) Close() error {
	if now, err := os.Lstat(l.path); err == nil && os.SameFile(now, l.made) {
		_ = os.Remove(l.path)
	}
	return l.UnixListener.Close()
}

func dialSocket(ctx context.Context, path string) (net.Conn, error) {
	short, done, err := shortPath(path)
	if err != nil {
		return nil, err
	}
	defer done()
	var d net.Dialer
	return d.DialContext(ctx, "unix", short)
}
