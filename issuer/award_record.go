package issuer

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/schema"
)

// definitionIn reads a signed definition that was verified before.
func definitionIn(token string) (*schema.PassportDefinition, error) {
	c, err := credentialIn(token)
	if err != nil {
		return nil, refuse("award_definition").because(err)
	}
	d, ok := c.Definition()
	if !ok {
		return nil, refuse("award_definition")
	}
	return d, nil
}

func credentialIn(token string) (*schema.Credential, error) {
	_, payload, err := jose.ParseUnverified(token)
	if err != nil {
		return nil, err
	}
	return schema.ParseCredential(payload)
}

// recordOf is what the register keeps of an award: the components, and for each
// the credential that would take its place.
func recordOf(d *schema.PassportDefinition, p schema.Progress, who *schema.Credential, held []schema.Held, pieces []Piece) (Composite, error) {
	c := Composite{Definition: d.ID, Version: d.Version, Need: p.Need}
	tokens := tokensOf(pieces)
	add := func(one schema.Component, spare bool) error {
		component, err := componentOf(tokens[one.ID], one.Requirement)
		component.Spare = spare
		c.Components = append(c.Components, component)
		return err
	}
	for _, one := range p.Met {
		if err := add(one, false); err != nil {
			return c, err
		}
	}
	for _, one := range p.Met {
		if s, ok := spareFor(d, one, who, held); ok {
			if err := add(s, true); err != nil {
				return c, err
			}
		}
	}
	return c, nil
}

// tokensOf gives the token of each good credential by its id. Of two tokens with
// one id it is the one that Progress counts, or the lists of another would be
// asked about it later.
func tokensOf(pieces []Piece) map[string]string {
	counted, tokens := map[string]*schema.Credential{}, map[string]string{}
	for _, p := range pieces {
		if !p.Good || p.Credential == nil {
			continue
		}
		c := p.Credential
		if known := counted[c.ID]; known != nil && cmp.Or(known.ValidFrom.Compare(c.ValidFrom), strings.Compare(string(c.Raw), string(known.Raw))) >= 0 {
			continue
		}
		counted[c.ID], tokens[c.ID] = c, p.Token
	}
	return tokens
}

// spareFor finds what would meet the requirement of a component if that one
// were not there, with everything else still met.
func spareFor(d *schema.PassportDefinition, one schema.Component, who *schema.Credential, held []schema.Held) (schema.Component, bool) {
	without := slices.DeleteFunc(slices.Clone(held), func(h schema.Held) bool { return h.Credential != nil && h.Credential.ID == one.ID })
	p := d.ProgressOf(who, without)
	if !p.Complete {
		return schema.Component{}, false
	}
	for _, s := range p.Met {
		if s.Requirement == one.Requirement {
			return s, true
		}
	}
	return schema.Component{}, false
}

// componentOf reads what the register keeps of a component out of its token.
func componentOf(token, requirement string) (c Component, err error) {
	header, payload, err := jose.ParseUnverified(token)
	if err != nil {
		return c, fmt.Errorf("read component: %w", err)
	}
	sum, err := jose.AcceptedSum(header, token)
	if err != nil {
		return c, fmt.Errorf("read component: %w", err)
	}
	doc, err := schema.ParseCredential(payload)
	if err != nil {
		return c, fmt.Errorf("read component: %w", err)
	}
	c = Component{
		ID: doc.ID, Requirement: requirement, Issuer: doc.Issuer.ID,
		KeyID: header.Kid, Digest: [16]byte(sum[:16]), ValidFrom: doc.ValidFrom,
	}
	for _, s := range doc.Status {
		c.Status = append(c.Status, StatusPlace{Purpose: s.Purpose, List: s.ListURL, Index: s.Index})
	}
	return c, nil
}

// met are the credentials that a record names.
func met(c Composite, pieces []Piece) (all []*schema.Credential) {
	for _, p := range pieces {
		if p.Good && p.Credential != nil && c.Names(p.Credential.ID) {
			all = append(all, p.Credential)
		}
	}
	return all
}

// named are the components as the composite itself names them.
func (c Composite) named() (all []schema.Component) {
	for _, p := range c.Components {
		if !p.Spare {
			all = append(all, schema.Component{ID: p.ID, Requirement: p.Requirement})
		}
	}
	return all
}

