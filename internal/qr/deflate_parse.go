package qr

import "math"

const (
	minMatch = 3
	maxMatch = 258
	window   = 32 << 10
	maxChain = 4096 // earlier places looked at for one match
)

// step is a literal (length 1, distance 0) or a match.
type step struct{ length, distance uint16 }

// reach says that matches up to length are had at distance, none nearer.
type reach struct{ length, distance int }

// parser finds the cheapest way to say text after dict.
type parser struct {
	data    []byte // dict, then text
	start   int    // where text begins
	reaches [][]reach
}

func newParser(text, dict []byte) *parser {
	if len(dict) > window {
		dict = dict[len(dict)-window:]
	}
	p := &parser{data: append(append([]byte{}, dict...), text...), start: len(dict)}
	p.findMatches()
	return p
}

// findMatches notes, for each place of the text, the nearest distance of each
// length that can be had.
func (p *parser) findMatches() {
	p.reaches = make([][]reach, len(p.data)-p.start)
	last := map[[minMatch]byte]int{}
	previous := make([]int, len(p.data)) // the place before with the same 3 bytes, -1 for none
	for i := 0; i+minMatch <= len(p.data); i++ {
		key := [minMatch]byte(p.data[i : i+minMatch])
		previous[i] = -1
		if j, ok := last[key]; ok {
			previous[i] = j
		}
		last[key] = i
		if i >= p.start {
			p.reaches[i-p.start] = p.reachesAt(i, previous)
		}
	}
}

func (p *parser) reachesAt(i int, previous []int) (all []reach) {
	best, most := minMatch-1, min(maxMatch, len(p.data)-i)
	for j, n := previous[i], 0; j >= 0 && i-j <= window && best < most && n < maxChain; j, n = previous[j], n+1 {
		if p.data[j+best] != p.data[i+best] {
			continue
		}
		length := 0
		for length < most && p.data[j+length] == p.data[i+length] {
			length++
		}
		if length > best {
			best = length
			all = append(all, reach{length, i - j})
		}
	}
	return all
}

// smallest parses, writes, learns the prices from what it wrote, and parses
// again; it gives the smallest stream met.
func (p *parser) smallest(e effort) []byte {
	prices := fixedPrices()
	var best []byte
	for round := range e.rounds {
		steps := p.parse(prices)
		block := newBlock(p.data[p.start:], steps)
		stream := block.smallest(e.thorough)
		if best == nil || len(stream) < len(best) {
			best = stream
		}
		next := block.prices()
		if round > 0 {
			next = next.mix(prices) // two parses must not chase each other
		}
		prices = next
	}
	return best
}

// parse is the shortest path from the start of the text to its end.
func (p *parser) parse(prices *prices) []step {
	n := len(p.reaches)
	cost := make([]float64, n+1)
	from := make([]step, n+1)
	for i := 1; i <= n; i++ {
		cost[i] = math.Inf(1)
	}
	for i := range n {
		relax(cost, from, i, step{1, 0}, prices.literal[p.data[p.start+i]])
		length := minMatch
		for _, r := range p.reaches[i] {
			far := prices.distance(r.distance)
			for ; length <= r.length; length++ {
				relax(cost, from, i, step{uint16(length), uint16(r.distance - 1)}, far+prices.length[length])
			}
		}
	}
	return walk(from, n)
}

func relax(cost []float64, from []step, i int, s step, price float64) {
	if to := i + int(s.length); cost[i]+price < cost[to] {
		cost[to] = cost[i] + price
		from[to] = s
	}
}

// walk turns the arrivals round into the steps from the start.
func walk(from []step, n int) []step {
	count := 0
	for i := n; i > 0; i -= int(from[i].length) {
		count++
	}
	steps := make([]step, count)
	for i := n; i > 0; i -= int(from[i].length) {
		count--
		steps[count] = from[i]
	}
	return steps
}
