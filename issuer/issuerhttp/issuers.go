package issuerhttp

import (
	"net/http"
	"net/url"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
)

// issuerView is a body as a program reads it.
type issuerView struct {
	Name       string    `json:"name"`
	Title      string    `json:"title"`
	DID        string    `json:"did"`
	Country    string    `json:"country"`
	Region     string    `json:"region,omitempty"`
	StatusBase string    `json:"statusBase"`
	FourEyes   bool      `json:"fourEyes"`
	Keys       []keyView `json:"keys,omitempty"`
}

func viewIssuer(r issuer.IssuerRecord) issuerView {
	return issuerView{Name: r.Name, Title: r.Title, DID: r.DID, Country: r.Country, Region: r.Region, StatusBase: r.StatusBase, FourEyes: r.FourEyes}
}

// issuerBody makes a body, as "passport issuer add" does.
type issuerBody struct {
	Name       string `json:"name"`
	Title      string `json:"title"`
	DID        string `json:"did"` // web, which is the default, or key
	Domain     string `json:"domain"`
	StatusBase string `json:"statusBase"`
	Country    string `json:"country"`
	Region     string `json:"region"`
}

// addIssuer makes a body and its keys.
func (a *API) addIssuer(w http.ResponseWriter, r *http.Request) error {
	var b issuerBody
	ctx, err := a.act(w, r, &b)
	if err != nil {
		return err
	}
	p := principal(r)
	if err := p.May(access.ActIssuers, ""); err != nil {
		return err
	}
	if b.DID == "" {
		b.DID = "web"
	}
	record, err := a.Issuer.AddIssuer(ctx, p.Actor, issuer.NewIssuer{
		Name: b.Name, Title: b.Title, Method: b.DID, Domain: b.Domain, StatusBase: b.StatusBase, Country: b.Country, Region: b.Region,
	})
	if err != nil {
		return err
	}
	w.Header().Set("Location", a.url("/api/v1/issuers/"+url.PathEscape(record.Name)))
	httpkit.WriteJSON(w, http.StatusCreated, viewIssuer(record))
	return nil
}

// issuers lists the bodies that the principal has to do with.
func (a *API) issuers(w http.ResponseWriter, r *http.Request) error {
	if err := known(r.URL.Query()); err != nil {
		return err
	}
	p := principal(r)
	if _, err := readable(p, ""); err != nil {
		return err
	}
	all, err := a.Issuer.Bodies(r.Context())
	if err != nil {
		return err
	}
	views := []issuerView{}
	for _, record := range all {
		if p.May(access.ActRead, record.Name) == nil {
			views = append(views, viewIssuer(record))
		}
	}
	return writeListing(w, r, map[string]any{"issuers": views})
}

// issuer shows one with its keys.
func (a *API) issuer(w http.ResponseWriter, r *http.Request) error {
	name, err := param(r, "name", nameForm)
	if err != nil {
		return err
	}
	if err := principal(r).May(access.ActRead, name); err != nil {
		return hidden(err, "issuer_unknown", "issuer", name)
	}
	record, err := a.Issuer.Body(r.Context(), name)
	if err != nil {
		return err
	}
	keys, err := a.Issuer.Keys(r.Context(), name)
	if err != nil {
		return err
	}
	v := viewIssuer(record)
	for _, k := range keys {
		v.Keys = append(v.Keys, viewKey(k))
	}
	return writeListing(w, r, v)
}
