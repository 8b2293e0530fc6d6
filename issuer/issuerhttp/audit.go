package issuerhttp

import (
	"encoding/hex"
	"errors"
	"math"
	"net/http"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
)

// auditView is one entry of the log.
type auditView struct {
	Seq     uint64 `json:"seq"`
	At      string `json:"at"`
	Actor   string `json:"actor"`
	Act     string `json:"act"`
	Subject string `json:"subject"`
	Details string `json:"details,omitempty"`
	Hash    string `json:"hash"`
}

func viewEntry(e issuer.AuditEntry) auditView {
	return auditView{e.Seq, e.At.UTC().Format(time.RFC3339Nano), e.Actor, e.Act, e.Subject, e.Details, hex.EncodeToString(e.Hash[:])}
}

// audit lists the log, oldest first. Who audits one body sees what was done to
// that body, its keys, its lists and its credentials.
func (a *API) audit(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if err := known(q, "since", "limit", "cursor"); err != nil {
		return err
	}
	page, err := pageOf(q)
	if err != nil {
		return err
	}
	from, err := since(q)
	if err != nil {
		return err
	}
	start := uint64(1)
	if page.after != "" {
		last, err := strconv.ParseUint(page.after, 10, 64)
		if err != nil || last == math.MaxUint64 {
			return refuse("query", "name", "cursor")
		}
		start = last + 1
	}
	names, all := principal(r).Issuers(access.ActAudit)
	if !all && len(names) == 0 {
		return access.ErrForbidden
	}
	answer := struct {
		Entries []auditView `json:"entries"`
		Next    string      `json:"next,omitempty"`
	}{Entries: []auditView{}}
	err = a.Store.View(r.Context(), func(tx issuer.Tx) error {
		mine, err := subjectsOf(tx, names)
		if err != nil {
			return err
		}
		first, err := firstSince(tx, from)
		if err != nil {
			return err
		}
		return tx.AuditFrom(max(start, first), func(e issuer.AuditEntry) bool {
			switch {
			case !all && !mine.has(e.Subject):
				return true
			case len(answer.Entries) == page.limit:
				answer.Next = cursorAfter(strconv.FormatUint(answer.Entries[page.limit-1].Seq, 10))
				return false
			}
			answer.Entries = append(answer.Entries, viewEntry(e))
			return true
		})
	})
	if err != nil {
		return err
	}
	a.linkNext(w, r, answer.Next)
	return writeListing(w, r, answer)
}

// firstSince is the number of the first entry at or after a time. The log's
// times never fall, so that few entries tell.
func firstSince(tx issuer.Tx, from time.Time) (seq uint64, err error) {
	last, err := tx.LastAudit()
	if from.IsZero() || errors.Is(err, issuer.ErrNotFound) {
		return 1, nil
	}
	if err != nil {
		return 0, err
	}
	after := sort.Search(int(last.Seq), func(n int) bool {
		found := false
		err = errors.Join(err, tx.AuditFrom(uint64(n)+1, func(e issuer.AuditEntry) bool {
			found = !e.At.Before(from)
			return false
		}))
		return found
	})
	return uint64(after) + 1, err
}

// subjects are what entries of the log can be about for somebody who audits
// single bodies.
type subjects struct {
	tx     issuer.Tx
	bodies []issuer.IssuerRecord
}

func subjectsOf(tx issuer.Tx, names []string) (subjects, error) {
	s := subjects{tx: tx}
	for _, name := range names {
		r, err := tx.Issuer(name)
		if err != nil && !errors.Is(err, issuer.ErrNotFound) {
			return s, err
		}
		if err == nil {
			s.bodies = append(s.bodies, r)
		}
	}
	return s, nil
}

func (s subjects) has(subject string) bool {
	for _, r := range s.bodies {
		if subject == r.Name || strings.HasPrefix(subject, r.DID+"#") || strings.HasPrefix(subject, r.StatusBase+"/status/") {
			return true
		}
	}
	owner := ""
	if row, err := s.tx.Issuance(subject); err == nil {
		owner = row.Issuer
	} else if p, err := s.tx.Person(subject); err == nil {
		owner = p.Issuer
	}
	for _, r := range s.bodies {
		if owner == r.Name {
			return true
		}
	}
	return false
}

// verifyAudit walks the chain of the whole log.
func (a *API) verifyAudit(w http.ResponseWriter, r *http.Request) error {
	if names, all := principal(r).Issuers(access.ActAudit); !all && len(names) == 0 {
		return access.ErrForbidden
	}
	entries, head, err := a.Issuer.VerifyAudit(r.Context())
	answer := struct {
		Whole   bool   `json:"whole"`
		Entries uint64 `json:"entries"` // up to the first broken one
		Hash    string `json:"hash"`    // of the last of them
		Broken  uint64 `json:"broken,omitempty"`
		Reason  string `json:"reason,omitempty"`
	}{Whole: err == nil, Entries: entries, Hash: hex.EncodeToString(head[:])}
	var broken *issuer.BrokenChainError
	if errors.As(err, &broken) {
		answer.Broken, answer.Reason = broken.Seq, broken.Reason
	} else if err != nil {
		return err
	}
	httpkit.WriteJSON(w, http.StatusOK, answer)
	return nil
}
