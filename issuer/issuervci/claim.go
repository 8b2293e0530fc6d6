package issuervci

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"slices"
	"strings"

	"github.com/employment-passport/passport/internal/oid4vci"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// claim is what a wallet with a token asks for: a credential of an item for each of
// some keys.
type claim struct {
	token   string
	item    string   // its name
	holders []string // DIDs, no two alike
}

// interval is how long a wallet is asked to wait between two questions, in
// seconds.
const interval = 30

// claim issues, or says that there is to be waited. Each key gets one credential
// however often it asks: what was issued for it is the answer again. Refusals
// are *oid4vci.Error or errNoToken.
func (o *Offers) claim(ctx context.Context, name string, c claim) (*oid4vci.CredentialResponse, error) {
	id := idOf(c.token)
	var r *record
	transaction := ""
	err := o.change(ctx, wallet(id), id, func(a *issuer.Act, current *record) error {
		r, transaction = current, ""
		if !r.bears(name, c.token, a.At()) {
			return errNoToken
		}
		if err := r.unseal(c.token); err != nil {
			return err
		}
		i := r.item(c.item)
		if err := i.bind(c.holders); err != nil || !r.Hold || r.ApprovedBy != "" {
			return err
		}
		transaction = transactionOf(r, c)
		if i.Waiting != nil && i.Waiting.Transaction == transaction {
			return nil
		}
		i.Waiting = &waiting{Transaction: transaction, Holders: c.holders}
		return a.Log("offer.waiting", r.ID, i.Template)
	})
	switch {
	case errors.Is(err, errNoOffer):
		return nil, errNoToken
	case err != nil:
		return nil, err
	case transaction != "":
		return &oid4vci.CredentialResponse{TransactionID: transaction, Interval: interval}, nil
	}
	return o.issue(ctx, r, c)
}

// transactionOf names what waits: with the same token, for the same keys, it is
// the same.
func transactionOf(r *record, c claim) string {
	holders := slices.Clone(c.holders)
	slices.Sort(holders)
	return short(sum("transaction", string(r.Token), c.item, strings.Join(holders, " ")))
}

// notificationOf names what was issued of an item by one token.
func notificationOf(r *record, item string) string {
	return short(sum("notification", string(r.Token), item))
}

func short(hash []byte) string { return base64.RawURLEncoding.EncodeToString(hash[:16]) }

// bind takes the keys down, so that an offer never makes more credentials than
// one person needs.
func (i *item) bind(holders []string) error {
	if i == nil {
		return &oid4vci.Error{Code: oid4vci.CodeUnknownConfiguration, Description: "not in this offer"}
	}
	for _, h := range holders {
		switch {
		case slices.ContainsFunc(i.Bound, func(b bound) bool { return b.Holder == h }):
		case i.learner.Holder != "" && i.learner.Holder != h:
			return &oid4vci.Error{Code: oid4vci.CodeInvalidProof, Description: "the offer is for another key"}
		case len(i.Bound) == batchSize, i.Replaces != "" && len(i.Bound) == 1:
			return &oid4vci.Error{Code: oid4vci.CodeDenied, Description: "as many credentials as an offer gives were issued"}
		default:
			i.Bound = append(i.Bound, bound{Holder: h})
		}
	}
	return nil
}

// issue signs a credential for each key, in the name of whoever made the offer,
// and notes their ids.
func (o *Offers) issue(ctx context.Context, r *record, c claim) (*oid4vci.CredentialResponse, error) {
	if r.ApprovedBy != "" {
		ctx = issuer.Approved(ctx, issuer.Actor(r.ApprovedBy))
	}
	i := r.item(c.item)
	if len(i.File) == sha256.Size {
		ctx = issuer.ApprovedTemplate(ctx, [sha256.Size]byte(i.File))
	}
	out := &oid4vci.CredentialResponse{NotificationID: notificationOf(r, c.item)}
	ids := map[string]string{}
	for _, holder := range c.holders {
		learner := *i.learner
		learner.Holder = holder
		row, err := o.issueOne(ctx, r, i, learner)
		if err != nil {
			return nil, err
		}
		if row.Token == "" || row.Ended() {
			return nil, &oid4vci.Error{Code: oid4vci.CodeDenied, Description: "the credential was revoked"}
		}
		ids[holder] = row.ID
		out.Credentials = append(out.Credentials, oid4vci.Credential{Credential: row.Token})
	}
	return out, o.note(ctx, r, c, ids)
}

