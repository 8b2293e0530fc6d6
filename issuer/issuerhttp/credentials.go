package issuerhttp

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/issuer/sheet"
	"github.com/employment-passport/passport/schema"
)

// issueBody asks for one credential. Its learner is a learner file.
type issueBody struct {
	Issuer   string          `json:"issuer"`
	Template string          `json:"template"`
	Learner  json.RawMessage `json:"learner"`
	Profile  string          `json:"profile"`
}

// issue signs one credential. A document number that was issued before is the
// same credential, as at the command line.
func (a *API) issue(w http.ResponseWriter, r *http.Request) error {
	var b issueBody
	ctx, err := a.act(w, r, &b)
	if err != nil {
		return err
	}
	if err := b.whole(); err != nil {
		return err
	}
	p := principal(r)
	alone := p.May(access.ActIssue, b.Issuer)
	if alone != nil && (!errors.Is(alone, access.ErrForbidden) || p.May(access.ActPrepare, b.Issuer) != nil) {
		return hidden(alone, "issuer_unknown", "issuer", b.Issuer)
	}
	o, err := b.offer()
	if err != nil {
		return err
	}
	if alone == nil {
		row, err := a.issueOnce(ctx, p.Actor, o)
		if err == nil {
			return a.handOver(w, *row)
		}
		if !needsApproval(err) || p.May(access.ActPrepare, o.Issuer) != nil {
			return under("/learner", err)
		}
	}
	return a.propose(ctx, w, p, access.Draft{
		Kind: access.KindIssue, Issuer: o.Issuer, Template: o.Template, Profile: o.Profile,
		Learners: []schema.Learner{o.Learner}, Keys: []string{o.IdempotencyKey},
	})
}

// whole asks for the members without which nobody could be told more.
func (b issueBody) whole() error {
	var faults schema.Faults
	for _, m := range []struct{ name, value string }{{"issuer", b.Issuer}, {"template", b.Template}, {"learner", string(b.Learner)}} {
		if m.value == "" {
			faults = append(faults, fault("missing", "/"+m.name, "member", m.name)...)
		}
	}
	return faults.Err()
}

func (b issueBody) offer() (o issuer.Offer, err error) {
	o = issuer.Offer{Issuer: b.Issuer, Template: b.Template}
	if o.Profile, err = profile(b.Profile); err != nil {
		return o, err
	}
	if o.Learner, err = schema.ParseLearner(b.Learner); err != nil {
		return o, under("/learner", err)
	}
	if o.Learner.DocumentNumber != "" { // a number is issued once, whoever asks for it
		o.IdempotencyKey = sheet.Key(o.Issuer, o.Template, o.Learner)
	}
	return o, nil
}

// issueOnce issues a document number once, and a request once.
func (a *API) issueOnce(ctx context.Context, by issuer.Actor, o issuer.Offer) (*issuer.Issuance, error) {
	if row, err := a.Issuer.Requested(ctx); err != nil || row != nil && row.Token != "" {
		return row, err
	} else if row != nil && row.Erased {
		return nil, refuse("erased", "id", row.ID)
	}
	row, err := a.Issuer.Numbered(ctx, o)
	if err == nil && row != nil && issuer.IsRequest(ctx) {
		err = a.Issuer.Act(ctx, by, func(act *issuer.Act) error { return act.Note(ctx, row.ID) })
	}
	if err != nil || row != nil {
		return row, err
	}
	return a.Issuer.Issue(ctx, by, o)
}

func (a *API) handOver(w http.ResponseWriter, row issuer.Issuance) error {
	markReplayed(w, row.Repeated)
	w.Header().Set("Location", a.url(credentialPath(row.ID)))
	httpkit.WriteJSON(w, http.StatusCreated, issuedOf(row))
	return nil
}

func credentialPath(id string) string { return "/api/v1/credentials/" + url.PathEscape(id) }

// profile reads a profile by the name that the command line gives it.
func profile(name string) (issuer.Profile, error) {
	switch name {
	case "", "vc":
		return issuer.ProfileVC, nil
	case "ob3":
		return issuer.ProfileOpenBadge, nil
	}
	return "", refuse("profile_unknown", "profile", name)
}

// hidden shows what belongs to a body that the principal has nothing to do with
// as what is not there at all (J08).
func hidden(err error, code string, args ...string) error {
	if errors.Is(err, access.ErrNotHere) || errors.Is(err, issuer.ErrNotFound) {
		return refuse(code, args...)
	}
	return err
}

// credentialPage is one page of a listing.
type credentialPage struct {
	Credentials []listed `json:"credentials"`
	Next        string   `json:"next,omitempty"`
}

