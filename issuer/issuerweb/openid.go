package issuerweb

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/issuer/access"
)

// openID is a provider and what it says of itself, which is asked when somebody
// first wants to sign in there: a provider that is away keeps no service from
// starting.
type openID struct {
	Provider
	client   *http.Client
	now      func() time.Time
	host     string // of the issuer: ends the address that it sends back to
	redirect string

	mu       sync.Mutex
	provider *oidc.Provider
}

func newOpenIDs(c Config) ([]*openID, error) {
	var all []*openID
	for _, p := range c.Providers {
		if p.Name == "" || p.Issuer == "" || p.ClientID == "" {
			return nil, errors.New("issuerweb: a Provider needs a name, an issuer and a client id")
		}
		issuer, err := url.Parse(p.Issuer)
		if err != nil || issuer.Host == "" {
			return nil, errors.New("issuerweb: the issuer of a Provider is no URL")
		}
		host := strings.ToLower(issuer.Host)
		all = append(all, &openID{Provider: p, client: c.Client, now: c.Now, host: host, redirect: c.Base.JoinPath("console", "oidc", "callback", host).String()})
	}
	return all, nil
}

// with makes the libraries use our client and no other.
func (o *openID) with(ctx context.Context) context.Context { return oidc.ClientContext(ctx, o.client) }

// discovered is the provider's configuration (OpenID Connect Discovery 1.0, 4).
func (o *openID) discovered(ctx context.Context) (*oidc.Provider, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.provider != nil {
		return o.provider, nil
	}
	// Its keys are fetched later with this context, which must not end with the
	// request; the client has a time limit of its own.
	p, err := oidc.NewProvider(o.with(context.WithoutCancel(ctx)), o.Issuer)
	if err == nil {
		o.provider = p
	}
	return p, err
}

func (o *openID) config(p *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{
		ClientID: o.ClientID, ClientSecret: o.ClientSecret, Endpoint: p.Endpoint(), RedirectURL: o.redirect,
		Scopes: []string{oidc.ScopeOpenID, "email"},
	}
}

// openIDStart sends somebody to a provider. What belongs to their try stands
// sealed in a cookie of this browser, and nothing in the request says where to.
func (c *Console) openIDStart(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(httpkit.Param(r, "n"))
	if err != nil || n < 0 || n >= len(c.openID) || strconv.Itoa(n) != httpkit.Param(r, "n") {
		c.fail(w, r, access.ErrNotHere)
		return
	}
	code := httpkit.Param(r, "code")
	if code != "" {
		if _, err := c.Access.Invited(r.Context(), code); err != nil {
			c.invitePage(w, r)
			return
		}
	}
	o := c.openID[n]
	p, err := o.discovered(r.Context())
	if err != nil {
		c.away(w, r, o, err)
		return
	}
	t := try{State: c.challenges.New(), Nonce: oauth2.GenerateVerifier(), Verifier: oauth2.GenerateVerifier(), Provider: n, Code: code}
	c.setCookie(w, c.tryCookie(), c.tries.seal(t), int(challengeLife.Seconds()))
	to := o.config(p).AuthCodeURL(t.State, oidc.Nonce(t.Nonce), oauth2.S256ChallengeOption(t.Verifier))
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// openIDCallback takes what the provider sent somebody back with. Everything in
// the request may be a stranger's: only together with the cookie of this browser
// and the provider's own answer does it mean anybody.
func (c *Console) openIDCallback(w http.ResponseWriter, r *http.Request) {
	t, err := c.triedBy(r)
	c.setCookie(w, c.tryCookie(), "", 0)
	var o *openID
	var proof access.Proof
	if err == nil {
		o = c.openID[t.Provider]
		proof.Identity, err = o.identity(r.Context(), t, r.URL.Query().Get("code"))
	}
	if err == nil {
		err = c.enter(w, r, t.Code, proof)
	}
	var away *awayError
	switch {
	case err == nil:
		http.Redirect(w, r, homePlace, http.StatusSeeOther)
	case errors.As(err, &away):
		c.away(w, r, o, err)
	case errors.Is(err, access.ErrUnauthenticated):
		if err := c.Access.SignInFailed(r.Context(), "openid"); err != nil {
			httpkit.Logger(r.Context()).Error("note failed sign-in", "error", err.Error())
		}
		lang := httpkit.Language(r)
		c.show(w, r, http.StatusUnauthorized, "sorry", sorry{Words: words(lang, "console.openid.refused"), Hint: words(lang, "console.openid.hint"), Back: signInPlace})
	default:
		c.fail(w, r, err)
	}
}

// triedBy opens the cookie of a try and takes its state, once.
func (c *Console) triedBy(r *http.Request) (try, error) {
	cookies := r.CookiesNamed(c.tryCookie())
	states := r.URL.Query()["state"]
	if len(cookies) != 1 || len(states) != 1 {
		return try{}, access.ErrUnauthenticated
	}
	t, ok := c.tries.open(cookies[0].Value)
	if !ok || t.Provider >= len(c.openID) || subtle.ConstantTimeCompare([]byte(t.State), []byte(states[0])) != 1 || c.challenges.Use(t.State) != nil {
		return try{}, access.ErrUnauthenticated
	}
	// RFC 9700, section 4.4.2: each provider sends back to an address of its own, so
	// that none gets the code that another one gave. RFC 9207: where the provider names itself, it must be the one that was asked.
	o := c.openID[t.Provider]
	if iss := r.URL.Query()["iss"]; httpkit.Param(r, "host") != o.host || len(iss) > 1 || len(iss) == 1 && iss[0] != o.Issuer {
		return try{}, access.ErrUnauthenticated
	}
	return t, nil
}

// awayError says that the provider could not be asked.
type awayError struct{ err error }

func (e *awayError) Error() string { return "ask the OpenID provider: " + e.err.Error() }
func (e *awayError) Unwrap() error { return e.err }

// identity redeems the provider's code and judges the ID token: signature,
// issuer, audience, times (OpenID Connect Core 3.1.3.7) and nonce.
func (o *openID) identity(ctx context.Context, t try, code string) (*access.Identity, error) {
	if code == "" {
		return nil, access.ErrUnauthenticated // refused there, or nothing at all
	}
	p, err := o.discovered(ctx)
	if err != nil {
		return nil, &awayError{err}
	}
	token, err := o.config(p).Exchange(o.with(ctx), code, oauth2.VerifierOption(t.Verifier))
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) && refused.ErrorCode != "" {
		return nil, access.ErrUnauthenticated
	} else if err != nil {
		return nil, &awayError{err}
	}
	raw, _ := token.Extra("id_token").(string)
	return o.judged(ctx, p, raw, t.Nonce)
}
