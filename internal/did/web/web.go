// Package web resolves did:web over the one door to the network.
package web

import (
	"context"
	"errors"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/fetch"
)

type Resolver struct{ Client *fetch.Client }

func (r Resolver) Resolve(ctx context.Context, id string) (*did.Document, error) {
	return nil, errors.New("not yet")
}
