package issuer

import (
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"strings"
)

// inOwnList tells whether a credentialStatus, one entry or many, names a place
// in a list of any body of this home, in whatever spelling: every text in it
// counts once it has been decoded.
func (a *act) inOwnList(status json.RawMessage) (bool, error) {
	bodies, err := a.AllIssuers()
	if err != nil {
		return false, err
	}
	var entries any
	if err := json.Unmarshal(status, &entries); err != nil {
		return false, fmt.Errorf("read credentialStatus: %w", err)
	}
	return anyText(entries, func(s string) bool { return ownPlace(bodies, s) }), nil
}

// anyText tells whether a text of a JSON value passes.
func anyText(v any, passes func(string) bool) bool {
	switch v := v.(type) {
	case string:
		return passes(v)
	case []any:
		for _, one := range v {
			if anyText(one, passes) {
				return true
			}
		}
	case map[string]any:
		for _, one := range v {
			if anyText(one, passes) {
				return true
			}
		}
	}
	return false
}

// ownPlace tells whether an address lies where the bodies' lists are.
func ownPlace(bodies []IssuerRecord, address string) bool {
	place := plainAddress(address)
	for _, b := range bodies {
		if base := plainAddress(b.StatusBase); base != "" && strings.HasPrefix(place, strings.TrimSuffix(base, "/")+"/status/") {
			return true
		}
	}
	return false
}

// plainAddress is the host and path of a URL as RFC 3986, section 6.2, makes
// them comparable: small letters, no default port, no escapes and no dots.
// Scheme, query and fragment do not matter. Empty is no URL with a host.
func plainAddress(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" {
		return ""
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if port := u.Port(); port != "" && port != "443" {
		host += ":" + port
	}
	return host + path.Clean("/"+u.Path)
}

// statusPlaces are the places, LIST#INDEX, that a signed document names in
// lists for which own is true. One entry that is no array counts as one.
func statusPlaces(payload []byte, own func(list string) bool) (places []string, err error) {
	var doc struct {
		Status json.RawMessage `json:"credentialStatus"`
	}
	if err := json.Unmarshal(payload, &doc); err != nil || len(doc.Status) == 0 {
		return nil, err
	}
	type entry struct {
		Index json.RawMessage `json:"statusListIndex"`
		List  string          `json:"statusListCredential"`
	}
	var entries []entry
	if json.Unmarshal(doc.Status, &entries) != nil {
		entries = make([]entry, 1)
		if json.Unmarshal(doc.Status, &entries[0]) != nil {
			return nil, nil //nolint:nilerr // of a form that names no list
		}
	}
	for _, e := range entries {
		if own(e.List) {
			places = append(places, e.List+"#"+strings.Trim(string(e.Index), `"`))
		}
	}
	return places, nil
}
