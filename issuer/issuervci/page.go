package issuervci

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/internal/oid4vci"
	"github.com/employment-passport/passport/internal/qr"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/issuerhttp"
	"github.com/employment-passport/passport/schema"
)

// The page of an offer is where a letter or a message leads a person: the link
// of the protocol is one that mail programs do not let anybody touch, and that
// nothing but a wallet opens. The page has no script and no cookie, says nothing
// of the person, and reading it changes nothing.

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle string

var page = template.Must(template.New("claim").Funcs(template.FuncMap{
	"style": func() template.CSS { return template.CSS(pageStyle) }, //nolint:gosec // our own file
	"dir":   i18n.Dir,
}).Parse(pageText))

var pagePolicy = httpkit.PolicyOfStyle(pageStyle)

// claimPage is what the page shows; one without a Link says that there is
// nothing to take.
type claimPage struct {
	Lang, Heading, Read string
	Tongues             []i18n.Tongue

	Titles                                               []title // of the documents, each in its own language
	Issuer, Until, Open, Nothing, Number, Other, NoPhone string
	Yours                                                string
	HereWords                                            string
	Here                                                 template.URL // the offer in the wallet of this service, behind "#", which no server sees
	Link                                                 template.URL
	Code                                                 template.HTML

	Why, Do string
}

type title struct{ Lang, Text string }

// walletPath is where a server has the wallet for browsers.
const walletPath = "/wallet"

// pageOf is the address of the page of an offer. Whoever has it can make the
// link of the offer, and the other way round.
func (o *Offers) pageOf(secret string) string { return o.base + "/claim/" + secret }

// linkOf is the link that names the place of an offer.
func (o *Offers) linkOf(name, secret string) string {
	return oid4vci.LinkTo(o.endpoint(name, "offers/"+secret))
}

// landing shows an offer to a person. One that has ended and one that never was
// look the same.
func (s *Service) landing(w http.ResponseWriter, r *http.Request) {
	lang := httpkit.Wanted(r, i18n.Speaks) // whoever holds a wallet reads this, so it speaks what wallets do
	p, err := s.offers.claimPage(r.Context(), lang, httpkit.Param(r, "secret"))
	status := http.StatusOK
	switch {
	case errors.Is(err, errNoOffer):
		p, status = endedPage(lang), http.StatusNotFound
	case err != nil:
		issuerhttp.WriteError(w, r, err)
		return
	}
	var drawn bytes.Buffer
	if err := page.Execute(&drawn, p); err != nil {
		panic(err) // a page of ours over a struct of ours
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("Content-Language", p.Lang)
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer") // the address is a secret
	w.WriteHeader(status)
	_, _ = drawn.WriteTo(w)
}

func endedPage(lang string) *claimPage {
	t := func(key string) string { return i18n.T(lang, key, nil) }
	return &claimPage{
		Lang: lang, Heading: t("claim.ended"), Read: t("claim.read"), Tongues: i18n.BrowserTongues,
		Why: t("claim.ended_why"), Do: t("claim.ended_do"),
	}
}

// claimPage is the page of an offer that can be taken; errNoOffer of another.
func (o *Offers) claimPage(ctx context.Context, lang, secret string) (*claimPage, error) {
	r, err := o.redeemable(ctx, secret)
	if err != nil {
		return nil, err
	}
	body, err := o.issuer.Body(ctx, r.Issuer)
	if err != nil {
		return nil, err
	}
	link := o.linkOf(r.Issuer, secret)
	code, err := qr.SVG(link, qr.LevelM, 1)
	if err != nil {
		return nil, err
	}
	t := func(key string) string { return i18n.T(lang, key, map[string]string{"issuer": body.Title}) }
	p := &claimPage{
		Lang: lang, Heading: t("claim.waiting"), Read: t("claim.read"), Tongues: i18n.BrowserTongues,
		Issuer: body.Title, Until: untilWords(lang, r.Expires, o.now()), Open: t("claim.open"), Nothing: t("claim.nothing"),
		HereWords: t("claim.here"), Here: template.URL(walletPath + "?lang=" + lang + "#offer=" + url.QueryEscape(link)), //nolint:gosec // likewise
		Other: t("claim.other"), NoPhone: t("claim.no_phone"), Yours: t("claim.yours"),
		Link: template.URL(link), Code: template.HTML(code), //nolint:gosec // both are made here, of what has one form
	}
	if r.Tx != nil {
		p.Number = t("claim.number")
	}
	p.Titles, err = o.titles(ctx, r)
	return p, err
}

// titles are those of an offer's documents.
func (o *Offers) titles(ctx context.Context, r *record) (all []title, err error) {
	for _, i := range r.Items {
		record, err := o.issuer.Template(ctx, i.Template)
		if errors.Is(err, issuer.ErrNotFound) {
			return nil, errNoOffer // nothing can be issued from it any more
		}
		if err != nil {
			return nil, err
		}
		one := title{Text: record.Title}
		if t, err := schema.ParseTemplate(record.Body); err == nil {
			one.Lang = t.Language()
		}
		all = append(all, one)
	}
	return all, nil
}

// untilWords says until when. The last hours are told in minutes, which are the
// same in every place.
func untilWords(lang string, until, now time.Time) string {
	if left := until.Sub(now); left < 3*time.Hour {
		return i18n.T(lang, "claim.left", map[string]string{"minutes": strconv.Itoa(int(left / time.Minute))})
	}
	return i18n.T(lang, "claim.until", map[string]string{"date": i18n.Day(lang, until)})
}
