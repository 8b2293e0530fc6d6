package schema

import (
	"crypto"
	"time"
)

// KeyUse says what an issuer's key signs.
type KeyUse string

// Uses of a key.
const (
	KeyForCredentials KeyUse = "credential"
	KeyForStatus      KeyUse = "status"
)

// KeyState says whether a key may still sign, and whether what it signed
// still counts.
type KeyState string

// States of a key.
const (
	KeyActive      KeyState = "active"
	KeyRetired     KeyState = "retired"     // signs no more; what it signed stays good
	KeyCompromised KeyState = "compromised" // somebody else may have signed with it
)

// Key is one public key of an issuer with its history. From and Until bound
// the time of signing; a zero time is an open end.
type Key struct {
	KID           string           // absolute DID URL
	Public        crypto.PublicKey // *ecdsa.PublicKey or ed25519.PublicKey
	Thumbprint    string           // RFC 7638, SHA-256, base64url
	Use           KeyUse
	From, Until   time.Time
	State         KeyState
	CompromisedAt time.Time // zero unless compromised
}

// EntityState says how an authority regards an issuer.
type EntityState string

// States of a recognised entity.
const (
	EntityRecognised EntityState = "recognised"
	EntityLapsed     EntityState = "lapsed"    // ended in order; older documents stay good
	EntityClosed     EntityState = "closed"    // the body is no more
	EntityWithdrawn  EntityState = "withdrawn" // for cause
)

// Permission lets an entity issue one kind of document for a time. A zero
// time is an open end.
type Permission struct {
	Schema      string   // name of the document (MicroCredential) or id of its schema
	Scopes      []string // e.g. issue:parte-seconda
	From, Until time.Time
}

// Entity is an issuer as an authority describes it.
type Entity struct {
	DID, Name, Country string
	RecognizedTo       []Permission
	State              EntityState
	StatusDelegate     string   // DID that may sign its status lists, or empty
	VerifyBases        []string // links of its verify page
	Keys               []Key
}

// Authority is who recognises.
type Authority struct {
	Name, DID string
	Anchor    string // thumbprint of its offline root key
}
