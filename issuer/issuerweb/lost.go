package issuerweb

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/schema"
)

// Somebody has lost their phone. Their paper, or a number on it, leads the
// officer to what was issued, and to nothing else: that the person is the one
// whom the paper names, only an identity document tells, and without the
// officer's word that one was seen package issuer makes nothing anew.

const (
	lostPlace = "/console/lost"

	maxPaperFile = 16 << 20 // a photograph of a paper, in bytes
	maxPaperText = 64 << 10 // the text of its codes
	maxPapers    = 8        // files of one paper: its sides, or parts of a long code
)

// lostSearch is the page on which an officer looks for a person.
type lostSearch struct {
	Trouble string
	Papers  bool         // pictures can be read
	Found   []lostPerson // where there are several to choose from
}

type lostPerson struct {
	ID, Name, Birth, Number string
	Issuer                  string // name of the IssuerRecord
	Body                    string // as people know it
}

// mayLost lets those pass who answer for some body.
func (c *Console) mayLost(next http.HandlerFunc) http.HandlerFunc {
	return c.signedIn(func(w http.ResponseWriter, r *http.Request) {
		if !c.replaces(r) {
			c.fail(w, r, who(r).MayReplace(""))
			return
		}
		next(w, r)
	})
}

// replaces tells whether the reader may act for some body when somebody has lost
// their copies.
func (c *Console) replaces(r *http.Request) bool {
	p := who(r)
	return slices.ContainsFunc(p.Grants, func(g access.Grant) bool { return p.MayReplace(g.Issuer) == nil })
}

func (c *Console) lostPage(w http.ResponseWriter, r *http.Request) {
	c.show(w, r, http.StatusOK, "lost", lostSearch{Papers: c.Paper != nil})
}

// lostFind looks for a person by a number that was typed, or by what a paper
// shows.
func (c *Console) lostFind(w http.ResponseWriter, r *http.Request) {
	lang := httpkit.Language(r)
	again := func(key string) {
		c.show(w, r, http.StatusOK, "lost", lostSearch{Trouble: words(lang, key), Papers: c.Paper != nil})
	}
	asked, err := readLost(w, r)
	if err != nil {
		again("lost.unread")
		return
	}
	found, err := c.lookFor(r, asked)
	switch {
	case errors.Is(err, errNoPaper):
		again("lost.unread")
		return
	case err != nil:
		c.fail(w, r, err)
		return
	}
	people, err := c.peopleOf(r, found)
	switch {
	case err != nil:
		c.fail(w, r, err)
	case len(people) == 0:
		again("lost.nobody")
	case len(people) == 1:
		http.Redirect(w, r, lostPlace+"/"+people[0].ID, http.StatusSeeOther)
	default:
		c.show(w, r, http.StatusOK, "lost", lostSearch{Papers: c.Paper != nil, Found: people})
	}
}

// lostAsked is what a form asks for.
type lostAsked struct {
	number string
	papers [][]byte // pictures, PDFs, and the text of codes
}

// readLost reads the form, part by part and none longer than it may be.
func readLost(w http.ResponseWriter, r *http.Request) (asked lostAsked, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxPapers*maxPaperFile)
	parts, err := r.MultipartReader()
	if err != nil {
		return asked, err
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return asked, nil
		}
		if err != nil {
			return asked, err
		}
		if err := asked.take(part); err != nil {
			return asked, err
		}
	}
}

var errPaperSize = errors.New("a part of the form is too long, or one too many")

func (a *lostAsked) take(part *multipart.Part) error {
	limit := int64(maxPaperText)
	if part.FormName() == "picture" {
		limit = maxPaperFile
	}
	data, err := io.ReadAll(io.LimitReader(part, limit+1))
	if err != nil {
		return err
	}
	if int64(len(data)) > limit {
		return errPaperSize
	}
	switch text := strings.TrimSpace(string(data)); {
	case text == "":
	case part.FormName() == "number":
		a.number = text
	case part.FormName() != "text" && part.FormName() != "picture":
	case len(a.papers) == maxPapers:
		return errPaperSize
	default:
		a.papers = append(a.papers, data)
	}
	return nil
}

// errNoPaper: nothing of what was given is a paper of ours.
var errNoPaper = errors.New("no paper")

func (c *Console) lookFor(r *http.Request, asked lostAsked) ([]issuer.Issuance, error) {
	may := func(name string) bool { return who(r).MayReplace(name) == nil }
	if asked.number != "" {
		return c.Issuer.FindNumbered(r.Context(), asked.number, may)
	}
	tokens, err := c.tokensOf(r.Context(), asked.papers)
	if err != nil {
		return nil, err
	}
	return c.Issuer.FindShown(r.Context(), tokens, may)
}

// tokensOf reads papers, two of all officers' at a time: a picture takes a core.
func (c *Console) tokensOf(ctx context.Context, papers [][]byte) (all []string, err error) {
	if c.Paper == nil || len(papers) == 0 {
		return nil, errNoPaper
	}
	select {
	case c.readers <- struct{}{}:
		defer func() { <-c.readers }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	ctx, stop := context.WithTimeout(ctx, paperTime)
	defer stop()
	tokens, err := c.Paper(ctx, papers)
	if err != nil {
		httpkit.Logger(ctx).Debug("paper", "error", err.Error())
		return nil, errNoPaper
	}
	return tokens, nil
}

// peopleOf are those whose credentials were found, each once.
func (c *Console) peopleOf(r *http.Request, rows []issuer.Issuance) (people []lostPerson, err error) {
	lang, seen := httpkit.Language(r), map[string]bool{}
	for _, row := range rows {
		key := row.Person
		if key == "" {
			key = row.ID
		}
		if seen[key] || row.Token == "" {
			continue
		}
		seen[key] = true
		l, err := row.Learner()
		if err != nil {
			return nil, err
		}
		body, err := c.Issuer.Body(r.Context(), row.Issuer)
		if err != nil {
			return nil, err
		}
		people = append(people, lostPerson{
			ID: row.ID, Name: nameOf(*l), Birth: i18n.Date(lang, l.BirthDate), Number: row.DocumentNumber, Issuer: row.Issuer, Body: body.Title,
		})
	}
	return people, nil
}

func nameOf(l schema.Learner) string {
	for _, name := range []string{l.Name, strings.TrimSpace(l.GivenName + " " + l.FamilyName), l.Organisation} {
		if name != "" {
			return name
		}
	}
	return ""
}
