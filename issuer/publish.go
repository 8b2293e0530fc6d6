package issuer

import (
	"context"
	"encoding/json"
	"errors"
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
//
// A body whose lists cannot be signed keeps neither its keys nor the other
// bodies back: its compromise above all must reach the world. What failed comes
// joined at the end; only a refusal of write, or the end of ctx, stops it all.
func (i *Issuer) Publish(ctx context.Context, write func(path string, data []byte) error) error {
	bodies, err := i.Bodies(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, b := range bodies {
		for _, publish := range []func(context.Context, IssuerRecord, writer) error{i.publishLists, i.publishKeys} {
			err := publish(ctx, b, write)
			if stop := new(writeError); errors.As(err, stop) || ctx.Err() != nil {
				return errors.Join(append(failed, fmt.Errorf("publish %s: %w", b.Name, err))...)
			}
			if err != nil {
				failed = append(failed, fmt.Errorf("publish %s: %w", b.Name, err))
			}
		}
	}
	return errors.Join(failed...)
}

// writer takes one public file; publishing ends when it refuses.
type writer func(path string, data []byte) error

// writeError is a refusal of the writer.
type writeError struct{ error }

func (e writeError) Unwrap() error { return e.error }

func (w writer) write(path string, data []byte) error {
	if err := w(path, data); err != nil {
		return writeError{err}
	}
	return nil
}

// publishLists writes every list of a body that can be signed. One key signs
// them all, so that the first refusal for want of it speaks for the others.
func (i *Issuer) publishLists(ctx context.Context, b IssuerRecord, w writer) error {
	lists, err := i.StatusLists(ctx, b.Name)
	if err != nil {
		return err
	}
	var failed []error
	for _, l := range lists {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := i.publishList(ctx, l, w)
		switch {
		case errors.Is(err, ErrNoKey) && isDIDKey(b.DID):
			return errors.Join(failed...) // its key was its name: nobody believes a list of it any more
		case errors.Is(err, ErrNoKey) || errors.As(err, new(writeError)):
			return errors.Join(append(failed, err)...)
		case err != nil:
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

func (i *Issuer) publishList(ctx context.Context, l StatusList, w writer) error {
	token, err := i.StatusList(ctx, l.URL)
	if err != nil {
		return err
	}
	place, err := publicPath(l.URL)
	if err != nil {
		return err
	}
	return w.write(place, []byte(token))
}

// isDIDKey tells a body that is its key and can never have another.
func isDIDKey(id string) bool { return strings.HasPrefix(id, "did:key:") }

// publishKeys writes the did document of a did:web issuer and, beside it, the
// history of its keys.
func (i *Issuer) publishKeys(ctx context.Context, b IssuerRecord, w writer) error {
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
	if err := w.write(path.Join(path.Dir(place), "did-history.json"), history); err != nil {
		return err
	}
	return w.write(place, doc)
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

func (i *Issuer) bodyAndKeys(ctx context.Context, name string) (IssuerRecord, []KeyRecord, error) {
	body, err := i.Body(ctx, name)
	if err != nil {
		return IssuerRecord{}, nil, err
	}
	keys, err := i.Keys(ctx, name)
	return body, keys, err
}

// DIDDocument writes the did document of a did:web issuer: the keys in use and
// those retired, whose signatures still count. A compromised key is not in it.
func (i *Issuer) DIDDocument(ctx context.Context, name string) ([]byte, error) {
	body, keys, err := i.bodyAndKeys(ctx, name)
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
		doc.Methods = append(doc.Methods, did.VerificationMethod{ID: k.KID, Type: i.methodType, Controller: body.DID, Key: jwk})
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
	body, keys, err := i.bodyAndKeys(ctx, name)
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
