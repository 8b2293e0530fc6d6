package issuerweb

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/onetime"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
)

// Config holds the parts of a Console. Access, Issuer, Base and Now are
// compulsory.
type Config struct {
	Access *access.Service
	Issuer *issuer.Issuer
	Base   *url.URL // where people reach the service: https, or http on this machine by name or number
	Now    func() time.Time

	// Providers are where people may sign in besides passkeys. Client reaches them,
	// and nothing else: it obeys the address rule of the house.
	Providers []Provider
	Client    *http.Client

	// The drill of a lost phone, see lost.go; each may be nil. Paper reads the
	// signed tokens on pictures, PDFs or texts of one paper, and judges nothing;
	// OfferLost revokes and offers in one act; Print writes credentials as a PDF.
	Paper     func(ctx context.Context, files [][]byte) (tokens []string, err error)
	OfferLost func(ctx context.Context, by issuer.Actor, l issuer.Lost) (offer *LostOffer, again []string, err error)
	Print     func(ctx context.Context, w io.Writer, rows []issuer.Issuance, lang string) error
}

// Provider is an OpenID provider (OpenID Connect Core 1.0).
type Provider struct {
	Name         string // for people, and unique
	Issuer       string // https URL
	ClientID     string
	ClientSecret string // empty for a public client
	Body         string // name of the only issuer whose people it may sign in; empty is everybody
}

const (
	// challengeLife is how long somebody may take to find their key.
	challengeLife = 5 * time.Minute

	// maxUsed bounds the memory for challenges and states that were used: as many
	// as can be answered within their life.
	maxUsed = 100_000
)

// Console serves the pages. It is safe for many goroutines.
type Console struct {
	Config
	passkeys   *webauthn.WebAuthn // nil where the address has no name: no passkey can be made for a number
	challenges *onetime.Nonces
	openID     []*openID
	tries      tries
	readers    chan struct{} // places for reading papers and printing
	cookie     string        // name of the session's
	secure     bool
}

// New returns the Console of a service.
func New(c Config) (*Console, error) {
	if c.Access == nil || c.Issuer == nil || c.Base == nil || c.Now == nil {
		return nil, errors.New("issuerweb: a Config needs Access, Issuer, Base and a clock")
	}
	if len(c.Providers) > 0 && c.Client == nil {
		return nil, errors.New("issuerweb: providers need a Client that reaches them")
	}
	c.Base = named(c.Base)
	console := &Console{
		Config: c, secure: c.Base.Scheme == "https", cookie: access.CookieName(c.Base.Scheme == "https"),
		challenges: onetime.NewNonces(challengeLife, maxUsed, c.Now), readers: make(chan struct{}, 2),
	}
	var err error
	if !isNumber(c.Base.Hostname()) {
		if console.passkeys, err = relyingParty(c.Base); err != nil {
			return nil, err
		}
	}
	if console.tries, err = newTries(); err != nil {
		return nil, err
	}
	if console.openID, err = newOpenIDs(c); err != nil {
		return nil, err
	}
	return console, nil
}

// named is the address with a name for a number of this machine: no passkey can be
// made for a number.
func named(base *url.URL) *url.URL {
	if !isNumber(base.Hostname()) || !httpkit.IsLoopback(base.Hostname()) {
		return base
	}
	out := *base
	if out.Host = "localhost"; base.Port() != "" {
		out.Host = net.JoinHostPort("localhost", base.Port())
	}
	return &out
}

func isNumber(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}

// relyingParty is the service as authenticators know it (WebAuthn 3, 5.4.2).
func relyingParty(base *url.URL) (*webauthn.WebAuthn, error) {
	return webauthn.New(&webauthn.Config{
		RPID: base.Hostname(), RPDisplayName: "Passport", RPOrigins: []string{base.Scheme + "://" + base.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey:        protocol.ResidentKeyRequirementRequired, // nobody types a name
			RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification:   protocol.VerificationRequired, // a key that was found opens nothing
		},
	})
}

// Routes registers every route by its absolute path, all below /console.
func (c *Console) Routes(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(pageHeaders, httpkit.CSRF(c.Base, nil))
		r.Get("/console", c.signInPage)
		r.Get("/console/assets/{name}", c.asset)
		r.Post("/console/login/begin", c.loginBegin)
		r.Post("/console/login/finish", c.loginFinish)
		r.Get("/console/invite/{code}", c.invitePage)
		r.Post("/console/invite/{code}/begin", c.inviteBegin)
		r.Post("/console/invite/{code}/finish", c.inviteFinish)
		r.Get("/console/invite/{code}/oidc/{n}", c.openIDStart)
		r.Get("/console/oidc/callback/{host}", c.openIDCallback)
		r.Get("/console/oidc/{n}", c.openIDStart)
		r.Get("/console/home", c.signedIn(c.home))
		r.Post("/console/logout", c.logout)
		r.Post("/console/logout/everywhere", c.signedIn(c.logoutEverywhere))
		r.Get("/console/proposals/{id}", c.signedIn(c.proposal))
		r.Post("/console/proposals/{id}/approve", c.signedIn(c.approve))
		r.Post("/console/proposals/{id}/reject", c.signedIn(c.reject))
		r.Get("/console/lost", c.mayLost(c.lostPage))
		r.Post("/console/lost", c.mayLost(c.lostFind))
		r.Get("/console/lost/print", c.mayLost(c.lostPrint))
		r.Get("/console/lost/{id}", c.mayLost(c.lostCopies))
		r.Post("/console/lost/{id}", c.mayLost(c.lostAct))
	})
}
