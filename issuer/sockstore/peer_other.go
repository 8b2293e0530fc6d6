//go:build !linux

package sockstore

import "net"

// peerAllowed leaves it to the socket's mode and its folder's.
func peerAllowed(net.Conn) bool { return true }
