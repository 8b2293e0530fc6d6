// Package fetch is the one door through which Passport reaches the network.
//
// The attacker chooses the URL (a did:web in a credential, a status list), the
// DNS answer, the server and its bytes. The promise is that nothing of that
// makes us connect to an address inside somebody's network, follow a redirect,
// send a cookie or a referrer, or spend more than a stated time and memory.
// Only https is spoken. The address is judged where the connection is made,
// not where the name is looked up, so a name that changes its answer in
// between gains nothing.
package fetch

import (
	"context"
	"crypto/x509"
	"net"
	"net/netip"
	"net/url"
	"time"
)

// Limits where Config and Options leave them open.
const (
	DefaultTimeout  = 5 * time.Second
	DefaultMaxBytes = 1 << 20
	maxURL          = 2 << 10 // bytes
	maxAddresses    = 4       // tried of one name
)

// Config is what a Client is made of. Its zero value is useful: port 443, the
// system's resolver and roots, no proxy, no cache.
type Config struct {
	// Dial opens a connection to address, an IP and a port that have been
	// judged. nil is a plain TCP dialer that judges them once more.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Lookup finds the addresses of a name. nil is Go's own resolver, which
	// unlike the C library's makes no address out of "127.1" (F02).
	Lookup func(ctx context.Context, host string) ([]netip.Addr, error)

	Ports   []int         // allowed; empty means 443
	Timeout time.Duration // of a whole Get, body included; 0 means DefaultTimeout
	Roots   *x509.CertPool

	// Proxy, where set, makes all connections. Names are then resolved by the
	// proxy, so it must judge their addresses itself. Proxy variables of the
	// environment are never read (F14).
	Proxy *url.URL

	// Inside are hosts, with a port where it is not 443, that the operator has named
	// and that may stand in a network of their own: a private address is no reason
	// to refuse them. Nothing that comes from outside may ever get in here.
	Inside []string

	UserAgent    string
	CacheEntries int              // answers kept for their max-age; 0 means none
	Now          func() time.Time // needed with CacheEntries

	// AllowLoopbackUnsafe admits this machine's own addresses, over https, on
	// any port, for the tests of this project and nothing else.
	AllowLoopbackUnsafe bool
}

// Options say what a caller expects back.
type Options struct {
	Accept   []string // media types without parameters; empty takes any
	MaxBytes int64    // of the body; 0 means DefaultMaxBytes
}

// Response is a 200 with a body of an expected type.
type Response struct {
	Body        []byte
	ContentType string    // without parameters, lower case
	Date        time.Time // as the server says it; zero if it does not
}

// Codes of an Error.
const (
	CodeURL         = "url"         // not a URL we go to; nothing was looked up
	CodeAddress     = "address"     // the name leads to an address we do not connect to
	CodeRedirect    = "redirect"    // the server sends us elsewhere
	CodeStatus      = "status"      // another answer than 200
	CodeType        = "type"        // another media type than expected
	CodeEncoding    = "encoding"    // a content-encoding, which we did not ask for
	CodeSize        = "size"        // longer than MaxBytes
	CodeUnavailable = "unavailable" // no answer, no TLS, or not in time
)

// Error is why there is no Response. URL is the one asked for, and may be
// shown; it is empty where it was not even a URL.
type Error struct {
	Code string
	URL  string
	Err  error
}

func (e *Error) Error() string { return "fetch: " + e.Code + ": " + e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }
