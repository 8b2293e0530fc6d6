package boltstore

import (
	"bytes"
	"time"

	"github.com/employment-passport/passport/issuer"
	"go.etcd.io/bbolt"
)

// chunk is how many numbers of rows are gathered before the first of them is
// yielded: yield may write, and a cursor does not outlive that.
const chunk = 128

// Issuances yields the rows that the filter matches, see issuer.Register.
func (t *tx) Issuances(f issuer.Filter, yield func(issuer.Issuance) bool) error {
	if _, err := t.table("rows"); err != nil {
		return err
	}
	w, err := t.walkFor(f)
	if err != nil {
		return err
	}
	for found := 0; ; {
		numbers, err := w.next(chunk)
		if err != nil || len(numbers) == 0 {
			return err
		}
		if t.touched != nil {
			t.touched(chunk / 8)
		}
		for _, n := range numbers {
			i, matches, err := t.matching(number(n), f)
			if err != nil {
				return err
			}
			if !matches {
				continue
			}
			if found++; !yield(i) || found == f.Limit {
				return nil
			}
		}
	}
}

// matching reads a row, no more of it than tells that it does not match.
func (t *tx) matching(at []byte, f issuer.Filter) (i issuer.Issuance, matches bool, err error) {
	var r issuanceRow
	if err := t.in("rows").getJSON(at, &r); err != nil {
		return i, false, gone(at, err)
	}
	if i, err = r.issuance(); err != nil {
		return i, false, err
	}
	learner := f.Learner
	if f.Learner = ""; !f.Matches(i) {
		return i, false, nil
	}
	if f.Learner = learner; learner != "" {
		if err := t.openRow(at, r, &i); err != nil || !f.Matches(i) {
			return i, false, err
		}
	}
	i, err = t.complete(at, r)
	return i, err == nil, err
}

// walk goes through the numbers of rows that stand in all of some indexes.
type walk struct {
	tx      *tx
	in      []index
	at      uint64 // the next number that may come
	end     uint64 // the last that may
	newest  bool
	stopped bool
}

// index is the part of a table whose keys are prefix and the number of a row.
type index struct {
	table  *table
	prefix []byte
}

// walkFor chooses the indexes that a filter can be looked up in, and where in
// them to begin and end.
func (t *tx) walkFor(f issuer.Filter) (*walk, error) {
	w := &walk{tx: t, newest: f.Newest, at: 1, end: t.in("rows").bucket.Sequence()}
	use := func(name, value string) { w.in = append(w.in, index{t.in(name), joined(value, "")}) }
	if f.Person != "" {
		use("row_people", f.Person)
	}
	if f.State != "" && f.State != issuer.StateIssued {
		use("row_states", string(f.State))
	}
	if f.Issuer != "" {
		use("row_issuers", f.Issuer)
	}
	if f.Template != "" {
		use("row_templates", f.Template)
	}
	if len(w.in) == 0 {
		w.in = []index{{t.in("rows"), nil}}
	}
	if !f.Since.IsZero() {
		first, err := t.firstSince(f.Since)
		if err != nil {
			return nil, err
		}
		w.at = first
	}
	if f.Newest {
		w.at, w.end = w.end, w.at
	}
	if f.After != "" {
		after, err := t.in("ids").get([]byte(f.After))
		if err != nil {
			return nil, err
		}
		if n := sequence(after); f.Newest {
			w.at = min(w.at, n-1)
		} else {
			w.at = max(w.at, n+1)
		}
	}
	return w, nil
}

// firstSince is the number of the first row that was created then or later. Rows
// are numbered as they come and none is ever removed; their times never fall.
func (t *tx) firstSince(since time.Time) (uint64, error) {
	low, high := uint64(1), t.in("rows").bucket.Sequence()+1
	for low < high {
		middle := (low + high) / 2
		var r struct {
			CreatedAt time.Time `json:"created"`
		}
		if err := t.in("rows").getJSON(number(middle), &r); err != nil {
			return 0, gone(number(middle), err)
		}
		if r.CreatedAt.Before(since) {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, nil
}

// next returns up to limit further numbers, none at the end. The indexes take
// turns in saying what the least number is that they have, until all agree: what
// stands between is never read.
func (w *walk) next(limit int) (numbers []uint64, err error) {
	cursors := make([]*bbolt.Cursor, len(w.in))
	for n, in := range w.in {
		cursors[n] = in.table.bucket.Cursor()
	}
	for len(numbers) < limit && !w.stopped {
		agreed := 0
		for n := 0; agreed < len(w.in); n = (n + 1) % len(w.in) {
			found, ok, err := w.in[n].seek(cursors[n], w.at, w.newest)
			if err != nil {
				return nil, err
			}
			if !ok || w.beyond(found) {
				w.stopped = true
				return numbers, nil
			}
			if found == w.at && agreed > 0 {
				agreed++
			} else {
				w.at, agreed = found, 1
			}
		}
		numbers = append(numbers, w.at)
		w.step()
	}
	return numbers, nil
}

func (w *walk) beyond(n uint64) bool {
	return !w.newest && n > w.end || w.newest && n < w.end
}

func (w *walk) step() {
	switch {
	case !w.newest:
		w.at++
	case w.at == 0:
		w.stopped = true
	default:
		w.at--
	}
}

// seek finds the least number from at on, or the greatest up to at.
func (in index) seek(c *bbolt.Cursor, at uint64, newest bool) (n uint64, ok bool, err error) {
	want := append(clone(in.prefix), number(at)...)
	k, stored := c.Seek(want)
	if newest && !bytes.Equal(k, want) {
		if k == nil {
			k, stored = c.Last()
		} else {
			k, stored = c.Prev()
		}
	}
	if k == nil || !bytes.HasPrefix(k, in.prefix) {
		return 0, false, nil
	}
	if len(k) != len(in.prefix)+8 {
		return 0, false, damaged("a key of table %s is %d bytes long", in.table.name, len(k))
	}
	if _, err := in.table.value(k, stored); err != nil {
		return 0, false, err
	}
	n = sequence(k[len(in.prefix):])
	if !newest && n < at || newest && n > at {
		return 0, false, damaged("table %s is out of order", in.table.name)
	}
	return n, true, nil
}
