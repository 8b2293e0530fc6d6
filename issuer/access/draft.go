package access

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// Kind is what a proposal would do.
type Kind string

// The kinds of proposals.
const (
	KindIssue     Kind = "issue"
	KindRevoke    Kind = "revoke"
	KindSuspend   Kind = "suspend"
	KindReinstate Kind = "reinstate"
	KindReissue   Kind = "reissue"
	KindDocument  Kind = "document" // a whole credential of the body's own, as Issuer.IssueRaw takes it
)

// Draft is an act to be proposed for an issuer. Which other members it takes
// depends on the kind.
type Draft struct {
	Kind   Kind   `json:"kind"`
	Issuer string `json:"issuer"` // name of the IssuerRecord

	Template string           `json:"template,omitempty"` // issue
	Learners []schema.Learner `json:"learners,omitempty"` // issue: 1 to MaxLearners
	Keys     []string         `json:"keys,omitempty"`     // issue: idempotency keys; none, or one for each learner, which may be empty
	Document json.RawMessage  `json:"document,omitempty"` // document
	Profile  issuer.Profile   `json:"profile,omitempty"`  // issue, reissue, document

	Credential string          `json:"credential,omitempty"` // all others: as Issuer.Find takes it
	Learner    *schema.Learner `json:"learner,omitempty"`    // reissue; nil keeps the particulars
	Seen       issuer.SeenID   `json:"seen,omitempty"`       // reissue of what was lost: which identity document was seen
	Reason     schema.Reason   `json:"reason,omitempty"`     // revoke, suspend
	Note       string          `json:"note,omitempty"`       // revoke, suspend
	Until      time.Time       `json:"until,omitzero"`       // suspend; zero is open
}

// MaxLearners is how many credentials one proposal may ask for: as many as a
// person can look through before approving.
const MaxLearners = 500

// offers are what the draft would issue. A learner without a key has one of the
// proposal, so that one that was interrupted is finished and never
// begun anew.
func (d Draft) offers(proposal string) []issuer.Offer {
	offers := make([]issuer.Offer, len(d.Learners))
	for n, l := range d.Learners {
		offers[n] = issuer.Offer{Issuer: d.Issuer, Template: d.Template, Learner: l, Profile: d.Profile}
		offers[n].IdempotencyKey = "proposal " + proposal + " " + strconv.Itoa(n)
		if len(d.Keys) > 0 && d.Keys[n] != "" {
			offers[n].IdempotencyKey = d.Keys[n]
		}
	}
	return offers
}

// check refuses what would be refused when it is approved, as far as that can be
// known today, and puts the id of the credential in the place of what means it.
func (s *Service) check(ctx context.Context, d *Draft) error {
	if _, err := s.issuer.Body(ctx, d.Issuer); err != nil {
		return err
	}
	if d.Kind == KindDocument {
		if len(d.Document) == 0 || d.about() || len(d.Learners) > 0 || d.Template != "" {
			return refuse("proposal_form", "kind", string(d.Kind))
		}
		return s.issuer.CheckRaw(ctx, d.raw())
	}
	if d.Kind == KindIssue {
		switch {
		case d.about() || len(d.Document) > 0:
			return refuse("proposal_form", "kind", string(d.Kind))
		case len(d.Learners) == 0 || len(d.Learners) > MaxLearners:
			return refuse("proposal_learners", "count", strconv.Itoa(len(d.Learners)), "max", strconv.Itoa(MaxLearners))
		case len(d.Keys) > 0 && len(d.Keys) != len(d.Learners):
			return refuse("proposal_form", "kind", string(d.Kind))
		}
		err := s.checkOffers(ctx, d.offers(""))
		var of *issuer.OfferError
		if len(d.Learners) == 1 && errors.As(err, &of) {
			return of.Err
		}
		return err
	}
	switch {
	case !slices.Contains([]Kind{KindRevoke, KindSuspend, KindReinstate, KindReissue}, d.Kind),
		d.Template != "" || len(d.Learners) > 0 || len(d.Keys) > 0 || len(d.Document) > 0,
		d.Kind != KindReissue && (d.Learner != nil || d.Seen != ""),
		d.Kind != KindSuspend && !d.Until.IsZero():
		return refuse("proposal_form", "kind", string(d.Kind))
	case d.Kind == KindRevoke && !d.Reason.Revokes(), d.Kind == KindSuspend && !d.Reason.Suspends():
		return refuse("reason_unknown", "reason", string(d.Reason), "known", knownReasons(d.Kind))
	}
	row, err := s.issuer.Find(ctx, d.Credential)
	if err == nil && row.Issuer != d.Issuer {
		err = refuse("credential_unknown", "ref", d.Credential)
	}
	d.Credential = row.ID
	return err
}