func (o *Offers) issueOne(ctx context.Context, r *record, i *item, learner schema.Learner) (*issuer.Issuance, error) {
	if i.Replaces != "" {
		return o.replace(ctx, issuer.Actor(r.By), i.Replaces, learner)
	}
	together := "oid4vci:" + r.ID + ":" + i.name() + ":"
	return o.issuer.Issue(ctx, issuer.Actor(r.By), issuer.Offer{
		Issuer: r.Issuer, Template: i.Template, Learner: learner, Profile: vc.profile,
		IdempotencyKey: together + learner.Holder, Together: together,
	})
}

// note writes down which credentials an offer has become. A repetition changes
// nothing.
func (o *Offers) note(ctx context.Context, before *record, c claim, ids map[string]string) error {
	known := before.item(c.item)
	if known.Waiting == nil && !slices.ContainsFunc(known.Bound, func(b bound) bool {
		return ids[b.Holder] != "" && b.ID != ids[b.Holder]
	}) {
		return nil
	}
	return o.store.Update(context.WithoutCancel(ctx), func(tx issuer.Tx) error {
		r, err := load(tx, before.ID)
		if err != nil {
			return err
		}
		i := r.item(c.item)
		i.Waiting = nil
		for holder, id := range ids {
			at := slices.IndexFunc(i.Bound, func(b bound) bool { return b.Holder == holder })
			if at < 0 { // the offer has ended while it was being issued
				i.Bound = append(i.Bound, bound{ID: id})
				continue
			}
			i.Bound[at].ID = id
		}
		return save(tx, r)
	})
}

// collect answers for what was put off (section 9): the same transaction as long
// as nobody has approved, then the credentials, and then it is over.
func (o *Offers) collect(ctx context.Context, name, token, transaction string) (*oid4vci.CredentialResponse, error) {
	r, err := o.bearer(ctx, name, token)
	if err != nil {
		return nil, err
	}
	for _, i := range r.Items {
		if i.Waiting == nil || i.Waiting.Transaction != transaction {
			continue
		}
		if r.ApprovedBy == "" {
			return &oid4vci.CredentialResponse{TransactionID: transaction, Interval: interval}, nil
		}
		if err := r.unseal(token); err != nil {
			return nil, err
		}
		return o.issue(ctx, r, claim{token: token, item: i.name(), holders: i.Waiting.Holders})
	}
	return nil, &oid4vci.Error{Code: oid4vci.CodeInvalidTransaction, Description: "unknown, or handed out already"}
}

// notify writes down what a wallet tells of its credentials (section 11). The
// same event again changes nothing. Its description may hold anything and is
// not kept.
func (o *Offers) notify(ctx context.Context, name, token string, n oid4vci.Notification) error {
	r, err := o.bearer(ctx, name, token)
	if err != nil {
		return err
	}
	for _, i := range r.Items {
		if notificationOf(r, i.name()) != n.ID || !slices.ContainsFunc(i.Bound, func(b bound) bool { return b.ID != "" }) {
			continue
		}
		if slices.Contains(i.Events, n.Event) {
			return nil
		}
		return o.change(ctx, wallet(r.ID), r.ID, func(a *issuer.Act, r *record) error {
			at := r.item(i.name())
			if slices.Contains(at.Events, n.Event) {
				return nil
			}
			at.Events = append(at.Events, n.Event)
			return a.Log("offer.told", r.ID, i.Template+" "+n.Event)
		})
	}
	return &oid4vci.Error{Code: oid4vci.CodeInvalidNotification, Description: "no credentials were issued under this id"}
}
