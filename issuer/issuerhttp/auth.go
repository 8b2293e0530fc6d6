package issuerhttp

import (
	"net/http"
	"strings"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/issuer/access"
)

// Authenticate finds the principal of a request by its API key (Authorization:
// Bearer) or its session cookie, and puts it into the context. A request with
// neither, or with one that has ended, is answered 401. One with a cookie that
// would change something must come from a page of our own.
func (a *API) Authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p, err := a.principal(r)
		if err != nil {
			WriteError(w, r, err)
			return
		}
		httpkit.Note(r.Context(), "actor", string(p.Actor))
		next.ServeHTTP(w, r.WithContext(access.With(r.Context(), p)))
	})
}

func (a *API) principal(r *http.Request) (access.Principal, error) {
	if scheme, secret, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return a.Access.FromAPIKey(r.Context(), strings.TrimSpace(secret))
	}
	return a.fromSession(r)
}

// fromSession believes a cookie, which a browser sends wherever a page of
// anybody asks it to, only for reading or from a page of this origin.
func (a *API) fromSession(r *http.Request) (access.Principal, error) {
	secure := a.Base != nil && a.Base.Scheme == "https"
	cookies := r.CookiesNamed(access.CookieName(secure))
	if len(cookies) != 1 || r.Header.Get("Authorization") != "" { // of two one was planted
		return access.Principal{}, access.ErrUnauthenticated
	}
	reads := r.Method == http.MethodGet || r.Method == http.MethodHead
	if !reads && (a.Base == nil || !httpkit.SameOrigin(r, a.Base)) {
		return access.Principal{}, access.ErrForbidden
	}
	return a.Access.FromSession(r.Context(), cookies[0].Value)
}

// Require asks whether the principal of a request may do act to what belongs to
// the issuer. When it may not, the answer has been written and ok is false.
func Require(w http.ResponseWriter, r *http.Request, act access.Act, issuer string) (p access.Principal, ok bool) {
	p, ok = access.From(r.Context())
	if !ok {
		WriteError(w, r, access.ErrUnauthenticated)
		return p, false
	}
	if err := p.May(act, issuer); err != nil {
		WriteError(w, r, err)
		return p, false
	}
	return p, true
}
