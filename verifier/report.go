package verifier

import (
	"time"

	"github.com/employment-passport/passport/schema"
)

// Verdict is the one word. Its zero value is Unknown.
type Verdict int

// The verdicts.
const (
	Unknown Verdict = iota
	Invalid
	Valid
)

// String is the word of the JSON contract.
func (v Verdict) String() string {
	switch v {
	case Valid:
		return "valid"
	case Invalid:
		return "invalid"
	}
	return "unknown"
}

// MarshalText writes the word.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// Worse gives the verdict that counts of two: INVALID, then UNKNOWN, then VALID.
func (v Verdict) Worse(w Verdict) Verdict {
	switch {
	case v == Invalid || w == Invalid:
		return Invalid
	case v == Unknown || w == Unknown:
		return Unknown
	}
	return Valid
}

// Answer is yes, no or not known. Its zero value is not known.
type Answer int

// The answers.
const (
	NotKnown Answer = iota
	No
	Yes
)

// String says yes, no or unknown.
func (a Answer) String() string {
	switch a {
	case Yes:
		return "yes"
	case No:
		return "no"
	}
	return "unknown"
}

// MarshalJSON writes true, false or null.
func (a Answer) MarshalJSON() ([]byte, error) {
	switch a {
	case Yes:
		return []byte("true"), nil
	case No:
		return []byte("false"), nil
	}
	return []byte("null"), nil
}

// worse of two answers: a no, then an unknown, then a yes.
func (a Answer) worse(b Answer) Answer {
	switch {
	case a == No || b == No:
		return No
	case a == NotKnown || b == NotKnown:
		return NotKnown
	}
	return Yes
}

// StatusState is what is known of a credential's life. Its zero value reads
// as unknown.
type StatusState string

// The states, worst first.
const (
	StatusRevoked   StatusState = "revoked"
	StatusExpired   StatusState = "expired" // this copy has run out, not the skill
	StatusSuspended StatusState = "suspended"
	StatusUnknown   StatusState = "unknown"
	StatusValid     StatusState = "valid"
)

// Status is a state and the date that its issuer signed it; AsOf is zero when
// nothing dated is known.
type Status struct {
	State StatusState
	AsOf  time.Time
}

// Holder says who is showing the credential. Empty: nothing is known.
type Holder string

// The answers about the holder, best first.
const (
	HolderProven   Holder = "proven"   // signed for this verifier's audience and nonce
	HolderLive     Holder = "live"     // signed for showing, no nonce asked
	HolderCompare  Holder = "compare"  // compare with an identity document
	HolderMismatch Holder = "mismatch" // shown by somebody else
)

// Outcome of a check. Notes and aged answers count as passed.
type Outcome int

// The outcomes, lightest first.
const (
	Passed    Outcome = iota
	Noted             // nothing wrong, something to know
	Aged              // passed, on an older answer: amber
	Undecided         // could not be decided
	Failed
)

// String is the word of the JSON contract.
func (o Outcome) String() string {
	switch o {
	case Failed:
		return "fail"
	case Undecided:
		return "unknown"
	}
	return "pass"
}

// MarshalText writes the word.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// Check is one question and its outcome. Code is stable; its words stand in
// the catalogue under check.CODE, or check.CODE.CASE when Args has a case.
type Check struct {
	Code       string
	Outcome    Outcome
	Args       map[string]string
	Credential int // number of the credential from 1; 0 is the whole
}

// Judgement is the verdict on one credential or on all of them.
type Judgement struct {
	Verdict    Verdict
	Amber      bool // VALID, on an older answer than the policy calls fresh
	Reason     string
	Genuine    Answer
	Recognised Answer
	Status     Status
	Holder     Holder
	AsOf       time.Time // of the status, else the moment of judging
}

// Report is the outcome of one verification. Judgement is the worst over its
// credentials; Checks stand in the order in which they were made.
type Report struct {
	Judgement
	Authority schema.Authority // zero without a bundle
	Audience  string           // for whom the presentation was signed, if it says; several are joined by ", "
	Checks    []Check

	credentials []Credential
	judged      []Judged
	definitions Definitions // nil: none are known
}

// Judged is the judgement of one credential that was met, of a forged or
// unreadable one too: whose signature is not good has no field to tell.
type Judged struct {
	Judgement
	Number int // as in Check.Credential
}

// Credential is what a report tells of one credential whose signature is good.
type Credential struct {
	Judgement
	Number   int                // as in Check.Credential
	Format   string             // FormatVC or FormatOpenBadge
	Document *schema.Credential // the signed fields
	IssuedBy string             // the issuer's name as the authority gives it; empty if not recognised
	Compare  []schema.Identity  // what to compare with an identity document
	Until    time.Time          // the earlier of exp and validUntil; zero: no end
	Hash     string             // credential_hash of the token
}

// Credentials gives the credentials whose signature check passed, in order.
// There is no other way to their fields.
func (r *Report) Credentials() []Credential { return r.credentials }

// Judged gives the judgement of every credential that was met, in order, so
// that a good one does not hide the others.
func (r *Report) Judged() []Judged { return r.judged }

// Because gives the check that decided about a credential, by its number, or
// about everything (number 0). ok is false where nothing speaks against it.
func (r *Report) Because(number int) (decided Check, ok bool) {
	top := rankValid
	for _, c := range r.Checks {
		if number != 0 && c.Credential != 0 && c.Credential != number {
			continue
		}
		if rank := c.rank(); rank > top {
			decided, top = c, rank
		}
	}
	return decided, top > rankValid
}

// Has tells whether a check with this code was made, whatever its outcome.
func (r *Report) Has(code string) bool {
	for _, c := range r.Checks {
		if c.Code == code {
			return true
		}
	}
	return false
}
