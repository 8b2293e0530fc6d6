package jose

import (
	"bytes"
	"errors"
)

// Signatures of crypto.Signer stand in DER, SEQUENCE { r INTEGER, s INTEGER }
// (SEC 1 section C.8, X.690); JOSE has r||s. Few lines of our own spare a browser
// the package asn1, which reads everything else as well.

var errDER = errors.New("not an ECDSA signature in DER")

// SignatureASN1 gives r||s, two halves of one length, in DER.
func SignatureASN1(raw []byte) []byte {
	body := append(derInteger(raw[:len(raw)/2]), derInteger(raw[len(raw)/2:])...)
	return append(derHead(0x30, len(body)), body...)
}

func derInteger(b []byte) []byte {
	b = bytes.TrimLeft(b, "\x00")
	if len(b) == 0 || b[0] >= 0x80 {
		b = append([]byte{0}, b...)
	}
	return append(derHead(0x02, len(b)), b...)
}

// derHead is a tag and a length of at most 255.
func derHead(tag byte, length int) []byte {
	if length < 0x80 {
		return []byte{tag, byte(length)}
	}
	return []byte{tag, 0x81, byte(length)}
}

// derSignature reads r and s, without leading zeros.
func derSignature(der []byte) (r, s []byte, err error) {
	body, rest, ok := derValue(0x30, der)
	if !ok || len(rest) > 0 {
		return nil, nil, errDER
	}
	r, body, ok = derPositive(body)
	if !ok {
		return nil, nil, errDER
	}
	s, body, ok = derPositive(body)
	if !ok || len(body) > 0 {
		return nil, nil, errDER
	}
	return r, s, nil
}

// derPositive takes off an INTEGER that is not negative and in its shortest form.
func derPositive(b []byte) (value, rest []byte, ok bool) {
	value, rest, ok = derValue(0x02, b)
	switch {
	case !ok || len(value) == 0 || value[0] >= 0x80:
		return nil, nil, false
	case value[0] == 0 && len(value) > 1 && value[1] < 0x80:
		return nil, nil, false
	}
	return bytes.TrimLeft(value, "\x00"), rest, true
}

func derValue(tag byte, b []byte) (value, rest []byte, ok bool) {
	if len(b) < 2 || b[0] != tag {
		return nil, nil, false
	}
	length, head := int(b[1]), 2
	if length >= 0x80 {
		if length != 0x81 || len(b) < 3 || b[2] < 0x80 {
			return nil, nil, false
		}
		length, head = int(b[2]), 3
	}
	if len(b) < head+length {
		return nil, nil, false
	}
	return b[head : head+length], b[head+length:], true
}