// checkOffers refuses what the issuer would; a repeated request gets the answer
// that there was, whatever has been issued since.
func (s *Service) checkOffers(ctx context.Context, offers []issuer.Offer) error {
	if err := s.issuer.Check(ctx, offers); err != nil {
		return err
	}
	if id, err := s.issuer.RequestedID(ctx); err != nil || id != "" {
		return err
	}
	if err := s.checkNumbers(ctx, offers); err != nil {
		return err
	}
	return s.somethingNew(ctx, offers)
}

// checkNumbers refuses offers whose document number stands in their way: it is
// another person's, or that of a credential that was revoked.
func (s *Service) checkNumbers(ctx context.Context, offers []issuer.Offer) error {
	for n, o := range offers {
		if _, err := s.issuer.Numbered(ctx, o); err != nil {
			return &issuer.OfferError{Offer: n, Err: err}
		}
	}
	return nil
}

// somethingNew refuses what has been issued altogether, so that nobody is asked
// to approve it once more. Of a class some may have theirs already.
func (s *Service) somethingNew(ctx context.Context, offers []issuer.Offer) error {
	var row *issuer.Issuance
	for _, o := range offers {
		var err error
		if row, err = s.issuer.Numbered(ctx, o); err != nil || row == nil {
			return err
		}
	}
	return &issuer.OfferError{Err: refuse("number_taken", "number", row.DocumentNumber, "id", row.ID)}
}

func knownReasons(k Kind) string {
	if k == KindSuspend {
		return string(schema.Disputed)
	}
	var words []string
	for _, r := range schema.RevocationReasons() {
		words = append(words, string(r))
	}
	return strings.Join(words, ", ")
}

// about tells whether the draft says what an act on one credential needs.
func (d Draft) about() bool {
	return d.Credential != "" || d.Learner != nil || d.Seen != "" || d.Reason != "" || d.Note != "" || !d.Until.IsZero()
}

// raw is the document that the draft would sign.
func (d Draft) raw() issuer.RawOffer {
	return issuer.RawOffer{Issuer: d.Issuer, Document: d.Document, Profile: d.Profile}
}

// template is the one that the draft would sign from, or that what it would end
// was signed from; the zero record where there is none.
func (d Draft) template(tx issuer.Tx) (t issuer.TemplateRecord, err error) {
	name := d.Template
	if d.Credential != "" {
		row, err := tx.Issuance(d.Credential)
		if err != nil {
			return t, err
		}
		name = row.Template
	}
	if name == "" {
		return t, nil
	}
	t, err = tx.Template(name)
	if errors.Is(err, issuer.ErrNotFound) {
		return issuer.TemplateRecord{}, nil // of a composite, which has a definition
	}
	return t, err
}

// stripped is the draft without what it says of people.
func (d Draft) stripped() Draft {
	return Draft{Kind: d.Kind, Issuer: d.Issuer, Template: d.Template, Profile: d.Profile, Credential: d.Credential, Reason: d.Reason, Seen: d.Seen, Until: d.Until}
}
