package oid4vci

import (
	"errors"
	"net/url"
)

// TokenRequest asks for an access token (section 6.1).
type TokenRequest struct {
	Code   string
	TxCode string // empty is none: an empty one is not told from it
	Client string // client_id, for clients that are not anonymous to themselves
}

// ParseTokenRequest reads the form of a token request. Parameters that it does
// not know are ignored (RFC 6749 section 3.2); known ones must not come twice.
// Its error is an *Error.
func ParseTokenRequest(form url.Values) (TokenRequest, error) {
	var r TokenRequest
	grant := ""
	for name, field := range map[string]*string{
		"grant_type": &grant, "pre-authorized_code": &r.Code, "tx_code": &r.TxCode, "client_id": &r.Client,
	} {
		values := form[name]
		switch {
		case len(values) > 1:
			return r, refuse(CodeInvalidRequest, "%s stands there twice", name)
		case len(values) == 1 && len(values[0]) > MaxText:
			return r, refuse(CodeInvalidRequest, "%s is too long", name)
		case len(values) == 1:
			*field = values[0]
		}
	}
	switch {
	case grant == "":
		return r, refuse(CodeInvalidRequest, "grant_type is missing")
	case grant != GrantType:
		return r, refuse(CodeUnsupportedGrantType, "only pre-authorized codes are taken")
	case r.Code == "":
		return r, refuse(CodeInvalidRequest, "pre-authorized_code is missing")
	}
	return r, nil
}

// Form writes the request.
func (r TokenRequest) Form() url.Values {
	form := url.Values{"grant_type": {GrantType}, "pre-authorized_code": {r.Code}}
	if r.TxCode != "" {
		form.Set("tx_code", r.TxCode)
	}
	if r.Client != "" {
		form.Set("client_id", r.Client)
	}
	return form
}

// TokenResponse is the answer (section 6.2).
type TokenResponse struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`           // Bearer
	ExpiresIn   int    `json:"expires_in,omitempty"` // seconds

	Details []AuthorizationDetail `json:"authorization_details,omitempty"`
}

// AuthorizationDetail names the credentials of one configuration that a token
// opens: one for each set of particulars.
type AuthorizationDetail struct {
	Type          string   `json:"type"` // AuthorizationType; others are ignored
	Configuration string   `json:"credential_configuration_id,omitempty"`
	Identifiers   []string `json:"credential_identifiers,omitempty"`
}

// AuthorizationType is the type of a detail of ours (section 5.1.1).
const AuthorizationType = "openid_credential"

// Identifiers are what to ask for of a configuration, one by one; none: ask by
// the configuration itself (section 8.2).
func (r *TokenResponse) Identifiers(configuration string) (all []string) {
	for _, d := range r.Details {
		if d.Type == AuthorizationType && d.Configuration == configuration {
			all = append(all, d.Identifiers...)
		}
	}
	return all
}

// ParseTokenResponse reads the answer to a token request.
func ParseTokenResponse(data []byte) (*TokenResponse, error) {
	var r TokenResponse
	if err := read("token response", data, MaxMessage, &r); err != nil {
		return nil, err
	}
	switch {
	case r.AccessToken == "" || len(r.AccessToken) > MaxProof:
		return nil, errors.New("token response: no access token, or too long a one")
	case !bearer(r.TokenType): // case-insensitive, RFC 6749 section 5.1
		return nil, errors.New("token response: a token that is not a bearer's")
	}
	for i := range len(r.AccessToken) {
		if c := r.AccessToken[i]; c <= ' ' || c > '~' {
			return nil, errors.New("token response: an access token that no header can hold")
		}
	}
	return &r, r.checkDetails()
}

func (r *TokenResponse) checkDetails() error {
	seen := map[string]bool{}
	for _, d := range r.Details {
		for _, id := range d.Identifiers {
			if !short(id) || seen[id] || len(seen) == MaxConfigurations {
				return errors.New("token response: a credential identifier that is empty, too long, there twice or one too many")
			}
			seen[id] = true
		}
	}
	return nil
}

func bearer(s string) bool {
	return len(s) == len("bearer") && (s[0]|0x20) == 'b' && (s[1:] == "earer" || s == "BEARER")
}
