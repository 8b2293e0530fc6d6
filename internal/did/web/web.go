// Package web resolves did:web (did:web method specification, section 3.2)
// over the one door to the network.
package web

import (
	"context"
	"fmt"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/fetch"
)

// Resolver finds the document of a did:web where its name says it stands.
type Resolver struct{ Client *fetch.Client }

// Resolve fetches and reads the document of id. An identifier that is not a
// did:web of strict form is refused before any lookup. Errors are *did.Error,
// or *fetch.Error where the document could not be had.
func (r Resolver) Resolve(ctx context.Context, id string) (*did.Document, error) {
	url, err := did.WebURL(id)
	if err != nil {
		return nil, err
	}
	answer, err := r.Client.Get(ctx, url, fetch.Options{
		// DID core section 6 names the first two; most servers send the third.
		Accept:   []string{"application/did+json", "application/did+ld+json", "application/json", "application/did"},
		MaxBytes: did.MaxDocument,
	})
	if err != nil {
		return nil, fmt.Errorf("fetch the document of %s: %w", id, err)
	}
	return did.ParseDocument(answer.Body, id)
}
