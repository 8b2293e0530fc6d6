package main

import (
	"context"
	"fmt"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
	"github.com/spf13/cobra"
)

// keyView is a key as the command line shows it; its private half is nowhere.
type keyView struct {
	KID           string `json:"kid"`
	Thumbprint    string `json:"thumbprint"`
	Use           string `json:"use"`
	State         string `json:"state"`
	From          string `json:"from"`
	Until         string `json:"until,omitempty"`
	CompromisedAt string `json:"compromisedAt,omitempty"`
}

func viewKey(k issuer.KeyRecord) keyView {
	v := keyView{KID: k.KID, Thumbprint: k.Thumbprint, Use: string(k.Use), State: string(k.State), From: dayOf(k.From), Until: dayOf(k.Until)}
	if k.Also != "" {
		v.Use += "," + string(k.Also)
	}
	if !k.CompromisedAt.IsZero() {
		v.CompromisedAt = k.CompromisedAt.UTC().Format(time.RFC3339)
	}
	return v
}

func dayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

func newKeyCommand(a *app) *cobra.Command {
	return group("key", "The keys of an issuer",
		newKeyListCommand(a),
		newKeyRotateCommand(a),
		newKeyEndCommand(a, "retire KID", "End a key in order; what it signed in its time stays valid", "key.retired", (*issuer.Issuer).RetireKey),
		newKeyEndCommand(a, "compromise KID", "Say that somebody else may hold a key; there is no way back", "key.compromised", (*issuer.Issuer).CompromiseKey),
	)
}

func newKeyListCommand(a *app) *cobra.Command {
	var name string
	c := &cobra.Command{
		Use: "list", Short: "List an issuer's keys, oldest first", Example: "  passport key list --issuer ferrara", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			i, done, err := a.openIssuer(c.Context(), false)
			if err != nil {
				return err
			}
			keys, err := i.Keys(c.Context(), name)
			if err := firstError(err, done); err != nil {
				return err
			}
			for _, k := range keys {
				if err := a.showKey(viewKey(k)); err != nil {
					return err
				}
			}
			return nil
		},
	}
	issuerFlag(c, &name)
	return c
}

func newKeyRotateCommand(a *app) *cobra.Command {
	var name, use string
	c := &cobra.Command{
		Use:   "rotate",
		Short: "Make a new key and retire the one used so far",
		Long: `Makes a new key and retires the one used so far, which stays valid for what it
signed. Publish and let the trust authority recognise the new key before you issue.`,
		Example: "  passport key rotate --issuer ferrara\n  passport key rotate --issuer ferrara --use status",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			i, done, err := a.openIssuer(c.Context(), true)
			if err != nil {
				return err
			}
			k, err := i.RotateKey(c.Context(), a.actor(), name, schema.KeyUse(use))
			if err := firstError(err, done); err != nil {
				return err
			}
			a.talk("key.rotated", "kid", k.KID)
			return a.showKey(viewKey(k))
		},
	}
	issuerFlag(c, &name)
	c.Flags().StringVar(&use, "use", string(schema.KeyForCredentials), "credential or status")
	return c
}

type endKey func(i *issuer.Issuer, ctx context.Context, by issuer.Actor, name, kid string) (issuer.KeyRecord, error)

func newKeyEndCommand(a *app, use, short, said string, end endKey) *cobra.Command {
	var name string
	c := &cobra.Command{
		Use: use, Short: short, Args: cobra.ExactArgs(1),
		Example: "  passport key " + use[:len(use)-len(" KID")] + " --issuer ferrara key-1",
		RunE: func(c *cobra.Command, args []string) error {
			i, done, err := a.openIssuer(c.Context(), false)
			if err != nil {
				return err
			}
			k, err := end(i, c.Context(), a.actor(), name, args[0])
			if err := firstError(err, done); err != nil {
				return err
			}
			a.talk(said, "kid", k.KID)
			return a.showKey(viewKey(k))
		},
	}
	issuerFlag(c, &name)
	return c
}

func issuerFlag(c *cobra.Command, name *string) {
	c.Flags().StringVar(name, "issuer", "", "short name of the issuer")
	_ = c.MarkFlagRequired("issuer")
}

func (a *app) showKey(v keyView) error {
	if a.json {
		return a.printJSON(v)
	}
	_, err := fmt.Fprint(a.out, keyLines([]keyView{v}))
	return err
}
