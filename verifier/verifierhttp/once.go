package verifierhttp

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/onetime"
	"github.com/employment-passport/passport/verifier"
)

// ownChallenge begins every challenge of ours, so that one that has run out is
// never taken for somebody else's.
const ownChallenge = "pc1."

// caseUsed marks the check of a challenge that has been answered before.
const caseUsed = "used"

// errBusy: more challenges were used just now than can be remembered.
var errBusy = errors.New("too many presentations at once")

// challenge gives out a value that a holder signs once: POST
// /presentations/challenge.
func (a *API) challenge(w http.ResponseWriter, r *http.Request) {
	httpkit.WriteJSON(w, http.StatusOK, struct {
		Challenge string `json:"challenge"`
		Domain    string `json:"domain,omitempty"`
		ExpiresAt string `json:"expiresAt"`
	}{ownChallenge + a.challenges.New(), a.c.Audience, a.c.Now().Add(challengeLife).UTC().Format(time.RFC3339)})
}

// presented judges a presentation for who asked for it with a challenge.
func (a *API) presented(ctx context.Context, token string, want verifier.HolderBinding) (*verifier.Report, error) {
	want = a.addressed(want)
	report, err := a.c.Verifier().VerifyPresentation(ctx, token, want)
	if err != nil || report.Verdict == verifier.Invalid || want.Nonce == "" {
		return report, err
	}
	return report, a.once(report, []string{token}, want)
}

// judged is presented for a bundle of tokens.
func (a *API) judged(ctx context.Context, tokens []string, want verifier.HolderBinding) (*verifier.Report, error) {
	want = a.addressed(want)
	report, err := a.c.Verifier().Verify(ctx, tokens, want)
	if err != nil || report.Verdict == verifier.Invalid || want.Nonce == "" {
		return report, err
	}
	return report, a.once(report, tokens, want)
}

// addressed puts our own name where a challenge came without one.
func (a *API) addressed(want verifier.HolderBinding) verifier.HolderBinding {
	if want.Nonce != "" && want.Audience == "" {
		want.Audience = a.c.Audience
	}
	return want
}

// once takes the challenge of ours, or remembers each presentation that answers
// somebody else's: whoever comes second is told INVALID (nonce). A presentation
// is known by what it says, as the same signature has two spellings.
func (a *API) once(report *verifier.Report, tokens []string, want verifier.HolderBinding) error {
	var err error
	if value, ours := strings.CutPrefix(want.Nonce, ownChallenge); ours {
		err = a.challenges.Use(value)
	} else {
		err = a.remember(report.Verdict, tokens, want)
	}
	switch {
	case errors.Is(err, onetime.ErrFull):
		return errBusy
	case err != nil:
		report.Tell(verifier.Check{Code: verifier.CodeNonce, Outcome: verifier.Failed, Args: map[string]string{"case": caseUsed}})
	}
	return nil
}

// remember has room of its own for what is VALID: presentations of credentials
// that anybody can make for themselves, which are UNKNOWN at best, fill theirs
// and keep nobody else waiting.
func (a *API) remember(verdict verifier.Verdict, tokens []string, want verifier.HolderBinding) error {
	for _, token := range tokens {
		_, payload, err := jose.ParseUnverified(token) // what was verified just now
		if err != nil || jose.TypeOf(token) != jose.TypeVP {
			continue
		}
		sum := sha256.New()
		for _, part := range []string{want.Audience, want.Nonce, string(payload)} {
			one := sha256.Sum256([]byte(part))
			sum.Write(one[:])
		}
		key, end := string(sum.Sum(nil)), endOf(payload, a.c.Now())
		err = a.unsure.Once(key, end)
		if verdict == verifier.Valid && !errors.Is(err, onetime.ErrGone) {
			err = a.shown.Once(key, end)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// endOf is when a presentation is over for good, for whoever would show it
// again: its own end, and never soon.
func endOf(payload []byte, now time.Time) time.Time {
	var claims struct {
		Exp json.Number `json:"exp"`
	}
	end := now.Add(time.Hour)
	if json.Unmarshal(payload, &claims) != nil {
		return end
	}
	if exp, err := claims.Exp.Int64(); err == nil {
		if own := time.Unix(exp, 0).Add(time.Hour); own.After(end) {
			return own
		}
	}
	return end
}
