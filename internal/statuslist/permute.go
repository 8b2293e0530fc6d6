package statuslist

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"math/bits"
)

// rounds of the Feistel network. Four make a permutation that nobody without
// the key tells from a random one (Luby and Rackoff, 1988); with halves as small
// as eight bits more are needed, and NIST's FF1 (SP 800-38G) takes ten.
const rounds = 10

// Permute returns the place of the n-th credential in a list of entries places.
// For one key it is a permutation of 0 … entries-1: every place is given once,
// with no table of those given, and the order says nothing to an observer
// without the key, who cannot tell who came first, or how many there are
// (section 2.1: "statusListIndex … assigned randomly").
//
// It panics unless n < entries: whoever asks for more places than there are
// would give one twice.
func Permute(key [32]byte, n, entries uint32) uint32 {
	return NewPermutation(key, entries).Place(n)
}

// Permutation is Permute with its key at hand, for many places of one list.
type Permutation struct {
	round   cipher.Block
	entries uint32
	half    uint // bits of a half
}

// NewPermutation returns the permutation of entries places that belongs to key.
func NewPermutation(key [32]byte, entries uint32) *Permutation {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // a key of 32 bytes is always taken
	}
	width := uint(bits.Len32(entries - 1))
	return &Permutation{round: block, entries: entries, half: max(1, (width+1)/2)}
}

// Place returns the place of the n-th credential. It panics unless n is less
// than the number of entries.
func (p *Permutation) Place(n uint32) uint32 {
	if n >= p.entries {
		panic("statuslist: more places asked for than the list has")
	}
	// Cycle walking: the network permutes a power of four; what falls outside
	// the list walks on until it is inside. Less than four steps on average.
	v := uint64(n)
	for {
		if v = p.network(v); v < uint64(p.entries) {
			return uint32(v)
		}
	}
}

// network is a balanced Feistel network over two halves, its round function
// AES-256 of the round's number and the half, cut to a half's width.
func (p *Permutation) network(v uint64) uint64 {
	mask := uint64(1)<<p.half - 1
	left, right := v>>p.half, v&mask
	var in, out [aes.BlockSize]byte
	for i := range byte(rounds) {
		in[0] = i
		binary.BigEndian.PutUint64(in[8:], right)
		p.round.Encrypt(out[:], in[:])
		left, right = right, left^binary.BigEndian.Uint64(out[8:])&mask
	}
	return left<<p.half | right
}
