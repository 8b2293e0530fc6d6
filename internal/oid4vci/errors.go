package oid4vci

import "fmt"

// Codes of an Error: RFC 6749 section 5.2, RFC 6750 section 3.1, OpenID4VCI 1.0
// sections 6.3, 8.3.1, 9.3 and 11.3.
const (
	CodeInvalidRequest          = "invalid_request"
	CodeInvalidClient           = "invalid_client"
	CodeInvalidGrant            = "invalid_grant"
	CodeUnsupportedGrantType    = "unsupported_grant_type"
	CodeInvalidToken            = "invalid_token"
	CodeInvalidCredential       = "invalid_credential_request"
	CodeUnknownConfiguration    = "unknown_credential_configuration"
	CodeUnknownIdentifier       = "unknown_credential_identifier"
	CodeInvalidProof            = "invalid_proof"
	CodeInvalidNonce            = "invalid_nonce"
	CodeInvalidEncryption       = "invalid_encryption_parameters"
	CodeDenied                  = "credential_request_denied"
	CodeInvalidTransaction      = "invalid_transaction_id"
	CodeInvalidNotification     = "invalid_notification_id"
	CodeInvalidNotificationBody = "invalid_notification_request"
)

// Error is a refusal in the words of the protocol. Description is for an
// engineer, in ASCII (RFC 6749 section 5.2); it never repeats a secret.
type Error struct {
	Code        string `json:"error"`
	Description string `json:"error_description,omitempty"`
}

func (e *Error) Error() string {
	if e.Description == "" {
		return e.Code
	}
	return e.Code + ": " + e.Description
}

// refuse makes an Error.
func refuse(code, format string, args ...any) *Error {
	return &Error{Code: code, Description: fmt.Sprintf(format, args...)}
}

// ParseError reads the body of an error response; ok is false for a body that
// is none.
func ParseError(data []byte) (e *Error, ok bool) {
	e = &Error{}
	err := read("error response", data, MaxMessage, e)
	return e, err == nil && short(e.Code)
}
