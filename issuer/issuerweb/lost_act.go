package issuerweb

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
)

// paperTime is how long one paper may be read.
const paperTime = 20 * time.Second

// LostOffer is an offer of new copies as it is shown to the person.
type LostOffer struct {
	Titles []string
	Page   string    // https address that tells a person what to do
	Code   string    // digits that the wallet asks for
	Until  time.Time // then it is over
	Held   bool      // waits for somebody else's approval
	Drawn  []byte    // the code to scan, as SVG
}

// lostCopies is the page of what a person holds.
type lostCopies struct {
	lostPerson
	Copies  []lostCopy
	Some    bool // can be made anew
	Kinds   []lostKind
	Trouble string
	Phone   bool // offers can be made
}

type lostCopy struct {
	ID, Title, Number, Issued, State string // State is a key of words
	Why                              string
	Doubt                            string // why an officer looks twice
}

type lostKind struct{ Value, Key string }

// lostDone is the page of what was done.
type lostDone struct {
	lostPerson
	Offer *lostShown
	New   []lostCopy // made anew
	Kept  bool       // some had been made before
	Again []lostCopy // to be awarded or made later
	Wait  []string   // ids of proposals
	Print string     // address of all of them on paper
}

type lostShown struct {
	Titles            []string
	Page, Code, Until string
	Held              bool
	Drawn             template.HTML
}

// found is the person of a path, with everything that they hold of the body, for
// somebody who may act for that body.
func (c *Console) found(r *http.Request) (p lostPerson, all []issuer.Copy, err error) {
	if all, err = c.Issuer.CopiesOf(r.Context(), httpkit.Param(r, "id")); err != nil {
		return p, nil, notHere(err)
	}
	row, err := c.Issuer.Find(r.Context(), httpkit.Param(r, "id"))
	if err != nil {
		return p, nil, notHere(err)
	}
	if who(r).MayReplace(row.Issuer) != nil {
		return p, nil, access.ErrNotHere
	}
	people, err := c.peopleOf(r, []issuer.Issuance{row})
	if err != nil || len(people) == 0 {
		return p, nil, cmp.Or(err, access.ErrNotHere)
	}
	return people[0], all, nil
}

// notHere lets nobody learn what another body has.
func notHere(err error) error {
	var refused *issuer.Error
	if errors.As(err, &refused) && (refused.Code == "credential_unknown" || refused.Code == "credential_ambiguous") {
		return access.ErrNotHere
	}
	return err
}

func (c *Console) lostCopies(w http.ResponseWriter, r *http.Request) {
	c.showCopies(w, r, http.StatusOK, "")
}

func (c *Console) showCopies(w http.ResponseWriter, r *http.Request, status int, trouble string) {
	lang := httpkit.Language(r)
	person, all, err := c.found(r)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	page := lostCopies{lostPerson: person, Trouble: trouble, Phone: c.OfferLost != nil}
	for _, one := range all {
		copied := shownCopy(lang, one.Issuance)
		if one.Why != nil {
			copied.Why = i18n.T(lang, "error."+one.Why.Code, one.Why.Args)
		} else {
			page.Some = true
		}
		if one.Doubt {
			l, err := one.Learner()
			if err != nil {
				c.fail(w, r, err)
				return
			}
			copied.Doubt = i18n.T(lang, "lost.doubt", map[string]string{"name": nameOf(*l)})
		}
		page.Copies = append(page.Copies, copied)
	}
	for _, s := range issuer.SeenIDs() {
		page.Kinds = append(page.Kinds, lostKind{string(s), "lost.seen." + string(s)})
	}
	c.show(w, r, status, "lost.copies", page)
}

func shownCopy(lang string, row issuer.Issuance) lostCopy {
	return lostCopy{
		ID: row.ID, Title: cmp.Or(row.Title(), row.DocumentNumber), Number: row.DocumentNumber,
		Issued: i18n.Day(lang, row.IssuedAt), State: "lost.state." + string(row.State),
	}
}

