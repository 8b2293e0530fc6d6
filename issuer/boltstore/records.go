package boltstore

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/employment-passport/passport/issuer"
)

// put and get serve the tables whose records are the issuer's own types, by a
// key of names.
func put[T any](t *tx, name string, record T, parts ...string) error {
	table, err := t.table(name)
	if err != nil {
		return err
	}
	for _, p := range parts {
		if err := checkKey("name", p); err != nil {
			return err
		}
	}
	return table.putJSON(joined(parts...), record)
}

func get[T any](t *tx, name string, parts ...string) (record T, err error) {
	table, err := t.table(name)
	if err != nil {
		return record, err
	}
	return record, table.getJSON(joined(parts...), &record)
}

func list[T any](t *tx, name string, prefix []byte) ([]T, error) {
	table, err := t.table(name)
	if err != nil {
		return nil, err
	}
	return all[T](table, prefix)
}

// PutIssuer writes the record of r.Name.
func (t *tx) PutIssuer(r issuer.IssuerRecord) error { return put(t, "issuers", r, r.Name) }

// Issuer returns an issuer by its short name.
func (t *tx) Issuer(name string) (issuer.IssuerRecord, error) {
	return getKnown[issuer.IssuerRecord](t, "issuers", name)
}

// AllIssuers returns every issuer by name.
func (t *tx) AllIssuers() ([]issuer.IssuerRecord, error) {
	return list[issuer.IssuerRecord](t, "issuers", nil)
}

// keyRow keeps a key with its place among its owner's keys.
type keyRow struct {
	Place uint64           `json:"place"`
	Key   issuer.KeyRecord `json:"key"`
}

// PutKey writes the record of (owner, kid).
func (t *tx) PutKey(k issuer.KeyRecord) error {
	keys, err := t.table("keys")
	if err != nil {
		return err
	}
	row, err := get[keyRow](t, "keys", k.Owner, k.KID)
	if errors.Is(err, issuer.ErrNotFound) {
		row.Place = keys.total.Count // no key is ever removed
	} else if err != nil {
		return err
	}
	row.Key = k
	return put(t, "keys", row, k.Owner, k.KID)
}

// KeysOf returns an owner's keys in the order first put.
func (t *tx) KeysOf(owner string) ([]issuer.KeyRecord, error) {
	table, err := t.table("keys")
	if err != nil {
		return nil, err
	}
	var rows []keyRow
	err = table.scanStored(joined(owner, ""), nil, func(key, stored []byte) (bool, error) {
		r, err := known[keyRow](table, key, stored)
		rows = append(rows, r)
		return err == nil, err
	})
	if err != nil {
		return nil, err
	}
	sortBy(rows, func(r keyRow) uint64 { return r.Place })
	keys := make([]issuer.KeyRecord, 0, len(rows))
	for _, r := range rows {
		keys = append(keys, r.Key)
	}
	return keys, nil
}

// PutTemplate writes the record of r.Name.
func (t *tx) PutTemplate(r issuer.TemplateRecord) error { return put(t, "templates", r, r.Name) }

// Template returns a template by name.
func (t *tx) Template(name string) (issuer.TemplateRecord, error) {
	return getKnown[issuer.TemplateRecord](t, "templates", name)
}

// AllTemplates returns every template by name.
func (t *tx) AllTemplates() ([]issuer.TemplateRecord, error) {
	return list[issuer.TemplateRecord](t, "templates", nil)
}

// PutAuthority writes the record of a.Name.
func (t *tx) PutAuthority(a issuer.AuthorityRecord) error { return put(t, "authorities", a, a.Name) }

// Authority returns a trust authority by name.
func (t *tx) Authority(name string) (issuer.AuthorityRecord, error) {
	return get[issuer.AuthorityRecord](t, "authorities", name)
}

// AllAuthorities returns every authority by name.
func (t *tx) AllAuthorities() ([]issuer.AuthorityRecord, error) {
	return list[issuer.AuthorityRecord](t, "authorities", nil)
}

// PutRecognition writes the record of (authority, r.DID).
func (t *tx) PutRecognition(authority string, r issuer.RecognitionRecord) error {
	return put(t, "recognitions", r, authority, r.DID)
}

// Recognitions returns an authority's recognitions by DID.
func (t *tx) Recognitions(authority string) ([]issuer.RecognitionRecord, error) {
	return list[issuer.RecognitionRecord](t, "recognitions", joined(authority, ""))
}

// AddDigests joins digests to a set; each is a key, so that sets stay sorted.
func (t *tx) AddDigests(authority, kind string, digests [][16]byte) error {
	set, prefix, err := t.digestSet(authority, kind)
	if err != nil {
		return err
	}
	for _, d := range digests {
		key := append(slices.Clone(prefix), d[:]...)
		if set.has(key) {
			continue
		}
		if err := set.put(key, nil); err != nil {
			return err
		}
	}
	return nil
}

// Digests returns a set, sorted.
func (t *tx) Digests(authority, kind string) ([][16]byte, error) {
	set, prefix, err := t.digestSet(authority, kind)
	if err != nil {
		return nil, err
	}
	var digests [][16]byte
	err = set.scan(prefix, nil, func(key, _ []byte) (bool, error) {
		if len(key) != len(prefix)+16 {
			return false, damaged("a digest is %d bytes long", len(key)-len(prefix))
		}
		digests = append(digests, [16]byte(key[len(prefix):]))
		return true, nil
	})
	return digests, err
}

func (t *tx) digestSet(authority, kind string) (set *table, prefix []byte, err error) {
	set, err = t.table("digests")
	if err != nil {
		return nil, nil, err
	}
	if err := errors.Join(checkKey("authority", authority), checkKey("kind of digests", kind)); err != nil {
		return nil, nil, fmt.Errorf("digests: %w", err)
	}
	return set, joined(authority, kind, ""), nil
}

func sortBy[T any, K cmp.Ordered](s []T, key func(T) K) {
	slices.SortStableFunc(s, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
}

// sequence reads back what number wrote.
func sequence(key []byte) uint64 { return binary.BigEndian.Uint64(key) }
