package issuer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/employment-passport/passport/internal/statuslist"
	"github.com/employment-passport/passport/schema"
)

// RawOffer is a whole document of a client that brings its own.
type RawOffer struct {
	Issuer         string // name of the issuer
	Document       []byte // W3C Verifiable Credential 2.0, unsigned
	IdempotencyKey string
	Profile        Profile // how the token is made; the zero value is vc+jwt
}

// IssueRaw signs a client's own document, with the same promises as Issue. Its
// issuer is put in where it has none; a document that names another one is
// refused. Where it has no id it gets one, where it has no status it gets an
// entry in the issuer's revocation list; one that brings a status of its own can
// be revoked wherever that leads, and not here. A composite passport is refused
// with "raw_passport": see Award.
func (i *Issuer) IssueRaw(ctx context.Context, by Actor, o RawOffer) (*Issuance, error) {
	d, err := i.validateRaw(ctx, o)
	if err != nil {
		return nil, err
	}
	return i.issueOne(ctx, by, d)
}

func (i *Issuer) validateRaw(ctx context.Context, o RawOffer) (d draft, err error) {
	if err := o.Profile.check(); err != nil {
		return d, err
	}
	err = i.store.View(ctx, func(tx Tx) error {
		d.desk, err = openDesk(tx, o.Issuer, "")
		return err
	})
	if err != nil {
		return d, err
	}
	d.Offer = Offer{Issuer: o.Issuer, IdempotencyKey: o.IdempotencyKey, Profile: o.Profile}
	if d.raw, err = schema.WithIssuer(o.Document, d.desk.issuer.profile()); err != nil {
		return d, err
	}
	if err := withoutStatus(schema.CheckForIssuing(d.raw, i.now())).Err(); err != nil {
		return d, err
	}
	return d, notAPassport(d.raw)
}

// notAPassport refuses what Award alone signs: of a passport that came in whole
// nobody would know what it is made of, and it would stand when that falls.
func notAPassport(document []byte) error {
	c, err := schema.ParseCredential(document)
	if err != nil {
		return err
	}
	if slices.Contains(c.Types, schema.KindEmploymentPassport) || c.SchemaID() == schema.PassportSchemaURL {
		return refuse("raw_passport")
	}
	return nil
}

// withoutStatus drops the fault of a document that has no status yet: its place
// in a list is ours to give.
func withoutStatus(faults schema.Faults) schema.Faults {
	return slices.DeleteFunc(faults, func(f schema.Fault) bool { return f.Code == "missing" && f.Pointer == "/credentialStatus" })
}

// rawParts is what we look at in a raw document.
type rawParts struct {
	ID     string          `json:"id"`
	Status json.RawMessage `json:"credentialStatus"`
}

func (a *act) composeRaw(d draft, s *shelf) (row Issuance, err error) {
	var parts rawParts
	if err := json.Unmarshal(d.raw, &parts); err != nil {
		return row, fmt.Errorf("read document: %w", err)
	}
	row = Issuance{
		ID: parts.ID, Issuer: d.Issuer, IdempotencyKey: d.IdempotencyKey, KeyID: d.desk.key.KID, Profile: d.Profile,
		State: StatePending, CreatedAt: a.at, ChangedAt: a.at,
	}
	if c, err := schema.ParseCredential(d.raw); err == nil && schema.IsKind(c.Kind()) {
		l := c.Learner()
		row.LearnerName, row.DocumentNumber = fullName(l), l.DocumentNumber
		if err := a.notAnothers(d, l); err != nil {
			return row, err
		}
	}
	more := map[string]any{}
	if parts.ID == "" {
		row.ID = newID()
		more["id"] = row.ID
	} else if _, err := a.Issuance(row.ID); err == nil {
		return row, refuse("id_taken", "id", row.ID)
	} else if !errors.Is(err, ErrNotFound) {
		return row, err
	}
	if len(parts.Status) == 0 {
		if row.StatusList, row.StatusIndex, err = s.take(statuslist.PurposeRevocation); err != nil {
			return row, err
		}
		more["credentialStatus"] = row.revocationEntry()
	} else if own, err := a.inOwnList(parts.Status); err != nil {
		return row, err
	} else if own {
		// A place in our own lists is given by us, or two credentials could
		// share one.
		return row, schema.Faults{{Code: "status_own_list", Pointer: "/credentialStatus"}}
	}
	if row.Payload, err = withMembers(d.raw, more); err != nil {
		return row, err
	}
	if row.Payload, err = d.Profile.complete(row.Payload); err != nil {
		return row, err
	}
	row.PayloadHash = sha256.Sum256(row.Payload)
	return row, nil
}

// withMembers adds members at the end of a JSON object, compactly.
func withMembers(object []byte, more map[string]any) ([]byte, error) {
	var out bytes.Buffer
	if err := json.Compact(&out, object); err != nil {
		return nil, err
	}
	if len(more) == 0 {
		return out.Bytes(), nil
	}
	added, err := json.Marshal(more)
	if err != nil {
		return nil, err
	}
	out.Truncate(out.Len() - 1)
	out.WriteByte(',')
	out.Write(added[1:])
	return out.Bytes(), nil
}