// lostAct does what the officer states and asks for, in one act.
func (c *Console) lostAct(w http.ResponseWriter, r *http.Request) {
	lang := httpkit.Language(r)
	person, _, err := c.found(r)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	if err := r.ParseForm(); err != nil {
		c.showCopies(w, r, http.StatusBadRequest, words(lang, "lost.form"))
		return
	}
	l := issuer.Lost{Issuer: person.Issuer, Credentials: r.PostForm["credential"], Seen: issuer.SeenID(r.PostForm.Get("seen"))}
	to := r.PostForm.Get("to")
	switch {
	case to != "paper" && (to != "phone" || c.OfferLost == nil): // nothing is revoked for a guess
		c.showCopies(w, r, http.StatusBadRequest, words(lang, "lost.form"))
		return
	case l.Seen == "" || r.PostForm.Get("sure") == "": // the word itself; the kind alone is none
		c.showCopies(w, r, http.StatusConflict, words(lang, "lost.unseen"))
		return
	case len(l.Credentials) == 0:
		c.showCopies(w, r, http.StatusConflict, words(lang, "lost.none"))
		return
	}
	if err := c.theirs(r, l.Credentials); err != nil {
		c.fail(w, r, err)
		return
	}
	done := lostDone{lostPerson: person}
	ctx := context.WithoutCancel(r.Context())
	if to == "phone" {
		err = c.toPhone(ctx, r, l, &done)
	} else {
		err = c.toPaper(ctx, r, l, &done)
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	c.show(w, r, http.StatusOK, "lost.done", done)
}

// theirs refuses credentials of anybody but the person of the path: it is their
// identity document that was seen.
func (c *Console) theirs(r *http.Request, ids []string) error {
	of, err := c.Issuer.Find(r.Context(), httpkit.Param(r, "id"))
	for _, id := range ids {
		row, unknown := c.Issuer.Find(r.Context(), id)
		if err = cmp.Or(err, notHere(unknown)); err != nil {
			return err
		}
		if row.ID != of.ID && (row.Person == "" || row.Person != of.Person) {
			return &issuer.Error{Code: "lost_persons"}
		}
	}
	return err
}

func (c *Console) toPhone(ctx context.Context, r *http.Request, l issuer.Lost, done *lostDone) error {
	o, again, err := c.OfferLost(ctx, who(r).Actor, l)
	if err != nil {
		return err
	}
	lang := httpkit.Language(r)
	if o != nil {
		done.Offer = &lostShown{
			Titles: o.Titles, Page: o.Page, Code: o.Code, Until: moment(lang, o.Until), Held: o.Held,
			Drawn: template.HTML(o.Drawn), //nolint:gosec // drawn here, of digits and squares
		}
	}
	for _, id := range again {
		row, err := c.Issuer.Find(ctx, id)
		if err != nil {
			return err
		}
		done.Again = append(done.Again, shownCopy(lang, row))
	}
	return nil
}

func (c *Console) toPaper(ctx context.Context, r *http.Request, l issuer.Lost, done *lostDone) error {
	made, err := c.Access.ReissueLost(ctx, who(r), l)
	if err != nil {
		return err
	}
	lang, print := httpkit.Language(r), url.Values{}
	for _, o := range made.Proposals {
		done.Wait = append(done.Wait, o.ID)
	}
	for _, m := range made.Renewed {
		if m.New != nil {
			done.New, done.Kept = append(done.New, shownCopy(lang, *m.New)), done.Kept || m.Kept
			print.Add("id", m.New.ID)
			continue
		}
		row, err := c.Issuer.Find(ctx, m.Old)
		if err != nil {
			return err
		}
		again := shownCopy(lang, row)
		if m.Why != nil {
			again.Why = i18n.T(lang, "error."+m.Why.Code, m.Why.Args)
		}
		done.Again = append(done.Again, again)
	}
	if len(done.New) > 0 && c.Print != nil {
		done.Print = lostPlace + "/print?" + print.Encode()
	}
	return nil
}

// print makes a PDF in one of the places that reading papers has too.
func (c *Console) print(ctx context.Context, out io.Writer, rows []issuer.Issuance, lang string) error {
	select {
	case c.readers <- struct{}{}:
		defer func() { <-c.readers }()
	case <-ctx.Done():
		return ctx.Err()
	}
	return c.Print(ctx, out, rows, lang)
}

// lostPrint prints what was made anew, as one PDF.
func (c *Console) lostPrint(w http.ResponseWriter, r *http.Request) {
	ids := r.URL.Query()["id"]
	if c.Print == nil || len(ids) == 0 || len(ids) > issuer.MaxLost {
		c.fail(w, r, access.ErrNotHere)
		return
	}
	var rows []issuer.Issuance
	for _, id := range ids {
		row, err := c.Issuer.Find(r.Context(), id)
		if err == nil && who(r).MayReplace(row.Issuer) != nil {
			err = access.ErrNotHere
		}
		if err != nil {
			c.fail(w, r, notHere(err))
			return
		}
		rows = append(rows, row)
	}
	var out bytes.Buffer
	if err := c.print(r.Context(), &out, rows, httpkit.Language(r)); err != nil {
		c.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", `attachment; filename="documents.pdf"`) // never a name that a stranger chose
	h.Set("Content-Length", strconv.Itoa(out.Len()))
	_, _ = io.Copy(w, &out) // the reader may have gone
}
