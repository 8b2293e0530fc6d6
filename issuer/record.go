package issuer

import (
	"cmp"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/schema"
)

// pending is a row of the register on its way from record to settle.
type pending struct {
	Issuance
	key KeyRecord

	// set by sign
	token  string
	signer crypto.Signer
	err    error
}

// record is the first transaction of issuing: for each draft it takes a status
// index, writes the pending row with the payload, and logs it. From here on
// there is a record of whatever may be signed, and no index can be given twice.
//
// A draft whose idempotency key is known brings its row instead of a new one: a
// pending one is finished by whoever comes first.
func (i *Issuer) record(ctx context.Context, by Actor, drafts []draft) ([]pending, error) {
	var rows []pending
	err := i.update(ctx, by, func(a *act) (err error) {
		rows, err = a.recordDrafts(ctx, by, drafts)
		return err
	})
	return rows, err
}

// recordDrafts is the part of record that belongs into the act.
func (a *act) recordDrafts(ctx context.Context, by Actor, drafts []draft) ([]pending, error) {
	rows := make([]pending, 0, len(drafts))
	shelves := map[string]*shelf{}
	for n, d := range drafts {
		if shelves[d.Issuer] == nil { // once a body, and before anything is written
			if err := a.fourEyes(ctx, by, d.Issuer); err != nil {
				return nil, &OfferError{Offer: n, Err: err}
			}
		}
		row, err := a.recordOnce(d, shelves)
		if err != nil {
			return nil, &OfferError{Offer: n, Err: err}
		}
		rows = append(rows, pending{Issuance: row, key: d.desk.key})
	}
	for _, s := range shelves {
		if err := s.put(); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// maxPayload is how long a document may be, in bytes, so that nobody refuses its
// token for its size: jose.MaxToken in base64, less a header and a signature.
const maxPayload = jose.MaxToken*3/4 - 1<<10

func (a *act) recordOne(d draft, shelves map[string]*shelf) (Issuance, error) {
	if known, err := a.again(d); err == nil || !errors.Is(err, ErrNotFound) {
		return known, err
	}
	s := shelves[d.Issuer]
	if s == nil {
		var err error
		if s, err = a.shelfOf(d.desk.issuer); err != nil {
			return Issuance{}, err
		}
		shelves[d.Issuer] = s
	}
	if d.award != nil { // what one run of the act makes of it is not the next one's
		own := *d.award
		d.award = &own
	}
	compose := a.compose
	switch {
	case d.raw != nil:
		compose = a.composeRaw
	case d.award != nil:
		compose = a.composeAward
	}
	row, err := compose(d, s)
	if err != nil {
		return row, err
	}
	if len(row.Payload) > maxPayload {
		return row, schema.Faults{{Code: "too_long", Args: map[string]string{"max": strconv.Itoa(maxPayload)}}}
	}
	if row.Person, err = a.ownerOf(row, d); err != nil {
		return row, err
	}
	if err := a.PutIssuance(row); err != nil {
		return row, err
	}
	if err := a.log("issue.pending", row.ID, row.intent()); err != nil || d.award == nil {
		return row, err
	}
	return row, a.putAward(d, row)
}

// repeated returns the row of an idempotency key, or ErrNotFound. A void row
// was never signed or never handed out, and does not stand in the way; nor does
// one that was revoked before it was signed, when one person is issued to
// anew. In a batch that one is an answer: a sheet run again does not bring back
// whom somebody has struck off meanwhile. A token of another profile than asked
// for is not the same, and is refused.
func (a *act) repeated(d draft) (Issuance, error) {
	if d.IdempotencyKey == "" {
		return Issuance{}, ErrNotFound
	}
	row, err := a.IssuanceByKey(d.IdempotencyKey)
	switch {
	case err != nil:
		return row, err
	case row.State == StateVoid, d.anew && row.Ended() && row.Token == "" && !row.Erased:
		return Issuance{}, ErrNotFound
	case row.Profile != d.Profile:
		return row, refuse("profile_differs", "id", row.ID)
	}
	if row, err = a.latestCopy(row); err != nil {
		return row, err
	}
	if row.Erased && d.anew { // in a batch it is an answer, as a revoked one is
		return row, erased(row)
	}
	row.Repeated = row.State != StatePending
	return row, nil
}

// latestCopy follows a credential to what it was reissued as, in the same form.
func (a *act) latestCopy(row Issuance) (Issuance, error) {
	for row.SupersededBy != "" {
		next, err := a.Issuance(row.SupersededBy)
		if err != nil || next.Profile != row.Profile || next.Token == "" {
			return row, err
		}
		row = next
	}
	return row, nil
}

// compose takes the indexes of a draft and writes its document.
func (a *act) compose(d draft, s *shelf) (row Issuance, err error) {
	row = Issuance{
		ID: newID(), Issuer: d.Issuer, Template: d.Template,
		IdempotencyKey: d.IdempotencyKey, KeyID: d.desk.key.KID, Profile: d.Profile, Supersedes: d.replaces,
		State: StatePending, CreatedAt: a.at, ChangedAt: a.at,
	}
	if row.StatusList, row.StatusIndex, err = s.take(statuslist.PurposeRevocation); err != nil {
		return row, err
	}
	p := schema.Particulars{
		ID: row.ID, Issuer: d.desk.issuer.profile(), Learner: d.Learner, ValidFrom: a.day(),
		StatusListURL: row.StatusList, StatusIndex: int(row.StatusIndex), Supersedes: d.replaces,
	}
	if d.desk.template.Suspendable {
		if row.SuspensionList, row.SuspensionIndex, err = s.take(statuslist.PurposeSuspension); err != nil {
			return row, err
		}
		p.Suspension = &schema.StatusPlace{URL: row.SuspensionList, Index: int(row.SuspensionIndex)}
	}
	if p.Learner.DocumentNumber == "" {
		p.Learner.DocumentNumber = numberFor(row.ID)
	}
	row.DocumentNumber, row.LearnerName = p.Learner.DocumentNumber, fullName(p.Learner)
	if row.Payload, err = d.desk.template.Compose(p); err != nil {
		return row, err
	}
	if row.Payload, err = d.Profile.complete(row.Payload); err != nil {
		return row, err
	}
	row.PayloadHash = sha256.Sum256(row.Payload)
	return row, nil
}

// numberFor makes the document number of a learner that brought none.
func numberFor(id string) string {
	return "MC-" + strings.ToUpper(strings.TrimPrefix(id, "urn:uuid:")[:8])
}

// newID is a random UUID (RFC 9562, version 4): one that grew with time would
// tell everybody when, and in what order, credentials were issued.
func newID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails, see crypto/rand
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// fullName is the learner's name as the register lists it.
func fullName(l schema.Learner) string {
	return cmp.Or(l.Organisation, l.Name, strings.TrimSpace(l.GivenName+" "+l.FamilyName))
}

// intent is what the log keeps of a pending row: its places and the hash of
// what is about to be signed.
func (i Issuance) intent() string {
	hash := base64.RawURLEncoding.EncodeToString(i.PayloadHash[:])
	switch {
	case i.StatusList == "":
		return hash
	case !i.Suspendable():
		return place(i.StatusList, i.StatusIndex) + " " + hash
	}
	return place(i.StatusList, i.StatusIndex) + " " + place(i.SuspensionList, i.SuspensionIndex) + " " + hash
}

func place(list string, index uint32) string {
	return list + "#" + strconv.FormatUint(uint64(index), 10)
}

// revocationEntry is the credentialStatus of the row.
func (i Issuance) revocationEntry() any {
	return struct {
		ID      string `json:"id"`
		Type    string `json:"type"`
		Purpose string `json:"statusPurpose"`
		Index   string `json:"statusListIndex"`
		List    string `json:"statusListCredential"`
	}{
		place(i.StatusList, i.StatusIndex), "BitstringStatusListEntry", statuslist.PurposeRevocation,
		strconv.FormatUint(uint64(i.StatusIndex), 10), i.StatusList,
	}
}

// day is the UTC day of t.
func day(t time.Time) time.Time {
	y, m, d := t.UTC().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}
