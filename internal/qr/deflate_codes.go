package qr

// codes is a pair of Huffman codes and the header that announces it.
type codes struct {
	fixed                           bool
	literalLengths, distanceLengths []uint8
	literalCodes, distanceCodes     []uint32
}

// fixedLiteralLengths is RFC 1951, 3.2.6.
func fixedLiteralLengths() []uint8 {
	lengths := make([]uint8, 288)
	for i := range lengths {
		switch {
		case i < 144:
			lengths[i] = 8
		case i < 256:
			lengths[i] = 9
		case i < 280:
			lengths[i] = 7
		default:
			lengths[i] = 8
		}
	}
	return lengths
}

func fixedCodes() *codes {
	far := make([]uint8, 32)
	for i := range far {
		far[i] = 5
	}
	return finish(&codes{fixed: true, literalLengths: fixedLiteralLengths(), distanceLengths: far})
}

// newCodes gives nil where so many symbols do not fit in limit bits.
func newCodes(literal, distance []int, limit int) *codes {
	used := 0
	for _, n := range literal {
		if n > 0 {
			used++
		}
	}
	if used > 1<<limit {
		return nil
	}
	return finish(&codes{literalLengths: codeLengths(literal, limit), distanceLengths: codeLengths(distance, limit)})
}

func finish(c *codes) *codes {
	c.literalCodes = canonicalCodes(c.literalLengths)
	c.distanceCodes = canonicalCodes(c.distanceLengths)
	return c
}

func (c *codes) literal(w *bitWriter, symbol int) {
	w.write(c.literalCodes[symbol], int(c.literalLengths[symbol]))
}

// lengthOrder is the order in which the lengths of the code lengths' own codes
// stand (RFC 1951, 3.2.7).
var lengthOrder = [19]int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

func (c *codes) writeHeader(w *bitWriter) {
	if c.fixed {
		w.write(1, 2)
		return
	}
	w.write(2, 2)
	hlit, hdist := 257, 1
	for i := hlit; i < len(c.literalLengths); i++ {
		if c.literalLengths[i] > 0 {
			hlit = i + 1
		}
	}
	for i := range c.distanceLengths {
		if c.distanceLengths[i] > 0 {
			hdist = i + 1
		}
	}
	best := shortestRuns(append(append([]uint8{}, c.literalLengths[:hlit]...), c.distanceLengths[:hdist]...))
	hclen := 4
	for i, symbol := range lengthOrder {
		if best.lengths[symbol] > 0 {
			hclen = max(hclen, i+1)
		}
	}
	w.write(uint32(hlit-257), 5)
	w.write(uint32(hdist-1), 5)
	w.write(uint32(hclen-4), 4)
	for _, symbol := range lengthOrder[:hclen] {
		w.write(uint32(best.lengths[symbol]), 3)
	}
	own := canonicalCodes(best.lengths)
	for _, r := range best.runs {
		w.write(own[r.symbol], int(best.lengths[r.symbol]))
		w.write(uint32(r.extra), runBits[r.symbol])
	}
}

// run is one symbol of the list of lengths: a length, or a repetition.
type run struct{ symbol, extra int }

var runBits = [19]int{16: 2, 17: 3, 18: 7}

type runList struct {
	runs    []run
	lengths []uint8
}

// shortestRuns tries which of the three repetitions pay.
func shortestRuns(lengths []uint8) (best runList) {
	least := 0
	for use := range 8 {
		list := runList{runs: runsOf(lengths, use&1 > 0, use&2 > 0, use&4 > 0)}
		counts := make([]int, 19)
		for _, r := range list.runs {
			counts[r.symbol]++
		}
		list.lengths = codeLengths(counts, 7)
		size, codes := 0, 4
		for _, r := range list.runs {
			size += int(list.lengths[r.symbol]) + runBits[r.symbol]
		}
		for i, symbol := range lengthOrder {
			if list.lengths[symbol] > 0 {
				codes = max(codes, i+1)
			}
		}
		if size += 3 * codes; best.runs == nil || size < least {
			best, least = list, size
		}
	}
	return best
}

// runsOf lists lengths with the repetitions 16 (the last one, 3 to 6 times),
// 17 (zero, 3 to 10 times) and 18 (zero, 11 to 138 times) where they may be
// used.
func runsOf(lengths []uint8, use16, use17, use18 bool) (runs []run) {
	for i := 0; i < len(lengths); {
		v, n := lengths[i], 1
		for i+n < len(lengths) && lengths[i+n] == v {
			n++
		}
		i += n
		if v == 0 {
			for ; use18 && n >= 11; n -= min(n, 138) {
				runs = append(runs, run{18, min(n, 138) - 11})
			}
			for ; use17 && n >= 3; n -= min(n, 10) {
				runs = append(runs, run{17, min(n, 10) - 3})
			}
		} else if use16 && n >= 4 {
			runs = append(runs, run{int(v), 0})
			for n--; n >= 3; n -= min(n, 6) {
				runs = append(runs, run{16, min(n, 6) - 3})
			}
		}
		for ; n > 0; n-- {
			runs = append(runs, run{int(v), 0})
		}
	}
	return runs
}
