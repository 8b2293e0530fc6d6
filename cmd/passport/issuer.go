package main

import (
	"context"
	"errors"

	"github.com/employment-passport/passport/issuer"
	"github.com/spf13/cobra"
)

// issuerCommands are those of a training body's desk: templates, issuing, the
// life of what was issued, and the public files.
func issuerCommands(a *app) []*cobra.Command {
	return []*cobra.Command{
		newTemplateCommand(a),
		newIssueCommand(a),
		newListCommand(a),
		newShowCommand(a),
		newRevokeCommand(a),
		newSuspendCommand(a),
		newReinstateCommand(a),
		newReissueCommand(a),
		newStatusCommand(a),
	}
}

// withIssuer opens the home, does f, and closes it. keys says whether f signs.
func (a *app) withIssuer(ctx context.Context, keys bool, f func(*issuer.Issuer) error) error {
	i, done, err := a.openIssuer(ctx, keys)
	if err != nil {
		return a.issuerFailure(err)
	}
	return errors.Join(a.issuerFailure(f(i)), done())
}
