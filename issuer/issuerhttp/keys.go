package issuerhttp

import (
	"context"
	"net/http"
	"time"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/schema"
)

// keyView is the public side of a key.
type keyView struct {
	KID           string   `json:"kid"`
	Thumbprint    string   `json:"thumbprint"`
	Use           []string `json:"use"`
	State         string   `json:"state"`
	From          string   `json:"from,omitempty"`
	Until         string   `json:"until,omitempty"`
	CompromisedAt string   `json:"compromisedAt,omitempty"`
}

func viewKey(k issuer.KeyRecord) keyView {
	v := keyView{
		KID: k.KID, Thumbprint: k.Thumbprint, Use: []string{string(k.Use)}, State: string(k.State),
		From: dayOf(k.From), Until: dayOf(k.Until), CompromisedAt: moment(k.CompromisedAt),
	}
	if k.Also != "" {
		v.Use = append(v.Use, string(k.Also))
	}
	return v
}

func dayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

// keys lists the keys of a body, oldest first.
func (a *API) keys(w http.ResponseWriter, r *http.Request) error {
	if err := known(r.URL.Query(), "issuer"); err != nil {
		return err
	}
	name := r.URL.Query().Get("issuer")
	if name == "" {
		return refuse("query", "name", "issuer")
	}
	if err := principal(r).May(access.ActRead, name); err != nil {
		return hidden(err, "issuer_unknown", "issuer", name)
	}
	keys, err := a.Issuer.Keys(r.Context(), name)
	if err != nil {
		return err
	}
	views := []keyView{}
	for _, k := range keys {
		views = append(views, viewKey(k))
	}
	return writeListing(w, r, map[string]any{"keys": views})
}

// rotateKey makes a new key for a use and retires the one used so far.
func (a *API) rotateKey(w http.ResponseWriter, r *http.Request) error {
	var b struct {
		Issuer string `json:"issuer"`
		Use    string `json:"use"`
	}
	ctx, err := a.act(w, r, &b)
	if err != nil {
		return err
	}
	p := principal(r)
	if err := p.May(access.ActKeys, b.Issuer); err != nil {
		return hidden(err, "issuer_unknown", "issuer", b.Issuer)
	}
	if b.Use == "" {
		b.Use = string(schema.KeyForCredentials)
	}
	before, err := a.Issuer.RequestedID(ctx)
	if err != nil {
		return err
	}
	if before != "" {
		return a.rotatedBefore(w, r, b.Issuer, before)
	}
	k, err := a.Issuer.RotateKey(ctx, p.Actor, b.Issuer, schema.KeyUse(b.Use))
	if err != nil {
		return err
	}
	httpkit.WriteJSON(w, http.StatusCreated, viewKey(k))
	return nil
}

// rotatedBefore answers with the key that an earlier request has made.
func (a *API) rotatedBefore(w http.ResponseWriter, r *http.Request, name, kid string) error {
	keys, err := a.Issuer.Keys(r.Context(), name)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if k.KID == kid {
			markReplayed(w, true)
			httpkit.WriteJSON(w, http.StatusCreated, viewKey(k))
			return nil
		}
	}
	return refuse("key_unknown", "key", kid, "issuer", name)
}

// endKey handles the two ways in which a key ends.
func (a *API) endKey(end func(i *issuer.Issuer, ctx context.Context, by issuer.Actor, name, kid string) (issuer.KeyRecord, error)) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		var b struct {
			Issuer string `json:"issuer"`
			KID    string `json:"kid"`
		}
		ctx, err := a.act(w, r, &b)
		if err != nil {
			return err
		}
		p := principal(r)
		if err := p.May(access.ActKeys, b.Issuer); err != nil {
			return hidden(err, "issuer_unknown", "issuer", b.Issuer)
		}
		k, err := end(a.Issuer, ctx, p.Actor, b.Issuer, b.KID)
		if err != nil {
			return err
		}
		httpkit.WriteJSON(w, http.StatusOK, viewKey(k))
		return nil
	}
}
