package main

import (
	"context"
	"os"
	"path/filepath"

	"github.com/employment-passport/passport/internal/mail"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/issuer/issuerhttp"
	"github.com/employment-passport/passport/issuer/issuerpublic"
	"github.com/employment-passport/passport/issuer/issuersheets"
	"github.com/employment-passport/passport/issuer/issuervci"
	"github.com/employment-passport/passport/schema"
)

// Folders of a home that the service makes.
const (
	publishedDir = "published" // what it last signed for everybody
	sheetsDir    = "sheets"    // of the jobs that are not done
)

// erasers take a person out of the records of every package that keeps some.
func erasers(home string) []issuer.Eraser {
	return []issuer.Eraser{access.Eraser(), issuervci.Eraser, issuersheets.Eraser(filepath.Join(home, sheetsDir))}
}

// wire makes the parts of the service over the opened home.
func (s *service) wire() error {
	for _, make := range []func() error{s.wirePublic, s.wireVerifier, s.wirePages, s.wireAPI, s.wireWallets, s.wireSheets, s.wireConsole} {
		if err := make(); err != nil {
			return err
		}
	}
	return nil
}

// add takes a part with its piece of the description; pages have none.
func (s *service) add(p part, openAPI []byte) {
	s.parts = append(s.parts, p)
	if openAPI != nil {
		s.openAPI = append(s.openAPI, openAPI)
	}
}

func (s *service) wirePublic() error {
	h := s.house
	dir := h.path(publishedDir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fail(exitUsage, "file_write", "file", dir).wrap(err)
	}
	p, err := issuerpublic.New(issuerpublic.Config{Issuer: h.issuer, Store: h.store, Now: h.app.now, Name: s.base.Host, Dir: dir, Log: h.log})
	if err != nil {
		return h.app.issuerFailure(withDir(err, dir))
	}
	s.public = p
	s.loops = append(s.loops, p.Run)
	s.add(p, issuerpublic.OpenAPI())
	return nil
}

func (s *service) wireAPI() (err error) {
	h := s.house
	if s.access, err = access.New(access.Config{Issuer: h.issuer, Store: h.store, Now: h.app.now}); err != nil {
		return err
	}
	s.api, err = issuerhttp.New(issuerhttp.Config{
		Issuer: h.issuer, Store: h.store, Access: s.access, Now: h.app.now, Base: s.base,
		Budget: func(t *schema.Template) (qr.Budget, error) { return templateBudget(t, "") },
		Print:  s.printOne,
		VC:     issuerhttp.VCAPI{Issuer: s.config.VCAPI.Issuer, OpenUnsafe: s.config.VCAPI.OpenUnsafe},
	})
	if err != nil {
		return err
	}
	s.add(s.api, issuerhttp.OpenAPI())
	return nil
}

func (s *service) wireWallets() (err error) {
	h := s.house
	s.offers, err = issuervci.NewOffers(issuervci.Config{Issuer: h.issuer, Store: h.store, Base: s.base.String(), Now: h.app.now})
	if err != nil {
		return err
	}
	wallets, err := issuervci.New(issuervci.ServiceConfig{Offers: s.offers, Access: s.access, Authenticate: s.api.Authenticate})
	if err != nil {
		return err
	}
	s.add(wallets, issuervci.OpenAPI())
	return nil
}

func (s *service) wireSheets() error {
	h := s.house
	c := issuersheets.Config{
		Issuer: h.issuer, Store: h.store, Dir: h.path(sheetsDir), Now: h.app.now, Wall: h.app.now, Log: h.log, Print: s.print, Offers: claims{s.offers},
		Here: s.reached().Assumed,
	}
	if m := s.config.SMTP; m.Host != "" {
		sender, err := mail.New(mail.Config{
			Host: m.Host, Port: m.Port, From: m.From, Username: m.Username, PasswordFile: m.PasswordFile, TLS: mail.TLS(m.TLS), Now: h.app.now,
		})
		if err != nil {
			return fail(exitUsage, "serve_mail").wrap(err)
		}
		c.Mail = sender
	}
	sheets, err := issuersheets.New(c)
	if err != nil {
		return err
	}
	s.sheets = sheets
	s.loops = append(s.loops, sheets.Run)
	s.add(behind{s.api.Authenticate, sheets}, issuersheets.OpenAPI())
	return nil
}

// claims lets sheets offer what wallets take.
type claims struct{ offers *issuervci.Offers }

// Offer makes the offer of one row.
func (c claims) Offer(ctx context.Context, by issuer.Actor, o issuersheets.Offered) (issuersheets.Claim, error) {
	m, err := c.offers.Make(ctx, by, issuervci.NewOffer{
		Issuer: o.Issuer, Items: []issuervci.Item{{Template: o.Template, Learner: o.Learner}}, TxCode: true, Life: o.Life,
	})
	if err != nil {
		return issuersheets.Claim{}, err
	}
	return issuersheets.Claim{ID: m.ID, Title: m.Titles[0], Body: m.Body, Page: m.Page, Link: m.Link, Code: m.TxCode, Until: m.Expires}, nil
}
