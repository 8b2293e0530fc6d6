package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/keyring"
	"github.com/spf13/cobra"
)

// app is what every command shares: the terminal, the clock and the flags of
// the root.
type app struct {
	in       io.Reader
	out, err io.Writer
	now      func() time.Time

	keys   *keyring.Folder // of the home keysOf, opened once
	keysOf string

	home           string
	walletFile     string
	passphraseFile string
	lang           string
	json           bool
	quiet          bool
}

// run executes one command line and returns the exit code of the contract:
// 0 done or valid, 1 judged and refused, 2 unknown, 64 bad usage or unreadable
// input, 70 internal error (a panic too).
func run(args []string, in io.Reader, out, errOut io.Writer) (code int) {
	a := &app{in: in, out: out, err: errOut, now: time.Now}
	defer func() {
		if v := recover(); v != nil {
			code = a.reportPanic(v)
		}
	}()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	root := newRootCommand(a)
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	return a.report(root.ExecuteContext(ctx))
}

func newRootCommand(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "passport",
		Short: "Sign, keep, print, verify and revoke employment credentials",
		Long: `Passport signs micro-credentials, keeps them for their holders, prints them as QR
codes, verifies them with no network, and revokes them.

Start with "passport demo": it plays the whole story and leaves every file to look at.`,
		Example:       "  passport demo --dir demo",
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(*cobra.Command, []string) error {
			if a.lang != "" && !i18n.Speaks(a.lang) {
				return fail(exitUsage, "language_unknown", "language", a.lang)
			}
			a.lang = a.language()
			return nil
		},
	}
	f := root.PersistentFlags()
	f.StringVar(&a.home, "home", "", "home folder (default $PASSPORT_HOME, else the user's configuration folder)")
	f.StringVar(&a.walletFile, "wallet", "", "wallet file (default $PASSPORT_WALLET, else wallet.age beside the home)")
	f.StringVar(&a.passphraseFile, "passphrase-file", "", "file with the passphrase (default $PASSPORT_PASSPHRASE_FILE, else a prompt)")
	f.StringVar(&a.lang, "lang", "", "language of the answers: it, en, es, el or pl; fr, sl, ro, sq, ar and uk for what has words in them (default from the locale, then en)")
	f.BoolVar(&a.json, "json", false, "print the result as JSON")
	f.BoolVar(&a.quiet, "quiet", false, "print the result and errors only")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(err) })

	for _, commands := range []func(*app) []*cobra.Command{
		storeCommands, accessCommands, issuerCommands, offerCommands, trustCommands, walletCommands, verifyCommands, verifyPageCommands, qrCommands, profileCommands, compositeCommands, paperCommands, exportCommands, demoCommands, serveCommands,
	} {
		root.AddCommand(commands(a)...)
	}
	for _, c := range root.Commands() {
		if c.HasSubCommands() && c.Example == "" {
			c.Example = c.Commands()[0].Example
		}
		if c.HasSubCommands() && !c.Runnable() { // a misspelt subcommand is an error, not a page of help
			c.Args, c.RunE = cobra.NoArgs, func(c *cobra.Command, _ []string) error { return c.Help() }
		}
	}
	knowHelp(root)
	return root
}

// knowHelp gives every command its --help before the arguments are read: cobra
// takes a flag that it does not know yet for one with a value, and what stands
// behind the next flag for a command.
func knowHelp(c *cobra.Command) {
	c.InitDefaultHelpFlag()
	for _, sub := range c.Commands() {
		knowHelp(sub)
	}
}

// language is the one of --lang, where that is one of ours, else of the locale.
// Errors are told in it even when the command line was too wrong for any command
// to run.
func (a *app) language() string {
	asked := a.lang
	if !i18n.Speaks(asked) {
		asked = ""
	}
	return i18n.Match(firstOf(asked, os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG")))
}

// homeDir is --home, else $PASSPORT_HOME, else the user's configuration folder.
func (a *app) homeDir() (string, error) {
	if dir := firstOf(a.home, os.Getenv("PASSPORT_HOME")); dir != "" {
		return dir, nil
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fail(exitUsage, "home_unknown").wrap(err)
	}
	return filepath.Join(dir, "passport"), nil
}

// walletPath is --wallet, else $PASSPORT_WALLET, else wallet.age in the
// configuration folder.
func (a *app) walletPath() (string, error) {
	if file := firstOf(a.walletFile, os.Getenv("PASSPORT_WALLET")); file != "" {
		return file, nil
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fail(exitUsage, "home_unknown").wrap(err)
	}
	return filepath.Join(dir, "passport", "wallet.age"), nil
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
