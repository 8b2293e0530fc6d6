package main

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/fetch"
	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/sealed"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/verifier/intake"
	"github.com/spf13/cobra"
)

func newTrustPublishCommand(a *app, authority *string) *cobra.Command {
	var out, life string
	cmd := &cobra.Command{
		Use:   "publish",
		Short: "Write the signed recognition list for a web server",
		Long: `Signs the recognition list and writes it, with the authority's did document, below
a folder as HOST/PATH: copy DIR/HOST to the root of the web server of HOST.`,
		Example: "  passport trust publish --out public",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			validFor, err := parseLife(life)
			if err != nil {
				return err
			}
			return a.withAuthority(cmd.Context(), true, func(i *issuer.Issuer) error {
				return i.PublishRecognition(cmd.Context(), a.actor(), *authority, validFor, func(path string, data []byte) error {
					return a.writePublic(out, path, data)
				})
			})
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "folder to write into")
	cmd.Flags().StringVar(&life, "valid-for", "30d", "life of the list")
	must(cmd.MarkFlagRequired("out"))
	return cmd
}

type trustBundleOptions struct {
	out, life, lists string
	online           bool
}

func newTrustBundleCommand(a *app, authority *string) *cobra.Command {
	var o trustBundleOptions
	cmd := &cobra.Command{
		Use:   "bundle",
		Short: "Pack recognition, keys and status lists into one file to verify with offline",
		Long: `Writes a numbered and dated bundle. The status lists of this home are signed afresh;
--lists adds those in a folder as "passport status publish" writes it, --online those
that recognised bodies publish. A list that fails is left out and named. Above 1 MB
the lists go into the folder FILE.lists, which travels with FILE.`,
		Example: "  passport trust bundle --out trust.bundle\n  passport trust bundle --out trust.bundle --valid-for 7d --lists ../lists",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runTrustBundle(cmd, a, *authority, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.out, "out", "", "file to write, - for standard output")
	f.StringVar(&o.life, "valid-for", "30d", "how long the bundle counts; never longer than the delegation")
	f.StringVar(&o.lists, "lists", "", "folder of status lists signed elsewhere")
	f.BoolVar(&o.online, "online", false, "fetch the status lists of recognised bodies that issue elsewhere")
	must(cmd.MarkFlagRequired("out"))
	return cmd
}

func runTrustBundle(cmd *cobra.Command, a *app, authority string, o trustBundleOptions) error {
	ctx := cmd.Context()
	validFor, err := parseLife(o.life)
	if err != nil {
		return err
	}
	var tokens []string
	if o.lists != "" {
		if tokens, err = listsIn(o.lists); err != nil {
			return err
		}
	}
	return a.withAuthority(ctx, true, func(i *issuer.Issuer) error {
		if err := a.holdBundled(ctx, i, o, tokens); err != nil {
			return err
		}
		if o.online {
			fetched, err := a.fetchLists(ctx, fetch.New(a.fetchConfig()), i, authority)
			if err != nil {
				return err
			}
			tokens = append(tokens, fetched...)
		}
		b, err := i.MakeBundle(ctx, a.actor(), authority, issuer.BundleOptions{ValidFor: validFor, StatusLists: tokens})
		if err != nil {
			return err
		}
		if err := a.writeBundle(o.out, b.Packed); err != nil {
			return err
		}
		for _, p := range b.Problems {
			if p.Part == "definition" && (p.Code == trust.CodeLimit || p.Code == trust.CodeIssuer) {
				a.tell("trust.left_definition", "name", p.Subject)
				continue
			}
			a.tell("trust.left_out", "part", p.Part, "subject", p.Subject, "code", p.Code)
		}
		if asked := b.Origin.IssuedAt.Add(validFor); b.Origin.Expires.Before(asked) {
			a.tell("trust.shortened", "until", i18n.Day(i18n.Match(a.lang), b.Origin.Expires))
		}
		if o.out == "-" {
			return nil // the bundle is the result
		}
		return a.printBundle(o.out, b)
	})
}

type bundleOut struct {
	File      string       `json:"file"`
	Authority string       `json:"authority"`
	Anchor    string       `json:"anchor"`
	Seq       int64        `json:"seq"`
	IssuedAt  string       `json:"issuedAt"`
	Expires   string       `json:"expires"`
	Bodies    int          `json:"bodies"`
	Lists     []string     `json:"lists"`
	LeftOut   []leftOutOut `json:"leftOut"`
}

type leftOutOut struct {
	Part    string `json:"part"`
	Subject string `json:"subject"`
	Code    string `json:"code"`
}

func (a *app) printBundle(file string, b *issuer.Bundle) error {
	out := bundleOut{
		File: file, Authority: b.Origin.Authority.DID, Anchor: b.Origin.Authority.Anchor, Seq: b.Origin.Seq,
		IssuedAt: b.Origin.IssuedAt.Format(time.RFC3339), Expires: b.Origin.Expires.Format(time.RFC3339),
		Bodies: b.Entities, Lists: []string{}, LeftOut: []leftOutOut{},
	}
	for _, l := range b.Lists {
		out.Lists = append(out.Lists, l.URL)
	}
	for _, p := range b.Problems {
		out.LeftOut = append(out.LeftOut, leftOutOut{p.Part, p.Subject, p.Code})
	}
	return a.printLine(out, a.sentence("trust.bundle",
		"file", file, "seq", strconv.FormatInt(b.Origin.Seq, 10), "until", i18n.Day(i18n.Match(a.lang), b.Origin.Expires),
		"bodies", strconv.Itoa(b.Entities), "lists", strconv.Itoa(len(b.Lists)), "anchor", b.Origin.Authority.Anchor))
}

// writeBundle writes the list files first: who finds the new bundle finds its
// lists too.
func (a *app) writeBundle(file string, p *trust.Packed) error {
	if file == "-" {
		if len(p.Files) > 0 {
			return fail(exitUsage, "trust_stdout")
		}
		_, err := a.out.Write(p.Data)
		return err
	}
	dir := file + trust.FolderSuffix
	for name, token := range p.Files {
		err := os.MkdirAll(dir, 0o755) //nolint:gosec // a bundle is public
		if err == nil {
			err = sealed.WriteFileAtomic(filepath.Join(dir, name), []byte(token), 0o644)
		}
		if err != nil {
			return fail(exitUsage, "file_write", "file", filepath.Join(dir, name)).wrap(err)
		}
	}
	if err := sealed.WriteFileAtomic(file, p.Data, 0o644); err != nil {
		return fail(exitUsage, "file_write", "file", file).wrap(err)
	}
	return nil
}

// listsIn reads every status list below a folder. Other files, as the did
// documents that lie beside them, are passed over.
func listsIn(dir string) (tokens []string, err error) {
	root, err := os.OpenRoot(dir) // nothing that lies there leads outside
	if err != nil {
		return nil, fail(exitUsage, "trust_lists", "dir", dir).wrap(err)
	}
	defer func() { _ = root.Close() }() // only read
	err = fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err != nil || info.Size() > trust.MaxList {
			return err
		}
		data, err := root.ReadFile(path)
		if err != nil {
			return err
		}
		if token := strings.TrimSpace(string(data)); intake.IsStatusList(token) {
			tokens = append(tokens, token)
		}
		return nil
	})
	if err != nil {
		return nil, fail(exitUsage, "trust_lists", "dir", dir).wrap(err)
	}
	return tokens, nil
}

// maxListsOfBody ends the search for the lists of a body that never says no.
const maxListsOfBody = 1000

// fetchLists fetches the status lists of the recognised did:web bodies that
// issue elsewhere: BASE/status/1, 2, 3 … until one is not there.
func (a *app) fetchLists(ctx context.Context, client *fetch.Client, i *issuer.Issuer, authority string) (tokens []string, err error) {
	urls, err := i.StatusBases(ctx, authority)
	if err != nil {
		return nil, err
	}
	for _, base := range urls {
		for n := 1; n <= maxListsOfBody; n++ {
			url := base + "/status/" + strconv.Itoa(n)
			answer, err := client.Get(ctx, url, fetch.Options{
				Accept: []string{"application/vc+jwt", "application/jwt"}, MaxBytes: trust.MaxList,
			})
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if err != nil {
				if n == 1 {
					a.tell("trust.unreachable", "url", url)
				}
				break
			}
			tokens = append(tokens, strings.TrimSpace(string(answer.Body)))
		}
	}
	return tokens, nil
}
