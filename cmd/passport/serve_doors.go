package main

import (
	"context"
	"net"
	"net/url"
	"strings"

	"github.com/employment-passport/passport/internal/httpkit"
)

// doors are the addresses that a service listens on.
type doors struct {
	main    net.Listener
	metrics net.Listener // nil when it is the main one
}

// openDoors listens. At most limits.connections are served, and never so many
// that no file could be opened any more.
func openDoors(ctx context.Context, c config) (*doors, error) {
	var listen net.ListenConfig
	l, err := listen.Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return nil, fail(exitUsage, "serve_listen", "address", c.Listen).wrap(err)
	}
	limit := c.Limits.Connections
	if files := openFiles(); files > 0 {
		limit = max(16, min(limit, files-spareFiles))
	}
	d := &doors{main: bounded(l, limit, c.TrustedProxies)}
	if c.MetricsListen != "" {
		if d.metrics, err = listen.Listen(ctx, "tcp", c.MetricsListen); err != nil {
			d.close()
			return nil, fail(exitUsage, "serve_listen", "address", c.MetricsListen).wrap(err)
		}
	}
	return d, nil
}

func (d *doors) close() {
	_ = d.main.Close()
	if d.metrics != nil {
		_ = d.metrics.Close()
	}
}

// base is the address under which the service is reached: the configured one,
// else the one that it listens on.
func (d *doors) base(c config) *url.URL {
	if c.BaseURL != "" {
		if u, err := url.Parse(strings.TrimRight(c.BaseURL, "/")); err == nil {
			return u
		}
	}
	host, port, _ := net.SplitHostPort(d.main.Addr().String())
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() || !httpkit.IsLoopback(host) {
		host = "localhost" // every address: without a baseURL it answers this machine
	}
	return &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}
}
