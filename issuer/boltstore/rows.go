package boltstore

import (
	"encoding/hex"
	"time"

	"github.com/employment-passport/passport/issuer"
)

// The records as they lie in the file. They are apart from the issuer's types
// so that renaming a field there does not change the file; format_test.go holds
// their text.

type issuanceRow struct {
	ID              string       `json:"id"`
	Issuer          string       `json:"iss"`
	Template        string       `json:"tpl,omitempty"`
	IdempotencyKey  string       `json:"key,omitempty"`
	DocumentNumber  string       `json:"doc,omitempty"`
	LearnerName     string       `json:"name,omitempty"`
	PayloadHash     string       `json:"hash"`
	KeyID           string       `json:"kid,omitempty"`
	Profile         string       `json:"profile,omitempty"` // absent is vc+jwt, as in homes from before there was another
	State           issuer.State `json:"state"`
	CreatedAt       time.Time    `json:"created"`
	IssuedAt        time.Time    `json:"issued,omitzero"`
	ChangedAt       time.Time    `json:"changed,omitzero"`
	Reason          string       `json:"reason,omitempty"`
	Note            string       `json:"note,omitempty"`
	SuspendedUntil  time.Time    `json:"until,omitzero"`
	Supersedes      string       `json:"supersedes,omitempty"`
	SupersededBy    string       `json:"supersededBy,omitempty"`
	StatusList      string       `json:"list,omitempty"`
	StatusIndex     uint32       `json:"index"`
	SuspensionList  string       `json:"suspList,omitempty"`
	SuspensionIndex uint32       `json:"suspIndex,omitempty"`
	Person          string       `json:"person,omitempty"`
	Sealed          []byte       `json:"sealed,omitempty"` // privateRow, sealed; the members above are empty then
	Erased          bool         `json:"erased,omitempty"`
	TokenHash       string       `json:"tokenHash,omitempty"` // once erased
}

func rowOf(i issuer.Issuance) issuanceRow {
	return issuanceRow{
		ID: i.ID, Issuer: i.Issuer, Template: i.Template, IdempotencyKey: i.IdempotencyKey,
		DocumentNumber: i.DocumentNumber, LearnerName: i.LearnerName,
		PayloadHash: hex.EncodeToString(i.PayloadHash[:]), KeyID: i.KeyID, Profile: string(i.Profile), State: i.State,
		CreatedAt: utc(i.CreatedAt), IssuedAt: utc(i.IssuedAt), ChangedAt: utc(i.ChangedAt),
		Reason: i.Reason, Note: i.Note, SuspendedUntil: utc(i.SuspendedUntil),
		Supersedes: i.Supersedes, SupersededBy: i.SupersededBy,
		StatusList: i.StatusList, StatusIndex: i.StatusIndex,
		SuspensionList: i.SuspensionList, SuspensionIndex: i.SuspensionIndex,
		Person: i.Person, Erased: i.Erased, TokenHash: hashText(i.TokenHash),
	}
}

// hashText is empty for no hash.
func hashText(hash [32]byte) string {
	if hash == [32]byte{} {
		return ""
	}
	return hex.EncodeToString(hash[:])
}

// issuance is the row without its payload and token, which stand beside it, and
// without what is sealed.
func (r issuanceRow) issuance() (i issuer.Issuance, err error) {
	i = issuer.Issuance{
		ID: r.ID, Issuer: r.Issuer, Template: r.Template, IdempotencyKey: r.IdempotencyKey,
		DocumentNumber: r.DocumentNumber, LearnerName: r.LearnerName, KeyID: r.KeyID, Profile: issuer.Profile(r.Profile), State: r.State,
		CreatedAt: r.CreatedAt, IssuedAt: r.IssuedAt, ChangedAt: r.ChangedAt,
		Reason: r.Reason, Note: r.Note, SuspendedUntil: r.SuspendedUntil,
		Supersedes: r.Supersedes, SupersededBy: r.SupersededBy,
		StatusList: r.StatusList, StatusIndex: r.StatusIndex,
		SuspensionList: r.SuspensionList, SuspensionIndex: r.SuspensionIndex,
		Person: r.Person, Erased: r.Erased,
	}
	if r.TokenHash != "" {
		if err := hash32(&i.TokenHash, r.TokenHash); err != nil {
			return i, err
		}
	}
	return i, hash32(&i.PayloadHash, r.PayloadHash)
}

type listRow struct {
	URL            string    `json:"url"`
	Issuer         string    `json:"issuer"`
	Purpose        string    `json:"purpose"`
	Number         int       `json:"number"`
	PermutationKey string    `json:"permutationKey"`
	Entries        uint32    `json:"entries"`
	Next           uint32    `json:"next"`
	Version        int64     `json:"version"`
	SignedAt       time.Time `json:"signedAt,omitzero"`
	Closed         bool      `json:"closed,omitempty"`
	ChangedAt      time.Time `json:"changedAt,omitzero"`
}

func listRowOf(l issuer.StatusList) listRow {
	return listRow{
		URL: l.URL, Issuer: l.Issuer, Purpose: l.Purpose, Number: l.Number,
		PermutationKey: hex.EncodeToString(l.PermutationKey[:]), Entries: l.Entries, Next: l.Next,
		Version: l.Version, SignedAt: utc(l.SignedAt), Closed: l.Closed, ChangedAt: utc(l.ChangedAt),
	}
}

func (r listRow) list() (l issuer.StatusList, err error) {
	l = issuer.StatusList{
		URL: r.URL, Issuer: r.Issuer, Purpose: r.Purpose, Number: r.Number, Entries: r.Entries,
		Next: r.Next, Version: r.Version, SignedAt: r.SignedAt, Closed: r.Closed, ChangedAt: r.ChangedAt,
	}
	return l, hash32(&l.PermutationKey, r.PermutationKey)
}

type auditRow struct {
	At      time.Time `json:"at"`
	Actor   string    `json:"actor"`
	Act     string    `json:"act"`
	Subject string    `json:"subject"`
	Details string    `json:"details,omitempty"`
	Prev    string    `json:"prev"`
	Hash    string    `json:"hash"`
}

// The time is kept as it was given: the hash of the chain covers it.
func auditRowOf(e issuer.AuditEntry) auditRow {
	return auditRow{
		At: e.At, Actor: e.Actor, Act: e.Act, Subject: e.Subject, Details: e.Details,
		Prev: hex.EncodeToString(e.Prev[:]), Hash: hex.EncodeToString(e.Hash[:]),
	}
}

func (r auditRow) entry(seq uint64) (e issuer.AuditEntry, err error) {
	e = issuer.AuditEntry{Seq: seq, At: r.At, Actor: r.Actor, Act: r.Act, Subject: r.Subject, Details: r.Details}
	if err := hash32(&e.Prev, r.Prev); err != nil {
		return e, err
	}
	return e, hash32(&e.Hash, r.Hash)
}

func hash32(to *[32]byte, text string) error {
	if n, err := hex.Decode(to[:], []byte(text)[:min(len(text), 64)]); err != nil || n != 32 || len(text) != 64 {
		return damaged("a hash of %d characters does not read", len(text))
	}
	return nil
}
