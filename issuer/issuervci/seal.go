package issuervci

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/employment-passport/passport/schema"
)

// seal closes the learner of every item with a key made of a secret: AES-256-GCM,
// bound to the offer and the item.
func (r *record) seal(secret string) error {
	for n := range r.Items {
		i := &r.Items[n]
		plain, err := json.Marshal(i.learner)
		if err != nil {
			return fmt.Errorf("seal an offer: %w", err)
		}
		box, err := box(secret)
		if err != nil {
			return err
		}
		nonce := make([]byte, box.NonceSize(), box.NonceSize()+len(plain)+box.Overhead())
		rand.Read(nonce) // never fails, see crypto/rand
		i.Sealed = box.Seal(nonce, nonce, plain, sum("sealed", r.ID, i.name()))
		i.Name = nameMark(r.ID, nameOf(*i.learner))
	}
	return nil
}

// unseal opens them again with the same secret.
func (r *record) unseal(secret string) error {
	box, err := box(secret)
	if err != nil {
		return err
	}
	for n := range r.Items {
		i := &r.Items[n]
		if len(i.Sealed) < box.NonceSize() {
			return errUnsealed
		}
		plain, err := box.Open(nil, i.Sealed[:box.NonceSize()], i.Sealed[box.NonceSize():], sum("sealed", r.ID, i.name()))
		if err != nil {
			return errUnsealed
		}
		i.learner = &schema.Learner{}
		if err := json.Unmarshal(plain, i.learner); err != nil {
			return errUnsealed
		}
	}
	return nil
}

// errUnsealed: the record was changed by somebody else's hand.
var errUnsealed = errors.New("an offer cannot be opened")

func box(secret string) (cipher.AEAD, error) {
	block, err := aes.NewCipher(sum("box", secret))
	if err != nil {
		return nil, fmt.Errorf("seal an offer: %w", err)
	}
	return cipher.NewGCM(block)
}

// nameMark is the hash of a name in one offer: no two offers have the same, and a
// name that is known can be found again.
func nameMark(id, name string) []byte { return sum("name", id, plainName(name)) }

// plainName makes one spelling of case and space.
func plainName(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// nameOf is the name under which the register keeps a learner.
func nameOf(l schema.Learner) string {
	switch {
	case l.Organisation != "":
		return l.Organisation
	case l.Name != "":
		return l.Name
	}
	return l.GivenName + " " + l.FamilyName
}
