package verifier

import (
	"context"
	"errors"
	"time"

	"github.com/employment-passport/passport/schema"
)

// What the sources of Config answer when they do not know.
var (
	ErrKeysUnknown   = schema.ErrKeysUnknown
	ErrStatusUnknown = schema.ErrStatusUnknown
	ErrNotRecognised = schema.ErrNotRecognised
)

// Keys finds the keys of an issuer or holder by its identifier. It returns
// ErrKeysUnknown when they are not at hand. The verifier itself derives the
// keys of did:key and did:jwk and asks here only for their state.
type Keys interface {
	Keys(ctx context.Context, issuer string) ([]schema.Key, error)
}

// StatusLists finds a status list by its URL: the signed token and when it was
// fetched. It returns ErrStatusUnknown when the list cannot be had; it never
// invents an answer. The verifier checks what it gets.
type StatusLists interface {
	StatusList(ctx context.Context, url string) (token string, fetched time.Time, err error)
}

// Recognition is what an authority says of issuers. Entity returns
// ErrNotRecognised for a body that it does not name. Denied and Reaffirmed
// take the first half of the SHA-256 of a token in its canonical spelling.
type Recognition interface {
	Entity(ctx context.Context, did string) (schema.Entity, error)
	Denied(digest [16]byte) bool
	Reaffirmed(digest [16]byte) bool
	Origin() schema.Origin
}

// Definitions is what a Recognition may know besides: what a composite passport
// is made of, in the words of a body that may award passports. A composite whose
// definition is not there is judged without it.
type Definitions interface {
	PassportDefinition(id, version string) (*schema.PassportDefinition, bool)
}

// Memory keeps, for each anchor, the newest bundle seen and the newest time
// signed under it, so that an older bundle and a clock set back are noticed.
// Seen returns zeros for an anchor it does not know. Remember may be called
// again with the same values; an error is told in the report and harms nothing
// else.
type Memory interface {
	Seen(anchor string) (seq int64, newest time.Time)
	Remember(anchor string, seq int64, newest time.Time) error
}

// Policy bounds what the verifier takes for good. Zero means the default.
type Policy struct {
	FreshStatus  time.Duration // a status younger than this is green; 24 h, and never more than MaxStatusAge
	MaxStatusAge time.Duration // a status older than this is no answer; 30 days
	Skew         time.Duration // how far clocks may differ; 60 s
}

// Defaults of Policy, and bounds that no policy moves.
const (
	DefaultFreshStatus  = 24 * time.Hour
	DefaultMaxStatusAge = 30 * 24 * time.Hour
	DefaultSkew         = 60 * time.Second

	// MaxCredentials bounds one presentation, one file or one printed code: a
	// composite passport with all that it may be made of, and a little more.
	MaxCredentials = 64

	maxAssertions    = 2 * MaxCredentials
	maxToken         = 64 << 10
	clockTolerance   = 24 * time.Hour
	bundleGrace      = 365 * 24 * time.Hour // an expired bundle still recognises the key of a live assertion
	presentationLife = 5 * time.Minute      // of a presentation whose audience nobody asked for
)

func (p Policy) withDefaults() Policy {
	if p.FreshStatus == 0 {
		p.FreshStatus = DefaultFreshStatus
	}
	if p.MaxStatusAge == 0 {
		p.MaxStatusAge = DefaultMaxStatusAge
	}
	p.FreshStatus = min(p.FreshStatus, p.MaxStatusAge)
	if p.Skew == 0 {
		p.Skew = DefaultSkew
	}
	return p
}

// Config is what a Verifier is made of. Only Now is required: without
// Recognition every verdict is at best UNKNOWN (no_anchor).
type Config struct {
	Keys        Keys
	StatusLists StatusLists
	Recognition Recognition
	Policy      Policy
	Memory      Memory
	Now         func() time.Time // the clock of this device
	At          time.Time        // judge as of this moment; zero: as of Now

	// BundleRefused says that a bundle was given and not believed: the report
	// tells so instead of asking for one. Recognition is nil then.
	BundleRefused bool
	// ClockDoubted says that somebody else's clock (an HTTP Date) contradicts
	// Now: nothing is green then.
	ClockDoubted bool
}

var errNoClock = errors.New("verifier: Config.Now is required")
var errPolicy = errors.New("verifier: Config.Policy must not be negative")
