package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/did/web"
	"github.com/employment-passport/passport/internal/fetch"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/trust"
	"github.com/employment-passport/passport/schema"
	"github.com/employment-passport/passport/verifier"
)

// clockApart is how far an HTTP Date and the clock of this device may differ.
const clockApart = 2 * time.Hour

// onlineSources are the bundle's answers and, beside them, what was fetched:
// what the network says never replaces what is at hand. What
// is fetched depends on trust, never on a document alone: a newer bundle from
// the configured address, and for issuers that the bundle recognises their
// status lists and did documents. A list is asked for only after its credential
// was found genuine and its issuer recognised.
type onlineSources struct {
	client *fetch.Client
	bundle *trust.Bundle
	lists  map[string]fetchedList
	keys   map[string][]schema.Key
	tried  map[string]bool
}

type fetchedList struct {
	token string
	at    time.Time
}

// goOnline fetches the newest bundle and gets ready to complete reports.
func (s *verifySetup) goOnline(ctx context.Context, client *fetch.Client, bundleURL, anchor string) {
	if bundleURL != "" && anchor != "" {
		s.fetchBundle(ctx, client, bundleURL, anchor)
	}
	if s.bundle == nil {
		return // nobody is recognised: there is nobody to ask
	}
	s.online = &onlineSources{
		client: client, bundle: s.bundle,
		lists: map[string]fetchedList{}, keys: map[string][]schema.Key{}, tried: map[string]bool{},
	}
	s.cfg.Keys, s.cfg.StatusLists = s.online, s.online
}

// fetchConfig is how every command reaches the network.
func (a *app) fetchConfig() fetch.Config { return fetch.Config{Now: a.now} }

// complete fetches what a report is waiting for and tells whether anything new
// has come, so that it is worth judging again.
func (o *onlineSources) complete(ctx context.Context, r *verifier.Report, tokens []string) bool {
	news := false
	for _, c := range r.Credentials() {
		if c.Recognised != verifier.Yes {
			continue
		}
		for _, entry := range c.Document.Status {
			news = o.fetchList(ctx, entry.ListURL) || news
		}
	}
	if r.Has(verifier.CodeKeyUnknown) {
		for _, token := range tokens {
			news = o.fetchKeys(ctx, token) || news
		}
	}
	return news
}

func (o *onlineSources) fetchList(ctx context.Context, url string) bool {
	if o.tried[url] {
		return false
	}
	o.tried[url] = true
	answer, err := o.client.Get(ctx, url, fetch.Options{
		Accept: []string{"application/vc+jwt", "application/jwt"}, MaxBytes: trust.MaxList,
	})
	if err != nil {
		return false
	}
	o.lists[url] = fetchedList{strings.TrimSpace(string(answer.Body)), answer.Date}
	return true
}

// fetchKeys resolves the did:web that a token names as its issuer, if the
// bundle recognises it. Keys found so are genuine keys; they are not
// recognised until the list names them.
func (o *onlineSources) fetchKeys(ctx context.Context, token string) bool {
	h, _, err := jose.ParseUnverified(token)
	issuer, _, _ := strings.Cut(h.Kid, "#")
	if err != nil || o.tried[issuer] {
		return false
	}
	o.tried[issuer] = true
	if _, err := o.bundle.Entity(ctx, issuer); err != nil {
		return false
	}
	doc, err := web.Resolver{Client: o.client}.Resolve(ctx, issuer)
	if err != nil {
		return false
	}
	o.keys[issuer] = assertionKeys(doc)
	return len(o.keys[issuer]) > 0
}

func assertionKeys(doc *did.Document) (keys []schema.Key) {
	for _, kid := range doc.Assertion {
		if jwk, err := doc.AssertionKey(kid); err == nil {
			keys = append(keys, schema.Key{KID: kid, Public: jwk.Public(), Thumbprint: jwk.Thumbprint()})
		}
	}
	return keys
}

// Keys gives the bundle's keys, and after them those of the did document that
// the bundle does not know.
func (o *onlineSources) Keys(ctx context.Context, issuer string) ([]schema.Key, error) {
	known, err := o.bundle.Keys(ctx, issuer)
	if err != nil && !errors.Is(err, schema.ErrKeysUnknown) {
		return nil, err
	}
	all := append([]schema.Key(nil), known...)
	for _, k := range o.keys[issuer] {
		if !namesKey(known, k.KID) {
			all = append(all, k)
		}
	}
	if len(all) == 0 {
		return nil, schema.ErrKeysUnknown
	}
	return all, nil
}

func namesKey(keys []schema.Key, kid string) bool {
	for _, k := range keys {
		if k.KID == kid {
			return true
		}
	}
	return false
}

// StatusList gives the fetched list, else the bundle's; the verifier asks for
// both at once.
func (o *onlineSources) StatusList(ctx context.Context, url string) (string, time.Time, error) {
	if l, ok := o.lists[url]; ok {
		return l.token, l.at, nil
	}
	return o.bundle.StatusList(ctx, url)
}

// StatusListCopies gives the fetched list beside the bundle's. The verifier
// checks each on its own, so that an answer that does not stand up takes
// nothing away, and a revocation in either counts.
func (o *onlineSources) StatusListCopies(ctx context.Context, url, issuer, delegate string) ([]string, error) {
	tokens, err := o.bundle.StatusListCopies(ctx, url, issuer, delegate)
	if l, ok := o.lists[url]; ok {
		return append([]string{l.token}, tokens...), nil
	}
	return tokens, err
}
