package issuervci

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/employment-passport/passport/internal/oid4vci"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// How long an offer may be redeemed. A link alone is like a key left in a door;
// a slip of paper with a code beside it can be carried home.
const (
	DefaultLife = 10 * time.Minute
	MaxLife     = time.Hour           // of a link alone
	MaxTxLife   = 14 * 24 * time.Hour // with a transaction code

	tokenLife     = 10 * time.Minute
	heldTokenLife = 14 * 24 * time.Hour // while somebody looks at what is held
	keep          = 30 * 24 * time.Hour // of what is left of an offer that has ended

	maxTries  = 5 // of a transaction code
	maxItems  = 10
	batchSize = 5 // credentials of one template for keys of one person
)

// Config holds the parts of Offers; all are compulsory.
type Config struct {
	Issuer *issuer.Issuer
	Store  issuer.Store // of that issuer
	Base   string       // canonical base URL of the server, without a final slash
	Now    func() time.Time
}

// Offers makes credential offers and keeps them until they end. It needs no
// server: an offer made by the command line is redeemed by the one that runs.
// It is safe for many goroutines.
type Offers struct {
	issuer *issuer.Issuer
	store  issuer.Store
	base   string
	now    func() time.Time
	swept  atomic.Int64 // when Make has last swept, Unix seconds
}

// NewOffers returns the Offers of a store.
func NewOffers(c Config) (*Offers, error) {
	if c.Issuer == nil || c.Store == nil || c.Now == nil || c.Base == "" {
		return nil, errors.New("issuervci: a Config needs an Issuer, its Store, a base URL and a clock")
	}
	return &Offers{issuer: c.Issuer, store: c.Store, base: strings.TrimSuffix(c.Base, "/"), now: c.Now}, nil
}

// Identifier is the Credential Issuer Identifier of a body (OpenID4VCI 1.0
// section 12.2.1): the same string everywhere. Nothing is served there; its
// metadata stands below /.well-known.
func (o *Offers) Identifier(name string) string { return o.base + "/" + url.PathEscape(name) }

// endpoint is an address of the protocol of a body.
func (o *Offers) endpoint(name, path string) string {
	return o.base + "/oid4vci/" + url.PathEscape(name) + "/" + path
}

// Item is one credential to be offered. A learner with a Holder can be redeemed
// by that key alone.
type Item struct {
	Template string
	Learner  schema.Learner
	Replaces string // id of the lost credential whose successor it is, see OfferLost; empty for none
}

// NewOffer is an offer to be made to one person.
type NewOffer struct {
	Issuer string
	Items  []Item        // each of another template, or the successor of another credential
	TxCode bool          // a code beside the link, which whoever redeems must know
	Hold   bool          // nothing is issued before Approve; so it is where a body has the four-eyes rule
	Life   time.Duration // zero is DefaultLife
}

// Made is an offer as it is handed out. Links and transaction code are shown
// once: the store has only hashes of them.
type Made struct {
	ID      string    `json:"id"`
	Issuer  string    `json:"issuer"`
	Body    string    `json:"body"`             // the issuer's name for people
	Titles  []string  `json:"titles"`           // of the documents
	Page    string    `json:"page"`             // https: tells a person what to do, and has the link as a button
	Link    string    `json:"link"`             // names the place of the offer: short enough for a small code
	Whole   string    `json:"whole"`            // the same offer, all of it in the link
	TxCode  string    `json:"txCode,omitempty"` // digits
	Expires time.Time `json:"expires"`
	Held    bool      `json:"held,omitempty"` // waits for Approve
}

// Make makes an offer. A learner or a template that could not be issued is
// refused now, with schema.Faults or an *issuer.Error, and not at the wallet.
func (o *Offers) Make(ctx context.Context, by issuer.Actor, n NewOffer) (*Made, error) {
	m, err := o.prepare(ctx, by, n)
	if err != nil {
		return nil, err
	}
	if err := o.sweepSometimes(ctx); err != nil {
		return nil, err
	}
	if err := o.issuer.Act(ctx, by, m.put); err != nil {
		return nil, err
	}
	return o.made(m.r, m.body, m.titles, m.secret, m.tx)
}

