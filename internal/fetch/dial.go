package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"
)

// errAddress marks a refusal by address under the layers of net/http.
var errAddress = errors.New("the name leads to an address that is not public")

// dial resolves once, judges every address of the answer, and connects to what
// it has judged: no second lookup can put another address in its place (F09).
// One address that is not public condemns the answer, since public names have
// no such neighbours.
func (c *Client) dial(ctx context.Context, network, hostPort string) (net.Conn, error) {
	if c.cfg.Proxy != nil && hostPort == proxyAddress(c.cfg.Proxy) {
		return c.connectUnjudged(ctx, network, hostPort) // the operator's own choice
	}
	host, port, err := net.SplitHostPort(hostPort)
	if err != nil {
		return nil, err
	}
	addresses, err := c.lookup(ctx, host)
	if err != nil {
		return nil, fmt.Errorf("look up the host: %w", err)
	}
	connect := c.connect
	if c.inside(hostPort) {
		connect = c.connectUnjudged
	}
	for _, a := range addresses {
		if !c.admits(a) && !(c.inside(hostPort) && private(a)) {
			return nil, errAddress
		}
	}
	return c.dialAny(ctx, connect, addresses[:min(len(addresses), maxAddresses)], port)
}

func (c *Client) lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	if c.cfg.Lookup != nil {
		return c.cfg.Lookup(ctx, host)
	}
	resolver := net.Resolver{PreferGo: true}
	found, err := resolver.LookupNetIP(ctx, "ip", host)
	for i, a := range found {
		if a.Is4In6() {
			found[i] = a.Unmap() // how this resolver writes an A record
		}
	}
	return found, err
}

// dialAny tries the addresses in order and gives each an equal part of the
// time.
func (c *Client) dialAny(ctx context.Context, connect func(ctx context.Context, network, address string) (net.Conn, error), addresses []netip.Addr, port string) (net.Conn, error) {
	err := errors.New("the name has no address")
	for _, a := range addresses {
		attempt, cancel := context.WithTimeout(ctx, c.cfg.Timeout/time.Duration(len(addresses)))
		var conn net.Conn
		conn, err = connect(attempt, "tcp", net.JoinHostPort(a.String(), port))
		cancel()
		if err == nil {
			return conn, nil
		}
	}
	return nil, err
}

func (c *Client) connect(ctx context.Context, network, address string) (net.Conn, error) {
	if c.cfg.Dial != nil {
		return c.cfg.Dial(ctx, network, address)
	}
	d := net.Dialer{Control: c.control}
	return d.DialContext(ctx, network, address)
}

func (c *Client) connectUnjudged(ctx context.Context, network, address string) (net.Conn, error) {
	if c.cfg.Dial != nil {
		return c.cfg.Dial(ctx, network, address)
	}
	var d net.Dialer
	return d.DialContext(ctx, network, address)
}

// control is the last word: the operating system is about to connect to this
// address. It holds even if the code above it should change.
func (c *Client) control(_, address string, _ syscall.RawConn) error {
	a, err := netip.ParseAddrPort(address)
	if err != nil || !c.admits(a.Addr()) {
		return errAddress
	}
	return nil
}
