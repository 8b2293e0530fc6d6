package did

import (
	"strconv"
	"strings"
)

// NewWeb returns the did:web of a host, with a port where it is not 443, and a
// path of its server, "" for none: NewWeb("ente.example:8443", "/scuole/uno")
// is did:web:ente.example%3A8443:scuole:uno.
func NewWeb(hostPort, path string) (string, error) {
	did := "did:web:" + strings.ReplaceAll(hostPort, ":", "%3A")
	if path = strings.Trim(path, "/"); path != "" {
		did += ":" + strings.ReplaceAll(path, "/", ":")
	}
	if len(did) > MaxDID || strings.Contains(hostPort, "%") || strings.Contains(path, ":") {
		return "", refuse(CodeDID, "not a host and a path")
	}
	if _, _, err := parseWeb(strings.TrimPrefix(did, "did:web:")); err != nil {
		return "", err
	}
	return did, nil
}

// WebURL returns where the document of a did:web stands (did:web section
// 3.2): https://host/.well-known/did.json, or https://host/path/did.json.
func WebURL(did string) (string, error) {
	name, ok := strings.CutPrefix(did, "did:web:")
	if !ok || len(did) > MaxDID {
		return "", refuse(CodeDID, "not a did:web")
	}
	host, path, err := parseWeb(name)
	if err != nil {
		return "", err
	}
	if len(path) == 0 {
		return "https://" + host + "/.well-known/did.json", nil
	}
	return "https://" + host + "/" + strings.Join(path, "/") + "/did.json", nil
}

// parseWeb reads what stands behind did:web: into host[:port] and path. It is
// narrower than the method's page: one spelling of each host (lower case,
// A-labels, no trailing dot), names only and no addresses, and nothing encoded
// but the colon before the port, so that no reader can find a path, a user or
// another host in it (F11).
func parseWeb(name string) (hostPort string, path []string, err error) {
	host, rest, hasPath := strings.Cut(name, ":")
	host, port, hasPort := strings.Cut(host, "%3A")
	if !validHost(host) {
		return "", nil, refuse(CodeDID, "not the name of a host")
	}
	if hasPort {
		if !validPort(port) {
			return "", nil, refuse(CodeDID, "not the port of a web server")
		}
		host += ":" + port
	}
	if !hasPath {
		return host, nil, nil
	}
	path = strings.Split(rest, ":")
	for _, segment := range path {
		if !validSegment(segment) {
			return "", nil, refuse(CodeDID, "not a plain path")
		}
	}
	return host, path, nil
}

// validHost takes LDH names (RFC 5890 section 2.3.1) of at least two labels
// whose last begins with a letter, which no spelling of an IPv4 address does
// (127.1, 0x7f.1); and localhost, which only a client made for tests reaches.
func validHost(host string) bool {
	if host == "localhost" {
		return true
	}
	labels := strings.Split(host, ".")
	if len(host) > 253 || len(labels) < 2 {
		return false
	}
	for _, label := range labels {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' || !only(label, "-") {
			return false
		}
	}
	top := labels[len(labels)-1]
	return top[0] >= 'a' && top[0] <= 'z'
}

// validPort takes unprivileged ports: 443 is written by leaving it out, and
// below 1024 other services listen (F11: port 22).
func validPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n >= 1024 && strconv.FormatUint(n, 10) == port
}

// validSegment takes no dot at the start: that is the way up, or the
// .well-known of another identifier.
func validSegment(s string) bool {
	if s == "" || s[0] == '.' {
		return false
	}
	return only(strings.ToLower(s), "-._~")
}

// only tells whether s has nothing but lower-case ASCII letters, digits and
// the marks.
func only(s, marks string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && strings.IndexByte(marks, c) < 0 {
			return false
		}
	}
	return true
}
