package issuer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	// clockSlack is how far the clock may step back without a refusal: a machine
	// that sets its clock by the network steps by less than this.
	clockSlack = time.Minute

	// clockJump is how far after the last act the clock is believed unasked. A
	// body issues at least once a year; a clock that is wrong by a mistyped year
	// would otherwise lock the home until that year comes.
	clockJump = 400 * 24 * time.Hour
)

// act is one transaction of an actor: its one time, and the audit log that it
// writes to.
type act struct {
	Tx
	at    time.Time // never before the last entry of the log
	clock time.Time // what the clock says; earlier than at only in an urgent act
	last  AuditEntry
	by    Actor
	keys  map[string][]KeyRecord // of the issuers that settle has asked for

	doubted bool   // the clock cannot be right
	falls   *falls // what it has done to composites; nil for nothing
}

// update runs f as one act: what f writes and what it logs become durable
// together or not at all. Its time is taken inside the transaction, so that the
// log's times never fall. A clock that cannot be right, set back further than
// clockSlack or ahead by more than clockJump, is refused, as dates and windows
// would be wrong.
func (i *Issuer) update(ctx context.Context, by Actor, f func(*act) error) error {
	by = jointly(ctx, by)
	return i.store.Update(ctx, func(tx Tx) error {
		a, doubt, err := i.begin(tx, by)
		if err != nil {
			return err
		}
		if doubt != nil {
			return doubt
		}
		return f(a)
	})
}

// urgent is update for what protects the world: a revocation, a suspension, a
// key called stolen, and signing the lists that say so. None of them may be
// locked out by a clock. With a clock that cannot be right the act bears the
// time of the log's last entry, and Notice hears of it.
func (i *Issuer) urgent(ctx context.Context, by Actor, f func(*act) error) error {
	var doubt *Error
	by = jointly(ctx, by)
	err := i.store.Update(ctx, func(tx Tx) (err error) {
		var a *act
		if a, doubt, err = i.begin(tx, by); err != nil {
			return err
		}
		a.doubted = doubt != nil
		return f(a)
	})
	if err == nil && doubt != nil {
		i.notice("clock.doubted", doubt.Args)
	}
	return err
}

// begin opens an act. Where the clock cannot be right doubt says why, and the
// act has the time of the last entry.
func (i *Issuer) begin(tx Tx, by Actor) (a *act, doubt *Error, err error) {
	last, err := tx.LastAudit()
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, nil, fmt.Errorf("read audit log: %w", err)
	}
	now := i.now().UTC().Truncate(time.Millisecond)
	a = &act{Tx: tx, at: now, clock: now, last: last, by: by}
	ahead := last.Seq > 0 && now.After(last.At.Add(clockJump))
	switch {
	case now.Before(last.At.Add(-clockSlack)):
		doubt = refuse("clock_back", "now", now.Format(time.RFC3339), "last", last.At.Format(time.RFC3339))
		a.at = last.At
	case now.Before(last.At):
		a.at, a.clock = last.At, last.At
	case ahead && !day(now).After(day(i.acceptClock)):
		return a, nil, a.log("clock.accept", "", "the last act was of "+last.At.Format(time.RFC3339))
	case ahead:
		doubt = refuse("clock_jump", "now", now.Format(time.RFC3339), "last", last.At.Format(time.RFC3339), "day", day(now).Format(time.DateOnly))
		a.at, a.clock = last.At, last.At
	}
	return a, doubt, nil
}

// day is the UTC day of the act, as validFrom and the windows of keys count.
func (a *act) day() time.Time { return a.at.Truncate(24 * time.Hour) }

// log appends an entry to the chain. When it cannot, the act must fail.
func (a *act) log(what, subject, details string) error {
	e := AuditEntry{
		Seq: a.last.Seq + 1, At: a.at, Actor: string(a.by), Act: what,
		Subject: subject, Details: details, Prev: a.last.Hash,
	}
	e.Hash = e.Sum()
	if err := a.AppendAudit(e); err != nil {
		return fmt.Errorf("write audit log: %w", err)
	}
	a.last = e
	return nil
}

// Sum is the hash that the entry must bear: SHA-256 over its JSON, in which
// every field but the hash itself stands in a fixed order, the hash of the entry
// before it among them.
func (e AuditEntry) Sum() [32]byte {
	line := make([]byte, 0, 512)
	line = strconv.AppendUint(append(line, `{"seq":`...), e.Seq, 10)
	line = e.At.UTC().AppendFormat(append(line, `,"at":"`...), time.RFC3339Nano)
	line = quoted(append(line, `","actor":`...), e.Actor)
	line = quoted(append(line, `,"act":`...), e.Act)
	line = quoted(append(line, `,"subject":`...), e.Subject)
	line = quoted(append(line, `,"details":`...), e.Details)
	line = hex.AppendEncode(append(line, `,"prev":"`...), e.Prev[:])
	return sha256.Sum256(append(line, `"}`...))
}

// quoted appends a JSON string. Bytes that are not UTF-8 become U+FFFD, as in
// the record itself; the error only tells of it.
func quoted(line []byte, s string) []byte {
	line, _ = jsontext.AppendQuote(line, s)
	return line
}

// Audit yields the log from seq on, in order, until yield returns false.
func (i *Issuer) Audit(ctx context.Context, seq uint64, yield func(AuditEntry) bool) error {
	return i.store.View(ctx, func(tx Tx) error { return tx.AuditFrom(seq, yield) })
}

// BrokenChainError names the first entry of the audit log that is not what was
// written.
type BrokenChainError struct {
	Seq    uint64
	Reason string // audit_gap, audit_prev or audit_hash
}

func (e *BrokenChainError) Error() string {
	return fmt.Sprintf("audit log broken at entry %d: %s", e.Seq, e.Reason)
}

// VerifyAudit walks the whole log and returns how many entries it has and the
// last one's hash: whoever noted an earlier hash can see that the log was only
// added to. The error is a *BrokenChainError when the chain does not hold.
func (i *Issuer) VerifyAudit(ctx context.Context) (entries uint64, head [32]byte, err error) {
	var broken *BrokenChainError
	err = i.store.View(ctx, func(tx Tx) error {
		return tx.AuditFrom(1, func(e AuditEntry) bool {
			switch {
			case e.Seq != entries+1:
				broken = &BrokenChainError{Seq: entries + 1, Reason: "audit_gap"}
			case e.Prev != head:
				broken = &BrokenChainError{Seq: e.Seq, Reason: "audit_prev"}
			case e.Hash != e.Sum():
				broken = &BrokenChainError{Seq: e.Seq, Reason: "audit_hash"}
			}
			if broken == nil {
				entries, head = e.Seq, e.Hash
			}
			return broken == nil
		})
	})
	if err == nil && broken != nil {
		err = broken
	}
	return entries, head, err
}
