package sheet

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"

	"github.com/employment-passport/passport/schema"
)

// Key tells when two rows, of one sheet or of two, are the same credential:
// issuer, template and document number are equal, or, without a number, all
// cells are after trimming and NFC. It is a hash, base64url of SHA-256, with a
// first letter that tells which of the two it is ("n" or "c").
func Key(issuer, template string, l schema.Learner) string {
	if l.DocumentNumber != "" {
		return "n" + hash(issuer, template, l.DocumentNumber)
	}
	return "c" + hash(issuer, template, l.Name, l.GivenName, l.FamilyName, l.NameOriginalScript,
		l.BirthDate, l.BirthPlace, l.Holder, l.Result, l.StartedOn, l.CompletedOn)
}

// hash is over the parts each with its length before it, so that moving a
// letter from one cell to the next makes another hash.
func hash(parts ...string) string {
	h := sha256.New()
	var n [8]byte
	for _, p := range parts {
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write([]byte(p))
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}
