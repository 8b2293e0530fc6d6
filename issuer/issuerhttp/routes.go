package issuerhttp

import (
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
)

// Routes registers every route by its absolute path. HEAD is the business of
// whoever puts the router together.
func (a *API) Routes(r chi.Router) {
	r.With(httpkit.RateLimit(a.FeedbackPerHour, time.Hour)).
		Method("POST", "/api/v1/feedback", handler(a.addFeedback)) // an employer's, who has no key
	r.Group(func(r chi.Router) {
		r.Use(a.Authenticate)
		a.credentialRoutes(r)
		a.homeRoutes(r)
	})
	r.Group(func(r chi.Router) {
		r.Use(a.authenticateVC)
		r.Method("POST", "/credentials/issue", vcHandler(a.vcIssue))
		r.Method("POST", "/credentials/status", vcHandler(a.vcStatus))
	})
}

func (a *API) credentialRoutes(r chi.Router) {
	r.Method("POST", "/api/v1/credentials", handler(a.issue))
	r.Method("GET", "/api/v1/credentials", handler(a.credentials))
	r.Method("GET", "/api/v1/credentials/{id}", handler(a.credential))
	r.Method("GET", "/api/v1/credentials/{id}/pdf", handler(a.pdf))
	r.Method("POST", "/api/v1/credentials/{id}/revoke", a.changes(revoke))
	r.Method("POST", "/api/v1/credentials/{id}/suspend", a.changes(suspend))
	r.Method("POST", "/api/v1/credentials/{id}/reinstate", a.changes(reinstate))
	r.Method("POST", "/api/v1/credentials/{id}/reissue", a.changes(reissue))

	r.Method("GET", "/api/v1/proposals", handler(a.proposals))
	r.Method("GET", "/api/v1/proposals/{id}", a.proposal((*access.Service).Proposal))
	r.Method("POST", "/api/v1/proposals/{id}/approve", a.proposal((*access.Service).Approve))
	r.Method("POST", "/api/v1/proposals/{id}/reject", a.proposal((*access.Service).Reject))
}

func (a *API) homeRoutes(r chi.Router) {
	r.Method("GET", "/api/v1/templates", handler(a.templates))
	r.Method("POST", "/api/v1/templates", handler(a.addTemplate))
	r.Method("GET", "/api/v1/templates/{name}", handler(a.template))

	r.Method("GET", "/api/v1/issuers", handler(a.issuers))
	r.Method("POST", "/api/v1/issuers", handler(a.addIssuer))
	r.Method("GET", "/api/v1/issuers/{name}", handler(a.issuer))

	r.Method("GET", "/api/v1/keys", handler(a.keys))
	r.Method("POST", "/api/v1/keys/rotate", handler(a.rotateKey))
	r.Method("POST", "/api/v1/keys/retire", a.endKey((*issuer.Issuer).RetireKey))
	r.Method("POST", "/api/v1/keys/compromise", a.endKey((*issuer.Issuer).CompromiseKey))

	r.Method("GET", "/api/v1/people", handler(a.people))
	r.Method("GET", "/api/v1/people/{id}", handler(a.person))
	r.Method("DELETE", "/api/v1/people/{id}", handler(a.erase))

	r.Method("GET", "/api/v1/audit", handler(a.audit))
	r.Method("GET", "/api/v1/audit/verify", handler(a.verifyAudit))
	r.Method("GET", "/api/v1/feedback.csv", handler(a.feedbackCSV))
}
