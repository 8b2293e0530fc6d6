package main

import (
	"context"
	"errors"
	"net"
	"strings"

	"github.com/employment-passport/passport/issuer/sockstore"
)

// reached is where the world reaches this service.
func (s *service) reached() sockstore.Base {
	return sockstore.Base{URL: s.base.String(), Assumed: s.config.BaseURL == ""}
}

// serviceBase is where the world reaches the server of this home: the address
// given; else the one that the running server says, whose flags may have named
// it; else the configured one; else, assumed, that of a server for this machine.
func (a *app) serviceBase(ctx context.Context, given string) (sockstore.Base, error) {
	c, err := a.loadConfig()
	if err != nil {
		return sockstore.Base{}, err
	}
	base := strings.TrimRight(given, "/")
	if base == "" {
		at, err := a.serverBase(ctx)
		if err != nil || at.URL != "" {
			return at, err
		}
		base = strings.TrimRight(c.BaseURL, "/")
	}
	if base != "" {
		if !isServiceBase(base) {
			return sockstore.Base{}, fail(exitUsage, "offer_base", "base", base)
		}
		return sockstore.Base{URL: base}, nil
	}
	_, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return sockstore.Base{}, fail(exitUsage, "offer_base", "base", c.Listen).wrap(err)
	}
	return sockstore.Base{URL: "http://localhost:" + port, Assumed: true}, nil
}

// serverBase asks the running server where it answers; empty when none runs.
func (a *app) serverBase(ctx context.Context) (sockstore.Base, error) {
	dir, err := a.homeDir()
	if err != nil {
		return sockstore.Base{}, err
	}
	lent, err := borrow(ctx, dir)
	if errors.Is(err, sockstore.ErrNoServer) {
		return sockstore.Base{}, nil
	}
	if err != nil {
		return sockstore.Base{}, lentFailure(err)
	}
	return lent.Base(), lent.Close()
}
