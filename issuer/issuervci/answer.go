package issuervci

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/oid4vci"
	"github.com/employment-passport/passport/internal/onetime"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/issuerhttp"
	"github.com/employment-passport/passport/schema"
)

// errNotHere: no such issuer, or a place of another form.
var errNotHere = errors.New("not here")

const maxForm = 64 << 10

// writeError answers a wallet in the words of the protocol: RFC 6749 section 5.2
// for the token endpoint, OpenID4VCI 1.0 sections 8.3.1, 9.3 and 11.3 for the
// others, RFC 6750 section 3 where the access token is at fault. What is a fault
// of ours is a problem as everywhere.
func writeError(w http.ResponseWriter, r *http.Request, err error) {
	var refused *oid4vci.Error
	var body *httpkit.BodyError
	switch {
	case errors.Is(err, errNotHere), errors.Is(err, errNoOffer):
		httpkit.NotFound(w, r)
	case errors.Is(err, errNoToken):
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		write(w, http.StatusUnauthorized, &oid4vci.Error{Code: oid4vci.CodeInvalidToken})
	case errors.As(err, &refused):
		write(w, http.StatusBadRequest, refused)
	case errors.As(err, &body) && body.Status == http.StatusBadRequest:
		write(w, http.StatusBadRequest, &oid4vci.Error{Code: oid4vci.CodeInvalidRequest, Description: "the body cannot be read"})
	case errors.Is(err, onetime.ErrFull): // so many nonces were used just now that no more can be remembered
		w.Header().Set("Retry-After", "60")
		httpkit.WriteProblem(w, r, httpkit.Problem{Status: http.StatusServiceUnavailable, Code: "busy"})
	case denied(err):
		// The register's own words name what a stranger has no business with.
		httpkit.Logger(r.Context()).WarnContext(r.Context(), "credential denied", "code", code(err))
		write(w, http.StatusBadRequest, &oid4vci.Error{Code: oid4vci.CodeDenied, Description: "the issuer cannot issue this now"})
	default:
		issuerhttp.WriteError(w, r, err)
	}
}

func write(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Cache-Control", "no-store")
	httpkit.WriteJSON(w, status, v)
}

// denied tells what the register refuses from what it cannot do just now.
func denied(err error) bool {
	return code(err) != "" && !errors.Is(err, issuer.ErrNoKey) && !errors.Is(err, issuer.ErrStoreFull) && !errors.Is(err, issuer.ErrStoreStopped)
}

func code(err error) string {
	var refused *issuer.Error
	var faults schema.Faults
	switch {
	case errors.As(err, &refused):
		return refused.Code
	case errors.As(err, &faults) && len(faults) > 0:
		return faults[0].Code
	}
	return ""
}

// readForm reads the form of a token request.
func readForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, &oid4vci.Error{Code: oid4vci.CodeInvalidRequest, Description: "the body must be application/x-www-form-urlencoded"}
	}
	data, err := httpkit.ReadBody(w, r, maxForm)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(data))
	if err != nil {
		return nil, &oid4vci.Error{Code: oid4vci.CodeInvalidRequest, Description: "the form cannot be read"}
	}
	return form, nil
}

// readJSON reads a body that must say that it is JSON; which error that is where
// it does not, is the endpoint's to say.
func readJSON(w http.ResponseWriter, r *http.Request, otherwise string) ([]byte, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, &oid4vci.Error{Code: otherwise, Description: "the body must be application/json"}
	}
	return httpkit.ReadBody(w, r, oid4vci.MaxMessage)
}

// bearerOf is the access token of a request (RFC 6750 section 2.1): in its
// header, and nowhere else.
func bearerOf(r *http.Request) (string, error) {
	headers := r.Header.Values("Authorization")
	if len(headers) != 1 {
		return "", errNoToken
	}
	scheme, token, ok := strings.Cut(headers[0], " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") || idOf(token) == "" {
		return "", errNoToken
	}
	return token, nil
}
