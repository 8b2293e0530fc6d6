package verifier

import "testing"

// TestPrecedence holds the order of reasons: bad signature or broken rule,
// denied or compromised, revoked, holder mismatch, dates, suspended, not
// recognised, unknown, amber, valid. Every pair is tried in both orders, for
// two facts of one credential and for one fact of each of two.
func TestPrecedence(t *testing.T) {
	classes := []struct {
		check   Check
		verdict Verdict
	}{
		{Check{Code: CodeSignatureInvalid, Outcome: Failed}, Invalid},
		{Check{Code: CodeDenied, Outcome: Failed}, Invalid},
		{Check{Code: CodeRevoked, Outcome: Failed}, Invalid},
		{Check{Code: CodeHolderMismatch, Outcome: Failed}, Invalid},
		{Check{Code: CodeExpired, Outcome: Failed}, Invalid},
		{Check{Code: CodeSuspended, Outcome: Failed}, Invalid},
		{Check{Code: CodeNotRecognised, Outcome: Undecided}, Unknown},
		{Check{Code: CodeStatusOffline, Outcome: Undecided}, Unknown},
		{Check{Code: CodeStatusOld, Outcome: Aged}, Valid},
		{Check{Code: CodeStatus, Outcome: Passed}, Valid},
	}
	for i, heavy := range classes {
		for _, light := range classes[i:] {
			for _, order := range [][]Check{{heavy.check, light.check}, {light.check, heavy.check}} {
				for _, number := range []int{1, 2} {
					order[1].Credential = number
					order[0].Credential = 1
					lead, ok := (&Report{Checks: order}).Because(0)
					var got Judgement
					if got.decide(lead, ok); got.Verdict != heavy.verdict {
						t.Errorf("%s and %s: %s, want %s", heavy.check.Code, light.check.Code, got.Verdict, heavy.verdict)
					}
					if heavy.check.Outcome >= Aged && lead.Code != heavy.check.Code {
						t.Errorf("%s and %s: led by %s", heavy.check.Code, light.check.Code, lead.Code)
					}
				}
			}
		}
	}
}

// TestSameClass: what shares a class of the order leads to the same verdict.
func TestSameClass(t *testing.T) {
	for class, checks := range map[rank][]Check{
		rankBroken:        {{Code: CodeRule, Outcome: Failed}, {Code: "alg", Outcome: Failed}, {Code: CodeStatusIndex, Outcome: Failed}, {Code: CodeKid, Outcome: Failed}},
		rankDenied:        {{Code: CodeKeyCompromised, Outcome: Failed}, {Code: CodeKeyTime, Outcome: Failed}},
		rankHolder:        {{Code: CodeNonce, Outcome: Failed}, {Code: CodeAudience, Outcome: Failed}, {Code: CodePresentationExpired, Outcome: Failed}},
		rankDates:         {{Code: CodeNotYetValid, Outcome: Failed}},
		rankNotRecognised: {{Code: CodeNoAnchor, Outcome: Undecided}, {Code: CodeRecognitionWithdrawn, Outcome: Undecided}, {Code: CodeBundleRefused, Outcome: Undecided}},
		rankUnknown:       {{Code: CodeSuspended, Outcome: Undecided}, {Code: CodeClock, Outcome: Undecided}, {Code: "never heard of", Outcome: Undecided}},
		rankAmber:         {{Code: CodeIssuerClosed, Outcome: Aged}, {Code: CodeBundleOld, Outcome: Aged}},
		rankValid:         {{Code: CodePresentationExpired, Outcome: Noted}, {Code: CodeReaffirmed, Outcome: Noted}},
	} {
		for _, c := range checks {
			if got := c.rank(); got != class {
				t.Errorf("%s %s has rank %d, want %d", c.Code, c.Outcome, got, class)
			}
		}
	}
}

// TestNothingIsGreenByDefault: zero values, and checks that nobody ranked.
func TestNothingIsGreenByDefault(t *testing.T) {
	var r Report
	if r.Verdict != Unknown || r.Genuine != NotKnown || r.Recognised != NotKnown || r.Verdict.String() != "unknown" {
		t.Errorf("an empty report says %s, %s, %s", r.Verdict, r.Genuine, r.Recognised)
	}
	if got := (Check{Code: "new", Outcome: Failed}).rank().verdict(); got != Invalid {
		t.Errorf("a new failure is %s", got)
	}
	if got := (Check{Code: "new", Outcome: Undecided}).rank().verdict(); got != Unknown {
		t.Errorf("a new doubt is %s", got)
	}
	for _, pair := range [][3]Verdict{{Valid, Unknown, Unknown}, {Unknown, Invalid, Invalid}, {Valid, Invalid, Invalid}, {Valid, Valid, Valid}} {
		if pair[0].Worse(pair[1]) != pair[2] || pair[1].Worse(pair[0]) != pair[2] {
			t.Errorf("of %s and %s: %s", pair[0], pair[1], pair[0].Worse(pair[1]))
		}
	}
}
