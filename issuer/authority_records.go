package issuer

import (
	"time"

	"github.com/employment-passport/passport/schema"
)

// The uses of a trust authority's own keys, beside those of schema.KeyUse. The
// root signs delegations and nothing else; the signing key signs recognition
// lists and bundles.
const (
	keyForRoot    schema.KeyUse = "root"
	keyForSigning schema.KeyUse = "sign"
)

// The kinds of digests of Authorities.
const (
	digestsDenied     = "denied"
	digestsReaffirmed = "reaffirmed"
)

// AuthorityRecord is a trust authority of this home. Its keys are KeyRecords
// whose Owner is "authority:" and its name.
type AuthorityRecord struct {
	Name   string // short name on the command line
	DID    string
	Title  string // the name that reports show
	Anchor string // JWK thumbprint of its present root: what new verifiers pin

	// Delegations are the passport-delegation+jwt tokens, rotations of the root
	// and delegations of signing keys, in the order signed. None is ever removed:
	// a verifier that pinned the first root walks them all to the present one.
	Delegations []string

	VerifyBases []string // link bases that every body's printed codes may bear
	LastSeq     int64    // number of the newest bundle; never falls
	CreatedAt   time.Time
}

// RecognitionRecord is one body that an authority recognises, or did.
type RecognitionRecord struct {
	DID            string
	Name           string
	Country        string
	Permissions    []schema.Permission
	State          schema.EntityState
	StatusDelegate string   // of a closed body
	VerifyBases    []string // link bases of its printed codes

	// Issuer is the name of the body's IssuerRecord when it issues from this
	// home: its keys are then read there. Keys holds those of any other, pinned
	// as they were when somebody looked at them; they stay, and count, when the
	// body comes to issue from here.
	Issuer string
	Keys   []RecognisedKey

	ChangedAt time.Time
	Reason    string // why it lapsed, was closed or withdrawn
}

// RecognisedKey is a pinned key of a body that issues elsewhere. A key that has
// gone from the body's did document stays here, retired.
type RecognisedKey struct {
	KID           string
	JWK           []byte // public JWK as JSON
	Use           schema.KeyUse
	State         schema.KeyState
	From, Until   time.Time
	CompromisedAt time.Time
}
