package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
	"github.com/spf13/cobra"
)

// trustCommands are what a trust authority does: it says who may issue what.
func trustCommands(a *app) []*cobra.Command {
	root := &cobra.Command{
		Use:   "trust",
		Short: "Recognise issuers and publish who is recognised",
		Long: `A trust authority says who may issue which documents, since when and with which
keys, and packs it with the status lists into one file, the bundle, which employers
verify with offline. They pin the fingerprint of the authority's root.`,
	}
	authority := root.PersistentFlags().String("authority", "", "name of the authority (default the only one of this home)")
	root.AddCommand(
		newTrustInitCommand(a), newTrustDelegateCommand(a, authority), newTrustListCommand(a),
		newTrustRecogniseCommand(a, authority), newTrustLapseCommand(a, authority),
		newTrustCloseCommand(a, authority), newTrustWithdrawCommand(a, authority),
		newTrustDenyCommand(a, authority), newTrustReaffirmCommand(a, authority),
		newTrustPublishCommand(a, authority), newTrustBundleCommand(a, authority),
	)
	return []*cobra.Command{root}
}

// withAuthority is withIssuer for what an authority does.
func (a *app) withAuthority(ctx context.Context, keys bool, f func(*issuer.Issuer) error) error {
	return a.withIssuer(ctx, keys, func(i *issuer.Issuer) error { return trustFailure(f(i)) })
}

// trustRefusals are the refusals that judge the act; every other one says that
// the command line means nothing that there is.
var trustRefusals = map[string]bool{
	"authority_exists": true, "delegation_over": true, "recognise_withdrawn": true,
	"recognise_no_keys": true, "key_of_this_home": true, "clock_back": true,
	"no_active_key": true, "clock_jump": true, "accreditation_ended": true, "accreditation_window": true,
}

// trustFailure gives a refusal of the issuer its words.
func trustFailure(err error) error {
	var refused *issuer.Error
	var known *failure
	if errors.As(err, &known) || !errors.As(err, &refused) {
		return err
	}
	if refused.Code == "authority_key" {
		if err := keyFailure(refused.Err); errors.As(err, &known) {
			return err
		}
	}
	exit := exitUsage
	if trustRefusals[refused.Code] {
		exit = exitInvalid
	}
	f := fail(exit, refused.Code).wrap(err)
	f.args = refused.Args
	return f
}

// sentence is a sentence of the catalogue; args are name, value pairs.
func (a *app) sentence(key string, args ...string) string {
	values := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		values[args[i]] = args[i+1]
	}
	return oneLine(i18n.T(i18n.Match(a.lang), key, values))
}

// parseDay reads YYYY-MM-DD; empty is no day.
func parseDay(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	d, err := schema.ParseDate(s)
	if err != nil {
		return time.Time{}, fail(exitUsage, "trust_day", "value", s).wrap(err)
	}
	return d.Time(), nil
}

// parseLife reads a duration as 30d or 24h; empty is none given.
func parseLife(s string) (time.Duration, error) {
	if s == "" {
		return 0, nil
	}
	d, err := parseDuration(s)
	if err != nil || d < time.Second {
		return 0, fail(exitUsage, "trust_life", "value", s).wrap(err)
	}
	return d, nil
}

func newTrustInitCommand(a *app) *cobra.Command {
	var o trustInitOptions
	cmd := &cobra.Command{
		Use:   "init NAME",
		Short: "Make an authority: an offline root and the key that signs daily",
		Long: `Makes a trust authority in this home and prints the fingerprint of its root: the
anchor that verifiers pin. The root signs delegations only; the daily key signs
recognition lists and bundles for at most 90 days, then "trust delegate" renews it.`,
		Example: "  passport trust init regione --did web --domain trust.example.org\n  passport trust init demo --did key",
		Args:    cobra.ExactArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return runTrustInit(cmd, a, o, args[0]) },
	}
	f := cmd.Flags()
	f.StringVar(&o.did, "did", "", "key, web, or a whole did:web (default web with --domain, else key)")
	f.StringVar(&o.domain, "domain", "", "HOST[:PORT][/PATH] of a did:web authority")
	f.StringVar(&o.title, "title", "", "the name that reports show (default NAME)")
	f.StringVar(&o.life, "for", "", "life of the first delegation, at most 90d (the default)")
	f.StringArrayVar(&o.verifyBases, "verify-base", nil, "link base that printed codes may bear (repeatable; default the home's verifyBase)")
	return cmd
}

