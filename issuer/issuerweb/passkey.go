package issuerweb

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/onetime"
	"github.com/employment-passport/passport/issuer/access"
)

// maxAnswer bounds what an authenticator answers; attestations of some have
// chains of certificates.
const maxAnswer = 64 << 10

// account is a user as package webauthn wants them.
type account struct {
	access.Account
	credentials []webauthn.Credential
}

func (a account) WebAuthnID() []byte                         { return a.Handle }
func (a account) WebAuthnName() string                       { return a.Name }
func (a account) WebAuthnDisplayName() string                { return a.Name }
func (a account) WebAuthnCredentials() []webauthn.Credential { return a.credentials }

func accountOf(a access.Account) (account, error) {
	out := account{Account: a}
	for _, p := range a.Passkeys {
		var c webauthn.Credential
		if err := json.Unmarshal(p.Credential, &c); err != nil {
			return out, fmt.Errorf("read passkey: %w", err)
		}
		out.credentials = append(out.credentials, c)
	}
	return out, nil
}

// challenge is a new one, as bytes.
func (c *Console) challenge() []byte {
	b, _ := base64.RawURLEncoding.DecodeString(c.challenges.New()) // ours
	return b
}

// answered takes the challenge of an answer, once.
func (c *Console) answered(data protocol.CollectedClientData) ([]byte, error) {
	if err := c.challenges.Use(data.Challenge); err != nil {
		if errors.Is(err, onetime.ErrGone) {
			return nil, access.ErrUnauthenticated
		}
		return nil, err
	}
	return base64.RawURLEncoding.DecodeString(data.Challenge)
}

// registration is what a browser is asked for to make a passkey. Of the same
// account and challenge it is always the same, so that nothing has to be kept
// between the question and the answer.
func (c *Console) registration(a account, challenge []byte) (*protocol.CredentialCreation, *webauthn.SessionData, error) {
	return c.passkeys.BeginRegistration(a, func(o *protocol.PublicKeyCredentialCreationOptions) error {
		o.Challenge = challenge
		return nil
	})
}

func (c *Console) inviteBegin(w http.ResponseWriter, r *http.Request) {
	a, err := c.Access.Invited(r.Context(), httpkit.Param(r, "code"))
	if err != nil || c.passkeys == nil {
		c.refuse(w, r, "invite", err)
		return
	}
	options, _, err := c.registration(account{Account: a}, c.challenge())
	if err != nil {
		c.refuse(w, r, "invite", err)
		return
	}
	httpkit.WriteJSON(w, http.StatusOK, options)
}

// inviteFinish takes the new passkey, and with it the invitation.
func (c *Console) inviteFinish(w http.ResponseWriter, r *http.Request) {
	code := httpkit.Param(r, "code")
	proof, err := c.registered(w, r, code)
	if err == nil {
		err = c.enter(w, r, code, proof)
	}
	if err != nil {
		c.refuse(w, r, "invite", err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// registered is the passkey that an answer proves.
func (c *Console) registered(w http.ResponseWriter, r *http.Request, code string) (p access.Proof, err error) {
	body, err := httpkit.ReadBody(w, r, maxAnswer)
	if err != nil {
		return p, err
	}
	a, err := c.Access.Invited(r.Context(), code)
	if err != nil {
		return p, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(body)
	if err != nil || c.passkeys == nil {
		return p, access.ErrUnauthenticated
	}
	challenge, err := c.answered(parsed.Response.CollectedClientData)
	if err != nil {
		return p, err
	}
	_, asked, err := c.registration(account{Account: a}, challenge)
	if err != nil {
		return p, err
	}
	made, err := c.passkeys.CreateCredential(account{Account: a}, *asked, parsed)
	if err != nil {
		return p, access.ErrUnauthenticated
	}
	return proved(made)
}

func proved(made *webauthn.Credential) (access.Proof, error) {
	data, err := json.Marshal(made)
	return access.Proof{CredentialID: made.ID, Credential: data}, err
}

// assertion is what a browser is asked for to use a passkey, see registration.
func (c *Console) assertion(challenge []byte) (*protocol.CredentialAssertion, *webauthn.SessionData, error) {
	return c.passkeys.BeginDiscoverableLogin(webauthn.WithChallenge(challenge))
}

func (c *Console) loginBegin(w http.ResponseWriter, r *http.Request) {
	if c.passkeys == nil {
		c.refuse(w, r, "passkey", access.ErrUnauthenticated)
		return
	}
	options, _, err := c.assertion(c.challenge())
	if err != nil {
		c.refuse(w, r, "passkey", err)
		return
	}
	httpkit.WriteJSON(w, http.StatusOK, options)
}

func (c *Console) loginFinish(w http.ResponseWriter, r *http.Request) {
	proof, err := c.asserted(w, r)
	if err == nil {
		err = c.enter(w, r, "", proof)
	}
	if err != nil {
		c.refuse(w, r, "passkey", err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// asserted is the passkey that an answer has used.
func (c *Console) asserted(w http.ResponseWriter, r *http.Request) (p access.Proof, err error) {
	body, err := httpkit.ReadBody(w, r, maxAnswer)
	if err != nil {
		return p, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(body)
	if err != nil || c.passkeys == nil {
		return p, access.ErrUnauthenticated
	}
	challenge, err := c.answered(parsed.Response.CollectedClientData)
	if err != nil {
		return p, err
	}
	_, asked, err := c.assertion(challenge)
	if err != nil {
		return p, err
	}
	var broken error // of the store, which is no fault of the answer
	used, err := c.passkeys.ValidateDiscoverableLogin(func(id, handle []byte) (webauthn.User, error) {
		a, err := c.Access.PasskeyOf(r.Context(), id)
		if err != nil {
			if !errors.Is(err, access.ErrUnauthenticated) {
				broken = err
			}
			return nil, err
		}
		return accountOf(a)
	}, *asked, parsed)
	switch {
	case broken != nil:
		return p, broken
	case err != nil, used.Authenticator.CloneWarning: // a counter that went back: there is a copy of the key
		return p, access.ErrUnauthenticated
	}
	return proved(used)
}

// enter signs in, by an invitation where there is a code, and sets the cookie.
func (c *Console) enter(w http.ResponseWriter, r *http.Request, code string, p access.Proof) (err error) {
	p.Before = c.sessionCookie(r)
	var cookie string
	if code != "" {
		cookie, err = c.Access.Redeem(r.Context(), code, p)
	} else {
		cookie, err = c.Access.SignIn(r.Context(), p)
	}
	if err != nil {
		return err
	}
	c.setCookie(w, c.cookie, cookie, int(access.SessionLife.Seconds()))
	return nil
}

// refuse answers a script: 401 for what proved nothing, which the log hears of,
// and never why.
func (c *Console) refuse(w http.ResponseWriter, r *http.Request, by string, err error) {
	var body *httpkit.BodyError
	switch {
	case errors.As(err, &body):
		httpkit.WriteProblem(w, r, body.Problem())
		return
	case err != nil && !errors.Is(err, access.ErrUnauthenticated):
		httpkit.Logger(r.Context()).Error("sign-in failed", "error", err.Error())
		status, code := unable(err)
		httpkit.WriteProblem(w, r, httpkit.Problem{Status: status, Code: code}) // of neither it makes an internal fault
		return
	}
	if err := c.Access.SignInFailed(r.Context(), by); err != nil {
		httpkit.Logger(r.Context()).Error("note failed sign-in", "error", err.Error())
	}
	httpkit.WriteProblem(w, r, httpkit.Problem{Status: http.StatusUnauthorized, Code: "unauthenticated"})
}
