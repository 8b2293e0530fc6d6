package issuerweb

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/schema"
)

// home is what somebody who is signed in sees first.
type home struct {
	Name      string
	Grants    []grant
	Proposals []proposal
	Lost      bool   // the reader may act when somebody has lost their phone
	Held      bool   // offers that wait may be approved, elsewhere
	Done      string // key of a word of what was just decided; may be empty
	Sessions  []session
}

// grant is what somebody is, and may do, for a body.
type grant struct {
	Role   string   // key of its words
	Issuer string   // name of the body; empty is all
	May    []string // keys of words: what the console offers
	Else   []string // keys of words: what is done by program or command
}

type session struct {
	By         string // key of words
	Since, End string
	This       bool
}

func (c *Console) home(w http.ResponseWriter, r *http.Request) {
	p := who(r)
	page := home{Name: p.Name, Lost: c.replaces(r), Done: decided[r.URL.Query().Get("done")]}
	if names, all := p.Issuers(access.ActOffers); all || len(names) > 0 {
		page.Held = true
	}
	lang := httpkit.Language(r)
	for _, g := range p.Grants {
		page.Grants = append(page.Grants, c.grantOf(r, g))
	}
	list, err := c.Access.Proposals(r.Context(), p)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	for _, o := range list {
		if o.State == access.StateOpen || o.State == access.StateTaken {
			page.Proposals = append(page.Proposals, c.shown(r, o))
		}
	}
	sessions, err := c.Access.Sessions(r.Context(), c.sessionCookie(r))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	for _, s := range sessions {
		page.Sessions = append(page.Sessions, session{By: "console.by." + s.By, Since: moment(lang, s.StartedAt), End: moment(lang, s.EndsAt), This: s.This})
	}
	c.show(w, r, http.StatusOK, "home", page)
}

func (c *Console) grantOf(r *http.Request, g access.Grant) grant {
	out := grant{Role: "console.role." + string(g.Role)}
	if g.Issuer != "" {
		out.Issuer = g.Issuer
		if body, err := c.Issuer.Body(r.Context(), g.Issuer); err == nil {
			out.Issuer = body.Title
		}
	}
	for _, act := range access.Acts() {
		key := "console.act." + string(act)
		switch {
		case (access.Principal{Grants: []access.Grant{g}}).May(act, g.Issuer) != nil:
		case act == access.ActApprove:
			out.May = append(out.May, key)
		default:
			out.Else = append(out.Else, key)
		}
	}
	return out
}

// moment is a time in UTC, as everywhere in the house, with the day as people of
// the language write it.
func moment(lang string, t time.Time) string {
	return i18n.Day(lang, t) + ", " + t.UTC().Format("15:04") + " UTC"
}

// decided are the words of what somebody has just decided.
var decided = map[string]string{"approved": "console.done.approved", "rejected": "console.done.rejected"}

// proposal is one as it is shown.
type proposal struct {
	ID, Kind, Issuer, Of string
	Title                string // of the document
	State                string // key of words
	By, Since            string
	Reason               string // key of words
	Note, Until          string
	Seen                 string // key of words
	Count                string // of learners, where there are several
	Learners             []learner
	Document             string
	Open                 bool // the reader may decide
	Own                  bool
}

func (c *Console) shown(r *http.Request, o access.Proposal) proposal {
	d, p, lang := o.Draft, who(r), httpkit.Language(r)
	out := proposal{
		ID: o.ID, Kind: "console.kind." + string(d.Kind), Issuer: d.Issuer, Of: d.Template, Title: o.Title, State: "console.state." + string(o.State),
		By: strings.TrimPrefix(string(o.PreparedBy), "user:"), Since: moment(lang, o.PreparedAt),
		Note: d.Note, Own: o.PreparedBy == p.Actor,
	}
	if d.Reason != "" {
		out.Reason = "reason." + string(d.Reason)
	}
	if d.Seen != "" {
		out.Seen = "lost.seen." + string(d.Seen)
	}
	if d.Credential != "" {
		out.Of = d.Credential
		if !final(o) {
			out.Of = cmp.Or(c.about(r, d.Credential), d.Credential)
		}
	}
	for _, l := range d.Learners {
		out.Learners = append(out.Learners, learnerOf(lang, l))
	}
	if d.Learner != nil {
		out.Learners = append(out.Learners, learnerOf(lang, *d.Learner))
	}
	if document, err := schema.ParseCredential(d.Document); err == nil {
		out.Learners = append(out.Learners, learnerOf(lang, document.Learner()))
		out.Document = string(indented(d.Document))
	}
	if n := len(d.Learners); n > 1 {
		out.Count = strconv.Itoa(n)
	}
	if !d.Until.IsZero() {
		out.Until = i18n.Day(lang, d.Until)
	}
	// Whoever took one and was interrupted finishes it; the service tells whether
	// it is still under way.
	out.Open = (o.State == access.StateOpen || o.State == access.StateTaken) && !out.Own && p.May(access.ActApprove, d.Issuer) == nil
	return out
}

// final tells that nobody waits for the proposal any more.
func final(o access.Proposal) bool {
	return o.State != access.StateOpen && o.State != access.StateTaken
}

// about is the number and the person of a credential, empty once they are erased.
func (c *Console) about(r *http.Request, id string) string {
	row, err := c.Issuer.Find(r.Context(), id)
	if err != nil {
		return ""
	}
	return strings.Trim(row.DocumentNumber+" · "+row.LearnerName, " ·")
}

// proposal shows whom an act is for, so that nobody approves what they have not
// seen.
func (c *Console) proposal(w http.ResponseWriter, r *http.Request) {
	o, err := c.Access.Proposal(r.Context(), who(r), httpkit.Param(r, "id"))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	c.show(w, r, http.StatusOK, "proposal", c.shown(r, o))
}

func (c *Console) approve(w http.ResponseWriter, r *http.Request) {
	if _, err := c.Access.Approve(r.Context(), who(r), httpkit.Param(r, "id")); err != nil {
		c.fail(w, r, err)
		return
	}
	http.Redirect(w, r, homePlace+"?done=approved", http.StatusSeeOther)
}

func (c *Console) reject(w http.ResponseWriter, r *http.Request) {
	if _, err := c.Access.Reject(r.Context(), who(r), httpkit.Param(r, "id")); err != nil {
		c.fail(w, r, err)
		return
	}
	http.Redirect(w, r, homePlace+"?done=rejected", http.StatusSeeOther)
}
