package paper

import (
	"testing"
	"time"
)

// TestCurriculumPutsTheUncheckedApart: a document that nobody has checked is not
// the person's own word, and does not stand among what was checked.
func TestCurriculumPutsTheUncheckedApart(t *testing.T) {
	lines := checkedFirst([]CVLine{{Title: "a"}, {Title: "b", Verified: true}, {Title: "c"}, {Title: "d", Verified: true}})
	var order string
	for _, l := range lines {
		order += l.Title
	}
	if order != "bdac" {
		t.Errorf("order %q", order)
	}
	c := &cvDrawing{a4: newPage("x", "it", time.Time{}).beginPlain(tongues{"it"}), lang: "it"}
	if got := c.t("cv.unverified"); got != "non controllato" {
		t.Error(got)
	}
}
