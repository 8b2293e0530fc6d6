package wallet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/oid4vci"
)

// Handed is what an issuer has handed over: tokens for Receive, and what it will
// have later.
type Handed struct {
	Tokens []string
	Later  []Later

	notify string // endpoint; empty for none
	bearer string
	ids    []string // of notifications
}

// Take redeems the offer with the wallet's key. The code of an offer works once:
// open the wallet first, and keep what comes. A wallet without room spends
// nothing: ErrFull. What is refused of several documents keeps none of the
// others back.
func (i *Invitation) Take(ctx context.Context, w *Wallet, at Asker, code string, now time.Time) (*Handed, error) {
	if i.NeedsCode && code == "" {
		return nil, ErrNeedsCode
	}
	if n := len(i.offer.Configurations); len(w.held)+n > MaxCredentials || len(w.later)+n > MaxLater {
		return nil, ErrFull
	}
	granted, err := i.redeem(ctx, at, code)
	if err != nil {
		return nil, err
	}
	token := granted.AccessToken
	h := &Handed{notify: i.meta.Notification, bearer: token}
	room := min(MaxCredentials-len(w.held), MaxLater-len(w.later))
	var failed error
	for n, id := range i.offer.Configurations {
		for _, d := range i.desks(id, granted.Identifiers(id)) {
			if room--; room < 0 { // what is not asked for is not issued, and offered again
				return h, errors.Join(failed, ErrFull)
			}
			r, err := d.claim(ctx, w, at, token, now)
			if err != nil {
				failed = errors.Join(failed, err)
				continue
			}
			h.add(r)
			if r.TransactionID != "" {
				h.Later = append(h.Later, Later{
					Host: i.Host, Title: i.Titles[n], Transaction: r.TransactionID, Token: token,
					Deferred: i.meta.Deferred, Notification: i.meta.Notification, desk: d,
				})
			}
		}
	}
	return h, failed
}

// tries is how often a credential is asked for: the code is spent, and with the
// same key it is the same credential.
const tries = 3

// desk is where a credential is asked for: by its configuration, or by the name
// that the token response gave it.
type desk struct {
	Issuer        string `json:"issuer,omitempty"` // identifier
	Configuration string `json:"configuration,omitempty"`
	Named         string `json:"named,omitempty"`      // credential_identifier
	Credential    string `json:"credential,omitempty"` // endpoint
	Nonce         string `json:"nonce,omitempty"`      // endpoint; empty for none
}

// desks are those of a configuration: where the token response named credentials of
// it, they are asked for by these names alone (section 8.2).
func (i *Invitation) desks(configuration string, named []string) (all []desk) {
	d := desk{Issuer: i.offer.Issuer, Credential: i.meta.Credential, Nonce: i.meta.Nonce}
	for _, d.Named = range named {
		all = append(all, d)
	}
	if len(all) == 0 {
		d.Configuration = configuration
		all = append(all, d)
	}
	return all
}

// claim asks for the credential of a configuration, again where the network, the
// nonce or a server that says no word of the protocol was at fault.
func (d desk) claim(ctx context.Context, w *Wallet, at Asker, token string, now time.Time) (r *oid4vci.CredentialResponse, err error) {
	for range tries {
		if r, err = d.claimOnce(ctx, w, at, token, now); err == nil {
			return r, nil
		}
		var refused *IssuerError
		if errors.As(err, &refused) && refused.Code != "" && refused.Code != oid4vci.CodeInvalidNonce || ctx.Err() != nil {
			return nil, err
		}
	}
	return nil, err
}

func (d desk) claimOnce(ctx context.Context, w *Wallet, at Asker, token string, now time.Time) (*oid4vci.CredentialResponse, error) {
	nonce, err := d.freshNonce(ctx, at)
	if err != nil {
		return nil, err
	}
	proof, err := w.prove(ctx, d.Issuer, nonce, now)
	if err != nil {
		return nil, err
	}
	return ask(ctx, at, "credential", d.Credential, token, oid4vci.CredentialRequest{
		Configuration: d.Configuration, Identifier: d.Named, Proofs: &oid4vci.Proofs{JWT: []string{proof}},
	})
}

