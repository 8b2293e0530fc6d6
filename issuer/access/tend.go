package access

import (
	"context"
	"errors"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// Tend is the housekeeping that a server does now and then: it finishes the
// proposals whose approver was interrupted and takes out what has ended: sessions,
// invitations and, after 30 days, proposals.
func (s *Service) Tend(ctx context.Context) error {
	return errors.Join(s.finishTaken(ctx), s.sweep(ctx))
}

func (s *Service) finishTaken(ctx context.Context) error {
	now := s.now()
	late := func(o Proposal) bool { return o.State == StateTaken && !now.Before(o.DecidedAt.Add(lease)) }
	list, err := view(ctx, s, func(tx issuer.Tx) ([]Proposal, error) { return waiting(tx, late) })
	for _, o := range list {
		_, failed := s.carryOut(ctx, o)
		if refusal(failed) == "" { // a refusal is noted in the proposal
			err = errors.Join(err, failed)
		}
	}
	return err
}

// sweep writes nothing when there is nothing to take out. What has ended never
// begins again, so that it is looked for beside the one writer.
func (s *Service) sweep(ctx context.Context) error {
	now := s.now()
	old, err := view(ctx, s, func(tx issuer.Tx) (map[issuer.RecordKind][]string, error) {
		sessions, err1 := keysOf(tx, issuer.RecordSession, func(r sessionRecord) bool { return !r.good(now) })
		invites, err2 := keysOf(tx, issuer.RecordInvite, func(r inviteRecord) bool { return !now.Before(r.ExpiresAt) })
		proposals, err3 := keysOf(tx, issuer.RecordProposal, func(o Proposal) bool { return o.State != StateTaken && !now.Before(o.ExpiresAt) })
		return map[issuer.RecordKind][]string{
			issuer.RecordSession: sessions, issuer.RecordInvite: invites, issuer.RecordProposal: proposals,
		}, errors.Join(err1, err2, err3)
	})
	if err != nil || len(old[issuer.RecordSession])+len(old[issuer.RecordInvite])+len(old[issuer.RecordProposal]) == 0 {
		return err
	}
	return s.store.Update(ctx, func(tx issuer.Tx) (err error) {
		for kind, keys := range old {
			for _, key := range keys {
				err = errors.Join(err, tx.DeleteRecord(kind, key))
			}
		}
		return err
	})
}

// Eraser takes a person out of the proposals: one that names them, or is about a
// credential of theirs, is rejected with the code "person_erased", whole, since
// nobody may be asked to approve another list than was prepared.
func Eraser() issuer.Eraser {
	return func(_ context.Context, tx issuer.Tx, p issuer.Person) error {
		names, rows, err := knownAs(tx, p)
		if err != nil {
			return err
		}
		list, err := waiting(tx, func(o Proposal) bool { return o.Draft.Issuer == p.Issuer && o.Draft.concerns(names, rows) })
		if err != nil {
			return err
		}
		for _, o := range list {
			o.Code = "person_erased"
			o.close(StateRejected)
			if err := putProposal(tx, o); err != nil {
				return err
			}
		}
		return nil
	}
}

// knownAs returns the plain names of a person and the ids of their credentials.
func knownAs(tx issuer.Tx, p issuer.Person) (names, rows map[string]bool, err error) {
	called, ids, err := issuer.KnownAs(tx, p)
	names, rows = map[string]bool{}, map[string]bool{}
	for _, name := range called {
		names[plain(name)] = true
	}
	for _, id := range ids {
		rows[id] = true
	}
	delete(names, "")
	return names, rows, err
}

// concerns tells whether a draft says anything of somebody.
func (d Draft) concerns(names, rows map[string]bool) bool {
	learners := d.Learners
	if d.Learner != nil {
		learners = append(learners[:len(learners):len(learners)], *d.Learner)
	}
	if c, err := schema.ParseCredential(d.Document); err == nil {
		learners = append(learners[:len(learners):len(learners)], c.Learner())
	}
	for _, l := range learners {
		if names[plain(nameOf(l))] {
			return true
		}
	}
	return rows[d.Credential]
}

func nameOf(l schema.Learner) string {
	if l.Name != "" {
		return l.Name
	}
	return l.GivenName + " " + l.FamilyName
}

// plain is a name without its case, spaces and forms of writing.
func plain(name string) string {
	return norm.NFC.String(strings.ToLower(norm.NFC.String(strings.Join(strings.Fields(name), " "))))
}
