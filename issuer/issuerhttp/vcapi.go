package issuerhttp

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/strictjson"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
)

// The issuing half of the VC API (W3C CCG draft): POST /credentials/issue and
// POST /credentials/status. GET /credentials/{id} is a holder service's and not
// here.

// vcProblem starts the types of problems that the data model names (VCDM 2.0,
// section 7.5, Problem Details).
const vcProblem = "https://www.w3.org/TR/vc-data-model#"

// authenticateVC is Authenticate, unless the configuration lets whoever comes
// without a key sign as one body.
func (a *API) authenticateVC(next http.Handler) http.Handler {
	known := a.Authenticate(next)
	if !a.VC.OpenUnsafe {
		return known
	}
	anybody := access.Principal{
		ID: "anybody", Actor: "vc-api", ViaKey: true,
		Grants: []access.Grant{{Issuer: a.VC.Issuer, Role: access.Officer}},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != "" {
			known.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r.WithContext(access.With(r.Context(), anybody)))
	})
}

// vcHandler is a handler whose refusals speak as the VC API does: 400 where a
// credential may not be signed, with the data model's types of problems.
type vcHandler func(w http.ResponseWriter, r *http.Request) error

func (h vcHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	err := h(w, r)
	if err == nil {
		return
	}
	p, _ := problemOf(httpkit.Language(r), err)
	kind := "MALFORMED_VALUE_ERROR"
	switch {
	case p.Code == "faults" && p.Status == http.StatusBadRequest, p.Code == httpkit.CodeBodyJSON:
		kind = "PARSING_ERROR"
	case p.Code == "faults", p.Code == httpkit.CodeBodyMismatch, p.Code == httpkit.CodeBodyUnknown:
	default:
		WriteError(w, r, err)
		return
	}
	p.Status, p.Type = http.StatusBadRequest, vcProblem+kind
	httpkit.WriteProblem(w, r, p)
}

// vcIssueBody is the request of POST /credentials/issue. The member issuer of
// its options is ours: the name of the body that signs.
type vcIssueBody struct {
	Credential json.RawMessage `json:"credential"`
	Options    struct {
		Issuer       string   `json:"issuer"`
		CredentialID string   `json:"credentialId"`
		Mandatory    []string `json:"mandatoryPointers"` // of selective disclosure: a JWT discloses all
	} `json:"options"`
}

// vcHead is what we look at in a credential before it is judged.
type vcHead struct {
	ID     string          `json:"id"`
	Issuer json.RawMessage `json:"issuer"`
}

// vcIssue signs a client's own document and answers with it in its envelope.
func (a *API) vcIssue(w http.ResponseWriter, r *http.Request) error {
	var b vcIssueBody
	ctx, err := a.act(w, r, &b)
	if err != nil {
		return err
	}
	if len(b.Credential) == 0 || b.Credential[0] != '{' {
		return fault("json", "/credential")
	}
	var head vcHead
	if strictjson.Unmarshal(b.Credential, &head) != nil {
		return fault("json", "/credential")
	}
	if b.Options.CredentialID != "" && b.Options.CredentialID != head.ID {
		return refuse("vc_credential_id")
	}
	p := principal(r)
	name, err := a.vcIssuer(r, p, b.Options.Issuer, issuerID(head.Issuer))
	if err != nil {
		return err
	}
	if err := p.May(access.ActIssue, name); err != nil {
		return hidden(err, "issuer_unknown", "issuer", name)
	}
	row, err := a.Issuer.IssueRaw(ctx, p.Actor, issuer.RawOffer{Issuer: name, Document: b.Credential})
	if err != nil {
		return under("/credential", err)
	}
	markReplayed(w, row.Repeated)
	httpkit.WriteJSON(w, http.StatusCreated, map[string]any{"verifiableCredential": enveloped(row.Token)})
	return nil
}

// issuerID is the id of a credential's issuer member, a URL or an object.
func issuerID(member json.RawMessage) string {
	var id string
	var object struct {
		ID string `json:"id"`
	}
	if strictjson.Unmarshal(member, &id) != nil && strictjson.Unmarshal(member, &object) == nil {
		id = object.ID
	}
	return id
}

// vcIssuer finds the body that is to sign: the one that the options name, the
// one whose DID the credential bears, the configured one, or the only one that
// the principal issues for.
func (a *API) vcIssuer(r *http.Request, p access.Principal, name, did string) (string, error) {
	if name != "" {
		return name, nil
	}
	names, all := p.Issuers(access.ActIssue)
	if did != "" {
		bodies, err := a.Issuer.Bodies(r.Context())
		if err != nil {
			return "", err
		}
		for _, b := range bodies {
			if b.DID == did && (all || slices.Contains(names, b.Name)) {
				return b.Name, nil
			}
		}
	}
	switch {
	case a.VC.Issuer != "" && p.May(access.ActIssue, a.VC.Issuer) == nil:
		return a.VC.Issuer, nil
	case len(names) == 1:
		return names[0], nil
	case len(names) == 0 && !all:
		return "", access.ErrForbidden
	}
	return "", refuse("vc_issuer")
}

// enveloped is a token as an EnvelopedVerifiableCredential (VCDM 2.0, section
// 4.13): a JWT needs no base64 around it.
func enveloped(token string) any {
	return struct {
		Context []string `json:"@context"`
		ID      string   `json:"id"`
		Type    string   `json:"type"`
	}{[]string{"https://www.w3.org/ns/credentials/v2"}, "data:application/vc+jwt," + token, "EnvelopedVerifiableCredential"}
}
