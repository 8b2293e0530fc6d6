package main

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"

	"github.com/employment-passport/passport/internal/sealed"
	"github.com/employment-passport/passport/issuer"
	"github.com/spf13/cobra"
)

func newStatusCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Publish what the world must know: revocations and keys",
		Args:  cobra.NoArgs,
	}
	var out string
	publish := &cobra.Command{
		Use:   "publish",
		Short: "Write status lists and did documents as files for any web server",
		Long: `Signs every status list anew and writes it, with the did documents and the history
of their keys, below a folder as HOST/PATH: copy DIR/HOST to the root of the web
server of HOST. Each file appears whole or not at all. Where the folder holds a list
that says more than the store, as after a restore, nothing is written. A body without
a key for its lists is told, and does not keep the others back.`,
		Example: "  passport status publish --out public",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withIssuer(cmd.Context(), true, func(i *issuer.Issuer) error {
				there, err := publishedIn(cmd.Context(), i, out)
				if err != nil {
					return err
				}
				if err := a.holdPublished(cmd.Context(), i, out, there); err != nil {
					return err
				}
				files := 0
				err = i.Publish(cmd.Context(), func(path string, data []byte) error {
					files++
					return a.writePublic(out, path, data)
				})
				if files > 0 {
					a.tell("issuer.published", "count", strconv.Itoa(files), "dir", out)
				}
				return a.publishFailure(err)
			})
		},
	}
	publish.Flags().StringVar(&out, "out", "", "folder to write into")
	must(publish.MarkFlagRequired("out"))
	cmd.AddCommand(publish, newStatusMergeCommand(a))
	return cmd
}

// publishFailure tells each body that could not be published whole, where the
// rest was.
func (a *app) publishFailure(err error) error {
	var written *failure
	var bodies interface{ Unwrap() []error }
	if errors.As(err, &written) || !errors.As(err, &bodies) {
		return err
	}
	all := bodies.Unwrap()
	for _, one := range all {
		var f *failure
		if !errors.As(a.issuerFailure(one), &f) {
			return err // nothing that a person can act on
		}
		a.say("fault", a.failureWords(f))
	}
	return fail(exitInvalid, "publish_partly", "count", strconv.Itoa(len(all))).wrap(err)
}

// writePublic writes one file below dir and names it on standard output. The
// path was made of a checked address; it cannot lead outside.
func (a *app) writePublic(dir, path string, data []byte) error {
	file := filepath.Join(dir, filepath.FromSlash(path))
	err := os.MkdirAll(filepath.Dir(file), 0o755) //nolint:gosec // a web server reads it
	if err == nil {
		err = sealed.WriteFileAtomic(file, data, 0o644)
	}
	if err != nil {
		return fail(exitUsage, "file_write", "file", file).wrap(err)
	}
	return a.printLine(struct {
		File string `json:"file"`
	}{file}, file)
}
