// Package verifierhttp judges credentials and presentations over HTTP, in the
// shapes of the VC API and in our own. It opens no connection and believes what
// its Verifier believes; no address in an input is asked anything.
//
// It keeps nothing of what it is shown but, for as long as it lives, the hash of
// a presentation that was signed for a challenge, so that each is accepted once.
package verifierhttp

import (
	"errors"
	"time"

	"github.com/employment-passport/passport/internal/onetime"
	"github.com/employment-passport/passport/verifier"
	"github.com/go-chi/chi/v5"
)

// Config holds the parts of an API. Verifier and Now are compulsory.
type Config struct {
	Verifier func() *verifier.Verifier // the one to ask now: a newer bundle brings another
	Now      func() time.Time
	Audience string // what presentations are signed for, when the request names no domain

	// Judged hears each verdict, for figures. It may be nil.
	Judged func(verifier.Verdict)
}

const (
	// challengeLife is how long a challenge of ours waits for its presentation.
	challengeLife = 10 * time.Minute

	// maxRemembered bounds what is kept of challenges and presentations.
	maxRemembered = 1 << 16
)

// API serves the verification endpoints.
type API struct {
	c          Config
	challenges *onetime.Nonces
	shown      *onetime.Memory // presentations that were accepted
	unsure     *onetime.Memory // every other, and those as far as there is room
}

// New checks the Config.
func New(c Config) (*API, error) {
	if c.Verifier == nil || c.Now == nil {
		return nil, errors.New("verifierhttp: a Config needs a Verifier and a clock")
	}
	return &API{
		c: c, challenges: onetime.NewNonces(challengeLife, maxRemembered, c.Now),
		shown: onetime.NewMemory(maxRemembered, c.Now), unsure: onetime.NewMemory(maxRemembered, c.Now),
	}, nil
}

// Routes registers the endpoints. Those of the VC API answer 2xx to what is
// VALID and 4xx to everything else, as its clients expect; ours answers 200 with
// the verdict to everything that can be read.
func (a *API) Routes(r chi.Router) {
	r.Post("/credentials/verify", a.verifyCredential)
	r.Post("/presentations/verify", a.verifyPresentation)
	r.Post("/presentations/challenge", a.challenge)
	r.Post("/api/v1/verify", a.verify)
}
