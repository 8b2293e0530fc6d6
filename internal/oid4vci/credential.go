package oid4vci

import (
	"encoding/json"
	"errors"
)

// CredentialRequest asks for credentials (section 8.2). Of Configuration and
// Identifier there is exactly one.
type CredentialRequest struct {
	Configuration string          `json:"credential_configuration_id,omitempty"`
	Identifier    string          `json:"credential_identifier,omitempty"`
	Proofs        *Proofs         `json:"proofs,omitempty"`
	Encryption    json.RawMessage `json:"credential_response_encryption,omitempty"`
}

// Proofs are proofs of possession of one type: one credential is made for each.
type Proofs struct {
	JWT []string `json:"jwt"`
}

// ParseCredentialRequest reads a request with at most batch proofs. Its error is
// an *Error.
func ParseCredentialRequest(data []byte, batch int) (*CredentialRequest, error) {
	var raw struct {
		Configuration *string                    `json:"credential_configuration_id"`
		Identifier    *string                    `json:"credential_identifier"`
		Proofs        map[string]json.RawMessage `json:"proofs"`
		Encryption    json.RawMessage            `json:"credential_response_encryption"`
	}
	if err := read("credential request", data, MaxMessage, &raw); err != nil {
		return nil, refuse(CodeInvalidCredential, "not a JSON object that can be read in one way")
	}
	r := &CredentialRequest{}
	switch {
	case (raw.Configuration == nil) == (raw.Identifier == nil):
		return nil, refuse(CodeInvalidCredential, "needs credential_configuration_id or credential_identifier, not both")
	case raw.Configuration != nil:
		r.Configuration = *raw.Configuration
	default:
		r.Identifier = *raw.Identifier
	}
	if raw.Encryption != nil {
		// Section 10: optional for an issuer, and our metadata offers none.
		return nil, refuse(CodeInvalidEncryption, "responses are not encrypted here")
	}
	proofs, err := readProofs(raw.Proofs, batch)
	r.Proofs = proofs
	return r, err
}

// readProofs: section 8.2, an object with exactly one member, named after the
// type of proof.
func readProofs(raw map[string]json.RawMessage, batch int) (*Proofs, error) {
	list, ok := raw[ProofJWT]
	switch {
	case len(raw) == 0:
		return nil, refuse(CodeInvalidProof, "proofs is missing")
	case len(raw) > 1 || !ok:
		return nil, refuse(CodeInvalidProof, "one type of proof is taken: jwt")
	}
	p := &Proofs{}
	if err := json.Unmarshal(list, &p.JWT); err != nil || len(p.JWT) == 0 {
		return nil, refuse(CodeInvalidProof, "proofs.jwt is not an array of proofs")
	}
	if len(p.JWT) > min(batch, MaxProofs) {
		return nil, refuse(CodeInvalidProof, "more than %d proofs", batch)
	}
	for _, token := range p.JWT {
		if token == "" || len(token) > MaxProof {
			return nil, refuse(CodeInvalidProof, "a proof that is empty or too long")
		}
	}
	return p, nil
}

// CredentialResponse brings credentials (section 8.3), or, with TransactionID,
// says that they are to be asked for later (section 9).
type CredentialResponse struct {
	Credentials    []Credential `json:"credentials,omitempty"`
	NotificationID string       `json:"notification_id,omitempty"`
	TransactionID  string       `json:"transaction_id,omitempty"`
	Interval       int          `json:"interval,omitempty"` // seconds
}

// Credential is one of them.
type Credential struct {
	Credential string `json:"credential"`
}

// ParseCredentialResponse reads the answer to a credential request or a deferred
// one. Either Credentials or TransactionID is there.
func ParseCredentialResponse(data []byte) (*CredentialResponse, error) {
	var r CredentialResponse
	if err := read("credential response", data, MaxMessage, &r); err != nil {
		return nil, err
	}
	if (len(r.Credentials) == 0) == (r.TransactionID == "") || len(r.Credentials) > MaxProofs {
		return nil, errors.New("credential response: neither credentials nor a transaction, or both, or too many")
	}
	if len(r.TransactionID) > MaxText || len(r.NotificationID) > MaxText || r.Interval < 0 {
		return nil, errors.New("credential response: an id that is too long, or an interval below zero")
	}
	return &r, nil
}

// DeferredRequest asks for what was put off (section 9.1).
type DeferredRequest struct {
	TransactionID string `json:"transaction_id"`
}

// ParseDeferredRequest reads it. Its error is an *Error.
func ParseDeferredRequest(data []byte) (DeferredRequest, error) {
	var r DeferredRequest
	if err := read("deferred request", data, MaxOffer, &r); err != nil || !short(r.TransactionID) {
		return r, refuse(CodeInvalidCredential, "needs transaction_id")
	}
	return r, nil
}

// NonceResponse is a fresh nonce (section 7.2).
type NonceResponse struct {
	Nonce string `json:"c_nonce"`
}

// ParseNonceResponse reads it.
func ParseNonceResponse(data []byte) (string, error) {
	var r NonceResponse
	if err := read("nonce response", data, MaxMessage, &r); err != nil {
		return "", err
	}
	if !short(r.Nonce) {
		return "", errors.New("nonce response: no nonce, or too long a one")
	}
	return r.Nonce, nil
}

// Events of a notification (section 11.1).
const (
	EventAccepted = "credential_accepted"
	EventFailure  = "credential_failure"
	EventDeleted  = "credential_deleted"
)

// Notification tells the issuer what became of credentials.
type Notification struct {
	ID          string `json:"notification_id"`
	Event       string `json:"event"`
	Description string `json:"event_description,omitempty"`
}

// ParseNotification reads it. Its error is an *Error.
func ParseNotification(data []byte) (Notification, error) {
	var n Notification
	if err := read("notification", data, MaxOffer, &n); err != nil || !short(n.ID) {
		return n, refuse(CodeInvalidNotificationBody, "needs notification_id and event")
	}
	switch n.Event {
	case EventAccepted, EventFailure, EventDeleted:
		return n, nil
	}
	return n, refuse(CodeInvalidNotificationBody, "an event that does not exist")
}
