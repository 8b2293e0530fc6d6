package qr

import (
	"crypto/sha256"
	_ "embed"
)

// Dictionary is a preset text that both sides know. A released number never
// changes: paper keeps it alive.
type Dictionary struct {
	Number uint64
	Bytes  []byte
}

// Hash is the SHA-256 of the bytes, by which bundles and tests pin it.
func (d Dictionary) Hash() [sha256.Size]byte { return sha256.Sum256(d.Bytes) }

// Numbers 64 to 127 are for tests and test prints; no release reads them.
const firstTest, lastTest = 64, 127

//go:embed dict/1
var dictionary1 []byte

//go:embed dict/2
var dictionary2 []byte

// released holds every number ever shipped. None is ever taken out or changed.
var released = []Dictionary{
	{Number: 0},
	{Number: 1, Bytes: dictionary1}, // MicroCredential
	{Number: 2, Bytes: dictionary2}, // every kind of document
}

// lookup finds a dictionary by number among the released ones, then in more.
func lookup(more []Dictionary) func(uint64) ([]byte, bool) {
	return func(number uint64) ([]byte, bool) {
		if number >= firstTest && number <= lastTest {
			return nil, false
		}
		for _, list := range [][]Dictionary{released, more} {
			for _, d := range list {
				if d.Number == number {
					return d.Bytes, true
				}
			}
		}
		return nil, false
	}
}
