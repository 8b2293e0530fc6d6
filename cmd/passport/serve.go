package main

import (
	"context"
	"fmt"
	"net/url"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/spf13/cobra"
)

// serveCommands are the service and its configuration.
func serveCommands(a *app) []*cobra.Command {
	return []*cobra.Command{newServeCommand(a), group("config", "Look at the configuration", newConfigCheckCommand(a))}
}

// serveFlags count more than the environment and the file.
type serveFlags struct {
	listen, baseURL, logLevel, logFormat string
}

func newServeCommand(a *app) *cobra.Command {
	var flags serveFlags
	c := &cobra.Command{
		Use:   "serve",
		Short: "Run the service: API, public files, console, wallets, verification",
		Long: `Opens the home, unlocks its keys, and answers on one address until SIGTERM or
SIGINT; then it finishes what it has begun, at most 10 seconds, and ends with 0. A
second signal ends it at once. While it runs, the other commands of the same home
work through its socket.

The settings stand in config.yaml of the home, with a comment each.`,
		Example: `  passport serve
  passport serve --listen 127.0.0.1:8080 --base-url https://passport.example.org
  PASSPORT_LOG_FORMAT=json passport serve --home /srv/passport --passphrase-file /run/credentials/passphrase`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.serve(c.Context(), flags) },
	}
	f := c.Flags()
	f.StringVar(&flags.listen, "listen", "", "address and port to listen on; port 0 lets the machine choose (default 127.0.0.1:8080)")
	f.StringVar(&flags.baseURL, "base-url", "", "address under which the world reaches the service (default the one it listens on)")
	f.StringVar(&flags.logLevel, "log-level", "", "debug, info, warn or error (default info)")
	f.StringVar(&flags.logFormat, "log-format", "", "text or json (default text)")
	return c
}

// over lays the flags over a configuration.
func (f serveFlags) over(c *config) []configFault {
	c.Listen = firstOf(f.listen, c.Listen)
	c.BaseURL = firstOf(f.baseURL, c.BaseURL)
	c.LogLevel = firstOf(f.logLevel, c.LogLevel)
	c.LogFormat = firstOf(f.logFormat, c.LogFormat)
	return c.check()
}

// serve runs the service until ctx ends.
func (a *app) serve(ctx context.Context, flags serveFlags) (err error) {
	c, err := a.loadConfig()
	if err != nil {
		return err
	}
	faults := flags.over(&c)
	if len(faults) == 0 {
		faults = c.checkFiles()
	}
	if len(faults) > 0 {
		return fail(exitUsage, "serve_setting", "detail", faults[0].words(a.language())).wrap(faults[0])
	}
	h, err := a.openHouse(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = h.close(err) }()
	doors, err := openDoors(ctx, c)
	if err != nil {
		return err
	}
	defer doors.close()
	base := doors.base(c)
	s, err := newService(h, c, base)
	if err != nil {
		return err
	}
	return a.runService(ctx, s, doors)
}

// sayReady tells where the service answers, now that it does.
func (a *app) sayReady(address string, base *url.URL) error {
	if a.json {
		return a.printJSON(map[string]string{"listening": address, "baseURL": base.String()})
	}
	if !a.quiet {
		fmt.Fprintf(a.err, "passport: %s\n", oneLine(i18n.T(a.lang, "serve.ready", map[string]string{"address": address, "base": base.String()})))
	}
	return nil
}
