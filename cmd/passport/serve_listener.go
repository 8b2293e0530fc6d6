package main

import (
	"net"
	"net/netip"
	"sync"

	"golang.org/x/net/netutil"
)

// spareFiles are left for the store, the socket, the published files and the
// log when connections take what the system grants.
const spareFiles = 128

// bounded lets at most limit connections in; more wait with the machine, which
// is cheaper. Of one address it lets a quarter in and closes the others at once,
// so that who opens many and says nothing leaves room. This machine and the
// proxies of the operator stand for many people and have all of it.
func bounded(l net.Listener, limit int, proxies []string) net.Listener {
	b := &boundedListener{Listener: netutil.LimitListener(l, limit), share: max(1, limit/4), open: map[netip.Addr]int{}}
	for _, p := range proxies {
		if prefix, err := netip.ParsePrefix(p); err == nil { // check has held them
			b.proxies = append(b.proxies, prefix)
		}
	}
	return b
}

type boundedListener struct {
	net.Listener
	share   int
	proxies []netip.Prefix
	mu      sync.Mutex
	open    map[netip.Addr]int
}

// Accept waits for a connection of an address that has room.
func (b *boundedListener) Accept() (net.Conn, error) {
	for {
		conn, err := b.Listener.Accept()
		if err != nil {
			return nil, err
		}
		at, err := netip.ParseAddrPort(conn.RemoteAddr().String())
		if err != nil || b.free(at.Addr().Unmap()) {
			return conn, nil //nolint:nilerr // an address that does not read is nobody's share
		}
		from := clientOf(at.Addr())
		if b.enter(from) {
			return &boundedConn{Conn: conn, leave: sync.OnceFunc(func() { b.left(from) })}, nil
		}
		_ = conn.Close()
	}
}

// clientOf is the address that a client has, or of IPv6 the /64, of which a client
// has every address, as the limits of rates count them.
func clientOf(a netip.Addr) netip.Addr {
	a = a.Unmap().WithZone("")
	if a.Is6() {
		if net64, err := a.Prefix(64); err == nil {
			return net64.Addr()
		}
	}
	return a
}

func (b *boundedListener) free(a netip.Addr) bool {
	if a.IsLoopback() {
		return true
	}
	for _, p := range b.proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

func (b *boundedListener) enter(a netip.Addr) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open[a] >= b.share {
		return false
	}
	b.open[a]++
	return true
}

func (b *boundedListener) left(a netip.Addr) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open[a]--; b.open[a] <= 0 {
		delete(b.open, a)
	}
}

type boundedConn struct {
	net.Conn
	leave func()
}

func (c *boundedConn) Close() error {
	defer c.leave()
	return c.Conn.Close()
}
