package paper

import "strings"

// minSize is the smallest type on paper: people read it without their glasses.
// Only a number to type and what a card bears beside the name may go below, and
// never below smallest.
const (
	minSize  = 12
	smallest = 8
)

// ink is a shade of grey that survives a black-and-white copier.
type ink int

const (
	black ink = 0
	soft  ink = 0x40 // the second language, and what is said of a thing
)

// style is how a text looks. Its zero value is 12 points in black.
type style struct {
	face  face
	size  float64 // points, minSize when 0
	least float64 // shrinks so far to fit, minSize when 0
	lead  float64 // line height by size, 1.25 when 0
	align byte    // 'C' or 'R', else left
	ink   ink
	code  bool // no hyphen where a word is broken: it would be typed
}

func (st style) withDefaults() style {
	if st.size == 0 {
		st.size = minSize
	}
	if st.least == 0 {
		st.least = min(minSize, st.size)
	}
	if st.lead == 0 {
		st.lead = 1.25
	}
	return st
}

// box is a place on a page.
type box struct{ x, y, w, h float64 }

// fit is a text measured for a width.
type fit struct {
	lines  []string
	size   float64
	width  float64 // of the longest line
	height float64
	broken bool // a word did not fit a line
	cut    bool // lines are missing; the last one ends with "…"
}

// measure wraps text at the style's own size, as high as it becomes.
func measure(text string, w float64, st style) fit {
	st = st.withDefaults()
	return wrapAt(clean(text), w, st, st.size)
}

// fitting shrinks text until it fits w and h without breaking a word; at the
// least size words are broken, and what is too much is cut with a mark.
func fitting(text string, w, h float64, st style) fit {
	st = st.withDefaults()
	text = clean(text)
	for size := st.size; size > st.least; size -= 0.5 {
		if f := wrapAt(text, w, st, size); !f.broken && f.height <= h+tiny {
			return f
		}
	}
	f := wrapAt(text, w, st, st.least)
	room := max(1, int((h+tiny)/(st.least*st.lead*mmPerPoint)))
	if len(f.lines) > room {
		f.cut = true
		f.lines = f.lines[:room]
		f.lines[room-1] = ellipsis(f.lines[room-1], w, st, st.least)
		f.settle(st, st.least)
	}
	return f
}

const tiny = 0.001

func wrapAt(text string, w float64, st style, size float64) fit {
	var f fit
	for _, paragraph := range strings.Split(text, "\n") {
		f.paragraph(strings.FieldsFunc(paragraph, func(r rune) bool { return r == ' ' }), w, st, size)
	}
	f.settle(st, size)
	return f
}

// settle fills in what follows from the lines.
func (f *fit) settle(st style, size float64) {
	f.size, f.width = size, 0
	f.height = float64(len(f.lines)) * size * st.lead * mmPerPoint
	for _, line := range f.lines {
		f.width = max(f.width, widthOf(line, st.face, size))
	}
}

func (f *fit) paragraph(words []string, w float64, st style, size float64) {
	line := ""
	for _, word := range words {
		joined := word
		if line != "" {
			joined = line + " " + word
		}
		if widthOf(joined, st.face, size) <= w {
			line = joined
			continue
		}
		if line != "" {
			f.lines = append(f.lines, line)
		}
		for widthOf(word, st.face, size) > w {
			head, tail := breakWord(word, w, st, size)
			if tail == "" {
				break // one letter wider than the line: nothing is left to break
			}
			f.lines, f.broken = append(f.lines, head), true
			word = tail
		}
		line = word
	}
	if line != "" {
		f.lines = append(f.lines, line)
	}
}

// breakWord cuts a word that is wider than a line: after a hyphen or a stroke
// of its own where there is one, else with a hyphen.
func breakWord(word string, w float64, st style, size float64) (head, tail string) {
	mark := "-"
	if st.code || strings.ContainsAny(word, "/:@") {
		mark = ""
	}
	runes := []rune(word)
	n := 1
	for n < len(runes) && widthOf(string(runes[:n+1])+mark, st.face, size) <= w {
		n++
	}
	for own := n; own > 2; own-- {
		if c := runes[own-1]; (c == '-' || c == '/') && own > n/2 {
			return string(runes[:own]), string(runes[own:])
		}
	}
	return string(runes[:n]) + mark, string(runes[n:])
}

// ellipsis ends a line with "…", dropping what makes room for it.
func ellipsis(line string, w float64, st style, size float64) string {
	runes := []rune(line)
	for len(runes) > 0 && widthOf(strings.TrimRight(string(runes), " ,;-")+" …", st.face, size) > w {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimRight(string(runes), " ,;-") + " …"
}
