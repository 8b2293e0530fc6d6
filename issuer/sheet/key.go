package sheet

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strconv"

	"github.com/employment-passport/passport/schema"
)

// Key tells when two rows, of one sheet or of two, are the same credential:
// issuer, template and document number are equal, or, without a number, all
// cells are after trimming and NFC. It is a hash, base64url of SHA-256, with a
// first letter that tells which of the two it is ("n" or "c").
func Key(issuer, template string, l schema.Learner) string {
	kind, sum := keySum(issuer, template, l)
	return kind + base64.RawURLEncoding.EncodeToString(sum[:])
}

// shortKey is enough to find equal rows in one sheet.
func shortKey(issuer, template string, l schema.Learner) [16]byte {
	_, sum := keySum(issuer, template, l)
	return [16]byte(sum[:16])
}

func keySum(issuer, template string, l schema.Learner) (kind string, sum [sha256.Size]byte) {
	if l.DocumentNumber != "" {
		return "n", hash(issuer, template, l.DocumentNumber)
	}
	parts := []string{issuer, template, l.Name, l.GivenName, l.FamilyName, l.NameOriginalScript,
		l.BirthDate, l.BirthPlace, l.Holder, l.Result, l.StartedOn, l.CompletedOn}
	if l.HoursAttended != 0 { // sheets without hours keep the keys that they had before there were hours
		parts = append(parts, strconv.FormatFloat(l.HoursAttended, 'f', -1, 64))
	}
	return "c", hash(parts...)
}

// hash is over the parts each with its length before it, so that moving a
// letter from one cell to the next makes another hash.
func hash(parts ...string) [sha256.Size]byte {
	h := sha256.New()
	var n [8]byte
	for _, p := range parts {
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write([]byte(p))
	}
	return [sha256.Size]byte(h.Sum(nil))
}
