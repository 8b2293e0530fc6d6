package paper

import "strings"

// field is one particular with its label.
type field struct{ label, value twice }

// fields lays particulars out in two columns, a row as high as its higher
// one. Beside the codes there is room for one column only.
func (a *a4) fields(all []field) {
	for len(all) > 0 {
		columns := 2
		if a.width() < a4Column {
			columns = 1
		}
		row := all[:min(columns, len(all))]
		w := (a.width() - gutter*float64(columns-1)) / float64(columns)
		high := 0.0
		for _, f := range row {
			high = max(high, f.height(w))
		}
		if a.y+high > a.bottom && a.y > a.top+tiny {
			a.turn()
			continue // the next side may be wider
		}
		y := a.y
		for i, f := range row {
			a.y = y
			a.field(f, margin+float64(i)*(w+gutter), w)
		}
		a.y = y + high + 1.8
		all = all[len(row):]
	}
}

var labelStyle = style{face: bold}

func (f field) height(w float64) float64 {
	return heightOf(f.label, w, labelStyle) + heightOf(f.value, w, style{})
}

// heightOf measures what both will write.
func heightOf(text twice, w float64, st style) float64 {
	if text.empty() {
		return 0
	}
	second := st
	second.face = italic
	one := measure(text[0], w, st)
	if text[1] == "" {
		return one.height
	}
	two := measure(text[1], w, second)
	if len(one.lines) == 1 && len(two.lines) == 1 && measure(text[0]+" ", w, st).width+two.width+2 <= w {
		return one.height
	}
	return one.height + two.height
}

func (a *a4) field(f field, x, w float64) {
	a.both(x, w, f.label, labelStyle)
	a.both(x, w, f.value, style{})
}

// rows keeps the particulars that have a value.
func rows(all ...field) (kept []field) {
	for _, f := range all {
		if !f.value.empty() {
			f.value[0] = withoutLabel(f.label[0], f.value[0])
			kept = append(kept, f)
		}
	}
	return kept
}

// withoutLabel drops a word that the label says already, where a number follows:
// "Convenzione" and "Convenzione n. 41" read as one. A name keeps its words.
func withoutLabel(label, value string) string {
	if len(value) <= len(label)+1 || !strings.EqualFold(value[:len(label)], label) || value[len(label)] != ' ' {
		return value
	}
	rest := strings.TrimSpace(value[len(label):])
	if rest != "" && (strings.HasPrefix(rest, "n.") || rest[0] >= '0' && rest[0] <= '9') {
		return rest
	}
	return value
}
