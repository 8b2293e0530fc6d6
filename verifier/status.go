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
	open    *problem  // why it says nothing, or nothing any more
}

// status asks every entry, then the stapled assertion, and lets combine weigh
// them.
func (p *part) status(ctx context.Context) {
	if len(p.doc.Status) == 0 {
		p.undecided(CodeStatusMissing)
	}
	delegate := p.delegate(ctx)
	findings := make([]finding, 0, 2)
	for _, entry := range p.doc.Status {
		findings = append(findings, p.ask(ctx, entry, delegate))
	}
	p.combine(findings, p.assertion(ctx, delegate))
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
func (p *part) ask(ctx context.Context, entry schema.StatusEntry, delegate string) finding {
	f := finding{purpose: entry.Purpose}
	index, unusable := position(entry)
	if unusable != nil {
		f.open = unusable
		return f
	}
	l, q := p.list(ctx, entry.ListURL)
	if q == nil && !l.speaksFor(p.doc.Issuer.ID, delegate) {
		q = failed(CodeStatusIssuer)
	}
	if q != nil {
		f.open = q
		return f
	}
	value, err := l.list.Status(statuslist.Entry{Purpose: entry.Purpose, ListURL: entry.ListURL, Index: index})
	if err != nil {
		f.open = listProblem(err)
		return f
	}
	f.set, f.asOf = value != 0, l.list.ValidFrom
	f.open = p.outOfTime(l)
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

// outOfTime: a list past its end or dated ahead says nothing of today (D09);
// a revocation in it counts all the same.
func (p *part) outOfTime(l verifiedList) *problem {
	switch {
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
