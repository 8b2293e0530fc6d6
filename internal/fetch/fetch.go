// Package fetch is the one door to the network.
package fetch

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"time"
)

type Config struct {
	Dial                func(ctx context.Context, network, address string) (net.Conn, error)
	Lookup              func(ctx context.Context, host string) ([]netip.Addr, error)
	Ports               []int
	Timeout             time.Duration
	Proxy               *url.URL
	Roots               *x509.CertPool
	Now                 func() time.Time
	CacheEntries        int
	UserAgent           string
	AllowLoopbackUnsafe bool
}

type Options struct {
	Accept   []string
	MaxBytes int64
}

type Response struct {
	Body        []byte
	ContentType string
	Date        time.Time
}

type Error struct {
	Code string // url | address | redirect | status | type | encoding | size | unavailable
	URL  string
	Err  error
}

func (e *Error) Error() string { return e.Code }
func (e *Error) Unwrap() error { return e.Err }

type Client struct{ cfg Config }

func New(c Config) *Client { return &Client{c} }
func (c *Client) Get(ctx context.Context, url string, opt Options) (*Response, error) {
	return nil, errors.New("not yet")
}
