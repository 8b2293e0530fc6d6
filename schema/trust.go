package schema

import (
	"crypto"
	"errors"
	"time"
)

// What a source of trust answers when it does not know. It never invents an
// answer, and no answer is never read as a good one.
var (
	ErrKeysUnknown   = errors.New("keys of the issuer are not at hand")
	ErrStatusUnknown = errors.New("status list is not at hand")
	ErrNotRecognised = errors.New("issuer is not recognised")
)

// The value types of trust: what a verifier may know about an issuer without
// asking anybody. The offline bundle of internal/trust fills them, the verifier
// judges by them, and neither needs to know the other.

// KeyUse is what a key may sign. The two are kept apart: a status key signs no
// credential and a credential key signs no status list.
type KeyUse string

// The uses of a key.
const (
	KeyForCredentials KeyUse = "credential"
	KeyForStatus      KeyUse = "status"
)

// KeyState is what happened to a key. It belongs to the key itself (its JWK
// thumbprint), whatever name (kid) somebody gives it.
type KeyState string

// The states of a key. A retired key is judged by its window, as an active one
// is; of a compromised key only reaffirmed credentials pass.
const (
	KeyActive      KeyState = "active"
	KeyRetired     KeyState = "retired"
	KeyCompromised KeyState = "compromised"
)

// Key is one key of an issuer as the recognition list knows it.
type Key struct {
	KID           string // DID URL, as in the header of a token
	Public        crypto.PublicKey
	Thumbprint    string // RFC 7638, SHA-256, base64url
	Use           KeyUse
	From, Until   time.Time // UTC days, both included; zero is open
	State         KeyState
	CompromisedAt time.Time // when it was told; zero unless State is KeyCompromised
}

// Covers tells whether the UTC day of t lies inside the key's window.
func (k Key) Covers(t time.Time) bool { return dayWithin(k.From, k.Until, t) }

// EntityState is how a recognised body stands.
type EntityState string

// The states of an entity. Lapsed (ended in order) and closed (its status lists
// are the last ones) keep what was issued in their time; withdrawn for cause
// keeps only what has been reaffirmed.
const (
	EntityRecognised EntityState = "recognised"
	EntityLapsed     EntityState = "lapsed"
	EntityClosed     EntityState = "closed"
	EntityWithdrawn  EntityState = "withdrawn"
)

// Permission is one kind of document that an entity may issue.
type Permission struct {
	Schema      string    // a document's name (MicroCredential) or its schema id
	Scopes      []string  // what narrows it (an accreditation's scopes); empty is the whole document
	From, Until time.Time // UTC days, both included; zero is open
}

// Covers tells whether the UTC day of t lies inside the permission's window.
func (p Permission) Covers(t time.Time) bool { return dayWithin(p.From, p.Until, t) }

// Entity is a body that an authority has recognised.
type Entity struct {
	DID            string
	Name           string
	Country        string // ISO 3166-1 alpha-2
	RecognizedTo   []Permission
	State          EntityState
	StatusDelegate string   // DID that signs the status lists of a closed body
	VerifyBases    []string // link bases that its printed codes bear
	Keys           []Key
}

// Authority is who recognises.
type Authority struct {
	Name   string
	DID    string
	Anchor string // JWK thumbprint of the offline root that the verifier pinned
}

// Origin tells where a verifier's knowledge comes from and how old it is.
type Origin struct {
	Authority   Authority
	Seq         int64 // number of the bundle; a lower one than the newest seen is refused
	IssuedAt    time.Time
	NextUpdate  time.Time // when a newer one should exist
	Expires     time.Time // when this one says nothing green any more
	VerifyBases []string  // link bases that the authority knows
}

// dayWithin compares UTC days, both ends included; a zero end is open.
func dayWithin(from, until, t time.Time) bool {
	day := utcDay(t)
	return (from.IsZero() || !day.Before(utcDay(from))) &&
		(until.IsZero() || !day.After(utcDay(until)))
}

func utcDay(t time.Time) time.Time {
	y, m, d := t.UTC().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}