type trustInitOptions struct {
	did, domain, title, life string
	verifyBases              []string
}

func runTrustInit(cmd *cobra.Command, a *app, o trustInitOptions, name string) error {
	n := issuer.NewAuthority{Name: name, Title: o.title, VerifyBases: o.verifyBases}
	var err error
	if n.For, err = parseLife(o.life); err != nil {
		return err
	}
	switch {
	case strings.HasPrefix(o.did, "did:"):
		n.DID = o.did
	case (o.did == "web" || o.did == "") && o.domain != "":
		n.Domain, n.Path, _ = strings.Cut(o.domain, "/")
	case o.did == "web":
		return fail(exitUsage, "trust_domain")
	case o.did != "key" && o.did != "" || o.domain != "":
		return fail(exitUsage, "authority_did", "did", firstOf(o.did, o.domain))
	}
	if len(n.VerifyBases) == 0 {
		settings, err := a.loadConfig()
		if err != nil {
			return err
		}
		if base := settings.linkBase(); base != "" {
			n.VerifyBases = []string{base}
		}
	}
	return a.withAuthority(cmd.Context(), true, func(i *issuer.Issuer) error {
		r, err := i.InitAuthority(cmd.Context(), a.actor(), n)
		if err != nil {
			return err
		}
		a.tell("trust.init", "name", r.Name, "did", r.DID)
		return a.printLine(struct {
			Name   string `json:"name"`
			DID    string `json:"did"`
			Anchor string `json:"anchor"`
		}{r.Name, r.DID, r.Anchor}, r.Anchor)
	})
}

func newTrustDelegateCommand(a *app, authority *string) *cobra.Command {
	var d issuer.Delegate
	var life string
	var newRoot bool
	cmd := &cobra.Command{
		Use:     "delegate",
		Short:   "Renew the delegation of the key that signs daily",
		Long:    "The root signs a new delegation, for at most 90 days. Prints the day on which it ends.",
		Example: "  passport trust delegate --for 90d\n  passport trust delegate --new-key\n  passport trust delegate --new-root",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if d.For, err = parseLife(life); err != nil {
				return err
			}
			return runTrustDelegate(cmd, a, *authority, d, newRoot)
		},
	}
	f := cmd.Flags()
	f.StringVar(&life, "for", "90d", "life of the delegation, at most 90d")
	f.BoolVar(&d.NewKey, "new-key", false, "delegate to a new signing key")
	f.BoolVar(&newRoot, "new-root", false, "hand over to a new root first; verifiers that pinned the old one follow")
	f.StringArrayVar(&d.Countries, "country", nil, "the key may recognise bodies of this country only (repeatable)")
	f.StringArrayVar(&d.Schemas, "schema", nil, "the key may recognise for this document only (repeatable)")
	return cmd
}

func runTrustDelegate(cmd *cobra.Command, a *app, authority string, d issuer.Delegate, newRoot bool) error {
	return a.withAuthority(cmd.Context(), true, func(i *issuer.Issuer) error {
		given, err := renew(cmd.Context(), a, i, authority, d, newRoot)
		if err != nil {
			return err
		}
		until := given.Expires.Format(time.RFC3339)
		return a.printLine(struct {
			DID     string `json:"did"`
			KID     string `json:"kid"`
			Expires string `json:"expires"`
		}{given.Authority, given.KID, until}, until)
	})
}

// renew gives the delegation, by a new root if that is wanted.
func renew(ctx context.Context, a *app, i *issuer.Issuer, authority string, d issuer.Delegate, newRoot bool) (trust.Delegation, error) {
	if !newRoot {
		return i.Delegate(ctx, a.actor(), authority, d)
	}
	anchor, given, err := i.RotateRoot(ctx, a.actor(), authority, d)
	if err == nil {
		a.tell("trust.rotated", "anchor", anchor)
	}
	return given, err
}
