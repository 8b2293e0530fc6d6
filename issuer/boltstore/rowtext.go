package boltstore

import (
	"encoding/base64"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// The text of the records that every credential is written with, four
// times in all. It is what encoding/json makes of the same structs without its
// escapes for HTML, at a fraction of the cost; format_test.go holds the two equal.

// line is a JSON object as it grows. text, time and number leave a member out
// that has nothing to say; the others do not.
type line []byte

func (l line) name(name string) line {
	if len(l) == 0 {
		l = make(line, 0, 768)
		l = append(l, '{')
	} else {
		l = append(l, ',')
	}
	return append(append(append(l, '"'), name...), `":`...)
}

func (l line) mustText(name, s string) line {
	l = l.name(name)
	// What is not UTF-8 becomes U+FFFD, as with encoding/json; the error only tells of it.
	l, _ = jsontext.AppendQuote(l, s)
	return l
}

func (l line) text(name, s string) line {
	if s == "" {
		return l
	}
	return l.mustText(name, s)
}

func (l line) mustTime(name string, t time.Time) line {
	return append(t.AppendFormat(append(l.name(name), '"'), time.RFC3339Nano), '"')
}

func (l line) time(name string, t time.Time) line {
	if t.IsZero() {
		return l
	}
	return l.mustTime(name, t)
}

func (l line) mustNumber(name string, n uint32) line {
	return strconv.AppendUint(l.name(name), uint64(n), 10)
}

func (l line) number(name string, n uint32) line {
	if n == 0 {
		return l
	}
	return l.mustNumber(name, n)
}

func (r issuanceRow) line() []byte {
	var l line
	l = l.mustText("id", r.ID).mustText("iss", r.Issuer).text("tpl", r.Template).text("key", r.IdempotencyKey)
	l = l.text("doc", r.DocumentNumber).text("name", r.LearnerName).mustText("hash", r.PayloadHash).text("kid", r.KeyID).text("profile", r.Profile)
	l = l.mustText("state", string(r.State)).mustTime("created", r.CreatedAt).time("issued", r.IssuedAt).time("changed", r.ChangedAt)
	l = l.text("reason", r.Reason).text("note", r.Note).time("until", r.SuspendedUntil)
	l = l.text("supersedes", r.Supersedes).text("supersededBy", r.SupersededBy)
	l = l.text("list", r.StatusList).mustNumber("index", r.StatusIndex)
	l = l.text("suspList", r.SuspensionList).number("suspIndex", r.SuspensionIndex)
	l = l.text("person", r.Person).text("sealed", base64.StdEncoding.EncodeToString(r.Sealed))
	if r.Erased {
		l = append(l.name("erased"), "true"...)
	}
	l = l.text("tokenHash", r.TokenHash)
	return append(l, '}')
}

func (r auditRow) line() []byte {
	var l line
	l = l.mustTime("at", r.At).mustText("actor", r.Actor).mustText("act", r.Act).mustText("subject", r.Subject)
	l = l.text("details", r.Details).mustText("prev", r.Prev).mustText("hash", r.Hash)
	return append(l, '}')
}

func (r privateRow) line() []byte {
	var l line
	l = l.text("key", r.IdempotencyKey).text("doc", r.DocumentNumber).text("name", r.LearnerName).text("note", r.Note)
	if len(l) == 0 {
		return []byte("{}")
	}
	return append(l, '}')
}

func (r personRow) line() []byte {
	var l line
	l = l.mustText("id", r.ID).mustText("iss", r.Issuer).mustTime("created", r.CreatedAt).time("erased", r.ErasedAt)
	if len(r.Handles) == 0 {
		return append(l, '}')
	}
	l = append(l.name("handles"), '[')
	for n, h := range r.Handles { // hex, which needs no escapes
		if n > 0 {
			l = append(l, ',')
		}
		l = append(append(append(l, '"'), h...), '"')
	}
	return append(l, "]}"...)
}
