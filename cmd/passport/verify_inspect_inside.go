package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/employment-passport/passport/internal/jose"
	"github.com/employment-passport/passport/internal/statuslist"
)

// maxInside bounds how deep inspect opens tokens inside tokens: a bundle holds
// lists, a presentation holds credentials, and nothing honest holds more.
const maxInside = 3

// innerToken finds tokens in the text of a payload, with the data: address of
// an enveloped credential or without.
var innerToken = regexp.MustCompile(`"(?:data:application/v[cp]\+jwt,)?(eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)"`)

// openInside takes the tokens inside a payload apart too, as unverified as the
// token around them. What cannot be read is left as it stands.
func openInside(payload []byte, depth int) []inspected {
	if depth == maxInside {
		return nil
	}
	var inside []inspected
	for _, match := range innerToken.FindAllSubmatch(payload, -1) {
		seen, err := takeApart(string(match[1]), depth+1)
		if err == nil {
			inside = append(inside, seen)
		}
	}
	return inside
}

func takeApart(token string, depth int) (inspected, error) {
	h, payload, err := jose.ParseUnverified(token)
	if err != nil {
		return inspected{}, err
	}
	return inspected{
		Header:    inspectedHeader{h.Alg, h.Kid, h.Typ, h.Cty},
		Payload:   payload,
		SetBits:   setBits(payload),
		Inside:    openInside(payload, depth),
		Signature: token[strings.LastIndexByte(token, '.')+1:],
	}, nil
}

// setBits counts the entries that a status list says are revoked or suspended;
// nil for anything else.
func setBits(payload []byte) *int {
	list, err := statuslist.ParseCredential(payload)
	if err != nil {
		return nil
	}
	count := 0
	for i := range list.Bits.Len() {
		if set, err := list.Bits.Get(i); err == nil && set {
			count++
		}
	}
	return &count
}

// forPeople shortens what says nothing to a reader, at every depth.
func forPeople(seen inspected) inspected {
	seen.Payload = shortened(seen.Payload)
	seen.Inside = slices.Clone(seen.Inside)
	for i, inner := range seen.Inside {
		seen.Inside[i] = forPeople(inner)
	}
	return seen
}

// shortened gives the payload for people: a token inside it, which stands
// apart below, and a status list's bits are cut to their beginning.
func shortened(payload json.RawMessage) json.RawMessage {
	return longText.ReplaceAllFunc(payload, func(text []byte) []byte {
		return fmt.Appendf(nil, "%s… (%d)\"", text[:40], len(text)-2)
	})
}

// longText is a run of base64url too long to say anything to a person.
var longText = regexp.MustCompile(`"(?:data:application/v[cp]\+jwt,)?[A-Za-z0-9_.-]{160,}"`)