func (h *Handed) add(r *oid4vci.CredentialResponse) {
	for _, c := range r.Credentials {
		h.Tokens = append(h.Tokens, c.Credential)
	}
	if r.NotificationID != "" {
		h.ids = append(h.ids, r.NotificationID)
	}
}

func (i *Invitation) redeem(ctx context.Context, at Asker, code string) (*oid4vci.TokenResponse, error) {
	request := oid4vci.TokenRequest{Code: i.offer.Grants.PreAuthorized.Code}
	if i.NeedsCode {
		request.TxCode = code
	}
	status, body, err := at.Post(ctx, i.server.Token, "application/x-www-form-urlencoded", "", []byte(request.Form().Encode()))
	if err := judged("token", status, body, err); err != nil {
		return nil, err
	}
	r, err := oid4vci.ParseTokenResponse(body)
	if err != nil {
		return nil, &IssuerError{Step: "token", Err: err}
	}
	return r, nil
}

// freshNonce asks for one; an issuer without a nonce endpoint wants none.
func (d desk) freshNonce(ctx context.Context, at Asker) (string, error) {
	if d.Nonce == "" {
		return "", nil
	}
	status, body, err := at.Post(ctx, d.Nonce, "application/json", "", nil)
	if err := judged("nonce", status, body, err); err != nil {
		return "", err
	}
	nonce, err := oid4vci.ParseNonceResponse(body)
	if err != nil {
		return "", &IssuerError{Step: "nonce", Err: err}
	}
	return nonce, nil
}

// ask sends a request for credentials.
func ask(ctx context.Context, at Asker, step, endpoint, token string, request any) (*oid4vci.CredentialResponse, error) {
	data, err := json.Marshal(request)
	if err != nil {
		return nil, err
	}
	status, body, err := at.Post(ctx, endpoint, "application/json", token, data)
	if err := judged(step, status, body, err); err != nil {
		return nil, err
	}
	r, err := oid4vci.ParseCredentialResponse(body)
	if err != nil {
		return nil, &IssuerError{Step: step, Err: err}
	}
	return r, nil
}

// judged turns an answer that is not 2xx into an error.
func judged(step string, status int, body []byte, err error) error {
	switch {
	case err != nil:
		return fmt.Errorf("ask the issuer for the %s: %w", step, err)
	case status >= 200 && status < 300:
		return nil
	}
	if e, ok := oid4vci.ParseError(body); ok {
		return &IssuerError{Step: step, Code: e.Code, Err: e}
	}
	return &IssuerError{Step: step, Err: fmt.Errorf("status %d", status)}
}

// prove signs that the holder's key is here, now, for this issuer (OpenID4VCI 1.0
// appendix F.1).
func (w *Wallet) prove(ctx context.Context, issuer, nonce string, now time.Time) (string, error) {
	payload, err := json.Marshal(struct {
		Audience string `json:"aud"`
		IssuedAt int64  `json:"iat"`
		Nonce    string `json:"nonce,omitempty"`
	}{issuer, now.Unix(), nonce})
	if err != nil {
		return "", err
	}
	proof, err := jose.Sign(ctx, jose.TypeProof, w.kid(), w.key, payload)
	if err != nil {
		return "", fmt.Errorf("prove the holder's key: %w", err)
	}
	return proof, nil
}

// Tell lets the issuer know what became of what it handed over: whether it was
// kept. Nothing depends on it.
func (h *Handed) Tell(ctx context.Context, at Asker, kept bool) error {
	n := oid4vci.Notification{Event: oid4vci.EventAccepted}
	if !kept {
		n.Event = oid4vci.EventFailure
	}
	if h.notify == "" {
		return nil
	}
	for _, n.ID = range h.ids {
		data, err := json.Marshal(n)
		if err != nil {
			return err
		}
		status, body, err := at.Post(ctx, h.notify, "application/json", h.bearer, data)
		if err := judged("notification", status, body, err); err != nil {
			return err
		}
	}
	return nil
}
