package storetest

import (
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
)

var registerTests = map[string]func(*testing.T, Harness){
	"every field comes back": func(t *testing.T, h Harness) {
		s := h.New(t)
		full := row(7)
		full.Reason, full.Note, full.Supersedes, full.SupersededBy = "disputed", "seen by \"M.\"\n", "urn:uuid:a", "urn:uuid:b"
		full.SuspensionList, full.SuspensionIndex = "https://ferrara.example/status/2", 131071
		full.SuspendedUntil, full.IssuedAt, full.Token = day.AddDate(0, 1, 0), day, "a.b.c"
		put(t, s, full)
		view(t, s, func(tx issuer.Tx) error {
			got, err := tx.Issuance(full.ID)
			same(t, "row", got, full, err)
			_, err = tx.Issuance("urn:uuid:none")
			absent(t, "another id", err)
			return nil
		})
	},
	"a row changes and keeps its place": func(t *testing.T, h Harness) {
		s := h.New(t)
		put(t, s, row(1), row(2), row(3))
		done := issued(row(1))
		done.DocumentNumber = "FE/2026/1-bis"
		put(t, s, done)
		view(t, s, func(tx issuer.Tx) error {
			got, err := tx.Issuance(done.ID)
			same(t, "row", got, done, err)
			same(t, "all", ids(t, tx, issuer.Filter{}), []string{row(1).ID, row(2).ID, row(3).ID}, nil)
			_, err = tx.FindIssuance("FE/2026/1")
			absent(t, "old document number", err)
			found, err := tx.FindIssuance("FE/2026/1-bis")
			same(t, "new document number", found, []issuer.Issuance{done}, err)
			return nil
		})
	},
	"an index is never used twice": func(t *testing.T, h Harness) {
		s := h.New(t)
		suspendable := row(1)
		suspendable.SuspensionList, suspendable.SuspensionIndex = "https://ferrara.example/status/2", 5
		put(t, s, suspendable)
		for what, change := range map[string]func(*issuer.Issuance){
			"the same index":            func(i *issuer.Issuance) { i.StatusIndex = 1 },
			"the suspension's index":    func(i *issuer.Issuance) { i.StatusList, i.StatusIndex = "https://ferrara.example/status/2", 5 },
			"the index for suspensions": func(i *issuer.Issuance) { i.SuspensionList, i.SuspensionIndex = i.StatusList, 1 },
		} {
			other := row(2)
			change(&other)
			refused(t, s, what, func(tx issuer.Tx) error { return tx.PutIssuance(other) })
		}
		void := row(3)
		void.State = issuer.StateVoid
		put(t, s, void)
		other := row(4)
		other.StatusIndex = 3
		refused(t, s, "the index of a voided row", func(tx issuer.Tx) error { return tx.PutIssuance(other) })
		moved := suspendable
		moved.StatusIndex = 99
		refused(t, s, "a row that moves", func(tx issuer.Tx) error { return tx.PutIssuance(moved) })
		raw := row(5)
		raw.StatusList, raw.StatusIndex = "", 0
		raw2 := row(6)
		raw2.StatusList, raw2.StatusIndex = "", 0
		put(t, s, raw, raw2) // raw documents bring their own lists
	},
	"find": func(t *testing.T, h Harness) {
		s := h.New(t)
		one, two, twin := row(0x10), row(0x11), row(0x12)
		twin.DocumentNumber = two.DocumentNumber
		put(t, s, one, two, twin)
		prefix := one.ID[len("urn:uuid:"):]
		view(t, s, func(tx issuer.Tx) error {
			for ref, want := range map[string][]issuer.Issuance{
				one.ID: {one}, one.DocumentNumber: {one}, two.DocumentNumber: {two, twin},
				prefix: {one}, prefix[:8]: {one}, "urn:uuid:" + prefix[:6]: {one}, "1": {one, two, twin},
			} {
				found, err := tx.FindIssuance(ref)
				same(t, ref, found, want, err)
			}
			for _, ref := range []string{"", "zz", one.ID + "0", "FE/2026", "key-1"} {
				_, err := tx.FindIssuance(ref)
				absent(t, "find "+ref, err)
			}
			return nil
		})
	},
	"find is bounded": func(t *testing.T, h Harness) {
		s := h.New(t)
		for n := range 20 {
			i := row(n + 1)
			i.DocumentNumber = "same"
			put(t, s, i)
		}
		view(t, s, func(tx issuer.Tx) error {
			found, err := tx.FindIssuance("urn:uuid:")
			same(t, "a beginning", len(found), issuer.FindLimit, err)
			found, err = tx.FindIssuance("same")
			same(t, "a document number", len(found), 20, err)
			found, err = tx.IssuancesNumbered("same")
			same(t, "exactly that number", len(found), 20, err)
			for _, none := range []string{"sam", "urn:uuid:", "", row(1).ID} {
				found, err = tx.IssuancesNumbered(none)
				same(t, "no such number "+none, len(found), 0, err)
			}
			return nil
		})
	},
	"find passes over what was replaced": func(t *testing.T, h Harness) {
		s := h.New(t)
		var last issuer.Issuance
		for n := range 40 {
			last = row(n + 1)
			last.DocumentNumber = "same"
			switch {
			case n%2 == 1 && n < 39:
				last.State, last.Payload = issuer.StateVoid, nil
			case n < 39:
				last = issued(last)
				last.State, last.SupersededBy = issuer.StateSuperseded, row(n+3).ID
			}
			put(t, s, last)
		}
		view(t, s, func(tx issuer.Tx) error {
			found, err := tx.FindIssuance("same")
			same(t, "the living one after 39 others", found, []issuer.Issuance{last}, err)
			return nil
		})
		last.State, last.Payload = issuer.StateVoid, nil
		put(t, s, last)
		view(t, s, func(tx issuer.Tx) error {
			found, err := tx.FindIssuance("same")
			same(t, "none living", len(found), 40, err)
			return nil
		})
	},
	"idempotency keys": func(t *testing.T, h Harness) {
		s := h.New(t)
		first := row(1)
		put(t, s, first)
		voided := first
		voided.State, voided.Payload = issuer.StateVoid, nil
		put(t, s, voided)
		second := row(2)
		second.IdempotencyKey = first.IdempotencyKey
		put(t, s, second)
		keyless := row(3)
		keyless.IdempotencyKey = ""
		put(t, s, keyless)
		view(t, s, func(tx issuer.Tx) error {
			got, err := tx.IssuanceByKey(first.IdempotencyKey)
			same(t, "key", got, second, err)
			for _, key := range []string{"", "key-9", "key"} {
				_, err := tx.IssuanceByKey(key)
				absent(t, "key "+key, err)
			}
			return nil
		})
		put(t, s, voided) // put once more, it does not take its key back
		view(t, s, func(tx issuer.Tx) error {
			got, err := tx.IssuanceByKey(first.IdempotencyKey)
			same(t, "key after the voided row", got, second, err)
			return nil
		})
	},
	"filters": func(t *testing.T, h Harness) {
		s := h.New(t)
		a, b, c, d := row(1), issued(row(2)), issued(row(3)), row(4)
		b.Issuer, c.Template, d.LearnerName = "lodz", "welding", "Ελένη"
		put(t, s, a, b, c, d)
		view(t, s, func(tx issuer.Tx) error {
			for _, tt := range []struct {
				f    issuer.Filter
				want []string
			}{
				{issuer.Filter{}, []string{a.ID, b.ID, c.ID, d.ID}},
				{issuer.Filter{Issuer: "lodz"}, []string{b.ID}},
				{issuer.Filter{Issuer: "lod"}, nil},
				{issuer.Filter{State: issuer.StatePending}, []string{a.ID, d.ID}},
				{issuer.Filter{State: issuer.StateIssued}, []string{b.ID, c.ID}},
				{issuer.Filter{State: issuer.StateRevoked}, nil},
				{issuer.Filter{Issuer: "ferrara", State: issuer.StatePending, Learner: "ελέ"}, []string{d.ID}},
				{issuer.Filter{Template: "welding"}, []string{c.ID}},
				{issuer.Filter{Since: c.CreatedAt}, []string{c.ID, d.ID}},
				{issuer.Filter{Since: c.CreatedAt.Add(time.Nanosecond)}, []string{d.ID}},
			} {
				same(t, "filter", ids(t, tx, tt.f), tt.want, nil)
			}
			n := 0
			err := tx.Issuances(issuer.Filter{}, func(issuer.Issuance) bool { n++; return n < 2 })
			same(t, "stops when told", n, 2, err)
			return nil
		})
	},
	"a listing may write": func(t *testing.T, h Harness) {
		s := h.New(t)
		for n := range 30 {
			put(t, s, row(n+1))
		}
		update(t, s, func(tx issuer.Tx) error {
			var failed error
			err := tx.Issuances(issuer.Filter{State: issuer.StatePending}, func(i issuer.Issuance) bool {
				failed = tx.PutIssuance(issued(i))
				return failed == nil
			})
			same(t, "write", failed, nil, err)
			return nil
		})
		view(t, s, func(tx issuer.Tx) error {
			same(t, "left", ids(t, tx, issuer.Filter{State: issuer.StatePending}), nil, nil)
			same(t, "done", len(ids(t, tx, issuer.Filter{State: issuer.StateIssued})), 30, nil)
			return nil
		})
	},
	"what is read belongs to the reader": func(t *testing.T, h Harness) {
		s := h.New(t)
		put(t, s, row(1))
		var got issuer.Issuance
		view(t, s, func(tx issuer.Tx) (err error) {
			got, err = tx.Issuance(row(1).ID)
			clear(got.Payload)
			return err
		})
		view(t, s, func(tx issuer.Tx) error {
			again, err := tx.Issuance(row(1).ID)
			same(t, "row", again, row(1), err)
			return nil
		})
	},
	"awkward references": func(t *testing.T, h Harness) {
		s := h.New(t)
		i := row(1)
		i.DocumentNumber, i.LearnerName = "N° 12/\"β\" 🎓", "O'Brien\x00\u202e<script>"
		put(t, s, i)
		view(t, s, func(tx issuer.Tx) error {
			found, err := tx.FindIssuance(i.DocumentNumber)
			same(t, "document number", found, []issuer.Issuance{i}, err)
			return nil
		})
		nameless := row(2)
		nameless.ID = ""
		refused(t, s, "a row without an id", func(tx issuer.Tx) error { return tx.PutIssuance(nameless) })
	},
}

func ids(t *testing.T, tx issuer.Tx, f issuer.Filter) (ids []string) {
	t.Helper()
	if err := tx.Issuances(f, func(i issuer.Issuance) bool { ids = append(ids, i.ID); return true }); err != nil {
		t.Errorf("%+v: %v", f, err)
	}
	return ids
}
