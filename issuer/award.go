package issuer

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/employment-passport/passport/schema"
)

// Piece is a credential that somebody brings towards a composite.
type Piece struct {
	Token      string
	Credential *schema.Credential // read from Token
	Good       bool               // the caller has had it judged today and found it valid
}

// AwardOffer is a composite to be awarded.
type AwardOffer struct {
	Issuer     string // name of the issuer
	Definition string // token of the signed definition, which the caller has verified
	Learner    schema.Learner
	Pieces     []Piece
	Profile    Profile // how the token is made; the zero value is vc+jwt
}

// IncompleteError says what a composite still lacks. It is the cause of the
// refusal "award_incomplete".
type IncompleteError struct {
	Have, Need int
	Missing    []schema.Requirement
}

func (e *IncompleteError) Error() string {
	refs := make([]string, len(e.Missing))
	for n, r := range e.Missing {
		refs[n] = r.Ref
	}
	return fmt.Sprintf("%d of %d, missing %s", e.Have, e.Need, strings.Join(refs, ", "))
}

// award is what a draft of a composite has besides its offer.
type award struct {
	definition *schema.PassportDefinition
	token      string // of the definition
	record     Composite
}

// Award signs the composite that a definition describes, for a person whose
// good pieces meet it. It goes the path of Issue, with Issue's promises; what
// the composite is made of is stored in the transaction that writes its row.
//
// It refuses with "award_incomplete", which wraps an *IncompleteError, when
// something is missing; with "award_other_person" when all that is brought is
// another person's; with "award_other_name" when what is missing stands under
// the same key and another name; with "award_component_ended" when a component of this home has
// ended since it was judged; with "definition_withdrawn" when the definition is
// this home's and has been withdrawn; with "definition_taken" when another
// definition is known here by its id and version. The same award asked for twice is the same
// credential, marked Repeated, for as long as it stands.
func (i *Issuer) Award(ctx context.Context, by Actor, o AwardOffer) (*Issuance, error) {
	d, err := i.validateAward(ctx, o)
	if err != nil {
		return nil, err
	}
	return i.issueOne(ctx, by, d)
}

func (i *Issuer) validateAward(ctx context.Context, o AwardOffer) (d draft, err error) {
	if err := o.Profile.check(); err != nil {
		return d, err
	}
	definition, err := definitionIn(o.Definition)
	if err != nil {
		return d, err
	}
	if starts := definition.Starts(); day(i.now()).Before(starts) {
		return d, refuse("award_early", "date", starts.Format(time.DateOnly))
	}
	if faults := o.Profile.CheckLearner(o.Learner); len(faults) > 0 {
		return d, faults
	}
	who := personOf(o.Learner)
	pieces := piecesOf(who, o.Pieces, i.now())
	held := heldOf(pieces)
	progress := definition.ProgressOf(who, held)
	if !progress.Complete {
		return d, lacking(definition, progress, who, o.Pieces)
	}
	record, err := recordOf(definition, progress, who, held, pieces)
	if err != nil {
		return d, err
	}
	err = i.store.View(ctx, func(tx Tx) error {
		d, err = openAward(tx, o, definition, record)
		return err
	})
	if err != nil {
		return d, err
	}
	return d, samePerson(d, met(record, pieces), i.now())
}

// openAward makes the draft of a composite.
func openAward(tx Tx, o AwardOffer, definition *schema.PassportDefinition, record Composite) (d draft, err error) {
	if d.desk, err = openDesk(tx, o.Issuer, ""); err != nil {
		return d, err
	}
	if err := inForce(tx, definition, o.Definition); err != nil {
		return d, err
	}
	d.Offer = Offer{Issuer: o.Issuer, Template: definition.ID, Learner: o.Learner, Profile: o.Profile}
	d.award = &award{definition: definition, token: o.Definition, record: record}
	d.IdempotencyKey, err = awardKey(tx, d)
	return d, err
}

// incomplete is the refusal of what is not complete.
func incomplete(d *schema.PassportDefinition, p schema.Progress) error {
	cause := &IncompleteError{Have: p.Have, Need: p.Need, Missing: p.Missing}
	refs := make([]string, len(p.Missing))
	for n, r := range p.Missing {
		refs[n] = r.Ref + " " + d.In(r.Label, d.Language)
	}
	return refuse("award_incomplete", "have", fmt.Sprint(p.Have), "need", fmt.Sprint(p.Need), "missing", strings.Join(refs, "; ")).because(cause)
}

// samePerson refuses pieces of somebody else than the document will name. It
// composes the document once, so that what is wrong with the learner is told
// before anything is written.
func samePerson(d draft, pieces []*schema.Credential, now time.Time) error {
	if faults := d.Profile.CheckLearner(d.Learner); len(faults) > 0 {
		return faults
	}
	payload, err := schema.ComposePassport(d.award.definition, d.award.record.named(), schema.Particulars{
		ID: newID(), Issuer: d.desk.issuer.profile(), Learner: numbered(d.Learner, "urn:uuid:00000000"), ValidFrom: day(now),
		StatusListURL: d.desk.issuer.StatusBase + "/status/1",
	})
	if err != nil {
		return err
	}
	document, err := schema.ParseCredential(payload)
	if err != nil {
		return err
	}
	for _, c := range pieces {
		if !schema.SamePerson(document, c) {
			return refuse("award_other_person", "id", c.ID)
		}
		if !schema.SameName(document, c) {
			return refuse("award_other_name", "ids", c.ID)
		}
	}
	return nil
}

// numbered gives a learner without a document number one made of the id.
func numbered(l schema.Learner, id string) schema.Learner {
	if l.DocumentNumber == "" {
		l.DocumentNumber = "EP-" + strings.ToUpper(strings.TrimPrefix(id, "urn:uuid:")[:8])
	}
	return l
}
