package verifier

import "time"

// combine weighs what the lists and the stapled assertion say. Both are the
// issuer's signed word; a revocation in either is final, of suspensions the
// newest word counts, and what nobody answers is unknown.
func (p *part) combine(findings []finding, a *assertion) {
	if revoked, on := p.revoked(findings, a); revoked {
		p.settle(StatusRevoked, on)
		p.fail(CodeRevoked, "date", day(on))
		return
	}
	broken, open := p.unanswered(findings, a)
	asOf := p.asOf(findings, a)
	suspended, on := suspension(findings, a)
	switch {
	case suspended && p.at.Sub(on) <= p.v.policy.FreshStatus+p.v.policy.Skew:
		p.settle(StatusSuspended, on)
		p.fail(CodeSuspended, "date", day(on))
	case suspended:
		p.settle(StatusSuspended, on)
		p.undecided(CodeSuspended, "case", "old", "date", day(on))
	case broken || open || len(findings) == 0:
		p.settle(StatusUnknown, asOf)
	default:
		p.fresh(asOf)
	}
	p.bundleEnd(a)
}

// revoked finds a revocation.
func (p *part) revoked(findings []finding, a *assertion) (bool, time.Time) {
	for _, f := range findings {
		if f.purpose == purposeRevocation && f.set {
			return true, f.asOf
		}
	}
	if a != nil && a.state == StatusRevoked {
		return true, a.issued
	}
	return false, time.Time{}
}

// unanswered tells each entry that gave no answer. A live assertion that says
// valid answers for all of them, except where the entry itself is wrong, and
// where the credential ended after an explicit moment of judging: then nobody
// can say what held before, and a word of that time was overtaken.
func (p *part) unanswered(findings []finding, a *assertion) (broken, open bool) {
	answered := a != nil && a.live && a.state != StatusRevoked
	for _, f := range findings {
		switch {
		case !f.later.IsZero():
			open = true
			p.undecided(CodeStatusStale, "case", "ahead", "date", day(f.later))
		case f.open == nil:
		case f.open.outcome == Failed:
			broken = true
			p.tell(f.open)
		case answered && f.open.code != CodeStatusUnsupported:
			p.note(f.open.code, f.open.args()...)
		default:
			open = true
			args := append(f.open.args(), "date", day(f.asOf))
			p.undecided(f.open.code, args...)
		}
	}
	return broken, open
}

// asOf is the date of the weakest answer: each entry has the newer of its list
// and the assertion.
func (p *part) asOf(findings []finding, a *assertion) time.Time {
	var weakest time.Time
	for _, f := range findings {
		on := time.Time{}
		if f.open == nil && f.later.IsZero() {
			on = f.asOf
		}
		if a != nil && a.live && a.state == StatusValid && a.issued.After(on) {
			on = a.issued
		}
		if on.IsZero() {
			return time.Time{}
		}
		if weakest.IsZero() || on.Before(weakest) {
			weakest = on
		}
	}
	return weakest
}

// suspension: the newest word counts; of two of the same moment the stricter.
func suspension(findings []finding, a *assertion) (bool, time.Time) {
	var suspended bool
	var on time.Time
	for _, f := range findings {
		if f.purpose == purposeSuspension && !f.ahead && !f.asOf.IsZero() && !f.asOf.Before(on) {
			suspended, on = f.set || suspended && f.asOf.Equal(on), f.asOf
		}
	}
	if a == nil || !a.live {
		return suspended, on
	}
	switch {
	case a.state == StatusSuspended && !a.issued.Before(on):
		return true, a.issued
	case a.state == StatusValid && a.issued.After(on):
		return false, a.issued
	}
	return suspended, on
}

// fresh judges the age of a good answer: green within the policy's age, amber
// beyond it, no answer beyond the maximum.
func (p *part) fresh(asOf time.Time) {
	age := p.at.Sub(asOf)
	switch {
	case age <= p.v.policy.FreshStatus:
		p.settle(StatusValid, asOf)
		p.pass(CodeStatus, "date", day(asOf))
	case age <= p.v.policy.MaxStatusAge:
		p.settle(StatusValid, asOf)
		p.aged(CodeStatusOld, "date", day(asOf))
	default:
		p.settle(StatusUnknown, asOf)
		p.undecided(CodeStatusStale, "date", day(asOf))
	}
}

// settle records a state unless the copy has run out, which only a revocation
// outweighs.
func (p *part) settle(state StatusState, asOf time.Time) {
	p.out.Status.AsOf = asOf
	if p.out.Status.State != StatusExpired || state == StatusRevoked {
		p.out.Status.State = state
	}
}

// bundleEnd: past its end a bundle says nothing green any more. For one year
// it still vouches for the key of a live assertion, which then gives amber.
func (p *part) bundleEnd(a *assertion) {
	if !p.expired() {
		return
	}
	end := p.origin.Expires
	if a != nil && a.live && a.listed && a.state == StatusValid && p.at.Sub(end) <= bundleGrace {
		p.aged(CodeBundleOld, "date", day(end), "status", day(a.issued))
		return
	}
	p.undecided(CodeBundleExpired, "date", day(end))
}
