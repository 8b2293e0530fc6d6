package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/employment-passport/passport/issuer/access"
	"github.com/spf13/cobra"
)

func newAPIKeyCommand(a *app) *cobra.Command {
	return group("apikey", "The keys of programs", newAPIKeyAddCommand(a), newAPIKeyListCommand(a), newAPIKeyRevokeCommand(a))
}

// newKeyView is what add prints for scripts: the one time that the secret shows.
type newKeyView struct {
	access.APIKey
	Secret string `json:"secret"`
}

func newAPIKeyAddCommand(a *app) *cobra.Command {
	var role, name, expires string
	c := &cobra.Command{
		Use:   "add NAME",
		Short: "Make a key for a program, and show its secret once",
		Long: `Makes a key by which a program may do what its role may, for one issuer. The secret
is printed once and kept nowhere. A lost one is replaced: make another, revoke the
old one. NAME says to people what it is for.

Roles: ` + roleList(),
		Example: `  passport apikey add moodle --issuer ferrara --role officer
  passport apikey add dashboard --issuer ferrara --role operator --expires 90d`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			n := access.NewAPIKey{Name: args[0], Grant: access.Grant{Issuer: name, Role: access.Role(role)}}
			if expires != "" {
				life, err := parseDuration(expires)
				if err != nil || life < time.Minute {
					return usage(fmt.Errorf("--expires is a time like 90d, not %q", expires))
				}
				n.Expires = life
			}
			return a.withAccess(c.Context(), false, func(s *access.Service) error {
				key, secret, err := s.AddAPIKey(c.Context(), a.actor(), n)
				if err != nil {
					return err
				}
				a.talk("apikey.once", "date", key.ExpiresAt.UTC().Format(time.DateOnly))
				if a.json {
					return a.printJSON(newKeyView{key, secret})
				}
				_, err = fmt.Fprintln(a.out, secret)
				return err
			})
		},
	}
	f := c.Flags()
	f.StringVar(&name, "issuer", "", "short name of the issuer; only a registry-admin and an auditor can do without")
	f.StringVar(&role, "role", "", "what the program may do, see above")
	f.StringVar(&expires, "expires", "", "how long the key lives, as 90d (default 365d, at most 1095d)")
	must(c.MarkFlagRequired("role"))
	return c
}

func newAPIKeyListCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the keys, the newest first", Example: "  passport apikey list --json", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withAccess(c.Context(), false, func(s *access.Service) error {
				keys, err := s.APIKeys(c.Context())
				for _, k := range keys {
					err = errors.Join(err, a.showAPIKey(k))
				}
				return err
			})
		},
	}
}

func newAPIKeyRevokeCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "revoke ID", Short: "End a key for good; the next request with it is refused",
		Example: "  passport apikey revoke 3dkx7b2qfa", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withAccess(c.Context(), false, func(s *access.Service) error {
				k, err := s.RevokeAPIKey(c.Context(), a.actor(), args[0])
				if err != nil {
					return err
				}
				return a.showAPIKey(k)
			})
		},
	}
}

func (a *app) showAPIKey(k access.APIKey) error {
	if a.json {
		return a.printJSON(k)
	}
	state := "active"
	switch {
	case !k.RevokedAt.IsZero():
		state = "revoked"
	case !k.Good(a.now()):
		state = "expired"
	}
	_, err := fmt.Fprintf(a.out, "%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, state, oneLine(k.Name), oneLine(k.Grant.String()), dayOf(k.ExpiresAt), firstOf(dayOf(k.LastUsed), "-"))
	return err
}
