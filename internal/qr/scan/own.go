package scan

import (
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
)

// reading is what one pass found.
type reading struct{ codes []spot }

// spot is a text and where it stands; a zero area is a place not known.
type spot struct {
	text string
	area area
}

// scaled moves what a pass found in a smaller or larger picture to the whole.
func (r reading) scaled(factor float64) reading {
	for i := range r.codes {
		r.codes[i].area = r.codes[i].area.scaled(factor)
	}
	return r
}

func placeless(texts []string) (codes []spot) {
	for _, text := range texts {
		codes = append(codes, spot{text: text})
	}
	return codes
}

// own is our decoder: it fits the whole fixed pattern of a version to the
// picture instead of trusting three points, and samples modules rather than
// pixels. Error correction and the bit stream are gozxing's.
func own(f *flat) (r reading) {
	used := map[finder]bool{}
	for _, c := range triples(findFinders(f, maxFinders)) {
		if used[c.topLeft] || used[c.topRight] || used[c.bottomLeft] {
			continue
		}
		text, area, seen := readAt(f, c)
		if seen {
			used[c.topLeft], used[c.topRight], used[c.bottomLeft] = true, true, true
		}
		if text != "" {
			r.codes = append(r.codes, spot{text, area})
		}
	}
	return r
}

// readAt reads the code of three finders; seen tells that there is one.
func readAt(f *flat, c corners) (text string, at area, seen bool) {
	for _, t := range fits(f, c) {
		if text := t.read(f); text != "" {
			return text, t.area(), true
		}
		seen = seen || t.quality > 2*goodFit
	}
	return "", area{}, seen
}

// read samples the modules in several ways until one decodes.
func (t *fit) read(f *flat) (text string) {
	for _, b := range []*bend{nil, t.bendOf(f)} {
		g := t.sample(f, b)
		for _, share := range []float64{0, 0.7, 1.5} {
			sharp := g
			if share > 0 {
				sharp = g.sharpened(share)
			}
			for _, half := range []int{5, 0} {
				if text := decodeBits(sharp.bits(half)); text != "" {
					return text
				}
			}
		}
	}
	return ""
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
