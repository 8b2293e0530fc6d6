package main

import (
	"net/url"
	"os"
	"strings"

	"github.com/employment-passport/passport/internal/fetch"
	"github.com/employment-passport/passport/issuer/issuerweb"
)

// wireConsole makes the pages. Providers are reached through the one door; that
// the operator has named them lets them stand in the operator's own network.
func (s *service) wireConsole() error {
	h := s.house
	c := issuerweb.Config{Access: s.access, Issuer: h.issuer, Base: s.base, Now: h.app.now}
	door := h.app.fetchConfig()
	for _, p := range s.config.OIDC {
		secret, err := secretIn(p.ClientSecretFile)
		if err != nil {
			return err
		}
		c.Providers = append(c.Providers, issuerweb.Provider{Name: p.Name, Issuer: p.Issuer, ClientID: p.ClientID, ClientSecret: secret, Body: p.Body})
		if u, err := url.Parse(p.Issuer); err == nil {
			door.Inside = append(door.Inside, u.Host)
		}
	}
	if len(c.Providers) > 0 {
		c.Client = fetch.New(door).HTTP()
	}
	s.lostDrill(&c)
	console, err := issuerweb.New(c)
	if err != nil {
		return fail(exitUsage, "serve_console", "detail", err.Error()).wrap(err)
	}
	s.add(console, nil)
	return nil
}

// maxSecret is how long a secret in a file may be, in bytes.
const maxSecret = 4 << 10

// secretIn reads a secret from the file that the configuration names.
func secretIn(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil || len(data) > maxSecret {
		return "", fail(exitUsage, "serve_secret", "file", path).wrap(err)
	}
	return strings.TrimSpace(string(data)), nil
}
