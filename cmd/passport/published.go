package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/issuer"
	"github.com/spf13/cobra"
)

func newStatusMergeCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "merge DIR",
		Short: "Bring back the revocations that a restored store has lost",
		Long: `Reads the status lists in a folder as "passport status publish" writes it, or copied
from the web server, and revokes or suspends here whatever the newest of them says.
Each list must be signed with a status key of its issuer. To be run after a restore,
before anything is published: what was revoked after the backup is in no backup.`,
		Example: "  passport status merge public",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			tokens, err := listsIn(args[0])
			if err != nil {
				return err
			}
			return a.withIssuer(cmd.Context(), false, func(i *issuer.Issuer) error {
				m, err := i.MergeLists(cmd.Context(), a.actor(), tokens)
				if err != nil {
					return withDir(err, args[0])
				}
				return a.sayMerged(m)
			})
		},
	}
}

// sayMerged prints the credentials that are ended now, one a line.
func (a *app) sayMerged(m issuer.Merged) error {
	if a.json {
		return a.printJSON(map[string]any{
			"lists": m.Lists, "revoked": append([]string{}, m.Revoked...), "suspended": append([]string{}, m.Suspended...),
			"unknown": m.Unknown, "opened": append([]string{}, m.Opened...),
		})
	}
	for _, id := range append(m.Revoked, m.Suspended...) {
		if err := a.printLine(nil, id); err != nil {
			return err
		}
	}
	a.talkMerged(m)
	return nil
}

func (a *app) talkMerged(m issuer.Merged) {
	a.tell("merge.done", "lists", strconv.Itoa(m.Lists), "revoked", strconv.Itoa(len(m.Revoked)),
		"suspended", strconv.Itoa(len(m.Suspended)), "unknown", strconv.Itoa(m.Unknown))
}

// withDir names the folder in a refusal that speaks of it.
func withDir(err error, dir string) error {
	var refused *issuer.Error
	if errors.As(err, &refused) {
		refused.Args["dir"] = dir
	}
	return err
}

// holdPublished refuses to sign over what the world has: lists in the folder
// that is about to be written, or in the bundle. dir is for the words.
func (a *app) holdPublished(ctx context.Context, i *issuer.Issuer, dir string, tokens []string) error {
	if err := i.HoldPublished(ctx, tokens); err != nil {
		return a.issuerFailure(withDir(err, dir))
	}
	since, err := i.Unmerged(ctx)
	if err == nil && !since.IsZero() {
		a.warn("merge.due", "date", since.Format(time.RFC3339))
	}
	return err
}

// publishedIn reads the lists that stand where Publish will write them.
func publishedIn(ctx context.Context, i *issuer.Issuer, dir string) (tokens []string, err error) {
	places, err := i.PublishedPlaces(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range places {
		file := filepath.Join(dir, filepath.FromSlash(p.Path))
		info, err := os.Stat(file)
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() > trust.MaxList {
			continue // nothing there, or no list
		}
		var data []byte
		if err == nil {
			data, err = os.ReadFile(file)
		}
		if err != nil {
			return nil, fail(exitUsage, "file_read", "file", file).wrap(err)
		}
		tokens = append(tokens, strings.TrimSpace(string(data)))
	}
	return tokens, nil
}

// bundledIn reads this home's lists in an earlier bundle of one of its
// authorities; any other file gives none.
func bundledIn(ctx context.Context, i *issuer.Issuer, file string) (tokens []string, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, nil //nolint:nilerr // nothing there that could be read by anybody
	}
	places, err := i.PublishedPlaces(ctx)
	if err != nil {
		return nil, err
	}
	authorities, err := i.Authorities(ctx)
	if err != nil {
		return nil, err
	}
	for _, authority := range authorities {
		b, err := trust.Open(data, authority.Anchor, trust.Options{ListFile: func(name string) ([]byte, error) {
			return os.ReadFile(filepath.Join(file+trust.FolderSuffix, filepath.Base(name)))
		}})
		if err != nil {
			continue // of another authority, or no bundle
		}
		for _, p := range places {
			if token, _, err := b.StatusList(ctx, p.URL); err == nil {
				tokens = append(tokens, token)
			}
		}
	}
	return tokens, nil
}

// holdBundled is holdPublished for a bundle: the one that stands where it goes,
// and the lists that were brought along.
func (a *app) holdBundled(ctx context.Context, i *issuer.Issuer, o trustBundleOptions, lists []string) error {
	earlier, err := bundledIn(ctx, i, o.out)
	if err != nil {
		return err
	}
	err = a.holdPublished(ctx, i, o.lists, append(lists, earlier...))
	var refused *issuer.Error
	if errors.As(err, &refused) && o.lists == "" {
		refused.Args["dir"] = "DIR"
	}
	return err
}
