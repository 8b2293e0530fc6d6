package boltstore_test

import (
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/schema"
)

// What checksums cannot find, because they were made anew, is found all the same:
// a bit in a sealed row, sealed words of another row, and people whose key, place
// or memory is not as it must be.
func TestChecksFindTamperedPeople(t *testing.T) {
	gone := func([]byte) []byte { return nil }
	first := binary.BigEndian.AppendUint64(nil, 1)
	for name, do := range map[string]func(h *home, live, erased string) error{
		"a bit of a sealed row": func(h *home, _, _ string) error {
			return h.store.Tamper("rows", first, func(value []byte) []byte {
				return changeSealed(value, func(sealed []byte) []byte { sealed[len(sealed)/2] ^= 1; return sealed })
			})
		},
		"the words of another row": func(h *home, _, _ string) error {
			var other []byte
			must(h.t, h.store.Tamper("rows", binary.BigEndian.AppendUint64(nil, 2), func(value []byte) []byte {
				return changeSealed(value, func(sealed []byte) []byte { other = sealed; return sealed })
			}))
			return h.store.Tamper("rows", first, func(value []byte) []byte {
				return changeSealed(value, func([]byte) []byte { return other })
			})
		},
		"a bit of a sealed token": func(h *home, _, _ string) error {
			return h.store.Tamper("tokens", first, func(value []byte) []byte { value[40] ^= 1; return value })
		},
		"a lost key": func(h *home, live, _ string) error { return h.store.Tamper("person_keys", []byte(live), gone) },
		"another key": func(h *home, live, _ string) error {
			return h.store.Tamper("person_keys", []byte(live), func(key []byte) []byte { key[7] ^= 1; return key })
		},
		"a key of who is erased": func(h *home, _, erased string) error {
			return h.store.Tamper("person_keys", []byte(erased), func([]byte) []byte { return make([]byte, 32) })
		},
		"a lost person":      func(h *home, live, _ string) error { return h.store.Tamper("people", []byte(live), gone) },
		"a lost erased one":  func(h *home, _, erased string) error { return h.store.Tamper("people", []byte(erased), gone) },
		"a forgotten erased": func(h *home, _, erased string) error { return h.store.Tamper("erased", []byte(erased), gone) },
		"a handle to nobody": func(h *home, live, _ string) error {
			return h.store.Tamper("handles", []byte("0123456789abcdef"), func([]byte) []byte { return []byte(live) })
		},
		"an erased row that is none": func(h *home, _, _ string) error {
			return h.store.Tamper("rows", binary.BigEndian.AppendUint64(nil, 3), func(value []byte) []byte {
				var row map[string]any
				must(h.t, json.Unmarshal(value, &row))
				delete(row, "erased")
				delete(row, "tokenHash")
				value, err := json.Marshal(row)
				must(h.t, err)
				return value
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHome(t)
			live, err := h.Find(t.Context(), h.issue(1, 2)[0].ID)
			must(t, err)
			templates, err := h.Templates(t.Context())
			must(t, err)
			l := schema.Learner{
				Name: "Bruna Neri", GivenName: "Bruna", FamilyName: "Neri", BirthDate: "1985-01-02", DocumentNumber: "2026/9", CompletedOn: "2026-11-14",
			}
			row, err := h.Issue(t.Context(), clerk, issuer.Offer{Issuer: "ente", Template: templates[0].Name, Learner: l})
			must(t, err)
			done, err := h.Erase(t.Context(), clerk, row.ID)
			must(t, err)
			h.whole()
			must(t, do(h, live.Person, done.Person.ID))
			if problems, err := h.store.Check(t.Context()); err != nil || len(problems) == 0 {
				t.Errorf("nothing was found: %v", err)
			} else {
				t.Log(problems[0])
			}
			h.close()
		})
	}
}

// changeSealed changes what is sealed in a row.
func changeSealed(value []byte, change func(sealed []byte) []byte) []byte {
	var row map[string]any
	if err := json.Unmarshal(value, &row); err != nil {
		panic(err)
	}
	text, _ := row["sealed"].(string)
	var sealed []byte
	if err := json.Unmarshal([]byte(`"`+text+`"`), &sealed); err != nil {
		panic(err)
	}
	row["sealed"] = change(sealed)
	value, err := json.Marshal(row)
	if err != nil {
		panic(err)
	}
	return value
}
