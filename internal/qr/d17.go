package qr

import "fmt"

// D17 writes 7 bytes as 17 decimal digits, big-endian: numeric mode of a QR
// code holds them at 8.1 bits a byte, and a link that ends in digits passes
// every camera program unharmed. A tail of 1 to 6 bytes takes the fewest
// digits that hold it.
var tailDigits = [7]int{0, 3, 5, 8, 10, 13, 15}

const (
	groupBytes  = 7
	groupDigits = 17
)

func d17Encode(data []byte) string {
	out := make([]byte, 0, d17Len(len(data)))
	for len(data) >= groupBytes {
		out = appendGroup(out, data[:groupBytes], groupDigits)
		data = data[groupBytes:]
	}
	return string(appendGroup(out, data, tailDigits[len(data)]))
}

func d17Len(n int) int { return n/groupBytes*groupDigits + tailDigits[n%groupBytes] }

func appendGroup(out, group []byte, digits int) []byte {
	if digits == 0 {
		return out
	}
	var v uint64
	for _, b := range group {
		v = v<<8 | uint64(b)
	}
	return fmt.Appendf(out, "%0*d", digits, v)
}

// d17Decode refuses other characters, lengths that no tail has, and groups
// whose number is larger than their bytes hold: one spelling a value.
func d17Decode(digits string) ([]byte, error) {
	if len(digits) > MaxDigits {
		return nil, tooLarge("%d digits", len(digits))
	}
	out := make([]byte, 0, len(digits)/groupDigits*groupBytes+groupBytes)
	var err error
	for len(digits) >= groupDigits {
		if out, err = appendBytes(out, digits[:groupDigits], groupBytes); err != nil {
			return nil, err
		}
		digits = digits[groupDigits:]
	}
	for n, want := range tailDigits {
		if len(digits) == want {
			return appendBytes(out, digits, n)
		}
	}
	return nil, malformed("%d digits at the end", len(digits))
}

func appendBytes(out []byte, digits string, n int) ([]byte, error) {
	var v uint64
	for i := range len(digits) {
		c := digits[i] - '0'
		if c > 9 {
			return nil, malformed("character %q among the digits", digits[i])
		}
		v = v*10 + uint64(c)
	}
	if v>>(8*n) != 0 {
		return nil, malformed("digits overflow %d bytes", n)
	}
	for i := n - 1; i >= 0; i-- {
		out = append(out, byte(v>>(8*i)))
	}
	return out, nil
}
