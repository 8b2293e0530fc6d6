package verifier

import (
	"context"
	"errors"
	"time"

	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/schema"
)

// The entries that we understand (Bitstring Status List 2.1).
const (
	entryType         = "BitstringStatusListEntry"
	purposeRevocation = statuslist.PurposeRevocation
	purposeSuspension = statuslist.PurposeSuspension
)

// finding is what one status entry says.
type finding struct {
	purpose string
	set     bool
	asOf    time.Time // when its issuer signed it; zero when unknown
	later   time.Time // of a list that sets the bit after an explicit moment of judging; zero: none
	ahead   bool      // asOf is after that moment
	open    *problem  // why it says nothing, or nothing any more
}

// maxEntries bounds the lists that one credential makes a verifier read.
const maxEntries = 4

// status asks every entry, then the stapled assertion, and lets combine weigh
// them.
func (p *part) status(ctx context.Context) {
	if len(p.doc.Status) == 0 {
		p.undecided(CodeStatusMissing)
	}
	v := voice{issuer: p.doc.Issuer.ID, delegate: p.delegate(ctx)}
	findings := make([]finding, 0, 2)
	for i, entry := range p.doc.Status {
		if i == maxEntries {
			findings = append(findings, finding{open: undecided(CodeStatusUnsupported)})
			break
		}
		findings = append(findings, p.ask(ctx, entry, v))
	}
	said, later := p.assertion(ctx, v)
	if !later.IsZero() {
		findings = append(findings, finding{later: later})
	}
	p.combine(findings, said)
}

// delegate is who else may sign the status lists of an issuer that has closed,
// by the authority's word.
func (p *part) delegate(ctx context.Context) string {
	if !p.known {
		return ""
	}
	entity, err := p.v.cfg.Recognition.Entity(ctx, p.doc.Issuer.ID)
	if err != nil || entity.State != schema.EntityClosed {
		return ""
	}
	return entity.StatusDelegate
}

// ask reads the bit of one entry (Bitstring Status List 3.2).
func (p *part) ask(ctx context.Context, entry schema.StatusEntry, v voice) finding {
	f := finding{purpose: entry.Purpose}
	index, unusable := position(entry)
	if unusable != nil {
		f.open = unusable
		return f
	}
	c, why := p.lists(ctx, entry.ListURL, v)
	given := c.given
	c = c.heard(v)
	if len(c.given) == 0 && len(given) > 0 {
		why = foreign(entry.ListURL, v, given)
	}
	f.read(p, c, why, statuslist.Entry{Purpose: entry.Purpose, ListURL: entry.ListURL, Index: index})
	return f
}

// position reads where in its list an entry points, or says why no list need be
// asked.
func position(entry schema.StatusEntry) (int, *problem) {
	if entry.Type != entryType || entry.Purpose != purposeRevocation && entry.Purpose != purposeSuspension {
		return 0, undecided(CodeStatusUnsupported)
	}
	index, err := statuslist.ParseIndex(entry.Index)
	if err != nil || entry.Size != 1 {
		return 0, failed(CodeStatusIndex)
	}
	return index, nil
}

// read takes the answer of an entry from the lists at hand: a revocation of any
// of them, else the word of the newest that was given (D10).
func (f *finding) read(p *part, c copies, why *problem, e statuslist.Entry) {
	limit := p.at.Add(p.v.policy.Skew)
	answers := newest(c.given, limit)
	for _, l := range append(c.seen, c.given...) {
		value, err := l.list.Status(e)
		switch {
		case err != nil || value == 0:
		case p.past(l.date()):
			f.later = latest(f.later, l.date())
		case f.purpose == purposeRevocation:
			f.set, f.asOf = true, latest(f.asOf, l.date())
		default:
			f.set = f.set || l == answers
		}
	}
	if f.purpose == purposeRevocation && f.set {
		return
	}
	if answers == nil {
		f.open = why
		return
	}
	if _, err := answers.list.Status(e); err != nil {
		f.open = listProblem(err)
		return
	}
	f.asOf, f.ahead = answers.date(), p.past(answers.date())
	f.open = p.outOfTime(answers)
	if last := newest(c.seen, limit); f.open == nil && last != nil && last.date().After(f.asOf) && !last.date().After(limit) {
		f.open, f.asOf = undecided(CodeStatusRollback), time.Time{}
	}
}

// past tells whether a date lies after an explicit moment of judging: what was
// signed then says nothing for sure of what held before.
func (s *session) past(t time.Time) bool {
	return !s.v.cfg.At.IsZero() && t.After(s.at.Add(s.v.policy.Skew))
}

// outOfTime: a list past its end or dated ahead says nothing of today (D09);
// a revocation in it counts all the same. Where nobody chose the moment, the
// device's clock is behind.
func (p *part) outOfTime(l *verifiedList) *problem {
	switch {
	case l.list.ValidFrom.After(p.at.Add(p.v.policy.Skew)) && p.v.cfg.At.IsZero():
		return undecided(CodeStatusStale).in("behind")
	case l.list.ValidFrom.After(p.at.Add(p.v.policy.Skew)):
		return undecided(CodeStatusStale).in("ahead")
	case l.ended(p.at, p.v.policy.Skew):
		return undecided(CodeStatusStale)
	}
	return nil
}

// listProblem: an index outside the list or a statusSize that cannot be is the
// credential's fault; everything else is the list's and leaves it open.
func listProblem(err error) *problem {
	var e *statuslist.Error
	if !errors.As(err, &e) {
		return undecided(CodeStatusInvalid)
	}
	switch e.Code {
	case statuslist.CodeRange, statuslist.CodeMalformed:
		return failed(CodeStatusIndex)
	case statuslist.CodeLength:
		return undecided(CodeStatusLength)
	case statuslist.CodeSize:
		return undecided(CodeStatusInvalid).in("size")
	case statuslist.CodePurpose:
		return undecided(CodeStatusInvalid).in("purpose")
	}
	return undecided(CodeStatusInvalid)
}