// maker is an offer that passes, with its secrets, before it is kept.
type maker struct {
	n          NewOffer
	r          *record
	life       time.Duration
	titles     []string
	secret, tx string
	body       issuer.IssuerRecord // once it is kept
}

func (o *Offers) prepare(ctx context.Context, by issuer.Actor, n NewOffer) (m maker, err error) {
	m = maker{n: n, r: &record{ID: newID(), Issuer: n.Issuer, By: string(by)}}
	if m.life, err = n.life(); err != nil {
		return m, err
	}
	if m.titles, err = o.judge(ctx, n); err != nil {
		return m, err
	}
	m.secret = newSecret(m.r.ID)
	m.r.Place, m.r.Code = sum("place", m.secret), sum("redeem", codeOf(m.secret))
	if n.TxCode {
		m.tx = newTxCode()
		m.r.Tx = &txCode{Hash: sum("tx", codeOf(m.secret), m.tx)}
	}
	return m, nil
}

// put keeps the offer; it may run again.
func (m *maker) put(a *issuer.Act) (err error) {
	if m.body, err = a.Tx().Issuer(m.n.Issuer); err != nil {
		return unknown(err, "issuer_unknown", "issuer", m.n.Issuer)
	}
	r := m.r
	r.Hold = m.n.Hold || m.body.FourEyes
	r.CreatedAt, r.Expires = a.At(), a.At().Add(m.life)
	r.Items = make([]item, len(m.n.Items))
	templates := make([]string, len(m.n.Items))
	for k, i := range m.n.Items {
		r.Items[k], templates[k] = item{Template: i.Template, Replaces: i.Replaces, learner: &i.Learner}, i.Template
		if err := r.pin(a.Tx(), &r.Items[k]); err != nil {
			return err
		}
	}
	r.identify()
	if err := r.seal(codeOf(m.secret)); err != nil {
		return err
	}
	if err := save(a.Tx(), r); err != nil {
		return err
	}
	return a.Log("offer.made", r.ID, m.n.Issuer+" "+strings.Join(templates, " "))
}

// pin notes which template is offered where somebody has to look at it: what was
// looked at is what is signed.
func (r *record) pin(tx issuer.Tx, i *item) error {
	if !r.Hold {
		return nil
	}
	t, err := tx.Template(i.Template)
	if err != nil {
		return unknown(err, "template_unknown", "template", i.Template)
	}
	sum := sha256.Sum256(t.Body)
	i.File = sum[:]
	return nil
}

// made writes what is handed out.
func (o *Offers) made(r *record, body issuer.IssuerRecord, titles []string, secret, tx string) (*Made, error) {
	whole, err := o.offer(r, secret).Link()
	if err != nil {
		return nil, err
	}
	return &Made{
		ID: r.ID, Issuer: r.Issuer, Body: body.Title, Titles: titles, TxCode: tx, Expires: r.Expires, Held: r.Hold,
		Page: o.pageOf(secret), Link: o.linkOf(r.Issuer, secret), Whole: whole,
	}, nil
}

// offer is the message to the wallet (section 4.1.1). It says nothing of the
// person.
func (o *Offers) offer(r *record, secret string) *oid4vci.Offer {
	grant := &oid4vci.PreAuthorized{Code: codeOf(secret)}
	if r.Tx != nil {
		grant.TxCode = &oid4vci.TxCode{InputMode: "numeric", Length: txCodeDigits}
	}
	out := &oid4vci.Offer{Issuer: o.Identifier(r.Issuer), Grants: oid4vci.Grants{PreAuthorized: grant}}
	for _, i := range r.Items {
		if !slices.Contains(out.Configurations, i.Template) {
			out.Configurations = append(out.Configurations, i.Template)
		}
	}
	return out
}

