package issuer

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/did"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/schema"
)

// Publish gives every public file of every issuer to write, by its URL's host
// and path: did documents with the history of their keys, and status lists,
// signed now. Lists come first: who reads meanwhile never finds a key gone
// before what it signed has been replaced.
func (i *Issuer) Publish(ctx context.Context, write func(path string, data []byte) error) error {
	bodies, err := i.Bodies(ctx)
	if err != nil {
		return err
	}
	for _, b := range bodies {
		if err := i.publishLists(ctx, b, write); err != nil {
			return fmt.Errorf("publish %s: %w", b.Name, err)
		}
		if err := i.publishKeys(ctx, b, write); err != nil {
			return fmt.Errorf("publish %s: %w", b.Name, err)
		}
	}
	return nil
}

func (i *Issuer) publishLists(ctx context.Context, b IssuerRecord, write func(string, []byte) error) error {
	lists, err := i.StatusLists(ctx, b.Name)
	if err != nil {
		return err
	}
	for _, l := range lists {
		if err := ctx.Err(); err != nil {
			return err
		}
		token, err := i.StatusList(ctx, l.URL)
		if err != nil {
			return err
		}
		place, err := publicPath(l.URL)
		if err != nil {
			return err
		}
		if err := write(place, []byte(token)); err != nil {
			return err
		}
	}
	return nil
}

// publishKeys writes the did document of a did:web issuer and, beside it, the
// history of its keys.
func (i *Issuer) publishKeys(ctx context.Context, b IssuerRecord, write func(string, []byte) error) error {
	if !strings.HasPrefix(b.DID, "did:web:") {
		return nil // a did:key says it all itself
	}
	doc, err := i.DIDDocument(ctx, b.Name)
	if err != nil {
		return err
	}
	history, err := i.KeyHistory(ctx, b.Name)
	if err != nil {
		return err
	}
	at, err := did.WebURL(b.DID)
	if err != nil {
		return err
	}
	place, err := publicPath(at)
	if err != nil {
		return err
	}
	if err := write(path.Join(path.Dir(place), "did-history.json"), history); err != nil {
		return err
	}
	return write(place, doc)
}

// publicPath is the host and path of a URL as a path of files.
func publicPath(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	place := path.Join(u.Host, path.Clean("/"+u.Path))
	if u.Host == "" || strings.HasPrefix(place, ".") || strings.Contains(place, "\\") {
		return "", fmt.Errorf("%q has no place among the public files", address)
	}
	return place, nil
}

// DIDDocument writes the did document of a did:web issuer: the keys in use and
// those retired, whose signatures still count. A compromised key is not in it.
func (i *Issuer) DIDDocument(ctx context.Context, name string) ([]byte, error) {
	body, err := i.Body(ctx, name)
	if err != nil {
		return nil, err
	}
	keys, err := i.Keys(ctx, name)
	if err != nil {
		return nil, err
	}
	doc := did.Document{ID: body.DID}
	for _, k := range keys {
		if k.State == schema.KeyCompromised {
			continue
		}
		jwk, err := jose.ParseJWK(k.JWK)
		if err != nil {
			return nil, fmt.Errorf("key %s: %w", k.KID, err)
		}
		doc.Methods = append(doc.Methods, did.VerificationMethod{ID: k.KID, Type: did.TypeJSONWebKey, Controller: body.DID, Key: jwk})
		doc.Assertion = append(doc.Assertion, k.KID)
	}
	return doc.MarshalJSON()
}

// keyLine is a key in the published history.
type keyLine struct {
	KID   string          `json:"kid"`
	JWK   json.RawMessage `json:"jwk"`
	Use   schema.KeyUse   `json:"use"`
	From  string          `json:"from"`
	Until string          `json:"until,omitempty"`
	State schema.KeyState `json:"state"`
}

// KeyHistory writes every key that a body ever had, with its window and state,
// in the form of a recognition list: what an authority pins.
func (i *Issuer) KeyHistory(ctx context.Context, name string) ([]byte, error) {
	body, err := i.Body(ctx, name)
	if err != nil {
		return nil, err
	}
	keys, err := i.Keys(ctx, name)
	if err != nil {
		return nil, err
	}
	history := struct {
		ID   string    `json:"id"`
		Keys []keyLine `json:"keys"`
	}{ID: body.DID, Keys: []keyLine{}}
	for _, k := range keys {
		line := keyLine{KID: k.KID, JWK: k.JWK, Use: k.Use, From: k.From.Format(time.DateOnly), State: k.State}
		if !k.Until.IsZero() {
			line.Until = k.Until.Format(time.DateOnly)
		}
		history.Keys = append(history.Keys, line)
	}
	return json.Marshal(history)
}
