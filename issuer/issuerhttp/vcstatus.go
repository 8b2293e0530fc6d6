package issuerhttp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/employment-passport/passport/internal/strictjson"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
	"github.com/employment-passport/passport/schema"
)

// vcStatusBody is the request of POST /credentials/status. The draft has one
// entry with a boolean beside it; earlier it had a list of entries that each
// say "1" or "0". Both are taken. reason is ours.
type vcStatusBody struct {
	CredentialID string          `json:"credentialId"`
	Entries      json.RawMessage `json:"credentialStatus"`
	Status       *bool           `json:"status"`
	Allocator    string          `json:"indexAllocator"` // of services that give indexes away apart: ours are in the lists
	Reason       string          `json:"reason"`
}

// vcEntry is one status to be set.
type vcEntry struct {
	ID      string          `json:"id"`
	Type    string          `json:"type"`
	Purpose string          `json:"statusPurpose"`
	Index   string          `json:"statusListIndex"`
	List    string          `json:"statusListCredential"`
	Status  json.RawMessage `json:"status"`

	set bool
}

// maxEntries is how many statuses one request may set: a credential has two.
const maxEntries = 4

// vcStatus revokes, suspends or reinstates. What stands already as it is asked
// for is no fault: the request says a state, not an act.
func (a *API) vcStatus(w http.ResponseWriter, r *http.Request) error {
	var b vcStatusBody
	if _, err := a.act(w, r, &b); err != nil {
		return err
	}
	ctx := context.WithoutCancel(r.Context()) // to set a state twice is the same state: no key is needed
	entries, err := b.entries()
	if err != nil {
		return err
	}
	row, err := a.findID(r, access.ActRead, b.CredentialID)
	if err != nil {
		return err
	}
	p := principal(r)
	for n, e := range entries {
		act := access.ActSuspend
		if e.Purpose == "revocation" {
			act = access.ActRevoke
		}
		if err := p.May(act, row.Issuer); err != nil {
			return hidden(err, "credential_unknown", "ref", b.CredentialID)
		}
		if err := e.fits(row); err != nil {
			return under("/credentialStatus/"+strconv.Itoa(n), err)
		}
	}
	for _, e := range entries {
		if err := a.set(ctx, p.Actor, row.ID, e, b.Reason); err != nil {
			return err
		}
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

// entries reads both shapes.
func (b vcStatusBody) entries() (entries []vcEntry, err error) {
	wrong := fault("vc_status", "/credentialStatus")
	text := bytes.TrimSpace(b.Entries)
	switch {
	case len(text) == 0:
		return nil, fault("missing", "/credentialStatus", "member", "credentialStatus")
	case text[0] == '[':
		err = strictjson.UnmarshalKnown(text, &entries)
	default:
		entries = make([]vcEntry, 1)
		err = strictjson.UnmarshalKnown(text, &entries[0])
	}
	if err != nil || len(entries) == 0 || len(entries) > maxEntries {
		return nil, wrong
	}
	for n := range entries {
		if !entries[n].read(b.Status) {
			return nil, wrong
		}
	}
	return entries, nil
}

// read takes the status of an entry: its own, or the one beside all.
func (e *vcEntry) read(beside *bool) bool {
	if e.Type != "BitstringStatusListEntry" && e.Type != "BitstringStatusList" {
		return false
	}
	switch own := string(e.Status); {
	case own == "" && beside != nil:
		e.set = *beside
	case beside != nil:
		return false
	case own == `"1"`, own == "true":
		e.set = true
	case own == `"0"`, own == "false":
	default:
		return false
	}
	return true
}

// fits tells whether an entry is one of the credential's, as far as it says.
func (e vcEntry) fits(row issuer.Issuance) error {
	list, index := row.StatusList, row.StatusIndex
	switch e.Purpose {
	case "revocation":
	case "suspension":
		list, index = row.SuspensionList, row.SuspensionIndex
	default:
		return fault("vc_status", "/statusPurpose")
	}
	place := strconv.FormatUint(uint64(index), 10)
	switch {
	case e.List != "" && e.List != list:
		return fault("vc_status", "/statusListCredential")
	case e.Index != "" && e.Index != place:
		return fault("vc_status", "/statusListIndex")
	case e.ID != "" && e.ID != list+"#"+place:
		return fault("vc_status", "/id")
	}
	return nil
}

// set brings one status about.
func (a *API) set(ctx context.Context, by issuer.Actor, id string, e vcEntry, reason string) (err error) {
	done := "already_revoked"
	switch {
	case e.Purpose == "revocation" && e.set:
		if reason == "" {
			reason = string(schema.IssuedInError) // the VC API knows no reasons
		}
		_, err = a.Issuer.Revoke(ctx, by, id, issuer.Reason{Code: schema.Reason(reason)})
	case e.Purpose == "revocation":
		return a.notRevoked(ctx, id)
	case e.set:
		done = ""
		_, err = a.Issuer.Suspend(ctx, by, id, issuer.Reason{Code: schema.Disputed}, time.Time{})
	default:
		done = "not_suspended"
		_, err = a.Issuer.Reinstate(ctx, by, id)
	}
	var refused *issuer.Error
	if errors.As(err, &refused) && refused.Code == done {
		return nil
	}
	return err
}

// notRevoked refuses to take a revocation back.
func (a *API) notRevoked(ctx context.Context, id string) error {
	row, err := a.Issuer.Find(ctx, id)
	if err == nil && row.Ended() {
		return refuse("already_revoked", "id", row.ID, "date", dayOf(row.ChangedAt))
	}
	return err
}
