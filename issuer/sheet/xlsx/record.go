package xlsx

import (
	"cmp"
	"slices"

	"github.com/employment-passport/passport/issuer/sheet"
)

// sort brings the merged regions into the order of the rows.
func (l *layout) sort() {
	slices.SortFunc(l.merged, func(a, b region) int { return cmp.Compare(a.top, b.top) })
}

// record puts together what a row says and what stands in the way of believing
// it. Rows come in their order.
func (l *layout) record(row int, cells []string) sheet.Record {
	r := sheet.Record{Number: row, Cells: cells}
	l.active = slices.DeleteFunc(l.active, func(m region) bool { return m.bottom < row })
	for ; l.next < len(l.merged) && l.merged[l.next].top <= row; l.next++ {
		if m := l.merged[l.next]; m.bottom >= row {
			l.active = append(l.active, m)
		}
	}
	mark := func(column int, code string) {
		if r.Cell == nil {
			r.Cell = map[int]string{}
		}
		r.Cell[column-1] = code
	}
	for _, m := range l.active {
		if m.left == m.right && m.top == m.bottom || m.left > sheet.MaxColumns {
			continue
		}
		r.Title = r.Title || m.right > m.left && m.top == row && alone(cells, m.left-1)
		mark(m.left, "cell_merged")
	}
	for column := range l.without[row] {
		for len(r.Cells) < column {
			r.Cells = append(r.Cells, "")
		}
		r.Cells[column-1] = "=" // or the row would count as blank
		mark(column, "cell_uncalculated")
	}
	return r
}

// alone tells that a row has nothing but the text of one cell.
func alone(cells []string, at int) bool {
	for i, c := range cells {
		if (i == at) == blank([]string{c}) {
			return false
		}
	}
	return at < len(cells)
}
