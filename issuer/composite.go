package issuer

import (
	"slices"
	"time"
)

// Composite is what the register keeps of a composite credential beside its
// row: what it is made of, so that it falls when a component does.
type Composite struct {
	ID         string // the composite's id, as its row has it
	Definition string // id of the definition
	Version    string // of the definition
	Need       int    // how many requirements must be met
	Components []Component
}

// Component is a credential that meets a requirement of a composite. It holds
// what its issuer's lists are asked for and no word of the person's: the
// credential itself may be another body's, and stays with the person.
type Component struct {
	ID          string // the credential's id
	Requirement string // ref in the definition
	Issuer      string // DID
	Own         bool   // its row is in this register
	Spare       bool   // met the same requirement at the award, and is not named by the composite

	KeyID     string   // kid of the key that signed it
	Digest    [16]byte // first half of the SHA-256 of its token, as recognition lists deny and reaffirm
	ValidFrom time.Time
	Status    []StatusPlace

	Successor string // id of the credential that has replaced it; empty for none
	Fallen    bool   // another body's: judged to be worth nothing
}

// StatusPlace is one status entry of a credential.
type StatusPlace struct {
	Purpose string // revocation or suspension
	List    string // URL
	Index   string // as the credential writes it
}

// Current is the id of the credential that counts today.
func (c Component) Current() string {
	if c.Successor != "" {
		return c.Successor
	}
	return c.ID
}

// Names tells whether the composite rests on the credential with that id, as
// it was awarded or as the successor of one that was. Spare ones do not count.
func (c Composite) Names(id string) bool {
	return slices.ContainsFunc(c.Components, func(p Component) bool { return !p.Spare && (p.ID == id || p.Successor == id) })
}
