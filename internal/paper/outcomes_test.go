package paper

import (
	"strings"
	"testing"
)

// TestOutcomesAreNotCutInSilence: what a row of the booklet has no room for is
// counted there, in one line.
func TestOutcomesAreNotCutInSilence(t *testing.T) {
	outcomes := []string{"Pulisce i piani di lavoro", "Conserva i cibi alla temperatura giusta e scrive la data", "Riconosce gli allergeni negli alimenti che serve", "Separa i rifiuti", "Usa i detergenti come dice la scheda", "Avvisa il responsabile"}
	for n := 1; n <= len(outcomes); n++ {
		for _, title := range []string{"Igiene", strings.Repeat("Lavorare in cucina ", 6)} {
			s := quick(t, 1, course{strings.TrimSpace(title), courses[0].body, "2026-02-03", "4"}, person("Giulia Rossi", ""), [2]string{"it", "el"}, outcomes[:n]...)
			p, err := drawn(LayoutBooklet, []Sheet{s, s, s, s, s}, Options{Now: today})
			if err != nil {
				t.Fatal(err)
			}
			neat(t, title, p, 4)
			shown, counted := 0, 0
			for _, outcome := range outcomes[:n] {
				shown += strings.Count(p.said(), squeezed(outcome))
			}
			for _, m := range p.placed {
				if strings.HasPrefix(m.text, "… e altro (") {
					counted += int(m.text[len("… e altro (")] - '0')
				}
			}
			if shown+counted != 5*n {
				t.Errorf("%d outcomes under %.20q: five rows show %d and count %d", n, title, shown, counted)
			}
		}
	}
}