// credentials lists what the principal may read, oldest first.
func (a *API) credentials(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if err := known(q, "id", "issuer", "template", "status", "since", "learner", "person", "limit", "cursor"); err != nil {
		return err
	}
	f, page, err := filterOf(q)
	if err != nil {
		return err
	}
	mine, err := readable(principal(r), f.Issuer)
	if err != nil {
		return err
	}
	var answer credentialPage
	if id := q.Get("id"); id != "" {
		answer, err = a.credentialAlone(r, f, id)
	} else {
		f.After = page.after
		answer, err = a.credentialsAfter(r.Context(), f, mine, page.limit)
	}
	if err != nil {
		return err
	}
	a.linkNext(w, r, answer.Next)
	return writeListing(w, r, answer)
}

// credentialAlone is the listing of the one with an id, which need not fit into
// a path.
func (a *API) credentialAlone(r *http.Request, f issuer.Filter, id string) (credentialPage, error) {
	answer := credentialPage{Credentials: []listed{}}
	row, err := a.findID(r, access.ActRead, id)
	switch {
	case isRefusal(err):
		return answer, nil
	case err == nil && f.Matches(row):
		answer.Credentials = append(answer.Credentials, listedOf(row))
	}
	return answer, err
}

// credentialsAfter is the page of the filter's After; a nil mine is every body.
func (a *API) credentialsAfter(ctx context.Context, f issuer.Filter, mine []string, limit int) (credentialPage, error) {
	answer := credentialPage{Credentials: []listed{}}
	if len(mine) == 1 {
		f.Issuer = mine[0]
	}
	if err := a.listable(ctx, f.After, mine); err != nil {
		return answer, err
	}
	err := a.Issuer.List(ctx, f, func(row issuer.Issuance) bool {
		switch {
		case mine != nil && !slices.Contains(mine, row.Issuer):
			return true
		case len(answer.Credentials) == limit:
			answer.Next = cursorAfter(answer.Credentials[limit-1].ID)
			return false
		}
		answer.Credentials = append(answer.Credentials, listedOf(row))
		return true
	})
	return answer, err
}

// listable refuses a cursor at a credential that the listing does not have, the
// same one whether another body has it or nobody (J08).
func (a *API) listable(ctx context.Context, id string, mine []string) error {
	if id == "" {
		return nil
	}
	return a.Store.View(ctx, func(tx issuer.Tx) error {
		row, err := tx.Issuance(id)
		if errors.Is(err, issuer.ErrNotFound) || err == nil && mine != nil && !slices.Contains(mine, row.Issuer) {
			return refuse("query", "name", "cursor")
		}
		return err
	})
}

// readable are the bodies whose credentials a principal may read, all of them or
// the one named; nil is every body.
func readable(p access.Principal, name string) ([]string, error) {
	if name != "" {
		return []string{name}, hidden(p.May(access.ActRead, name), "issuer_unknown", "issuer", name)
	}
	names, all := p.Issuers(access.ActRead)
	switch {
	case all:
		return nil, nil
	case len(names) == 0:
		return nil, access.ErrForbidden
	}
	return names, nil
}

func filterOf(q url.Values) (f issuer.Filter, p page, err error) {
	if p, err = pageOf(q); err != nil {
		return f, p, err
	}
	f = issuer.Filter{
		Issuer: q.Get("issuer"), Template: q.Get("template"), State: issuer.State(q.Get("status")),
		Learner: q.Get("learner"), Person: q.Get("person"),
	}
	states := []issuer.State{
		"", issuer.StatePending, issuer.StateIssued, issuer.StateSuspended, issuer.StateRevoked, issuer.StateSuperseded, issuer.StateVoid,
	}
	if !slices.Contains(states, f.State) {
		return f, p, refuse("query", "name", "status")
	}
	f.Since, err = since(q)
	return f, p, err
}

// find returns the credential of a path for a principal who may do act to it.
func (a *API) find(r *http.Request, act access.Act) (row issuer.Issuance, err error) {
	id := httpkit.Param(r, "id")
	if idForm.MatchString(id) {
		return a.findID(r, act, id)
	}
	return row, refuse("credential_unknown", "ref", id)
}

func (a *API) findID(r *http.Request, act access.Act, id string) (row issuer.Issuance, err error) {
	err = a.Store.View(r.Context(), func(tx issuer.Tx) error {
		row, err = tx.Issuance(id) // the whole id: a beginning would tell what others begin with
		return err
	})
	if err == nil {
		err = principal(r).May(act, row.Issuer)
	}
	return row, hidden(err, "credential_unknown", "ref", id)
}

// credential shows one.
func (a *API) credential(w http.ResponseWriter, r *http.Request) error {
	row, err := a.find(r, access.ActRead)
	if err != nil {
		return err
	}
	return writeListing(w, r, shownTo(principal(r), row))
}
