package issuerhttp

import (
	"context"
	"net/http"
	"slices"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
)

// personView is a person of a body.
type personView struct {
	ID          string   `json:"id"`
	Issuer      string   `json:"issuer"`
	Name        string   `json:"name,omitempty"`
	CreatedAt   string   `json:"createdAt"`
	ErasedAt    string   `json:"erasedAt,omitempty"`
	Credentials []string `json:"credentials,omitempty"` // ids
}

func viewPerson(p issuer.Person) personView {
	return personView{ID: p.ID, Issuer: p.Issuer, Name: p.Name, CreatedAt: moment(p.CreatedAt), ErasedAt: moment(p.ErasedAt)}
}

// people lists the people of the bodies whose people the principal keeps.
func (a *API) people(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if err := known(q, "issuer", "name", "limit", "cursor"); err != nil {
		return err
	}
	page, err := pageOf(q)
	if err != nil {
		return err
	}
	f := issuer.PeopleFilter{Issuer: q.Get("issuer"), Name: q.Get("name"), After: page.after}
	mine, all := principal(r).Issuers(access.ActPeople)
	switch {
	case f.Issuer != "":
		if err := principal(r).May(access.ActPeople, f.Issuer); err != nil {
			return hidden(err, "issuer_unknown", "issuer", f.Issuer)
		}
	case !all && len(mine) == 0:
		return access.ErrForbidden
	case len(mine) == 1:
		f.Issuer = mine[0]
	}
	answer := struct {
		People []personView `json:"people"`
		Next   string       `json:"next,omitempty"`
	}{People: []personView{}}
	err = a.Issuer.People(r.Context(), f, func(p issuer.Person) bool {
		switch {
		case f.Issuer == "" && !all && !slices.Contains(mine, p.Issuer):
			return true
		case len(answer.People) == page.limit:
			answer.Next = cursorAfter(answer.People[page.limit-1].ID)
			return false
		}
		answer.People = append(answer.People, viewPerson(p))
		return true
	})
	if err != nil {
		return err
	}
	a.linkNext(w, r, answer.Next)
	return writeListing(w, r, answer)
}

// findPerson returns the person of a path for a principal who may do act.
func (a *API) findPerson(r *http.Request, act access.Act) (p issuer.Person, err error) {
	id, err := param(r, "id", idForm)
	if err != nil {
		return p, err
	}
	p, err = a.Issuer.Person(r.Context(), id)
	if err == nil {
		err = principal(r).May(act, p.Issuer)
	}
	return p, hidden(err, "person_unknown", "ref", id)
}

// person shows one, with the ids of the credentials.
func (a *API) person(w http.ResponseWriter, r *http.Request) error {
	p, err := a.findPerson(r, access.ActPeople)
	if err != nil {
		return err
	}
	v := viewPerson(p)
	err = a.Issuer.List(r.Context(), issuer.Filter{Issuer: p.Issuer, Person: p.ID}, func(row issuer.Issuance) bool {
		v.Credentials = append(v.Credentials, row.ID)
		return true
	})
	if err != nil {
		return err
	}
	return writeListing(w, r, v)
}

// erase destroys what the home knows of a person. The register keeps ids,
// hashes and places in lists, so that what was issued can still be revoked.
func (a *API) erase(w http.ResponseWriter, r *http.Request) error {
	p, err := a.findPerson(r, access.ActErase)
	if err != nil {
		return err
	}
	done, err := a.Issuer.Erase(context.WithoutCancel(r.Context()), principal(r).Actor, p.ID)
	if err != nil {
		return err
	}
	v := viewPerson(done.Person)
	v.Credentials = done.Credentials
	httpkit.WriteJSON(w, http.StatusOK, v)
	return nil
}
