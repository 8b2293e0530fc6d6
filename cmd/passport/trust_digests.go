package main

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/boltstore"
	"github.com/employment-passport/passport/schema"
	"github.com/spf13/cobra"
)

func newTrustDenyCommand(a *app, authority *string) *cobra.Command {
	return &cobra.Command{
		Use:   "deny FILE…",
		Short: "Declare single credentials to be forgeries",
		Long: `Takes files of tokens, QR texts and pictures. From the next bundle on
each of these credentials is INVALID, whatever key has signed it.`,
		Example: "  passport trust deny forged.jwt photo.png",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			tokens, err := a.tokensOf(cmd.Context(), args)
			if err != nil {
				return err
			}
			return a.runDigests(cmd, "denied", func(i *issuer.Issuer) (int, error) {
				return i.Deny(cmd.Context(), a.actor(), *authority, tokens)
			})
		},
	}
}

func newTrustReaffirmCommand(a *app, authority *string) *cobra.Command {
	var from, body string
	cmd := &cobra.Command{
		Use:   "reaffirm --from REGISTER",
		Short: "Declare what an honest body really issued to be good",
		Long: `After a key was stolen or a body withdrawn, only reaffirmed credentials pass.
REGISTER is the name of an issuer of this home, the home folder of another one, or
a file or folder of tokens.`,
		Example: "  passport trust reaffirm --from forli\n  passport trust reaffirm --from /mnt/register --issuer forli",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runReaffirm(cmd, a, *authority, from, body)
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "issuer of this home, other home, or file or folder of tokens")
	cmd.Flags().StringVar(&body, "issuer", "", "of another home, this issuer only")
	must(cmd.MarkFlagRequired("from"))
	return cmd
}

func runReaffirm(cmd *cobra.Command, a *app, authority, from, body string) error {
	ctx := cmd.Context()
	info, err := os.Stat(from)
	var tokens []string
	switch {
	case os.IsNotExist(err) && !strings.ContainsAny(from, "./\\"):
		return a.runDigests(cmd, "reaffirmed", func(i *issuer.Issuer) (int, error) {
			return i.ReaffirmIssuer(ctx, a.actor(), authority, from)
		})
	case err != nil:
		return fail(exitUsage, "file_read", "file", from).wrap(err)
	case info.IsDir():
		tokens, err = a.registerIn(ctx, from, body)
	default:
		tokens, err = a.tokensOf(ctx, []string{from})
	}
	if err != nil {
		return err
	}
	return a.runDigests(cmd, "reaffirmed", func(i *issuer.Issuer) (int, error) {
		return i.Reaffirm(ctx, a.actor(), authority, tokens)
	})
}

// registerIn reads the register of another home, or the token files of a folder.
func (a *app) registerIn(ctx context.Context, dir, body string) ([]string, error) {
	if _, err := os.Stat(filepath.Join(dir, boltstore.FileName)); err == nil {
		store, err := a.openStoreOf(ctx, dir)
		if err != nil {
			return nil, err
		}
		tokens, err := issuer.RegisterTokens(ctx, store, body)
		if closing := store.Close(); err == nil {
			err = closing
		}
		return tokens, trustFailure(err)
	}
	tokens, err := listsIn(dir)
	if err == nil && len(tokens) == 0 {
		err = fail(exitUsage, "trust_no_tokens", "file", dir)
	}
	return tokens, err
}

// tokensOf takes the credentials out of files of tokens, QR texts and pictures.
func (a *app) tokensOf(ctx context.Context, args []string) (tokens []string, err error) {
	for _, arg := range args {
		some, err := a.inspectTokens(ctx, arg)
		if err != nil {
			return nil, err
		}
		found := len(tokens)
		for _, token := range some {
			tokens = append(tokens, credentialsIn(token)...)
		}
		if len(tokens) == found {
			return nil, fail(exitUsage, "trust_no_tokens", "file", arg)
		}
	}
	return tokens, nil
}

// credentialsIn gives the credentials of a token as a person hands it over: one
// itself, or those that a presentation carries. A status assertion is none.
func credentialsIn(token string) []string {
	h, payload, err := jose.ParseUnverified(token)
	switch {
	case err != nil:
		return []string{token} // refused further on, with its number
	case h.Typ == string(jose.TypeStatusAssertion):
		return nil
	case h.Typ != string(jose.TypeVP):
		return []string{token}
	}
	p, err := schema.ParsePresentation(payload)
	if err != nil {
		return nil
	}
	return p.Tokens
}

func (a *app) runDigests(cmd *cobra.Command, kind string, add func(*issuer.Issuer) (int, error)) error {
	return a.withAuthority(cmd.Context(), false, func(i *issuer.Issuer) error {
		n, err := add(i)
		if err != nil {
			return err
		}
		a.tell("trust.next_bundle")
		return a.printLine(map[string]int{kind: n}, strconv.Itoa(n))
	})
}
