package storetest

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"sort"
	"strconv"
	"time"

	"github.com/employment-passport/passport/issuer"
)

// Most of what leads to a row stands in no order, so that a transaction rewrites
// nearly all pages of those tables, however few rows it brings: it brings as many
// as there are already, between these two. The first must be small, since a page
// that is not written yet is searched and moved as a whole.
const (
	minFill = 2048
	maxFill = 131_072
)

// listEntries is how many credentials share a status list.
const listEntries = 131_072

// fillTime is how long ago the first person came.
const fillTime = 365 * 24 * time.Hour

// fillLists is the number of the first list that Fill opens: far from those of
// an issuer that goes on issuing.
const fillLists = 500_000

// Fill puts n issued rows of an issuer into a store, as a register of years has
// them: each with a person of its own, a token of a credential's length that
// verifies nowhere, a place in a list that gives no further index, and an entry
// in the log. The issuer and the template must be there. It goes on where an
// earlier filling ended, and calls progress, which may be nil, after every batch.
func Fill(ctx context.Context, s issuer.Store, name, template string, n int, progress func(done int)) error {
	for first, end := 0, 0; first < n; first = end {
		end = min(n, first+max(minFill, min(first, maxFill)))
		err := s.Update(ctx, func(tx issuer.Tx) error { return fill(tx, name, template, first, end) })
		if err != nil {
			return fmt.Errorf("fill rows %d to %d: %w", first, end, err)
		}
		if progress != nil {
			progress(end)
		}
	}
	return nil
}

func fill(tx issuer.Tx, name, template string, first, end int) error {
	body, err := tx.Issuer(name)
	if err != nil {
		return err
	}
	first += sort.Search(end-first, func(n int) bool { // those that an earlier filling brought
		_, err := tx.IssuanceByKey(fillKey(first + n))
		return err != nil
	})
	if first == end {
		return nil
	}
	last, err := tx.LastAudit()
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(uint64(first), 1)) //nolint:gosec // made-up data
	for n := first; n < end; n++ {
		row := filled(body, template, n, random)
		row.CreatedAt, row.IssuedAt, row.ChangedAt = last.At, last.At, last.At
		if row.StatusIndex == 0 {
			if err := openFilled(tx, body, row.StatusList); err != nil {
				return err
			}
		}
		known := row.CreatedAt.Add(time.Duration(n)*time.Millisecond - fillTime) // one after the other, as people come
		person, err := tx.PersonFor(name, []string{fmt.Sprintf("holder did:example:%d", n), fmt.Sprintf("name %s %d", row.LearnerName, n)}, known)
		if err != nil {
			return err
		}
		row.Person = person.ID
		if err := tx.PutIssuance(row); err != nil {
			return err
		}
		e := issuer.AuditEntry{Seq: last.Seq + 1, At: last.At, Actor: "fill", Act: "issue.done", Subject: row.ID, Prev: last.Hash}
		e.Hash = e.Sum()
		if err := tx.AppendAudit(e); err != nil {
			return err
		}
		last = e
	}
	return nil
}

func fillKey(n int) string { return "fill " + strconv.Itoa(n) }

// filled is the n-th row.
func filled(body issuer.IssuerRecord, template string, n int, random *rand.Rand) issuer.Issuance {
	var id [16]byte
	binary.BigEndian.PutUint64(id[:8], random.Uint64())
	binary.BigEndian.PutUint64(id[8:], uint64(n))
	token := make([]byte, 1100)
	for at := 0; at < len(token)-8; at += 8 {
		binary.BigEndian.PutUint64(token[at:], random.Uint64())
	}
	row := issuer.Issuance{
		ID:     fmt.Sprintf("urn:uuid:%x-%x-4%03x-8%03x-%x", id[:4], id[4:6], id[6], id[7], id[10:]),
		Issuer: body.Name, Template: template, IdempotencyKey: fillKey(n),
		DocumentNumber: fmt.Sprintf("FILL/%d", n), LearnerName: fmt.Sprintf("Learner %x", random.Uint32()),
		Token: base64.RawURLEncoding.EncodeToString(token), KeyID: body.DID + "#key-1", State: issuer.StateIssued,
		StatusList:  body.StatusBase + "/status/" + strconv.Itoa(fillLists+n/listEntries),
		StatusIndex: uint32(n % listEntries),
	}
	row.PayloadHash = sha256.Sum256([]byte(row.ID))
	return row
}

// openFilled opens the list of the rows that follow, closed to everybody else.
func openFilled(tx issuer.Tx, body issuer.IssuerRecord, url string) error {
	number, err := strconv.Atoi(url[len(body.StatusBase+"/status/"):])
	if err != nil {
		return err
	}
	err = tx.PutStatusList(issuer.StatusList{
		URL: url, Issuer: body.Name, Purpose: "revocation", Number: number, Entries: listEntries, Next: listEntries, Closed: true,
	})
	if err != nil {
		return err
	}
	return tx.PutStatusBits(url, make([]byte, listEntries/8))
}
