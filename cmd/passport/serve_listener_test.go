package main

import (
	"net"
	"testing"
)

// fakeListener gives connections of the addresses that it is told, then ends.
type fakeListener struct {
	net.Listener
	from   []string
	closed map[string]int
}

func (l *fakeListener) Accept() (net.Conn, error) {
	if len(l.from) == 0 {
		return nil, net.ErrClosed
	}
	from := l.from[0]
	l.from = l.from[1:]
	return &fakeConn{from: from, closed: l.closed}, nil
}

type fakeConn struct {
	net.Conn
	from   string
	closed map[string]int
}

func (c *fakeConn) RemoteAddr() net.Addr {
	a, _ := net.ResolveTCPAddr("tcp", c.from)
	return a
}
func (c *fakeConn) Close() error { c.closed[c.from]++; return nil }

// TestThreatE04OneAddress: of one address a quarter of the connections come in,
// of this machine and of the operator's proxies all; who leaves makes room.
func TestThreatE04OneAddress(t *testing.T) {
	l := &fakeListener{closed: map[string]int{}, from: []string{
		"192.0.2.1:1", "192.0.2.1:2", "192.0.2.1:3", "[::ffff:192.0.2.1]:4", "192.0.2.2:1", "127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3", "10.1.1.1:1", "10.1.1.1:2", "10.1.1.1:3",
	}}
	b := bounded(l, 8, []string{"10.0.0.0/8"})
	var came []string
	var conns []net.Conn
	for range 9 {
		conn, err := b.Accept()
		if err != nil {
			break
		}
		came = append(came, conn.RemoteAddr().String())
		conns = append(conns, conn)
		if len(conns) == 4 { // the limit of all is below
			_ = conns[3].Close()
		}
	}
	if l.closed["192.0.2.1:3"] != 1 || l.closed["[::ffff:192.0.2.1]:4"] != 1 || len(came) != 9 {
		t.Errorf("closed: %v; came: %v", l.closed, came)
	}
	_ = conns[0].Close()
	_ = conns[0].Close() // twice is once
	l.from = []string{"192.0.2.1:9", "192.0.2.1:10"}
	if conn, err := b.Accept(); err != nil || conn.RemoteAddr().String() != "192.0.2.1:9" {
		t.Errorf("no room after one has left: %v", err)
	}
	_ = conns[8].Close() // the limit of all again
	if _, err := b.Accept(); err == nil {
		t.Error("one more came in")
	}
}

// TestThreatE04OneNetwork: whoever has a /64 of IPv6 has one client's share.
func TestThreatE04OneNetwork(t *testing.T) {
	l := &fakeListener{closed: map[string]int{}, from: []string{"[2001:db8::1]:1", "[2001:db8::2]:1", "[2001:db8::ffff:3]:1", "[2001:db8:0:1::1]:1"}}
	b := bounded(l, 8, nil)
	var came []string
	for range 3 {
		conn, err := b.Accept()
		if err != nil {
			t.Fatal(err)
		}
		came = append(came, conn.RemoteAddr().String())
	}
	if l.closed["[2001:db8::ffff:3]:1"] != 1 || came[2] != "[2001:db8:0:1::1]:1" {
		t.Errorf("closed: %v; came: %v", l.closed, came)
	}
}
