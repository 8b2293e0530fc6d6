package verifier

import "time"

// dates: validFrom and validUntil of the document, nbf, iat and exp of the
// token; the later start and the earlier end count, both are shown (C16). What
// runs out is this copy, never the skill.
func (p *part) dates() {
	start := p.doc.Starts()
	p.out.Until = earliest(p.doc.ValidUntil, p.doc.Claims.Expires)
	skew := p.v.policy.Skew
	args := []string{"from", day(start)}
	if !p.out.Until.IsZero() {
		args = append(args, "until", day(p.out.Until), "case", "until")
	}
	if !p.doc.ValidUntil.IsZero() && !p.doc.Claims.Expires.IsZero() && !p.doc.ValidUntil.Equal(p.doc.Claims.Expires) {
		args = []string{"from", day(start), "until", day(p.out.Until), "case", "both",
			"validUntil", day(p.doc.ValidUntil), "exp", day(p.doc.Claims.Expires)}
	}
	switch {
	case start.After(p.at.Add(skew)) && p.clockDoubt:
		p.undecided(CodeClock, "case", "ahead", "date", day(start))
	case start.After(p.at.Add(skew)):
		p.fail(CodeNotYetValid, "date", day(start))
	case !p.out.Until.IsZero() && !p.at.Before(p.out.Until.Add(skew)) && p.v.cfg.ClockDoubted && p.v.cfg.At.IsZero():
		// A clock that is behind is no excuse; one of which only this is known, that
		// it is wrong, is.
		p.undecided(CodeClock, "case", "passed", "date", day(p.out.Until))
	case !p.out.Until.IsZero() && !p.at.Before(p.out.Until.Add(skew)):
		p.out.Status.State = StatusExpired
		p.fail(CodeExpired, "date", day(p.out.Until))
	default:
		p.pass(CodeDates, args...)
	}
}

func latest(times ...time.Time) time.Time {
	var last time.Time
	for _, t := range times {
		if t.After(last) {
			last = t
		}
	}
	return last
}

// earliest of those that are there.
func earliest(times ...time.Time) time.Time {
	var first time.Time
	for _, t := range times {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}
