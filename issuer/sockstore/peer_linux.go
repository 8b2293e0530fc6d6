package sockstore

import (
	"net"
	"os"
	"syscall"
)

// peerAllowed asks the kernel who is at the other end (SO_PEERCRED, unix(7)):
// the server's own user, or root.
func peerAllowed(conn net.Conn) bool {
	c, is := conn.(syscall.Conn)
	if !is {
		return false
	}
	raw, err := c.SyscallConn()
	if err != nil {
		return false
	}
	var cred *syscall.Ucred
	var failed error
	err = raw.Control(func(fd uintptr) {
		cred, failed = syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED)
	})
	return err == nil && failed == nil && (cred.Uid == 0 || int(cred.Uid) == os.Geteuid())
}
