package issuervci

import (
	"net/http"

	"github.com/employment-passport/passport/internal/oid4vci"
	"github.com/employment-passport/passport/issuer"
)

// token is the token endpoint (section 6).
func (s *Service) token(w http.ResponseWriter, r *http.Request, body issuer.IssuerRecord) error {
	form, err := readForm(w, r)
	if err != nil {
		return err
	}
	q, err := oid4vci.ParseTokenRequest(form)
	if err != nil {
		return err
	}
	token, err := s.offers.redeem(r.Context(), body.Name, q)
	if err != nil {
		return err
	}
	w.Header().Set("Pragma", "no-cache") // RFC 6749 section 5.1
	write(w, http.StatusOK, token)
	return nil
}

// bearer is the access token of a request and the offer that it was given for.
// It is looked at before the body is read, and again in the transaction that
// counts.
func (s *Service) bearer(r *http.Request, body issuer.IssuerRecord) (string, *record, error) {
	token, err := bearerOf(r)
	if err != nil {
		return "", nil, err
	}
	offer, err := s.offers.bearer(r.Context(), body.Name, token)
	return token, offer, err
}

// credential is the credential endpoint (section 8).
func (s *Service) credential(w http.ResponseWriter, r *http.Request, body issuer.IssuerRecord) error {
	token, offer, err := s.bearer(r, body)
	if err != nil {
		return err
	}
	data, err := readJSON(w, r, oid4vci.CodeInvalidCredential)
	if err != nil {
		return err
	}
	q, err := oid4vci.ParseCredentialRequest(data, batchSize)
	if err != nil {
		return err
	}
	item, err := offer.asked(q)
	if err != nil {
		return err
	}
	holders, err := prove(r.Context(), q.Proofs.JWT, oid4vci.Expected{
		Issuer: s.offers.Identifier(body.Name), Client: offer.Client, Now: s.offers.now(),
	}, s.nonces)
	if err != nil {
		return err
	}
	answer, err := s.offers.claim(r.Context(), body.Name, claim{token: token, item: item, holders: holders})
	return writeCredentials(w, answer, err)
}

// asked is the name of the item that a request is for: by an identifier where the
// token response named some, and only there (section 8.2).
func (r *record) asked(q *oid4vci.CredentialRequest) (string, error) {
	for _, i := range r.Items {
		if i.Identifier == q.Identifier && (q.Identifier != "" || i.Template == q.Configuration) {
			return i.name(), nil
		}
	}
	if q.Identifier != "" {
		return "", &oid4vci.Error{Code: oid4vci.CodeUnknownIdentifier, Description: "no such credential_identifier was given"}
	}
	return "", &oid4vci.Error{Code: oid4vci.CodeUnknownConfiguration, Description: "not in this offer, or to be asked for by its credential_identifier"}
}

// deferred is the deferred credential endpoint (section 9).
func (s *Service) deferred(w http.ResponseWriter, r *http.Request, body issuer.IssuerRecord) error {
	token, _, err := s.bearer(r, body)
	if err != nil {
		return err
	}
	data, err := readJSON(w, r, oid4vci.CodeInvalidCredential)
	if err != nil {
		return err
	}
	q, err := oid4vci.ParseDeferredRequest(data)
	if err != nil {
		return err
	}
	answer, err := s.offers.collect(r.Context(), body.Name, token, q.TransactionID)
	return writeCredentials(w, answer, err)
}

func writeCredentials(w http.ResponseWriter, answer *oid4vci.CredentialResponse, err error) error {
	if err != nil {
		return err
	}
	status := http.StatusOK
	if answer.TransactionID != "" {
		status = http.StatusAccepted
	}
	write(w, status, answer)
	return nil
}

// notification is the notification endpoint (section 11).
func (s *Service) notification(w http.ResponseWriter, r *http.Request, body issuer.IssuerRecord) error {
	token, _, err := s.bearer(r, body)
	if err != nil {
		return err
	}
	data, err := readJSON(w, r, oid4vci.CodeInvalidNotificationBody)
	if err != nil {
		return err
	}
	n, err := oid4vci.ParseNotification(data)
	if err != nil {
		return err
	}
	if err := s.offers.notify(r.Context(), body.Name, token, n); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
	return nil
}
