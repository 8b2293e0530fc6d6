package main

import (
	"context"
	"crypto"

	"github.com/employment-passport/passport/internal/keyring"
)

// translatedKeys is the keyring with errors that a person understands.
type translatedKeys struct{ folder *keyring.Folder }

func (k translatedKeys) Create(ctx context.Context, label string) (string, crypto.PublicKey, error) {
	uri, pub, err := k.folder.Create(ctx, label)
	if err != nil {
		return "", nil, keyFailure(err)
	}
	return uri, pub, nil
}

func (k translatedKeys) Signer(ctx context.Context, uri string) (crypto.Signer, error) {
	key, err := k.folder.Signer(ctx, uri)
	if err != nil {
		return nil, keyFailure(err)
	}
	return key, nil
}