// awardKey makes the same award the same credential: who awards what to whom
// for which components. An award that has ended leaves the way free for a new
// one, under a key of its own.
func awardKey(tx Tx, d draft) (string, error) {
	parts := []string{d.Issuer, d.award.record.Definition, d.award.record.Version, string(d.Profile), d.Learner.Holder, fullName(d.Learner), d.Learner.BirthDate, d.Learner.DocumentNumber}
	for _, c := range d.award.record.named() {
		parts = append(parts, c.ID, c.Requirement)
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	key := "award " + base64.RawURLEncoding.EncodeToString(sum[:])
	for {
		row, err := tx.IssuanceByKey(key)
		for err == nil && row.SupersededBy != "" {
			row, err = tx.Issuance(row.SupersededBy)
		}
		switch {
		case errors.Is(err, ErrNotFound):
			return key, nil
		case err != nil:
			return "", err
		case !row.Ended():
			return key, nil
		}
		sum = sha256.Sum256([]byte(key + " after " + row.ID))
		key = "award " + base64.RawURLEncoding.EncodeToString(sum[:])
	}
}

// composeAward takes the index of a composite and writes its document. The
// components of this home are held against the register once more, in the
// transaction: one that ended after it was judged counts no more.
func (a *act) composeAward(d draft, s *shelf) (row Issuance, err error) {
	if d.replaces == "" { // what was awarded before is made again, whatever became of its definition
		if err := inForce(a.Tx, d.award.definition, d.award.token); err != nil {
			return row, err
		}
	}
	if err := a.ownComponents(&d.award.record); err != nil {
		return row, err
	}
	row = Issuance{
		ID: newID(), Issuer: d.Issuer, Template: d.Template,
		IdempotencyKey: d.IdempotencyKey, KeyID: d.desk.key.KID, Profile: d.Profile, Supersedes: d.replaces,
		State: StatePending, CreatedAt: a.at, ChangedAt: a.at,
	}
	if row.StatusList, row.StatusIndex, err = s.take(statuslist.PurposeRevocation); err != nil {
		return row, err
	}
	learner := numbered(d.Learner, row.ID)
	row.DocumentNumber, row.LearnerName = learner.DocumentNumber, fullName(learner)
	row.Payload, err = schema.ComposePassport(d.award.definition, d.award.record.named(), schema.Particulars{
		ID: row.ID, Issuer: d.desk.issuer.profile(), Learner: learner, ValidFrom: a.day(),
		StatusListURL: row.StatusList, StatusIndex: int(row.StatusIndex), Supersedes: d.replaces,
	})
	if err != nil {
		return row, err
	}
	if row.Payload, err = d.Profile.complete(row.Payload); err != nil {
		return row, err
	}
	row.PayloadHash = sha256.Sum256(row.Payload)
	return row, nil
}

// putAward writes what a new composite is made of.
func (a *act) putAward(d draft, row Issuance) error {
	if err := a.keepDefinition(d.award.definition, d.award.token); err != nil {
		return err
	}
	record := d.award.record
	record.ID = row.ID
	if err := a.PutComposite(record); err != nil {
		return err
	}
	return a.log("composite.components", row.ID, fmt.Sprintf("%d by %s %s", len(record.named()), record.Definition, record.Version))
}

// ownComponents marks the components whose rows are in this register. A spare
// one that has ended is left out, one that the composite would name refuses it.
func (a *act) ownComponents(c *Composite) error {
	kept := make([]Component, 0, len(c.Components))
	for _, p := range c.Components {
		row, err := a.Issuance(p.ID)
		if errors.Is(err, ErrNotFound) {
			kept = append(kept, p)
			continue
		}
		if err != nil {
			return err
		}
		// Another body may use the id of a credential of ours; by its token it is
		// told from that.
		if own, err := componentOf(row.Token, p.Requirement); row.Token == "" || err != nil || own.Digest != p.Digest {
			kept = append(kept, p)
			continue
		}
		p.Own = true
		if row.State == StateIssued {
			kept = append(kept, p)
		} else if !p.Spare {
			return refuse("award_component_ended", "id", p.ID, "state", string(row.State))
		}
	}
	c.Components = kept
	return nil
}
