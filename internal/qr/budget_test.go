package qr

import "testing"

func TestBudgetKeepsTheVersionsOfThePage(t *testing.T) {
	for _, c := range []struct{ frame, version int }{
		{465, 17}, {PaperTarget, 20}, {625, 20}, {PaperCap, 22}, {740, 23}, {868, 24},
	} {
		if b := BudgetOf(c.frame); b.Version != c.version || b.Modules != 17+4*c.version {
			t.Errorf("%d bytes: %+v, want version %d", c.frame, b, c.version)
		}
	}
	if b := BudgetOf(737); b.PrintMM != 42 || !b.OnPaper || b.OnTarget {
		t.Errorf("at the cap: %+v", b)
	}
}
