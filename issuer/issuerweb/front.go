package issuerweb

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/issuer/access"
)

// front is the page on which somebody signs in, for the first time by an
// invitation.
type front struct {
	Name      string // whom the invitation is for; empty for none
	Do        string // where the script asks: begins with "/console/"
	Passkeys  bool
	Providers []link
}

type link struct{ Name, To string }

func (c *Console) signInPage(w http.ResponseWriter, r *http.Request) {
	if _, err := c.Access.FromSession(r.Context(), c.sessionCookie(r)); err == nil {
		http.Redirect(w, r, homePlace, http.StatusSeeOther)
		return
	}
	if name, _ := httpkit.SplitHost(c.Base.Scheme, r.Host); isNumber(name) && c.passkeys != nil {
		// Opened by this machine's number: the browser would make no passkey there.
		http.Redirect(w, r, c.Base.JoinPath(signInPlace).String(), http.StatusSeeOther)
		return
	}
	c.show(w, r, http.StatusOK, "signin", front{Do: "/console/login", Passkeys: c.passkeys != nil, Providers: c.providers("/console/oidc/")})
}

// invitePage takes nothing: whoever looks at the link first, a preview of a
// messenger, must not spend it.
func (c *Console) invitePage(w http.ResponseWriter, r *http.Request) {
	code := httpkit.Param(r, "code")
	a, err := c.Access.Invited(r.Context(), code)
	switch {
	case errors.Is(err, access.ErrUnauthenticated):
		if err := c.Access.SignInFailed(r.Context(), "invite"); err != nil {
			httpkit.Logger(r.Context()).Error("note failed sign-in", "error", err.Error())
		}
		c.show(w, r, http.StatusNotFound, "sorry", sorry{
			Words: words(httpkit.Language(r), "console.invite.gone"), Hint: words(httpkit.Language(r), "console.invite.again"), Back: signInPlace,
		})
	case err != nil:
		c.fail(w, r, err)
	default:
		place := "/console/invite/" + code
		c.show(w, r, http.StatusOK, "invite", front{Name: a.Name, Do: place, Passkeys: c.passkeys != nil, Providers: c.providers(place + "/oidc/")})
	}
}

// providers are links to where people may sign in elsewhere.
func (c *Console) providers(place string) (links []link) {
	for n, p := range c.openID {
		links = append(links, link{p.Name, place + strconv.Itoa(n)})
	}
	return links
}
