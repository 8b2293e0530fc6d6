package main

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/pagekit"
	"github.com/employment-passport/passport/verifier/verifierweb"
	"github.com/spf13/cobra"
)

// verifyPageCommands are those that give the page of employers away.
func verifyPageCommands(a *app) []*cobra.Command { return []*cobra.Command{newVerifyPageCommand(a)} }

type verifyPageOptions struct {
	out, from, listen         string
	bundle, anchor, bundleURL string
	serve                     bool
}

// pageListen has a fixed port: what a browser has kept of the page it finds again
// at the same address only.
const pageListen = "127.0.0.1:8017"

func newVerifyPageCommand(a *app) *cobra.Command {
	var o verifyPageOptions
	c := &cobra.Command{
		Use:   "verify-page",
		Short: "Write the page that checks documents into a folder, or serve it on this computer",
		Long: `The page checks QR codes, pictures, PDFs and tokens in the browser, with no network. It
ships with the root of an authority (--anchor) and with a bundle.

--out writes it into a new folder, for any web server or a USB stick. --serve shows
it on this computer alone, and prints the address to open; --from takes a folder
that --out has written, so that a stick needs no other file.`,
		Example: `  passport verify-page --out checker --bundle trust.bundle --anchor FINGERPRINT
  passport verify-page --serve --bundle trust.bundle --anchor FINGERPRINT
  passport verify-page --serve --from /media/stick/checker`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.verifyPage(c.Context(), o) },
	}
	f := c.Flags()
	f.StringVar(&o.out, "out", "", "folder to write; it must be new or empty")
	f.BoolVar(&o.serve, "serve", false, "show the page on this computer until it is stopped")
	f.StringVar(&o.from, "from", "", "with --serve: a folder that --out has written, with its root and its bundle")
	f.StringVar(&o.listen, "listen", pageListen, "with --serve: address and port of this computer; port 0 lets the machine choose")
	f.StringVar(&o.bundle, "bundle", "", "file of the bundle that the page ships with")
	f.StringVar(&o.anchor, "anchor", "", "fingerprint of the authority's root, see \"passport trust list\"")
	f.StringVar(&o.bundleURL, "bundle-url", "", "https address of newer bundles (default beside the page)")
	c.MarkFlagsOneRequired("out", "serve")
	c.MarkFlagsMutuallyExclusive("out", "serve")
	c.MarkFlagsMutuallyExclusive("from", "bundle")
	c.MarkFlagsMutuallyExclusive("from", "anchor")
	c.MarkFlagsMutuallyExclusive("from", "out")
	return c
}

func (a *app) verifyPage(ctx context.Context, o verifyPageOptions) error {
	if o.from != "" {
		if err := o.takeFrom(); err != nil {
			return err
		}
	}
	shipped, err := a.shippedTrust(o)
	if err != nil {
		return err
	}
	web, err := verifierweb.New(verifierweb.Config{Trust: shipped.page, Reach: shipped.reach})
	if err != nil {
		return err
	}
	if !pagekit.HasChecker() {
		a.warn("page.no_checker")
	}
	if o.serve {
		return a.servePage(ctx, o, web)
	}
	return a.writePage(o, web, shipped)
}

// isPageListen takes an address of this computer's own loop: the page on a stick
// is for whoever sits before it.
func isPageListen(address string) bool {
	host, port, err := net.SplitHostPort(address)
	n, numeric := strconv.ParseUint(port, 10, 16)
	return err == nil && numeric == nil && n <= 65535 && httpkit.IsLoopback(host)
}

// originOf is the origin of an https address, whose host has nothing in it that
// would mean something else in the page's policy: the address may come from a
// folder that somebody left lying.
func originOf(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	if !isHTTPS(address) || strings.Trim(strings.ToLower(u.Host), "abcdefghijklmnopqrstuvwxyz0123456789.-:[]") != "" {
		return "", errors.New("no https address")
	}
	return "https://" + u.Host, nil
}
