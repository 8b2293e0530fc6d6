package scan

import (
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
)

// reading is what one pass found.
type reading struct {
	texts   []string
	located int // codes seen, read or not
}

// own is our decoder: it fits the whole fixed pattern of a version to the
// picture instead of trusting three points, and samples modules rather than
// pixels. Error correction and the bit stream are gozxing's.
func own(f *flat) (r reading) {
	used := map[finder]bool{}
	for _, c := range triples(findFinders(f)) {
		if used[c.topLeft] || used[c.topRight] || used[c.bottomLeft] {
			continue
		}
		text, seen := readAt(f, c)
		if seen {
			r.located++
			used[c.topLeft], used[c.topRight], used[c.bottomLeft] = true, true, true
		}
		if text != "" {
			r.texts = append(r.texts, text)
		}
	}
	return r
}

// readAt reads the code of three finders; seen tells that there is one.
func readAt(f *flat, c corners) (text string, seen bool) {
	for _, t := range fits(f, c) {
		seen = seen || t.quality > 2*goodFit
		for _, b := range []*bend{nil, t.bendOf(f)} {
			g := t.sample(f, b)
			for _, share := range []float64{0, 0.7, 1.5} {
				sharp := g
				if share > 0 {
					sharp = g.sharpened(share)
				}
				for _, half := range []int{5, 0} {
					if text := decodeBits(sharp.bits(half)); text != "" {
						return text, true
					}
				}
			}
		}
	}
	return "", seen
}

func decodeBits(dark [][]bool) string {
	bits, err := gozxing.ParseBoolMapToBitMatrix(dark)
	if err != nil {
		return ""
	}
	result, err := decoder.NewDecoder().Decode(bits, nil)
	if err != nil {
		return ""
	}
	return result.GetText()
}
