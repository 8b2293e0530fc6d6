package issuervci

import (
	"context"
	"slices"
	"time"

	"github.com/employment-passport/passport/issuer"
)

// View is an offer without its secrets and without its person.
type View struct {
	ID          string    `json:"id"`
	Issuer      string    `json:"issuer"`
	Templates   []string  `json:"templates"`
	State       State     `json:"state"`
	By          string    `json:"by"`
	ApprovedBy  string    `json:"approvedBy,omitempty"`
	TxCode      bool      `json:"txCode"`
	CreatedAt   time.Time `json:"createdAt"`
	Expires     time.Time `json:"expires"`
	RedeemedAt  time.Time `json:"redeemedAt,omitzero"`
	Credentials []string  `json:"credentials"` // ids
	Events      []string  `json:"events"`      // what the wallet told
}

func (r *record) view(now time.Time) View {
	v := View{
		ID: r.ID, Issuer: r.Issuer, State: r.state(now), By: r.By, ApprovedBy: r.ApprovedBy, TxCode: r.Tx != nil,
		CreatedAt: r.CreatedAt, Expires: r.Expires, RedeemedAt: r.RedeemedAt, Credentials: []string{}, Events: []string{},
	}
	for _, i := range r.Items {
		v.Templates = append(v.Templates, i.Template)
		v.Events = append(v.Events, i.Events...)
		for _, b := range i.Bound {
			if b.ID != "" {
				v.Credentials = append(v.Credentials, b.ID)
			}
		}
	}
	return v
}

// List yields the offers of an issuer, or of all when name is empty, whose ids
// follow after, by id, until yield returns false.
func (o *Offers) List(ctx context.Context, name, after string, yield func(View) bool) error {
	now := o.now()
	return o.store.View(ctx, func(tx issuer.Tx) error {
		var bad error
		err := tx.EachRecord(issuer.RecordOffer, after, func(_ string, value []byte) bool {
			r, err := decode(value)
			if err != nil {
				bad = err
				return false
			}
			return name != "" && r.Issuer != name || yield(r.view(now))
		})
		if bad != nil {
			return bad
		}
		return err
	})
}

// Show returns one offer.
func (o *Offers) Show(ctx context.Context, id string) (View, error) {
	r, err := o.look(ctx, id)
	if err != nil {
		return View{}, unknown(err, "offer_unknown", "id", id)
	}
	return r.view(o.now()), nil
}

// Revoke ends an offer: nothing more can be had by it. What was issued stays. One
// that was taken is refused with "offer_taken", one that has ended otherwise with
// "offer_ended".
func (o *Offers) Revoke(ctx context.Context, by issuer.Actor, id string) error {
	err := o.change(ctx, by, id, func(a *issuer.Act, r *record) error {
		switch {
		case !r.open(a.At()) && r.issued():
			return &issuer.Error{Code: "offer_taken", Args: map[string]string{"id": id}}
		case !r.open(a.At()):
			return &issuer.Error{Code: "offer_ended", Args: map[string]string{"id": id}}
		}
		r.close(Revoked, a.At())
		return a.Log("offer.revoked", id, "")
	})
	return unknown(err, "offer_unknown", "id", id)
}

// Approve lets what is held be issued, in the name of whoever made the offer and
// of whoever approves it. Nobody approves an offer of their own
// ("offer_own"); one that waits for nobody is refused with "offer_not_held".
func (o *Offers) Approve(ctx context.Context, by issuer.Actor, id string) error {
	err := o.change(ctx, by, id, func(a *issuer.Act, r *record) error {
		switch {
		case !r.open(a.At()):
			return &issuer.Error{Code: "offer_ended", Args: map[string]string{"id": id}}
		case !r.Hold || r.ApprovedBy != "":
			return &issuer.Error{Code: "offer_not_held", Args: map[string]string{"id": id}}
		case string(by) == r.By:
			return &issuer.Error{Code: "offer_own", Args: map[string]string{"id": id}}
		}
		r.ApprovedBy = string(by)
		return a.Log("offer.approved", id, "")
	})
	return unknown(err, "offer_unknown", "id", id)
}

// Sweep takes the person's particulars out of every offer that has ended, and
// takes out those that ended 30 days ago. A server calls it every minute.
func (o *Offers) Sweep(ctx context.Context) error {
	now := o.now()
	o.swept.Store(now.Unix())
	var ended []string
	err := o.store.View(ctx, func(tx issuer.Tx) error {
		ended = ended[:0]
		return tx.EachRecord(issuer.RecordOffer, "", func(key string, value []byte) bool {
			r, err := decode(value)
			if err == nil && r.due(now) {
				ended = append(ended, key)
			}
			return true
		})
	})
	if err != nil || len(ended) == 0 {
		return err
	}
	return o.store.Update(ctx, func(tx issuer.Tx) error {
		for _, id := range ended {
			if err := tidy(tx, id, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// due tells that there is something to take out.
func (r *record) due(now time.Time) bool {
	if r.Closed == "" {
		return !now.Before(r.Expires)
	}
	return now.Sub(r.ClosedAt) >= keep
}

func tidy(tx issuer.Tx, id string, now time.Time) error {
	r, err := load(tx, id)
	if err != nil || !r.due(now) {
		return nil //nolint:nilerr // gone meanwhile
	}
	if r.Closed != "" {
		return tx.DeleteRecord(issuer.RecordOffer, id)
	}
	r.close(r.state(now), now)
	return save(tx, r)
}

// sweepSometimes keeps a home without a server tidy.
func (o *Offers) sweepSometimes(ctx context.Context) error {
	if o.now().Unix()-o.swept.Load() < 60 {
		return nil
	}
	return o.Sweep(ctx)
}

// Eraser ends the offers to a person who is erased, and forgets the keys that
// their credentials were made for. An offer names nobody but by its learner, so
// one to somebody else of the same body and the very same name ends as well: it
// is made again in a minute.
func Eraser(_ context.Context, tx issuer.Tx, p issuer.Person) error {
	names, ids, err := issuer.KnownAs(tx, p)
	if err != nil {
		return err
	}
	var theirs []*record
	err = tx.EachRecord(issuer.RecordOffer, "", func(_ string, value []byte) bool {
		if r, err := decode(value); err == nil && r.Issuer == p.Issuer && r.Closed == "" {
			theirs = append(theirs, r)
		}
		return true
	})
	if err != nil {
		return err
	}
	for _, r := range theirs {
		if !r.of(names, ids) {
			continue
		}
		r.close(Erased, time.Time{}) // the next sweep takes it out
		if err := save(tx, r); err != nil {
			return err
		}
	}
	return nil
}

// of tells whether an offer is to a person: by what was issued from it, or by one
// of their names.
func (r *record) of(names, ids []string) bool {
	for _, i := range r.Items {
		if slices.ContainsFunc(names, func(name string) bool { return same(i.Name, nameMark(r.ID, name)) }) ||
			slices.ContainsFunc(i.Bound, func(b bound) bool { return slices.Contains(ids, b.ID) }) {
			return true
		}
	}
	return false
}
