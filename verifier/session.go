package verifier

import (
	"context"
	"strconv"
	"time"

	"github.com/employment-passport/passport/schema"
)

// session is one verification: the moment it judges, what of the bundle may be
// used, and the report as it grows.
type session struct {
	v          *Verifier
	at         time.Time
	origin     schema.Origin
	known      bool // a bundle is there and may be asked
	clockDoubt bool
	report     *Report
	stapled    []stapled
	audiences  []string // of the presentations met so far
	count      int      // credentials met so far
}

// begin looks at the device and the bundle before any token.
func (v *Verifier) begin() *session {
	s := &session{v: v, at: v.cfg.At, report: &Report{Checks: make([]Check, 0, 8)}}
	now := v.cfg.Now()
	if s.at.IsZero() {
		s.at = now
	}
	s.at = s.at.UTC()
	if v.cfg.ClockDoubted {
		s.clockDoubt = true
		s.whole(CodeClock, Undecided, "case", "online")
	}
	switch {
	case v.cfg.Recognition == nil && v.cfg.BundleRefused:
		s.whole(CodeBundleRefused, Undecided)
		return s
	case v.cfg.Recognition == nil:
		s.whole(CodeNoAnchor, Undecided)
		return s
	}
	s.origin = v.cfg.Recognition.Origin()
	s.report.Authority = s.origin.Authority
	past := v.remember(s.origin)
	if past.err != nil {
		s.whole(CodeMemory, Noted)
	}
	if past.newest.Sub(now) > clockTolerance && !s.clockDoubt {
		s.clockDoubt = true
		s.whole(CodeClock, Undecided, "date", day(past.newest))
	}
	if s.origin.Seq < past.seq {
		s.whole(CodeBundleRollback, Undecided, "date", day(s.origin.IssuedAt))
		return s
	}
	s.known = true
	s.report.definitions, _ = v.cfg.Recognition.(Definitions)
	s.whole(CodeBundle, Passed, "authority", s.origin.Authority.Name, "date", day(s.origin.IssuedAt))
	return s
}

// tooMany refuses what would take too long to judge, before any of it is (E02).
func (s *session) tooMany() { s.whole(CodeTooMany, Failed, "max", strconv.Itoa(MaxCredentials)) }

// expired tells whether the bundle is past its own end.
func (s *session) expired() bool {
	return s.known && !s.origin.Expires.IsZero() && s.at.After(s.origin.Expires.Add(s.v.policy.Skew))
}

// whole adds a check of the whole verification.
func (s *session) whole(code string, outcome Outcome, args ...string) {
	s.add(0, code, outcome, args)
}

func (s *session) add(number int, code string, outcome Outcome, args []string) {
	s.report.Checks = append(s.report.Checks, Check{Code: code, Outcome: outcome, Args: pairs(args), Credential: number})
}

func pairs(args []string) map[string]string {
	if len(args) == 0 {
		return nil
	}
	m := make(map[string]string, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i]] = args[i+1]
	}
	return m
}

// day writes an instant as people read it. Times stand in the report's own
// fields.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

// finish draws the verdict of everything from its parts.
func (s *session) finish(ctx context.Context, parts []*part) (*Report, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r := s.report
	if s.count == 0 {
		s.whole(CodeNothing, Undecided)
	}
	for _, p := range parts {
		p.out.decide(r.Because(p.number))
		p.out.AsOf = p.out.Status.AsOf
		if p.out.AsOf.IsZero() {
			p.out.AsOf = s.at
		}
		r.judged = append(r.judged, Judged{Judgement: p.out.Judgement, Number: p.number})
		if p.out.Genuine == Yes {
			r.credentials = append(r.credentials, p.out)
		}
	}
	r.Judgement = worst(parts, s.at)
	r.decide(r.Because(0))
	JudgeTogether(r)
	return r, nil
}

// decide lets the check that leads, if any does, give the verdict.
func (j *Judgement) decide(lead Check, ok bool) {
	top := rankValid
	if ok {
		top = lead.rank()
	}
	j.Verdict, j.Amber, j.Reason = top.verdict(), top == rankAmber, lead.Code
}

// worst folds the judgements of all credentials into the answers of the whole.
func worst(parts []*part, at time.Time) Judgement {
	if len(parts) == 0 {
		return Judgement{Status: Status{State: StatusUnknown}, AsOf: at}
	}
	j := parts[0].out.Judgement
	for _, p := range parts[1:] {
		o := p.out.Judgement
		j.Genuine = j.Genuine.worse(o.Genuine)
		j.Recognised = j.Recognised.worse(o.Recognised)
		j.Holder = j.Holder.worse(o.Holder)
		if o.Status.State.weight() > j.Status.State.weight() {
			j.Status = o.Status
		} else if o.Status.State == j.Status.State && o.Status.AsOf.Before(j.Status.AsOf) {
			j.Status = o.Status
		}
		if o.AsOf.Before(j.AsOf) {
			j.AsOf = o.AsOf
		}
	}
	return j
}

func (s StatusState) weight() int {
	switch s {
	case StatusRevoked:
		return 4
	case StatusExpired:
		return 3
	case StatusSuspended:
		return 2
	case StatusValid:
		return 0
	}
	return 1
}

func (h Holder) weight() int {
	switch h {
	case HolderMismatch:
		return 4
	case "":
		return 3
	case HolderCompare:
		return 2
	case HolderLive:
		return 1
	}
	return 0
}

func (h Holder) worse(g Holder) Holder {
	if g.weight() > h.weight() {
		return g
	}
	return h
}
