package issuerweb

import (
	"errors"
	"net/http"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/issuer/access"
)

// where a browser is sent; never anything else, and nothing of a request's (G13).
const (
	signInPlace = "/console"
	homePlace   = "/console/home"
)

// sessionCookie is the value of the session's cookie, empty for none.
func (c *Console) sessionCookie(r *http.Request) string {
	cookies := r.CookiesNamed(c.cookie)
	if len(cookies) != 1 {
		return "" // two of one name: one was planted, and nobody knows which
	}
	return cookies[0].Value
}

// setCookie sets a cookie of ours; an empty value takes it away.
//
// SameSite is Lax: with Strict a browser would leave it out when somebody comes
// back from their OpenID provider or follows a link in a message. What changes
// anything is a POST, which Lax keeps it from and the check of the origin too.
func (c *Console) setCookie(w http.ResponseWriter, name, value string, life int) {
	if value == "" {
		life = -1
	}
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // G124: Secure is false on a loopback base alone
		Name: name, Value: value, Path: "/", MaxAge: life,
		HttpOnly: true, Secure: c.secure, SameSite: http.SameSiteLaxMode,
	})
}

// signedIn lets those pass who are signed in and sends the others to sign in.
func (c *Console) signedIn(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p, err := c.Access.FromSession(r.Context(), c.sessionCookie(r))
		switch {
		case errors.Is(err, access.ErrUnauthenticated):
			http.Redirect(w, r, signInPlace, http.StatusSeeOther)
		case err != nil:
			c.fail(w, r, err)
		default:
			httpkit.Note(r.Context(), "actor", string(p.Actor))
			next(w, r.WithContext(access.With(r.Context(), p)))
		}
	}
}

// who is the principal of a page behind signedIn.
func who(r *http.Request) access.Principal {
	p, _ := access.From(r.Context())
	return p
}

func (c *Console) logout(w http.ResponseWriter, r *http.Request) {
	if err := c.Access.SignOut(r.Context(), c.sessionCookie(r)); err != nil {
		c.fail(w, r, err)
		return
	}
	c.setCookie(w, c.cookie, "", 0)
	http.Redirect(w, r, signInPlace, http.StatusSeeOther)
}

func (c *Console) logoutEverywhere(w http.ResponseWriter, r *http.Request) {
	if err := c.Access.SignOutEverywhere(r.Context(), who(r)); err != nil {
		c.fail(w, r, err)
		return
	}
	c.setCookie(w, c.cookie, "", 0)
	http.Redirect(w, r, signInPlace, http.StatusSeeOther)
}
