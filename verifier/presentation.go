package verifier

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/schema"
)

// binding is what a presentation proves of whoever shows it.
type binding struct {
	presenter string   // DID
	holder    Holder   // for a credential whose subject is the presenter
	said      []string // arguments of the check: when it was signed, and what is open about that
}

// show judges a presentation, then every credential in it.
func (s *session) show(ctx context.Context, token string, want HolderBinding) []*part {
	var by signer
	_, payload, err := jose.Verify(ctx, jose.TypeVP, token, s.keyFunc(forShowing, &by))
	if err != nil {
		p := problemOf(err)
		s.add(0, p.code, p.outcome, p.args())
		return s.unreadable(p.outcome)
	}
	vp, err := schema.ParsePresentation(payload)
	if err != nil {
		s.addFaults(0, schema.FaultsOf(err))
		return s.unreadable(Failed)
	}
	claims, err := readClaims(payload)
	if err != nil || !s.ownPresentation(vp, &claims, by.id) {
		return s.unreadable(Failed)
	}
	if len(vp.Tokens)+vp.Embedded+s.count > MaxCredentials {
		s.tooMany()
		return s.unreadable(Failed)
	}
	if vp.Embedded > 0 {
		s.whole(CodeMemberUnsupported, Undecided)
	}
	shown := &binding{presenter: by.id, holder: s.bind(&claims, &by.key, want)}
	shown.said = s.said(&claims, want)
	parts := make([]*part, 0, len(vp.Tokens))
	for n, member := range vp.Tokens {
		f := formatVC // a token must be what its envelope says
		if vp.Badges[n] {
			f = formatOpenBadge
		}
		parts = append(parts, s.judge(ctx, member, f, shown))
	}
	if len(parts) == 0 {
		s.whole(CodePresentationEmpty, Undecided)
		return s.unreadable(Undecided)
	}
	return parts
}

// unreadable stands for what a presentation that was not accepted carried.
func (s *session) unreadable(o Outcome) []*part {
	s.count++
	p := &part{session: s, number: s.count}
	p.out.Number = p.number
	p.out.Status.State = StatusUnknown
	if o == Failed {
		p.out.Genuine = No
	}
	return []*part{p}
}

// ownPresentation: iss, jti and sub agree with the presentation, and the key is
// the holder's own.
func (s *session) ownPresentation(vp *schema.Presentation, c *claims, presenter string) bool {
	holder := vp.Holder
	if holder == "" {
		holder = presenter
	}
	if holder != presenter {
		s.whole(CodeKid, Failed)
		return false
	}
	if claim := c.disagreement(holder, vp.ID, ""); claim != "" {
		s.whole(CodeIssuer, Failed, "claim", claim)
		return false
	}
	return true
}

// bind judges for whom, with what nonce and when the presentation was signed.
// What was signed for somebody proves nothing to who does not say that it was
// for him: then it is worth five minutes, as if it named nobody.
func (s *session) bind(c *claims, key *schema.Key, want HolderBinding) Holder {
	s.audience(c.aud)
	asked := want.Nonce != ""
	switch {
	// One audience, ours: a list of several would serve its reader elsewhere (G03, G04).
	case want.Audience != "" && (c.badAud || len(c.aud) != 1 || c.aud[0] != want.Audience):
		s.whole(CodeAudience, Failed)
		return HolderMismatch
	case asked && c.nonce != want.Nonce: // G05
		s.whole(CodeNonce, Failed)
		return HolderMismatch
	case c.badAud:
		s.whole(CodeAudience, Undecided, "case", "form")
		return HolderCompare
	case key.State == schema.KeyCompromised: // a thief may have signed
		s.whole(CodeKeyCompromised, Undecided, "case", "holder", "date", day(key.CompromisedAt))
		return HolderCompare
	}
	switch end := c.end(); {
	case !s.alive(c, end) && asked:
		s.whole(CodePresentationExpired, Failed)
		return HolderMismatch
	case !s.alive(c, end):
		s.whole(CodePresentationExpired, Noted)
		return HolderCompare
	case want.Audience == "" && !s.alive(c, earliest(end, c.iat.Add(presentationLife))):
		var args []string
		if len(c.aud) == 1 { // of several nobody can say that it was for him alone
			args = []string{"case", "audience", "audience", s.report.Audience}
		}
		s.whole(CodePresentationExpired, Noted, args...)
		return HolderCompare
	case asked && want.Audience != "":
		return HolderProven
	}
	return HolderLive
}

// said is when a presentation was signed, and the case of it: "older" than five
// minutes, or "named", for somebody, where nobody has said who asks.
func (s *session) said(c *claims, want HolderBinding) []string {
	args := []string{"signed", c.iat.UTC().Format(time.RFC3339)}
	switch {
	case !s.alive(c, c.iat.Add(presentationLife)):
		return append(args, "case", "older")
	case want.Audience == "" && len(c.aud) == 1:
		return append(args, "case", "named", "audience", s.report.Audience)
	}
	return args
}

// audience notes for whom a presentation says that it is, all of them and those
// of every presentation.
func (s *session) audience(all []string) {
	for _, one := range all {
		if !slices.Contains(s.audiences, one) {
			s.audiences = append(s.audiences, one)
		}
	}
	s.report.Audience = strings.Join(s.audiences, ", ")
}

// end is how long the presentation lives by itself: five minutes, unless it
// says for whom it is and until when.
func (c *claims) end() time.Time {
	longest := c.iat.Add(presentationLife)
	if c.exp.IsZero() || len(c.aud) == 0 && c.exp.After(longest) {
		return longest
	}
	return c.exp
}

// alive tells whether now lies between the signing and end.
func (s *session) alive(c *claims, end time.Time) bool {
	skew := s.v.policy.Skew
	return !c.iat.IsZero() && !c.badIat && !c.iat.After(s.at.Add(skew)) && !c.nbf.After(s.at.Add(skew)) && s.at.Before(end.Add(skew))
}

// holder says who shows this credential. On paper nobody signs: the person is
// compared with an identity document.
func (p *part) holder(shown *binding) {
	if _, ok := p.doc.Definition(); ok {
		return // it speaks of no person
	}
	subject, identity := p.doc.Holder()
	p.out.Compare = identity
	switch {
	case shown == nil:
		p.out.Holder = HolderCompare
		p.note(CodeHolderCompare)
	case shown.holder == HolderMismatch:
		p.out.Holder = HolderMismatch // said for the whole
	case subject == "":
		p.out.Holder = HolderCompare
		p.note(CodeHolderCompare, "case", "signed")
	case subject != shown.presenter:
		p.out.Holder = HolderMismatch
		p.fail(CodeHolderMismatch)
	case shown.holder == HolderCompare:
		p.out.Holder = HolderCompare
		p.note(CodeHolderCompare, "case", "signed")
	case shown.holder == HolderProven:
		p.out.Holder = HolderProven
		p.pass(CodeHolderProven)
	default:
		p.out.Holder = HolderLive
		p.pass(CodeHolderLive, shown.said...)
	}
}
