package issuervci

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/employment-passport/passport/internal/oid4vci"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// record is an offer as the store keeps it. What it says of the person is sealed
// by whatever opens the offer, first its code and then its access token, neither
// of which the store has: not even freed pages of its file name anybody. Holder
// and Sealed are taken out when the offer ends (close).
type record struct {
	ID        string    `json:"id"`
	Issuer    string    `json:"issuer"`
	By        string    `json:"by"` // who made it, and in whose name it is issued
	CreatedAt time.Time `json:"createdAt"`
	Expires   time.Time `json:"expires"` // of the code, then of the access token

	Place []byte  `json:"place"` // hash of the secret in the offer's address
	Code  []byte  `json:"code"`  // hash
	Tx    *txCode `json:"tx,omitempty"`
	Hold  bool    `json:"hold,omitempty"`

	ApprovedBy string    `json:"approvedBy,omitempty"`
	RedeemedAt time.Time `json:"redeemedAt,omitzero"`
	Token      []byte    `json:"token,omitempty"`  // hash
	Client     string    `json:"client,omitempty"` // client_id that the wallet gave

	ClosedAt time.Time `json:"closedAt,omitzero"`
	Closed   State     `json:"closed,omitempty"` // why

	Items []item `json:"items"`
}

type txCode struct {
	Hash  []byte `json:"hash"` // over the code as well: six digits alone are soon guessed
	Tries int    `json:"tries,omitempty"`
}

type item struct {
	Template   string   `json:"template"`
	Identifier string   `json:"identifier,omitempty"` // see identify
	Replaces   string   `json:"replaces,omitempty"`   // id of the credential whose successor it is
	File       []byte   `json:"file,omitempty"`       // of a held offer: SHA-256 of the template as it was offered
	Sealed     []byte   `json:"sealed,omitempty"`     // the learner, see seal
	Name       []byte   `json:"name,omitempty"`       // hash of the learner's name: an Eraser knows it again
	Bound      []bound  `json:"bound,omitempty"`
	Waiting    *waiting `json:"waiting,omitempty"`
	Events     []string `json:"events,omitempty"` // of notifications, each once

	learner *schema.Learner // once unsealed
}

// bound is a credential for one key. ID is empty while it is being issued.
type bound struct {
	Holder string `json:"holder,omitempty"` // DID
	ID     string `json:"id,omitempty"`     // the credential's id
}

// waiting is what a wallet was told to ask for later.
type waiting struct {
	Transaction string   `json:"transaction"`
	Holders     []string `json:"holders"`
}

// State is what has become of an offer.
type State string

// The states. Offered and redeemed ones live; the others have ended.
const (
	Offered  State = "offered"
	Waiting  State = "waiting" // for approval
	Redeemed State = "redeemed"
	Expired  State = "expired"
	Revoked  State = "revoked"
	Locked   State = "locked" // by wrong transaction codes
	Erased   State = "erased" // the person was
)

func (r *record) state(now time.Time) State {
	switch {
	case r.Closed != "":
		return r.Closed
	case !now.Before(r.Expires) && r.issued():
		return Redeemed
	case !now.Before(r.Expires):
		return Expired
	case r.Hold && r.ApprovedBy == "":
		return Waiting
	case !r.RedeemedAt.IsZero():
		return Redeemed
	}
	return Offered
}

// open tells whether anything can still be had from the offer.
func (r *record) open(now time.Time) bool { return r.Closed == "" && now.Before(r.Expires) }

// issued tells whether a credential was made.
func (r *record) issued() bool {
	for _, i := range r.Items {
		for _, b := range i.Bound {
			if b.ID != "" {
				return true
			}
		}
	}
	return false
}

// close ends the offer and forgets the person.
func (r *record) close(why State, at time.Time) {
	r.Closed, r.ClosedAt = why, at
	r.Token, r.Code, r.Place, r.Client = nil, nil, nil, ""
	for n := range r.Items {
		i := &r.Items[n]
		i.Sealed, i.Name, i.Waiting = nil, nil, nil
		kept := i.Bound[:0]
		for _, b := range i.Bound {
			if b.ID != "" {
				kept = append(kept, bound{ID: b.ID})
			}
		}
		i.Bound = kept
	}
}

// identify gives every item a credential identifier where two are of one template,
// so that a wallet can tell them apart (sections 6.2 and 8.2). Otherwise there are
// none: not every wallet knows what to do with them.
func (r *record) identify() {
	several := false
	for n, i := range r.Items {
		several = several || slices.ContainsFunc(r.Items[:n], func(other item) bool { return other.Template == i.Template })
	}
	for n := range r.Items {
		if several {
			r.Items[n].Identifier = r.Items[n].Template + "#" + strconv.Itoa(n+1)
		}
	}
}

// name is what an item is asked for by.
func (i *item) name() string { return cmp.Or(i.Identifier, i.Template) }

// item finds one by its name.
func (r *record) item(name string) *item {
	for n := range r.Items {
		if r.Items[n].name() == name {
			return &r.Items[n]
		}
	}
	return nil
}

// details are what the token response says of the items that have identifiers.
func (r *record) details() (all []oid4vci.AuthorizationDetail) {
	for _, i := range r.Items {
		if i.Identifier == "" {
			continue
		}
		n := slices.IndexFunc(all, func(d oid4vci.AuthorizationDetail) bool { return d.Configuration == i.Template })
		if n < 0 {
			n = len(all)
			all = append(all, oid4vci.AuthorizationDetail{Type: oid4vci.AuthorizationType, Configuration: i.Template})
		}
		all[n].Identifiers = append(all[n].Identifiers, i.Identifier)
	}
	return all
}

// errNoOffer: there is no offer of this id.
var errNoOffer = errors.New("no such offer")

func load(tx issuer.Tx, id string) (*record, error) {
	if !idForm.MatchString(id) {
		return nil, errNoOffer
	}
	data, err := tx.Record(issuer.RecordOffer, id)
	if errors.Is(err, issuer.ErrNotFound) {
		return nil, errNoOffer
	}
	if err != nil {
		return nil, err
	}
	return decode(data)
}

func decode(data []byte) (*record, error) {
	var r record
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, fmt.Errorf("read the record of an offer: %w", err)
	}
	return &r, nil
}

func save(tx issuer.Tx, r *record) error {
	data, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("write the record of an offer: %w", err)
	}
	return tx.PutRecord(issuer.RecordOffer, r.ID, data)
}

// change lets f change the offer in one act; f may run again.
func (o *Offers) change(ctx context.Context, by issuer.Actor, id string, f func(*issuer.Act, *record) error) error {
	return o.issuer.Act(ctx, by, func(a *issuer.Act) error {
		r, err := load(a.Tx(), id)
		if err != nil {
			return err
		}
		if err := f(a, r); err != nil {
			return err
		}
		return save(a.Tx(), r)
	})
}

// look reads an offer.
func (o *Offers) look(ctx context.Context, id string) (r *record, err error) {
	err = o.store.View(ctx, func(tx issuer.Tx) error {
		r, err = load(tx, id)
		return err
	})
	return r, err
}
