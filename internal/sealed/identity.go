package sealed

import (
	"errors"
	"fmt"

	"filippo.io/age"
)

// Recipient is the public half of an Identity: who has it can seal, not open.
type Recipient struct{ key *age.X25519Recipient }

// String is the recipient's text form, "age1…"; it is no secret.
func (r Recipient) String() string {
	if r.key == nil {
		return ""
	}
	return r.key.String()
}

// ParseRecipient reads the text form.
func ParseRecipient(s string) (Recipient, error) {
	key, err := age.ParseX25519Recipient(s)
	if err != nil {
		return Recipient{}, fmt.Errorf("parse recipient: %w", err)
	}
	return Recipient{key}, nil
}

// Identity opens what was sealed for its Recipient. It prints as a blank, so
// that no log and no error can carry it.
type Identity struct{ key *age.X25519Identity }

// NewIdentity makes a fresh X25519 identity.
func NewIdentity() (*Identity, error) {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, fmt.Errorf("make identity: %w", err)
	}
	return &Identity{key}, nil
}

// ParseIdentity reads what Secret returned. Its error never repeats the input.
func ParseIdentity(secret []byte) (*Identity, error) {
	key, err := age.ParseX25519Identity(string(secret))
	if err != nil {
		return nil, errors.New("parse identity: not an X25519 identity")
	}
	return &Identity{key}, nil
}

// Recipient returns the public half.
func (i *Identity) Recipient() Recipient { return Recipient{i.key.Recipient()} }

// Secret is the identity itself, to be sealed under a passphrase.
func (i *Identity) Secret() []byte { return []byte(i.key.String()) }

// String hides the secret.
func (i *Identity) String() string { return "[identity]" }

// GoString hides the secret from %#v too.
func (i *Identity) GoString() string { return "[identity]" }
