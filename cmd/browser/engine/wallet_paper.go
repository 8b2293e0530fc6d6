package engine

import (
	"context"
	"errors"

	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/wallet"
)

type paperIn struct {
	request
	ID   string `json:"id"`
	Base string `json:"base"`
}

// paper draws one document as its issuer prints it: the credential and its live
// status, with no presentation around it. It is good for as long as the document
// is, for whoever compares the person with an identity document. A document that
// one printed code does not hold has none.
func (p purse) paper(_ context.Context, lang string, in paperIn) (any, error) {
	_, h, err := p.held(in.ID)
	if err != nil {
		return nil, err
	}
	if !h.Credential().MayBeShown() {
		return nil, refuse("wb_private", "title", titleOf(lang, h))
	}
	codes := []codeOut{}
	text, err := p.printed(in.Base, h)
	switch {
	case errors.Is(err, qr.ErrTooLarge):
	case err != nil:
		return nil, err
	default:
		code, err := codeOf(text, qr.LevelM)
		if err != nil {
			return nil, err
		}
		codes = append(codes, code)
	}
	return map[string]any{"codes": codes}, nil
}

// printed leaves the status out where there is no room for it.
func (p purse) printed(base string, h wallet.Held) (string, error) {
	tokens := []string{h.Token}
	if a, ok := h.LiveAssertion(p.host.Now()); ok {
		tokens = append(tokens, a.Token)
	}
	for {
		text, info, err := qr.Encode(base, tokens, qr.Options{})
		switch {
		case err == nil && info.Frame <= qr.PaperCap:
			return text, nil
		case err != nil && !errors.Is(err, qr.ErrTooLarge):
			return "", err
		case len(tokens) == 1:
			return "", qr.ErrTooLarge
		}
		tokens = tokens[:1]
	}
}
