package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/employment-passport/passport/internal/fetch"
	"github.com/employment-passport/passport/wallet"
	"github.com/spf13/cobra"
)

func newWalletRefreshCommand(a *app) *cobra.Command {
	var t walletTrust
	var jitter time.Duration
	cmd := &cobra.Command{
		Use:   "refresh",
		Short: "Fetch fresh status from the issuers, to staple to what is shown",
		Long: `Asks each issuer for a dated status of the credentials that have been checked. Run it
on a schedule, for instance daily, and never just before showing: the issuer would
learn when you apply for work. A random pause before each request helps with that.`,
		Example: "  passport wallet refresh --bundle passport.bundle --anchor 6qv…\n  passport wallet refresh --jitter 1h",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runWalletRefresh(cmd.Context(), a, t, jitter) },
	}
	t.flags(cmd)
	cmd.Flags().DurationVar(&jitter, "jitter", 2*time.Second, "longest random pause before each request")
	return cmd
}

func runWalletRefresh(ctx context.Context, a *app, t walletTrust, jitter time.Duration) error {
	if jitter < 0 {
		return fail(exitUsage, "wallet_jitter")
	}
	file, passphrase, err := a.walletAndPassphrase(ctx)
	if err != nil {
		return err
	}
	w, err := file.Open(passphrase)
	if err != nil {
		return walletFailure(file.Path, err)
	}
	r := wallet.Refresher{Fetch: statusFetcher{fetch.New(a.fetchConfig())}, Now: a.now, Pause: pause(jitter)}
	if t.bundle != "" {
		setup, err := a.walletSetup(ctx, t)
		if err != nil {
			return err
		}
		r.Judge = setup.v
	}
	fresh, asked := r.Ask(ctx, w.Held())
	if anyFresh(fresh) { // keep what came, also when interrupted
		err = file.Update(context.WithoutCancel(ctx), passphrase, func(w *wallet.Wallet) error {
			w.Staple(fresh)
			return nil
		})
		if err != nil {
			return walletFailure(file.Path, err)
		}
	}
	if asked != nil {
		return asked
	}
	return a.printRefreshed(fresh)
}

func anyFresh(fresh []wallet.Refreshed) bool {
	for _, f := range fresh {
		if f.Err == nil {
			return true
		}
	}
	return false
}

// pause waits a random time up to most.
func pause(most time.Duration) func(context.Context) error {
	return func(ctx context.Context) error {
		if most == 0 {
			return ctx.Err()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(rand.N(most)): //nolint:gosec // spreads the load; no secret
			return nil
		}
	}
}

// maxAssertion bounds the answer to one question.
const maxAssertion = 64 << 10

type statusFetcher struct{ client *fetch.Client }

func (f statusFetcher) Get(ctx context.Context, url string) ([]byte, error) {
	r, err := f.client.Get(ctx, url, fetch.Options{MaxBytes: maxAssertion})
	if err != nil {
		return nil, err
	}
	return r.Body, nil
}

// printRefreshed prints one line a credential; exit 2 when some issuer could
// not be asked.
func (a *app) printRefreshed(fresh []wallet.Refreshed) error {
	exit := exitOK
	for _, f := range fresh {
		outcome := f.Outcome()
		if outcome == "bad" || outcome == "unavailable" {
			exit = exitUnknown
		}
		if a.json {
			line := struct {
				ID      string     `json:"id"`
				Outcome string     `json:"outcome"`
				AsOf    *time.Time `json:"asOf,omitempty"`
				Expires *time.Time `json:"expires,omitempty"`
			}{f.ID, outcome, timeOrNil(f.Assertion.IssuedAt), timeOrNil(f.Assertion.Expires)}
			if err := json.NewEncoder(a.out).Encode(line); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(a.out, "%s  %s\n", oneLine(f.ID), a.word("wallet.refresh."+outcome))
	}
	return verdict(exit)
}
