package statuslist

// Bits are the entries of a list with one bit each. Bit 0 is the leftmost, the
// most significant one of the first byte (section 3.4: "the first index, with a
// value of zero, located at the left-most bit").
type Bits struct{ data []byte }

// New returns entries clear bits, rounded up to whole bytes.
func New(entries int) *Bits {
	if entries < 0 {
		entries = 0
	}
	return &Bits{data: make([]byte, (entries+7)/8)}
}

// FromBytes returns the bits of data, of which a copy is made.
func FromBytes(data []byte) *Bits { return &Bits{data: append([]byte(nil), data...)} }

// Len is the number of bits.
func (b *Bits) Len() int { return len(b.data) * 8 }

// Bytes returns a copy of the bits.
func (b *Bits) Bytes() []byte { return append([]byte(nil), b.data...) }

// Get returns bit i, or an Error with CodeRange outside the list.
func (b *Bits) Get(i int) (bool, error) {
	if i < 0 || i >= b.Len() {
		return false, wrong(CodeRange, "index %d of a list of %d", i, b.Len())
	}
	return b.data[i/8]&(0x80>>(i%8)) != 0, nil
}

// Set writes bit i, or returns an Error with CodeRange outside the list.
func (b *Bits) Set(i int, v bool) error {
	if i < 0 || i >= b.Len() {
		return wrong(CodeRange, "index %d of a list of %d", i, b.Len())
	}
	mask := byte(0x80 >> (i % 8))
	if v {
		b.data[i/8] |= mask
	} else {
		b.data[i/8] &^= mask
	}
	return nil
}

// value returns the size bits that begin at bit position, most significant
// first. The caller has checked the range.
func (b *Bits) value(position, size int) uint64 {
	var v uint64
	for i := position; i < position+size; i++ {
		v = v<<1 | uint64(b.data[i/8]>>(7-i%8)&1)
	}
	return v
}
