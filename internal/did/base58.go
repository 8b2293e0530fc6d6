package did

import (
	"math/big"
	"slices"
	"strings"
)

// base58btc (draft-msporny-base58-03): base 58 without 0, O, I and l.
const base58Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

var base58 = big.NewInt(58)

func encodeBase58(raw []byte) string {
	n, digit := new(big.Int).SetBytes(raw), new(big.Int)
	var out []byte
	for n.Sign() > 0 {
		n.DivMod(n, base58, digit)
		out = append(out, base58Alphabet[digit.Int64()])
	}
	for _, b := range raw {
		if b != 0 {
			break
		}
		out = append(out, base58Alphabet[0]) // a leading zero byte is a leading 1
	}
	slices.Reverse(out)
	return string(out)
}

// decodeBase58 takes at most 200 characters (the longest key has 95): its work
// grows with the square.
func decodeBase58(s string) ([]byte, bool) {
	if s == "" || len(s) > 200 {
		return nil, false
	}
	n := new(big.Int)
	for i := range len(s) {
		digit := strings.IndexByte(base58Alphabet, s[i])
		if digit < 0 {
			return nil, false
		}
		n.Add(n.Mul(n, base58), big.NewInt(int64(digit)))
	}
	zeros := len(s) - len(strings.TrimLeft(s, base58Alphabet[:1]))
	return append(make([]byte, zeros), n.Bytes()...), true
}
