package fetch

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// HTTP is the door as an *http.Client, for a library that speaks a protocol of
// its own (OpenID Connect). It goes where Get goes, by GET and POST, follows no
// redirect, sends no cookie and no referrer, and ends an answer that is longer
// than DefaultMaxBytes with an error.
func (c *Client) HTTP() *http.Client {
	return &http.Client{Transport: door{c}, CheckRedirect: c.http.CheckRedirect, Timeout: c.cfg.Timeout}
}

// door holds every request of such a library to the rules.
type door struct{ c *Client }

func (d door) RoundTrip(r *http.Request) (*http.Response, error) {
	refuse := func(why string) (*http.Response, error) {
		if r.Body != nil {
			_ = r.Body.Close() // as the contract of RoundTripper has it
		}
		return nil, &Error{Code: CodeURL, Err: errors.New(why)}
	}
	if _, why := d.c.checkURL(r.URL.String()); why != "" {
		return refuse(why)
	}
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		return refuse("neither GET nor POST")
	}
	r = r.Clone(r.Context())
	r.Header.Del("Cookie")
	r.Header.Del("Referer")
	r.Header.Set("User-Agent", d.c.cfg.UserAgent)
	r.Header.Set("Accept-Encoding", "identity")
	answer, err := d.c.http.Transport.RoundTrip(r)
	if err != nil {
		return nil, &Error{Code: codeOf(err), URL: r.URL.String(), Err: err}
	}
	answer.Body = &bounded{Reader: io.LimitReader(answer.Body, DefaultMaxBytes+1), Closer: answer.Body}
	return answer, nil
}

// bounded is an answer that may not be longer than DefaultMaxBytes.
type bounded struct {
	io.Reader
	io.Closer
	n int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if b.n += int64(n); b.n > DefaultMaxBytes {
		return 0, &Error{Code: CodeSize, Err: fmt.Errorf("longer than %d bytes", DefaultMaxBytes)}
	}
	return n, err
}

// inside tells whether the operator has named a host for whose sake a connection
// may go to an address of their own network.
func (c *Client) inside(hostPort string) bool {
	return slices.ContainsFunc(c.cfg.Inside, func(named string) bool { return strings.EqualFold(withPort(named), hostPort) })
}

// withPort gives a host its port.
func withPort(host string) string {
	if _, _, err := net.SplitHostPort(host); err == nil {
		return host
	}
	return net.JoinHostPort(host, "443")
}

// insideURL tells it of a URL.
func (c *Client) insideURL(u *url.URL) bool { return c.inside(withPort(u.Host)) }

// private tells whether an address is one inside somebody's network, where a
// server may stand: never the one that clouds tell secrets from (169.254.0.0/16).
func private(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsPrivate() || a.IsLoopback()
}
