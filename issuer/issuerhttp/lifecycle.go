package issuerhttp

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/schema"
)

// changeBody says how a credential is to change. Which members an act takes
// depends on it; the others are refused.
type changeBody struct {
	Reason  string          `json:"reason"`
	Note    string          `json:"note"`
	Until   string          `json:"until"`
	Learner json.RawMessage `json:"learner"`
	Profile string          `json:"profile"`
}

// maxNote is how long a sentence for the register may be, in characters.
const maxNote = 1000

// change is an act on one credential that exists.
type change struct {
	kind  access.Kind
	act   access.Act
	takes []string // members of the body
	do    func(a *API, ctx context.Context, by issuer.Actor, d access.Draft) (issuer.Issuance, error)
}

var (
	revoke = change{access.KindRevoke, access.ActRevoke, []string{"reason", "note"},
		func(a *API, ctx context.Context, by issuer.Actor, d access.Draft) (issuer.Issuance, error) {
			return a.Issuer.Revoke(ctx, by, d.Credential, issuer.Reason{Code: d.Reason, Note: d.Note})
		}}
	suspend = change{access.KindSuspend, access.ActSuspend, []string{"reason", "note", "until"},
		func(a *API, ctx context.Context, by issuer.Actor, d access.Draft) (issuer.Issuance, error) {
			return a.Issuer.Suspend(ctx, by, d.Credential, issuer.Reason{Code: d.Reason, Note: d.Note}, d.Until)
		}}
	reinstate = change{access.KindReinstate, access.ActSuspend, nil,
		func(a *API, ctx context.Context, by issuer.Actor, d access.Draft) (issuer.Issuance, error) {
			return a.Issuer.Reinstate(ctx, by, d.Credential)
		}}
	reissue = change{access.KindReissue, access.ActIssue, []string{"learner", "profile"},
		func(a *API, ctx context.Context, by issuer.Actor, d access.Draft) (issuer.Issuance, error) {
			row, err := a.Issuer.ReissueAs(ctx, by, d.Credential, d.Learner, d.Profile)
			if err != nil {
				return issuer.Issuance{}, under("/learner", err)
			}
			return *row, nil
		}}
)

// changes handles an act on one credential.
func (a *API) changes(c change) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		var b changeBody
		into := any(&b)
		if r.ContentLength == 0 {
			into = nil // to reinstate or to reissue as it was, the path says it all
		}
		ctx, err := a.act(w, r, into)
		if err != nil {
			return err
		}
		row, alone, err := a.findToChange(r, c.act)
		if err != nil {
			return err
		}
		d, err := b.draft(c, row)
		if err != nil {
			return err
		}
		p := principal(r)
		if alone {
			changed, err := c.do(a, ctx, p.Actor, d)
			if err == nil {
				return a.changed(w, p, c, changed)
			}
			if !needsApproval(err) || p.May(access.ActPrepare, row.Issuer) != nil {
				return err
			}
		}
		return a.propose(ctx, w, p, d)
	}
}

// findToChange finds a credential for somebody who may do act to it alone, or
// propose that others do.
func (a *API) findToChange(r *http.Request, act access.Act) (row issuer.Issuance, alone bool, err error) {
	row, err = a.find(r, act)
	if errors.Is(err, access.ErrForbidden) {
		row, err = a.find(r, access.ActPrepare)
		return row, false, err
	}
	return row, true, err
}

func (a *API) changed(w http.ResponseWriter, p access.Principal, c change, row issuer.Issuance) error {
	if c.kind == access.KindReissue {
		return a.handOver(w, row)
	}
	markReplayed(w, row.Repeated)
	httpkit.WriteJSON(w, http.StatusOK, shownTo(p, row))
	return nil
}

// draft reads what an act needs from its body.
func (b changeBody) draft(c change, row issuer.Issuance) (d access.Draft, err error) {
	d = access.Draft{Kind: c.kind, Issuer: row.Issuer, Credential: row.ID, Reason: schema.Reason(b.Reason), Note: b.Note, Profile: row.Profile}
	for name, given := range map[string]bool{
		"reason": b.Reason != "", "note": b.Note != "", "until": b.Until != "", "learner": len(b.Learner) > 0, "profile": b.Profile != "",
	} {
		if given && !c.allows(name) {
			return d, &httpkit.BodyError{Code: httpkit.CodeBodyUnknown, Status: http.StatusBadRequest, Pointer: "/" + name}
		}
	}
	if utf8.RuneCountInString(b.Note) > maxNote {
		return d, fault("too_long", "/note", "max", strconv.Itoa(maxNote))
	}
	if b.Until != "" {
		if d.Until, err = time.Parse(time.DateOnly, b.Until); err != nil {
			return d, fault("date_form", "/until")
		}
	}
	if b.Profile != "" {
		if d.Profile, err = profile(b.Profile); err != nil {
			return d, err
		}
	}
	if len(b.Learner) > 0 {
		l, err := schema.ParseLearner(b.Learner)
		if err != nil {
			return d, under("/learner", err)
		}
		d.Learner = &l
	}
	return d, nil
}

func (c change) allows(name string) bool {
	for _, n := range c.takes {
		if n == name {
			return true
		}
	}
	return false
}
