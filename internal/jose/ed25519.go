package jose

import (
	"encoding/hex"
	"math/big"
	"slices"
)

// checkEd25519 refuses what crypto/ed25519 lets pass as a key: a y that is not
// reduced, a y of no point on the curve, and the points of small order, under
// which a signature fits nearly any message without a private key (B07).
func checkEd25519(pub []byte) error {
	if len(pub) != ed25519Size {
		return refuse(CodeKey, "an Ed25519 key of %d bytes", len(pub))
	}
	bare := slices.Clone(pub)
	bare[31] &= 0x7f // the top bit is the sign of x
	y := littleEndian(bare)
	switch {
	case y.Cmp(edPrime) >= 0, !hasPoint(y):
		return refuse(CodeKey, "not a point of Ed25519")
	case slices.ContainsFunc(smallOrder, func(known *big.Int) bool { return known.Cmp(y) == 0 }):
		return refuse(CodeKey, "a point of small order")
	}
	return nil
}

// Curve constants of RFC 8032 section 5.1.
var (
	edPrime = new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(19))
	edD     = littleEndian(fromHex("a3785913ca4deb75abd841414d0a700098e879777940c78c73fe6f2bee6c0352"))
)

// smallOrder is y of the eight points whose order divides 8, the sign of x
// left out: the neutral point, the one of order 2, and those of order 4 and 8.
var smallOrder = []*big.Int{
	big.NewInt(1),
	new(big.Int).Sub(edPrime, big.NewInt(1)),
	big.NewInt(0),
	littleEndian(fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")),
	littleEndian(fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")),
}

// hasPoint tells whether x² = (y²-1)/(dy²+1) has a solution: the quotient is a
// square exactly when the product is.
func hasPoint(y *big.Int) bool {
	one := big.NewInt(1)
	square := new(big.Int).Mul(y, y)
	u := new(big.Int).Sub(square, one)
	v := new(big.Int).Add(square.Mul(square, edD), one)
	return big.Jacobi(u.Mod(u.Mul(u, v), edPrime), edPrime) != -1
}

func littleEndian(b []byte) *big.Int {
	reversed := slices.Clone(b)
	slices.Reverse(reversed)
	return new(big.Int).SetBytes(reversed)
}

func fromHex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic("jose: a constant is not hexadecimal")
	}
	return b
}
