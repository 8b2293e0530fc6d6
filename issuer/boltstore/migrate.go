package boltstore

import (
	"crypto/sha256"
	"errors"

	"github.com/employment-passport/passport/issuer"
)

// migrate makes the tables that a store of an older schema lacks. Its rows stay
// as they are, nobody's and unsealed, until an act touches them; the new indexes
// lead to them all the same.
func (t *tx) migrate() error {
	for _, name := range tableNames[len(tablesOf(t.schema)):] {
		b, err := t.meta.Tx().CreateBucket([]byte(name))
		if err != nil {
			return err
		}
		t.tables[name] = t.newTable(name, b)
	}
	t.reached.Schema = schemaVersion
	if err := t.makeSecret(); err != nil {
		return err
	}
	return t.indexOldRows()
}

func (t *tx) indexOldRows() error {
	var failed error
	err := t.in("rows").scan(nil, nil, func(at, value []byte) (bool, error) {
		var r issuanceRow
		if err := t.in("rows").decode(value, &r); err != nil {
			return false, err
		}
		failed = t.indexOldRow(clone(at), r)
		return failed == nil, nil
	})
	return errors.Join(err, failed)
}

func (t *tx) indexOldRow(at []byte, r issuanceRow) error {
	if key := endingIn(at, r.Template); key != nil {
		if err := t.in("row_templates").add(key, nil); err != nil {
			return err
		}
	}
	token, err := t.in("tokens").get(at)
	if errors.Is(err, issuer.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return t.in("hashes").add(hashKey(sha256.Sum256(token), at), nil)
}
