package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/fetch"
	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/verifier/intake"
)

// verifySetup is what every input of one command is judged with.
type verifySetup struct {
	app          *app
	cfg          verifier.Config
	v            *verifier.Verifier
	bundle       *trust.Bundle // nil without one
	path         string        // of the bundle's file
	want         verifier.HolderBinding
	dictionaries []qr.Dictionary
	online       *onlineSources // nil without --online
	half         string         // "bundle" or "anchor" where only that one was given
}

func (a *app) verifySetup(ctx context.Context, o verifyOptions) (*verifySetup, error) {
	s := &verifySetup{app: a, want: verifier.HolderBinding{Audience: o.audience, Nonce: o.nonce}, half: halfTrust(o)}
	s.cfg.Now = a.now
	if o.at != "" {
		t, err := parseMoment(o.at, a.now())
		if err != nil {
			return nil, fail(exitUsage, "verify_at", "value", o.at).wrap(err)
		}
		s.cfg.At = t
	}
	settings := defaultConfig()
	if o.bundle != "" || o.anchor != "" || o.online {
		var err error
		if settings, err = a.loadConfig(); err != nil {
			return nil, err
		}
	}
	s.cfg.Policy.FreshStatus = time.Duration(settings.FreshStatus)
	s.cfg.Policy.MaxStatusAge = time.Duration(settings.MaxStatusAge)
	if o.maxStatusAge != "" {
		age, err := parseDuration(o.maxStatusAge)
		if err != nil || age <= 0 {
			return nil, fail(exitUsage, "verify_age", "value", o.maxStatusAge).wrap(err)
		}
		s.cfg.Policy.MaxStatusAge = age
		s.cfg.Policy.FreshStatus = min(s.cfg.Policy.FreshStatus, age)
	}
	if err := s.openBundle(o); err != nil {
		return nil, err
	}
	if o.online {
		s.goOnline(ctx, fetch.New(a.fetchConfig()), settings.BundleURL, o.anchor)
	}
	return s, s.build()
}

func (s *verifySetup) build() error {
	v, err := verifier.New(s.cfg)
	s.v = v
	return err
}

// verify judges from what is at hand. Online it then fetches what that report
// waits for and judges once more, by what was at hand and what has come: an
// answer of the network that does not stand up takes nothing away.
func (s *verifySetup) verify(ctx context.Context, tokens []string) (*verifier.Report, error) {
	report, err := s.v.Verify(ctx, tokens, s.want)
	if err != nil || s.online == nil || !s.online.complete(ctx, report, tokens) {
		return report, err
	}
	return s.v.Verify(ctx, tokens, s.want)
}

// openBundle opens --bundle under --anchor. With --anchor alone it takes the
// bundle that --online left in the home; without both nothing is taken.
func (s *verifySetup) openBundle(o verifyOptions) error {
	if o.anchor == "" {
		return nil // no_anchor: a root never comes out of a bundle
	}
	if err := checkAnchor(o.anchor); err != nil {
		return err
	}
	path := o.bundle
	if path == "" {
		path = s.app.storedBundle(o.anchor)
	}
	if path == "" {
		return nil
	}
	data, err := os.ReadFile(path)
	if err != nil && o.bundle == "" && errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return bundleUnread(path, err)
	}
	if err := checkBundleFile(path, data); err != nil {
		return err
	}
	s.path = path
	b, err := trust.Open(data, o.anchor, trust.Options{ListFile: listsBeside(path)})
	if err != nil {
		s.cfg.BundleRefused = true
		s.app.refusedBundle(path, err)
		return nil
	}
	s.use(b)
	return nil
}

// use makes an open bundle the one source of trust, with the home's memory of
// what was seen before.
func (s *verifySetup) use(b *trust.Bundle) {
	s.bundle = b
	s.cfg.BundleRefused = false
	s.cfg.Keys, s.cfg.StatusLists, s.cfg.Recognition = b, b, b
	s.cfg.Memory = s.app.seenMemory()
	s.dictionaries = intake.Dictionaries(b)
	for _, p := range b.Problems() {
		s.app.leftOut(p)
	}
}

// listsBeside reads the list files of a bundle that is too large to hold them.
func listsBeside(bundle string) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		root, err := os.OpenRoot(bundle + trust.FolderSuffix)
		if err != nil {
			return nil, err
		}
		defer func() { _ = root.Close() }() // only read
		return root.ReadFile(name)
	}
}

// storedBundle is where --online keeps the newest bundle of an anchor.
func (a *app) storedBundle(anchor string) string {
	dir, err := a.homeDir()
	if err != nil || strings.ContainsAny(anchor, `/\.`) {
		return ""
	}
	return filepath.Join(dir, "trust", anchor+".bundle")
}

// remark says something beside the result, on stderr.
func (a *app) remark(key string, args map[string]string) {
	if !a.quiet {
		a.say("note", oneLine(i18n.T(i18n.Match(a.lang), key, args)))
	}
}
