package qr

// block is a parsed text: one final DEFLATE block.
type block struct {
	text  []byte
	steps []step

	literalCounts  [literals]int
	distanceCounts [distances]int
}

func newBlock(text []byte, steps []step) *block {
	b := &block{text: text, steps: steps}
	at := 0
	for _, s := range steps {
		if s.length == 1 {
			b.literalCounts[text[at]]++
		} else {
			code, _, _ := lengthCode(int(s.length))
			b.literalCounts[code]++
			code, _, _ = distanceCode(int(s.distance) + 1)
			b.distanceCounts[code]++
		}
		at += int(s.length)
	}
	b.literalCounts[endBlock]++
	return b
}

func (b *block) prices() *prices {
	var literal [literals]float64
	var far [distances]float64
	entropyPrices(b.literalCounts[:], literal[:])
	entropyPrices(b.distanceCounts[:], far[:])
	return pricesOf(literal, far)
}

// smallest writes the block with the fixed codes and with its own; a thorough
// search tries the latter at several limits and coarsenesses: with so little
// text the list of code lengths is a tenth of the stream, and even lengths are
// listed more briefly.
func (b *block) smallest(thorough bool) []byte {
	best := b.write(fixedCodes())
	limits, shapes := []int{15}, []func([]int) []int{exact}
	if thorough {
		limits, shapes = []int{15, 9, 8, 7}, []func([]int) []int{exact, nearPowers, evenRuns}
	}
	for _, limit := range limits {
		for _, smooth := range shapes {
			c := newCodes(smooth(b.literalCounts[:]), smooth(b.distanceCounts[:]), limit)
			if c == nil {
				continue
			}
			if stream := b.write(c); len(stream) < len(best) {
				best = stream
			}
		}
	}
	return best
}

func (b *block) write(c *codes) []byte {
	var w bitWriter
	w.write(1, 1) // final
	c.writeHeader(&w)
	at := 0
	for _, s := range b.steps {
		if s.length == 1 {
			c.literal(&w, int(b.text[at]))
		} else {
			code, extra, value := lengthCode(int(s.length))
			c.literal(&w, code)
			w.write(value, extra)
			code, extra, value = distanceCode(int(s.distance) + 1)
			w.write(c.distanceCodes[code], int(c.distanceLengths[code]))
			w.write(value, extra)
		}
		at += int(s.length)
	}
	c.literal(&w, endBlock)
	return w.bytes()
}

// exact keeps the counts.
func exact(counts []int) []int { return counts }

// nearPowers rounds counts to powers of two, so that more codes are equally
// long.
func nearPowers(counts []int) []int {
	out := make([]int, len(counts))
	for i, n := range counts {
		for p := 1; n > 0 && out[i] == 0; p *= 2 {
			if n*2 < p*3 {
				out[i] = p
			}
		}
	}
	return out
}

// evenRuns gives neighbours of like counts their mean.
func evenRuns(counts []int) []int {
	out := append([]int{}, counts...)
	for i := 0; i < len(out); {
		if out[i] == 0 {
			i++
			continue
		}
		end, sum := i, 0
		for end < len(out) && out[end] > 0 && out[end] <= 2*out[i]+1 && out[i] <= 2*out[end]+1 {
			sum += out[end]
			end++
		}
		mean := (sum + (end-i)/2) / (end - i)
		for ; i < end; i++ {
			out[i] = max(1, mean)
		}
	}
	return out
}