// at finds the offer of an address; errNoOffer once it cannot be redeemed.
func (o *Offers) at(ctx context.Context, issuer, secret string) (*oid4vci.Offer, error) {
	r, err := o.redeemable(ctx, secret)
	if err != nil {
		return nil, err
	}
	if r.Issuer != issuer {
		return nil, errNoOffer
	}
	return o.offer(r, secret), nil
}

// redeemable finds the offer of a secret; errNoOffer once it cannot be redeemed.
func (o *Offers) redeemable(ctx context.Context, secret string) (*record, error) {
	r, err := o.look(ctx, idOf(secret))
	if err != nil {
		return nil, err
	}
	if !r.open(o.now()) || !r.RedeemedAt.IsZero() || !same(r.Place, sum("place", secret)) {
		return nil, errNoOffer
	}
	return r, nil
}

func (n NewOffer) life() (time.Duration, error) {
	longest, words := MaxLife, "1h"
	if n.TxCode {
		longest, words = MaxTxLife, "14d"
	}
	switch {
	case n.Life == 0:
		return DefaultLife, nil
	case n.Life < time.Minute || n.Life > longest:
		return 0, &issuer.Error{Code: "offer_life", Args: map[string]string{"longest": words}}
	}
	return n.Life, nil
}

// judge holds every learner against the template, as issuing will, and returns
// the titles of the documents.
func (o *Offers) judge(ctx context.Context, n NewOffer) ([]string, error) {
	most := maxItems
	if len(n.Items) > 0 && n.Items[0].Replaces != "" {
		most = issuer.MaxLost // all that a person gets back is one offer
	}
	if len(n.Items) == 0 || len(n.Items) > most {
		return nil, &issuer.Error{Code: "offer_items", Args: map[string]string{"max": strconv.Itoa(most)}}
	}
	var titles []string
	var faults schema.Faults
	seen := map[string]bool{}
	for k, i := range n.Items {
		if seen[i.Template] && i.Replaces == "" {
			return nil, &issuer.Error{Code: "offer_twice", Args: map[string]string{"template": i.Template}}
		}
		seen[i.Template] = true
		r, err := o.issuer.Template(ctx, i.Template)
		if err != nil {
			return nil, err
		}
		if !offers(n.Issuer, r) {
			return nil, unknown(issuer.ErrNotFound, "template_unknown", "template", i.Template)
		}
		t, err := schema.ParseTemplate(r.Body)
		if err != nil {
			return nil, err
		}
		for _, f := range t.CheckLearner(i.Learner, o.now()) {
			f.Pointer = "/items/" + strconv.Itoa(k) + "/learner" + f.Pointer
			faults = append(faults, f)
		}
		if len(faults) == 0 && i.Replaces == "" {
			if err := o.notIssued(ctx, n.Issuer, i); err != nil {
				return nil, err
			}
		}
		titles = append(titles, r.Title)
	}
	return titles, faults.Err()
}

// notIssued refuses what the register has under the learner's document number:
// somebody else's ("number_differs"), or the person's own ("number_taken"), for
// whom there is nothing left to offer. A wallet that takes a credential is held
// to the same by Issue.
func (o *Offers) notIssued(ctx context.Context, name string, i Item) error {
	row, err := o.issuer.Numbered(ctx, issuer.Offer{Issuer: name, Template: i.Template, Learner: i.Learner, Profile: vc.profile})
	if err == nil && row != nil {
		err = &issuer.Error{Code: "number_taken", Args: map[string]string{"number": row.DocumentNumber, "id": row.ID}}
	}
	return err
}

// offers tells whether a body may issue from a template.
func offers(name string, t issuer.TemplateRecord) bool { return t.Issuer == "" || t.Issuer == name }

// unknown turns ErrNotFound into a refusal and leaves other errors alone.
func unknown(err error, code string, args ...string) error {
	if !errors.Is(err, issuer.ErrNotFound) && !errors.Is(err, errNoOffer) {
		return err
	}
	e := &issuer.Error{Code: code, Args: map[string]string{}, Err: err}
	for i := 0; i+1 < len(args); i += 2 {
		e.Args[args[i]] = args[i+1]
	}
	return e
}
