package verifierhttp

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/verifier"
	"github.com/employment-passport/passport/verifier/report"
)

// verifyCredential is POST /credentials/verify of the VC API.
func (a *API) verifyCredential(w http.ResponseWriter, r *http.Request) {
	in, ok := members(w, r, "verifiableCredential", "options")
	if !ok {
		return
	}
	token, bad := tokenIn(in[0], envelopedCredential, "/verifiableCredential")
	if bad == nil {
		_, _, bad = readOptions(in[1])
	}
	if bad != nil {
		bad.write(w, r)
		return
	}
	found, err := a.c.Verifier().VerifyCredential(r.Context(), token)
	if err != nil {
		return // nobody waits any more
	}
	a.answerVCAPI(w, r, found)
}

// verifyPresentation is POST /presentations/verify of the VC API. With a
// challenge the same presentation is accepted once.
func (a *API) verifyPresentation(w http.ResponseWriter, r *http.Request) {
	in, ok := members(w, r, "verifiablePresentation", "options")
	if !ok {
		return
	}
	token, bad := tokenIn(in[0], envelopedPresentation, "/verifiablePresentation")
	var want verifier.HolderBinding
	if bad == nil {
		want.Nonce, want.Audience, bad = readOptions(in[1])
	}
	if bad != nil {
		bad.write(w, r)
		return
	}
	found, err := a.presented(r.Context(), token, want)
	switch {
	case errors.Is(err, errBusy):
		busy(w, r)
	case err == nil:
		a.answerVCAPI(w, r, found)
	}
}

// verified is what the VC API answers, with the report beside it.
type verified struct {
	Verified bool `json:"verified"`
	report.Report
}

// refused is the same for what is not VALID: problem details (RFC 9457) with
// the report in them.
type refused struct {
	httpkit.Problem
	Verified bool          `json:"verified"`
	Report   report.Report `json:"report"`
}

// answerVCAPI answers 200 to VALID alone. UNKNOWN is 400 too: who asks by status
// code asks whether to accept.
func (a *API) answerVCAPI(w http.ResponseWriter, r *http.Request, found *verifier.Report) {
	lang := httpkit.Language(r)
	out := a.written(lang, found)
	if found.Verdict == verifier.Valid {
		httpkit.WriteJSON(w, http.StatusOK, verified{true, out})
		return
	}
	p := httpkit.Problem{
		Type: problemType(found), Title: headline(lang, out), Status: http.StatusBadRequest, Code: out.Reason,
	}
	if id := httpkit.RequestID(r.Context()); id != "" {
		p.Instance = "urn:uuid:" + id
	}
	data, err := json.Marshal(refused{p, false, out})
	if err != nil { // a type of ours that cannot be written is a bug: told as any panic
		panic(err)
	}
	w.Header().Set("Content-Language", lang)
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Content-Length", strconv.Itoa(len(data)+1))
	w.WriteHeader(http.StatusBadRequest)
	_, _ = w.Write(append(data, '\n'))
}

// written is the report for people of a language. Who shows a presentation that
// was accepted before has proven nothing.
func (a *API) written(lang string, found *verifier.Report) report.Report {
	out := report.New(lang, a.c.Now(), found)
	if a.c.Judged != nil {
		a.c.Judged(found.Verdict)
	}
	for _, c := range out.Checks {
		if c.Code != verifier.CodeNonce || c.Args["case"] != caseUsed {
			continue
		}
		mismatch := verifier.HolderMismatch
		out.Holder = &mismatch
		for n := range out.Credentials {
			out.Credentials[n].Holder = &mismatch
			out.Credentials[n].Verdict, out.Credentials[n].Reason = verifier.Invalid, verifier.CodeNonce
		}
	}
	return out
}

// verify is POST /api/v1/verify: whatever one code or file held, credentials or
// presentations and then status assertions, judged together.
func (a *API) verify(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Tokens   []string `json:"tokens"`
		Audience string   `json:"audience"`
		Nonce    string   `json:"nonce"`
	}
	if !read(w, r, &in) {
		return
	}
	for n, token := range in.Tokens {
		if bad := shape(token, "/tokens/"+strconv.Itoa(n)); bad != nil {
			bad.write(w, r)
			return
		}
	}
	switch {
	case len(in.Tokens) == 0 || len(in.Tokens) > 3*verifier.MaxCredentials:
		refuse("tokens", "/tokens").write(w, r)
		return
	case len(in.Audience) > maxWord || len(in.Nonce) > maxWord:
		refuse("options", "").write(w, r)
		return
	}
	found, err := a.judged(r.Context(), in.Tokens, verifier.HolderBinding{Audience: in.Audience, Nonce: in.Nonce})
	switch {
	case errors.Is(err, errBusy):
		busy(w, r)
	case err == nil:
		httpkit.WriteJSON(w, http.StatusOK, a.written(httpkit.Language(r), found))
	}
}

// read reads a request, or answers why not.
func read(w http.ResponseWriter, r *http.Request, v any) bool {
	return taken(w, r, httpkit.ReadJSON(w, r, maxBody, v))
}

// members reads the members of a request as they stand there, or answers why not.
func members(w http.ResponseWriter, r *http.Request, names ...string) ([][]byte, bool) {
	all, err := httpkit.ReadMembers(w, r, maxBody, names...)
	return all, taken(w, r, err)
}

// taken answers a request that was not taken.
func taken(w http.ResponseWriter, r *http.Request, err error) bool {
	var body *httpkit.BodyError
	if errors.As(err, &body) {
		httpkit.WriteProblem(w, r, body.Problem())
	}
	return err == nil
}

func busy(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Retry-After", "60")
	httpkit.WriteProblem(w, r, httpkit.Problem{Status: http.StatusTooManyRequests, Code: "busy"})
}

// problemType names a verdict in the words of VCDM 2.0 (section 7.2) where it
// has one, else in ours.
func problemType(r *verifier.Report) string {
	const vcdm = "https://www.w3.org/TR/vc-data-model#"
	switch {
	case strings.HasPrefix(r.Reason, "json") || r.Reason == "structure" || r.Reason == "encoding" || r.Reason == "depth":
		return vcdm + "PARSING_ERROR"
	case r.Reason == verifier.CodeRule || r.Reason == verifier.CodeShape || r.Reason == verifier.CodeContext || r.Reason == verifier.CodeClaim:
		return vcdm + "MALFORMED_VALUE_ERROR"
	case r.Genuine == verifier.No:
		return vcdm + "CRYPTOGRAPHIC_SECURITY_ERROR"
	}
	return "https://w3id.org/employment-passport/problems/" + r.Reason
}

// headline is the sentence of the check that decided.
func headline(lang string, r report.Report) string {
	for _, c := range r.Checks {
		if c.Code == r.Reason {
			return c.Message
		}
	}
	return report.Words(lang, verifier.Check{Code: r.Reason})
}
