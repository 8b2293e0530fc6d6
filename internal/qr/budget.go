package qr

import (
	"fmt"
	"strings"
)

// The budget of a printed code, measured with phones and paper: modules of
// 0.4 mm and more, 40 mm at version 20, 42 mm at version 22. Above the cap
// there is one code a credential, never a higher version.
const (
	PaperTarget = 620 // bytes of a frame: version 20 at level M
	PaperCap    = 737 // version 22 at level M
	ScreenCap   = 959 // version 22 at level L
	roughCap    = 526 // version 22 at level Q
	ModuleMM    = 0.4 // smallest module on paper
)

// Cap is the largest frame that a code of level may hold: version 22 at each.
func Cap(level Level) int {
	switch level {
	case LevelL:
		return ScreenCap
	case LevelQ:
		return roughCap
	}
	return PaperCap
}

// Budget is the room that a frame takes.
type Budget struct {
	Frame    int     // bytes
	Version  int     // at level M; 0 when no code holds it
	Modules  int     // a side, without the quiet zone
	PrintMM  float64 // a side at 0.4 mm a module, without the quiet zone
	OnTarget bool    // within PaperTarget
	OnPaper  bool    // within PaperCap
	OnScreen bool    // within ScreenCap
}

// budgetLink is how long the link of a budget is, with "#" and kind. A base of
// 30 or 31 characters may cost a frame at the edge one version more.
const budgetLink = 31

// BudgetOf judges a frame by its size, behind a link of budgetLink characters.
func BudgetOf(frameBytes int) Budget {
	b := Budget{
		Frame:    frameBytes,
		OnTarget: frameBytes <= PaperTarget,
		OnPaper:  frameBytes <= PaperCap,
		OnScreen: frameBytes <= ScreenCap,
	}
	link := "https://" + strings.Repeat("x", budgetLink-len("https://#1")) + "#1"
	// The library takes the shorter segments itself; nines are as good as any.
	version, modules, err := Version(link+strings.Repeat("9", d17Len(frameBytes)), LevelM)
	if err == nil {
		b.Version, b.Modules, b.PrintMM = version, modules, PrintMM(modules)
	}
	return b
}

// PrintMM is the smallest side on paper of a code with so many modules,
// without the quiet zone.
func PrintMM(modules int) float64 { return float64(modules) * ModuleMM }

// String says it for a table: "552 bytes, version 19, 37.2 mm".
func (b Budget) String() string {
	return fmt.Sprintf("%d bytes, version %d, %.1f mm", b.Frame, b.Version, b.PrintMM)
}
