package main

import (
	"context"
	"io"
	"slices"

	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/internal/reading"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/issuerweb"
	"github.com/employment-passport/passport/verifier/intake"
)

// lostDrill gives the console what it needs when somebody has lost their phone.
func (s *service) lostDrill(c *issuerweb.Config) {
	c.Paper = paperTokens
	c.OfferLost = s.offerLost
	c.Print = func(ctx context.Context, w io.Writer, rows []issuer.Issuance, lang string) error {
		return s.print(ctx, w, rows, "", lang)
	}
}

// paperTokens reads the tokens on the sides of one paper: pictures, PDFs and the
// texts of codes. The parts of a long code may stand on several of them. Nothing
// of it is judged.
func paperTokens(ctx context.Context, files [][]byte) (tokens []string, err error) {
	var texts []string
	for _, data := range files {
		found, unreadable := reading.Look(ctx, "", data)
		if unreadable != nil {
			return nil, unreadable
		}
		if found.Kind == reading.Text {
			if taken, unreadable := (intake.Source{}).Text(data); unreadable == nil {
				tokens = append(tokens, taken.Tokens...)
				continue
			}
			found.Texts = []string{string(data)} // part of a code that is on several sides
		}
		tokens, texts = append(tokens, found.Inside...), append(texts, found.Texts...)
	}
	var shown intake.Shown
	shown.Decode(texts, nil)
	tokens = append(tokens, shown.Tokens...)
	if len(tokens) == 0 {
		return nil, qr.ErrNotPassport
	}
	return slices.Compact(tokens), nil
}

// offerLost revokes and offers in one act, and draws what the new phone scans.
func (s *service) offerLost(ctx context.Context, by issuer.Actor, l issuer.Lost) (shown *issuerweb.LostOffer, again []string, err error) {
	made, err := s.offers.OfferLost(ctx, by, l, 0)
	if err != nil {
		return nil, nil, err
	}
	m := made.Offer
	if m == nil {
		return nil, made.Again, nil
	}
	drawn, err := qr.SVG(m.Link, qr.LevelM, 1)
	return &issuerweb.LostOffer{Titles: m.Titles, Page: m.Page, Code: m.TxCode, Until: m.Expires, Held: m.Held, Drawn: drawn}, made.Again, err
}
