package fetch

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// checkURL decides on the text of a URL alone, before any lookup. It returns
// why not, or "".
func (c *Client) checkURL(raw string) (*url.URL, string) {
	if len(raw) > maxURL {
		return nil, "too long"
	}
	for i := range len(raw) {
		// Spaces, control characters, other scripts (which IDNA maps to ASCII,
		// digits and dots included, F05) and the backslash that some readers
		// take for a slash.
		if b := raw[i]; b <= ' ' || b >= 0x7f || b == '\\' {
			return nil, "a character that stands in no URL"
		}
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return nil, "not a URL"
	case u.Scheme != "https":
		return nil, "not https"
	case u.Opaque != "" || u.Host == "":
		return nil, "no host"
	case u.User != nil || strings.Contains(u.Host, "@"):
		return nil, "a user before the host" // F06
	case strings.Contains(raw, "#"):
		return nil, "a fragment"
	case c.insideURL(u):
		return u, ""
	case !c.allowedPort(u):
		return nil, "a port we do not go to" // F12
	case !c.allowedHost(u.Hostname()):
		return nil, "not the name of a public host"
	}
	return u, ""
}

// allowedPort reads the port in its shortest spelling; "host:" and "host:0443"
// are none.
func (c *Client) allowedPort(u *url.URL) bool {
	port := uint64(443)
	if behind := u.Host[strings.LastIndexByte(u.Host, ']')+1:]; strings.Contains(behind, ":") {
		var err error
		port, err = strconv.ParseUint(u.Port(), 10, 16)
		if err != nil || strconv.FormatUint(port, 10) != u.Port() {
			return false
		}
	}
	return slices.Contains(c.ports(), int(port)) || c.cfg.AllowLoopbackUnsafe && isLoopbackName(u.Hostname())
}

func (c *Client) ports() []int {
	if len(c.cfg.Ports) == 0 {
		return []int{443}
	}
	return c.cfg.Ports
}

// allowedHost takes names of letters, digits and hyphens (A-labels for other
// scripts) with a dot in them, whose last label begins with a letter: that is
// no address in any spelling, neither 127.1 nor 2130706433, 0x7f000001 or
// 0177.0.0.1 (F02). Literal addresses are refused, public ones too: documents
// that are trusted stand under names.
func (c *Client) allowedHost(host string) bool {
	if c.cfg.AllowLoopbackUnsafe && isLoopbackName(host) {
		return true
	}
	labels := strings.Split(host, ".")
	if len(host) > 253 || len(labels) < 2 {
		return false
	}
	for _, label := range labels {
		if !isLabel(label) {
			return false
		}
	}
	top := strings.ToLower(labels[len(labels)-1])
	return top[0] >= 'a' && top[0] <= 'z' && top != "localhost" // RFC 6761 section 6.3
}

func isLabel(label string) bool {
	if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	for i := range len(label) {
		b := label[i]
		if b != '-' && (b < '0' || b > '9') && (b|0x20 < 'a' || b|0x20 > 'z') {
			return false
		}
	}
	return true
}

// isLoopbackName tells the spellings under which a test server is known.
func isLoopbackName(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}
