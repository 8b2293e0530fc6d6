package verifierhttp

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/strictjson"
)

const (
	// maxBody bounds a request; maxToken one token in it, as everywhere.
	maxBody  = 1 << 20
	maxToken = 64 << 10

	// maxWord bounds a challenge and a domain.
	maxWord = 1024
)

// refusal is an input that nobody judges: it is no token in its envelope.
type refusal struct {
	status  int
	code    string
	pointer string
}

func (e *refusal) Error() string { return e.code + " at " + e.pointer }

func (e *refusal) write(w http.ResponseWriter, r *http.Request) {
	httpkit.WriteProblem(w, r, httpkit.Problem{Status: e.status, Code: e.code, Errors: []httpkit.ProblemFault{{Code: e.code, Pointer: e.pointer}}})
}

func refuse(code, pointer string) *refusal { return &refusal{http.StatusBadRequest, code, pointer} }

// envelope is an EnvelopedVerifiableCredential or -Presentation (VCDM 2.0
// sections 4.13 and 4.14).
type envelope struct{ context, id, kind []byte }

// open finds the members of an envelope. The request has been read strictly
// already, so that a name stands in it once.
func (e *envelope) open(raw []byte) error {
	return strictjson.CheckObject(raw, func(name, value []byte) {
		switch string(name) {
		case "@context":
			e.context = value
		case "id":
			e.id = value
		case "type":
			e.kind = value
		}
	})
}

// text reads a JSON string. One without escapes, as every token is, stands there
// as it reads.
func text(raw []byte) (s string, ok bool) {
	if n := len(raw); n > 1 && raw[0] == '"' && bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : n-1]), true
	}
	return s, len(raw) > 0 && raw[0] == '"' && json.Unmarshal(raw, &s) == nil
}

const contextV2 = "https://www.w3.org/ns/credentials/v2"

// The types of envelopes, and the media types that may stand in each: a token of
// Open Badges 3.0 is no vc+jwt but a plain JWT.
const (
	envelopedCredential   = "EnvelopedVerifiableCredential"
	envelopedPresentation = "EnvelopedVerifiablePresentation"
)

var media = map[string][]string{
	envelopedCredential:   {"application/vc+jwt", "application/jwt"},
	envelopedPresentation: {"application/vp+jwt"},
}

// tokenIn takes the token out of what a request holds at pointer: an envelope of
// that type, or the compact token alone.
func tokenIn(raw []byte, kind, pointer string) (string, *refusal) {
	if len(raw) > 0 && raw[0] == '"' {
		token, ok := text(raw)
		if !ok {
			return "", refuse("envelope", pointer)
		}
		return token, shape(token, pointer)
	}
	var e envelope
	if e.open(raw) != nil {
		return "", refuse("envelope", pointer)
	}
	id, ok := text(e.id)
	if !ok {
		return "", refuse("envelope", pointer)
	}
	if kinds := words(e.kind); len(kinds) != 1 || kinds[0] != kind {
		return "", refuse("envelope_type", pointer+"/type") // one with a proof in it, or another kind
	}
	if contexts := words(e.context); len(contexts) == 0 || contexts[0] != contextV2 {
		return "", refuse("envelope_context", pointer+"/@context")
	}
	data, isData := strings.CutPrefix(id, "data:")
	kindOf, token, found := strings.Cut(data, ",")
	if !isData || !found || !slices.Contains(media[kind], kindOf) {
		return "", refuse("envelope_media", pointer+"/id")
	}
	return token, shape(token, pointer+"/id")
}

// words reads a string, or a list of strings, as JSON-LD writes a set; nil for
// anything else.
func words(raw []byte) []string {
	if one, ok := text(raw); ok {
		return []string{one}
	}
	var many []string
	if json.Unmarshal(raw, &many) != nil {
		return nil
	}
	return many
}

// shape refuses what is no compact JWS of a size that anybody judges, before any
// of it is decoded.
func shape(token, pointer string) *refusal {
	switch {
	case len(token) > maxToken:
		return &refusal{http.StatusRequestEntityTooLarge, "token_too_large", pointer}
	case strings.Count(token, ".") != 2:
		return refuse("token_structure", pointer)
	}
	return nil
}

// options are those of the VC API that mean something here. It allows others:
// they are not asked about.
type options struct {
	Challenge string `json:"challenge"`
	Nonce     string `json:"nonce"`
	Domain    string `json:"domain"`
	Audience  string `json:"audience"`
}

// readOptions reads both names of each.
func readOptions(raw []byte) (challenge, domain string, bad *refusal) {
	if len(raw) == 0 {
		return "", "", nil
	}
	var o options
	if err := json.Unmarshal(raw, &o); err != nil {
		return "", "", refuse("options", "/options")
	}
	if o.Challenge != "" && o.Nonce != "" && o.Challenge != o.Nonce || o.Domain != "" && o.Audience != "" && o.Domain != o.Audience {
		return "", "", refuse("options", "/options")
	}
	challenge, domain = o.Challenge+o.Nonce, o.Domain+o.Audience
	if o.Challenge != "" {
		challenge = o.Challenge
	}
	if o.Domain != "" {
		domain = o.Domain
	}
	if len(challenge) > maxWord || len(domain) > maxWord {
		return "", "", refuse("options", "/options")
	}
	return challenge, domain, nil
}
