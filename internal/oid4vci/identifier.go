package oid4vci

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"
)

// ErrIdentifier: not the identifier of a credential issuer (section 12.2.1).
var ErrIdentifier = errors.New("not the https address of a credential issuer")

// CheckIdentifier tells whether s can be the identifier of a credential issuer:
// an https URL without query, fragment, user or final slash. Plain http is left
// to this machine itself, for tests; whether anybody connects there is for the
// network door to say.
func CheckIdentifier(s string) error {
	u, err := parseURL(s)
	if err != nil || u.RawQuery != "" || u.ForceQuery || strings.HasSuffix(u.Path, "/") || u.RawPath != "" {
		return ErrIdentifier
	}
	if u.Scheme != "https" && !Loopback(u) {
		return ErrIdentifier
	}
	return nil
}

// WellKnownURL is where the document of an identifier stands: the well-known
// part is put between its host and its path (section 12.2.2, RFC 8414 section
// 3.1). wellKnown is WellKnown or WellKnownA.
func WellKnownURL(identifier, wellKnown string) (string, error) {
	if err := CheckIdentifier(identifier); err != nil {
		return "", err
	}
	scheme, rest, _ := strings.Cut(identifier, "://")
	host, path, ok := strings.Cut(rest, "/")
	if ok {
		path = "/" + path
	}
	return scheme + "://" + host + wellKnown + path, nil
}

// Host is the host and port of an identifier or an offer's address, for people.
func Host(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return ""
	}
	return u.Host
}

// parseURL reads an absolute URL with a host and nothing that hides where it
// leads: a person is shown the host, so that it is plain ASCII (B15), where no
// letter looks like another and nothing turns the line around.
func parseURL(s string) (*url.URL, error) {
	if len(s) > MaxURL {
		return nil, ErrIdentifier
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.Opaque != "" || strings.ContainsAny(s, "#\\ \t\r\n") {
		return nil, ErrIdentifier
	}
	for i := range len(u.Host) {
		if u.Host[i] <= ' ' || u.Host[i] >= 0x7f {
			return nil, ErrIdentifier
		}
	}
	return u, nil
}

// Loopback tells whether a URL names this machine over plain http.
func Loopback(u *url.URL) bool {
	if u.Scheme != "http" {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
}
