package paper

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFoldLaysEightPagesOnTwoSheets(t *testing.T) {
	want := [][2]int{{8, 1}, {2, 7}, {6, 3}, {4, 5}}
	if diff := cmp.Diff(want, fold(8)); diff != "" {
		t.Error(diff)
	}
}

// TestFoldHoldsEveryPageOnce: and the two halves of a side always add up to
// one more than the pages, as a folded sheet's do.
func TestFoldHoldsEveryPageOnce(t *testing.T) {
	for n := 1; n <= 40; n++ {
		pages := folded(n)
		if pages < n || pages >= n+4 || pages%4 != 0 {
			t.Fatalf("%d pages on %d", n, pages)
		}
		seen := map[int]bool{}
		for i, side := range fold(pages) {
			seen[side[0]], seen[side[1]] = true, true
			if side[0]+side[1] != pages+1 {
				t.Errorf("of %d pages side %d bears %v", pages, i, side)
			}
			if side[1]%2 != 1 {
				t.Errorf("of %d pages an even one lies on the right of side %d: %v", pages, i, side)
			}
		}
		if len(seen) != pages {
			t.Errorf("of %d pages %d are printed", pages, len(seen))
		}
	}
}
