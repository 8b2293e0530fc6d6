package boltstore

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"sync"

	"github.com/employment-passport/passport/issuer"
)

// What rows say of a person is sealed under the person's own key (AES-256-GCM,
// a random nonce before the sealed text), which stands under the person's id in
// "person_keys" and nowhere else. The table and the row's number are bound to
// it, so that nothing can be moved to another row. What leads from such words to
// a row is a keyed hash of them (HMAC-SHA-256 under the store's own secret).

// secretKey is where the meta bucket keeps the secret of the keyed hashes.
var secretKey = []byte("secret")

// keyedLen is how many bytes of a keyed hash are kept.
const keyedLen = 16

// makeSecret gives the store its secret.
func (t *tx) makeSecret() error {
	var secret [32]byte
	rand.Read(secret[:]) // never fails, see crypto/rand
	return t.writeMeta(secretKey, hex.EncodeToString(secret[:]))
}

// secretText is the secret of a store as the meta bucket has it, with hashes that
// are ready to be used again: their key costs more than a word.
type secretText struct {
	key    []byte
	hashes *sync.Pool
}

// lastSecret is the secret that was read last, see latest.
var lastSecret latest[secretText]

// UnmarshalJSON reads the secret; one that does not read is damage.
func (s *secretText) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	key, err := hex.DecodeString(text)
	if err != nil || len(key) != 32 {
		return errors.New("the secret of the store does not read")
	}
	s.key, s.hashes = key, &sync.Pool{New: func() any { return hmac.New(sha256.New, key) }}
	return nil
}

// keyed is the keyed hash of a word of a kind.
func (t *tx) keyed(kind, word string) ([]byte, error) {
	secret, err := lastSecret.read(t, secretKey)
	if err != nil {
		return nil, err
	}
	mac, _ := secret.hashes.Get().(hash.Hash)
	defer secret.hashes.Put(mac)
	mac.Reset()
	mac.Write(joined(kind, word))
	return mac.Sum(nil)[:keyedLen], nil
}

// keyedText is keyed as a part of a key: no word of a person begins like that.
func (t *tx) keyedText(kind, word string) (string, error) {
	sum, err := t.keyed(kind, word)
	return "\x01" + hex.EncodeToString(sum), err
}

// sealer is the key of a person at work.
type sealer struct {
	person string
	aead   cipher.AEAD
}

// sealerOf returns the key of a person, ErrNotFound once it is destroyed.
func (t *tx) sealerOf(person string) (*sealer, error) {
	if s := t.lastSealer; s != nil && s.person == person {
		return s, nil
	}
	key, err := t.in("person_keys").get([]byte(person))
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, damaged("a key of %d bytes", len(key))
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	t.lastSealer = &sealer{person, aead}
	return t.lastSealer, nil
}

func (s *sealer) seal(table string, at, plain []byte) []byte {
	nonce := make([]byte, s.aead.NonceSize(), s.aead.NonceSize()+len(plain)+s.aead.Overhead())
	rand.Read(nonce) // never fails, see crypto/rand
	return s.aead.Seal(nonce, nonce, plain, s.bound(table, at))
}

func (s *sealer) open(table string, at, sealed []byte) ([]byte, error) {
	n := s.aead.NonceSize()
	if len(sealed) < n {
		return nil, damaged("a sealed record of table %s is %d bytes long", table, len(sealed))
	}
	plain, err := s.aead.Open(nil, sealed[:n], sealed[n:], s.bound(table, at))
	if err != nil {
		return nil, damaged("a sealed record of table %s does not open", table)
	}
	return plain, nil
}

func (s *sealer) bound(table string, at []byte) []byte { return joined(table, s.person, string(at)) }

// privateRow is what a row says of its person in few words; the payload and the
// token stand beside it, sealed as well.
type privateRow struct {
	IdempotencyKey string `json:"key,omitempty"`
	DocumentNumber string `json:"doc,omitempty"`
	LearnerName    string `json:"name,omitempty"`
	Note           string `json:"note,omitempty"`
}

// sealRow takes the words of a person out of a row and seals them. A row of
// nobody, and one that is erased, stays as it is.
func (t *tx) sealRow(at []byte, i issuer.Issuance) (issuanceRow, error) {
	if i.Person == "" || i.Erased {
		return rowOf(i), nil
	}
	s, err := t.sealerOf(i.Person)
	if err != nil {
		return issuanceRow{}, unsealed(i.Person, err)
	}
	private := privateRow{i.IdempotencyKey, i.DocumentNumber, i.LearnerName, i.Note}.line()
	i.IdempotencyKey, i.DocumentNumber, i.LearnerName, i.Note = "", "", "", ""
	r := rowOf(i)
	r.Sealed = s.seal("rows", at, private)
	return r, nil
}

// openRow puts the words of the person back into a row.
func (t *tx) openRow(at []byte, r issuanceRow, i *issuer.Issuance) error {
	if len(r.Sealed) == 0 {
		return nil
	}
	s, err := t.sealerOf(i.Person)
	if err != nil {
		return unsealed(i.Person, err)
	}
	plain, err := s.open("rows", at, r.Sealed)
	if err != nil {
		return err
	}
	var p privateRow
	if err := t.in("rows").decode(plain, &p); err != nil {
		return err
	}
	i.IdempotencyKey, i.DocumentNumber, i.LearnerName, i.Note = p.IdempotencyKey, p.DocumentNumber, p.LearnerName, p.Note
	return nil
}

// unsealed says that the key of a row that is not erased is not there: damage.
func unsealed(person string, err error) error {
	if errors.Is(err, issuer.ErrNotFound) {
		return damaged("the key of person %s is gone", person)
	}
	return fmt.Errorf("key of person %s: %w", person, err)
}

// keep stores the long parts of a row beside it, so that a change of state does
// not write them again.
func (t *tx) keep(name string, at, old, now []byte, of issuer.Issuance, resealed bool) error {
	if string(old) == string(now) && !(resealed && len(now) > 0) {
		return nil
	}
	if len(now) == 0 {
		return t.in(name).remove(at)
	}
	if of.Person != "" {
		s, err := t.sealerOf(of.Person)
		if err != nil {
			return unsealed(of.Person, err)
		}
		now = s.seal(name, at, now)
	}
	if len(old) == 0 {
		return t.in(name).add(at, now)
	}
	return t.in(name).put(at, now)
}

// kept reads back what keep stored, nil for nothing.
func (t *tx) kept(name string, at []byte, of issuer.Issuance) ([]byte, error) {
	value, err := t.in(name).get(at)
	if errors.Is(err, issuer.ErrNotFound) {
		return nil, nil
	}
	if err != nil || of.Person == "" {
		return clone(value), err
	}
	s, err := t.sealerOf(of.Person)
	if err != nil {
		return nil, unsealed(of.Person, err)
	}
	return s.open(name, at, value)
}
