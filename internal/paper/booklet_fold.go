package paper

// fold gives the pages of a booklet as they lie on sheets printed on both
// sides (turned over the short edge), left and right of each side: of eight
// pages 8 and 1, 2 and 7, 6 and 3, 4 and 5. Pages is a multiple of 4.
func fold(pages int) [][2]int {
	sides := make([][2]int, 0, pages/2)
	for i := range pages / 2 {
		if i%2 == 0 {
			sides = append(sides, [2]int{pages - i, i + 1})
		} else {
			sides = append(sides, [2]int{i + 1, pages - i})
		}
	}
	return sides
}

// folded is the number of pages that hold n: sheets have four each.
func folded(n int) int { return (n + 3) / 4 * 4 }
