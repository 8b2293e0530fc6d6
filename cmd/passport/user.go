package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/spf13/cobra"
)

// accessCommands are those of whoever says who works with a home.
func accessCommands(a *app) []*cobra.Command {
	return []*cobra.Command{newUserCommand(a), newAPIKeyCommand(a), newProposalCommand(a)}
}

// withAccess opens the home, does f, and closes it. keys says whether f signs.
func (a *app) withAccess(ctx context.Context, keys bool, f func(*access.Service) error) error {
	if keys {
		if err := a.unlockFirst(ctx); err != nil {
			return err
		}
	}
	store, err := a.openStore(ctx)
	if err != nil {
		return err
	}
	i, err := a.issuerOver(ctx, store, keys)
	if err != nil {
		return errors.Join(err, store.Close())
	}
	s, err := access.New(access.Config{Issuer: i, Store: store, Now: a.now})
	if err == nil {
		err = a.issuerFailure(f(s))
	}
	return errors.Join(err, store.Close())
}

func newUserCommand(a *app) *cobra.Command {
	return group("user", "The people who work with this home",
		newUserAddCommand(a), newUserInviteCommand(a), newUserListCommand(a),
		newUserEndCommand(a, "disable NAME", "Shut a person out; their sessions end at once", (*access.Service).DisableUser),
		newUserEndCommand(a, "enable NAME", "Let a person in again, by what they signed in with before", (*access.Service).EnableUser),
	)
}

func newUserAddCommand(a *app) *cobra.Command {
	var role, email string
	var issuers []string
	c := &cobra.Command{
		Use:   "add NAME",
		Short: "Add a person with a role",
		Long: `Adds a person, who signs in to the console after "passport user invite". NAME is
short and stands in the audit log for good. It is never given to somebody else.

Roles: ` + roleList() + `
A registry-admin and an auditor may be of the whole home; the others need --issuer.`,
		Example: `  passport user add anna --role officer --issuer ferrara
  passport user add carla --role registry-admin --email carla@region.example`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withAccess(c.Context(), false, func(s *access.Service) error {
				u, err := s.AddUser(c.Context(), a.actor(), access.NewUser{Name: args[0], Email: email, Grants: grants(role, issuers)})
				if err != nil {
					return err
				}
				a.talk("user.added", "name", u.Name)
				return a.showUser(u)
			})
		},
	}
	f := c.Flags()
	f.StringVar(&role, "role", "", "what the person is, see above")
	f.StringArrayVar(&issuers, "issuer", nil, "short name of the issuer; may be given again")
	f.StringVar(&email, "email", "", "address by which an OpenID provider may know the person")
	must(c.MarkFlagRequired("role"))
	return c
}

// grants is one role at each of some issuers, or at all.
func grants(role string, issuers []string) (all []access.Grant) {
	if len(issuers) == 0 {
		return []access.Grant{{Role: access.Role(role)}}
	}
	for _, name := range issuers {
		all = append(all, access.Grant{Issuer: name, Role: access.Role(role)})
	}
	return all
}

func roleList() string {
	words := make([]string, len(access.Roles()))
	for n, r := range access.Roles() {
		words[n] = string(r)
	}
	return strings.Join(words, ", ")
}

// invitation is what invite prints for scripts.
type invitation struct {
	Name      string    `json:"name"`
	Link      string    `json:"link"`
	ExpiresAt time.Time `json:"expiresAt"`
}

func newUserInviteCommand(a *app) *cobra.Command {
	var reset bool
	c := &cobra.Command{
		Use:   "invite NAME",
		Short: "Make the link by which a person signs in for the first time",
		Long: `Makes a link that works once, for 72 hours. Hand it over yourself: whoever opens it
signs in as that person. A new link takes the place of the one before.

With --reset everything that the person signed in with until now ends at once. Use it
when their laptop or phone was stolen.`,
		Example: "  passport user invite anna\n  passport user invite anna --reset",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			at, err := a.serviceBase(c.Context(), "")
			if err != nil {
				return err
			}
			return a.withAccess(c.Context(), false, func(s *access.Service) error {
				code, expires, err := s.Invite(c.Context(), a.actor(), args[0], reset)
				if err != nil {
					return err
				}
				link := at.URL + "/console/invite/" + code
				if at.Assumed {
					a.talk("offer.local", "base", at.URL)
				}
				a.talk("user.invited", "name", args[0], "date", expires.UTC().Format(time.RFC3339))
				if a.json {
					return a.printJSON(invitation{args[0], link, expires.UTC()})
				}
				_, err = fmt.Fprintln(a.out, link)
				return err
			})
		},
	}
	c.Flags().BoolVar(&reset, "reset", false, "end the person's passkeys and sessions first")
	return c
}

func newUserListCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the people and what they are", Example: "  passport user list --json", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withAccess(c.Context(), false, func(s *access.Service) error {
				users, err := s.Users(c.Context())
				for _, u := range users {
					err = errors.Join(err, a.showUser(u))
				}
				return err
			})
		},
	}
}

func newUserEndCommand(a *app, use, short string, do func(*access.Service, context.Context, issuer.Actor, string) (access.User, error)) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Example: "  passport user " + strings.Replace(use, "NAME", "anna", 1), Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withAccess(c.Context(), false, func(s *access.Service) error {
				u, err := do(s, c.Context(), a.actor(), args[0])
				if err != nil {
					return err
				}
				return a.showUser(u)
			})
		},
	}
}

func (a *app) showUser(u access.User) error {
	if a.json {
		return a.printJSON(u)
	}
	state := "active"
	if !u.DisabledAt.IsZero() {
		state = "disabled"
	}
	words := make([]string, len(u.Grants))
	for n, g := range u.Grants {
		words[n] = g.String()
	}
	_, err := fmt.Fprintf(a.out, "%s\t%s\t%s\n", u.Name, state, oneLine(strings.Join(words, ", ")))
	return err
}
