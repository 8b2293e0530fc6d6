package i18n

import "testing"

// TestDatesAndNumbers: one way of writing them for every page, paper and line.
func TestDatesAndNumbers(t *testing.T) {
	for _, c := range []struct{ lang, value, want string }{
		{"it", "2026-11-02", "02/11/2026"}, {"en", "2026-11-02", "2 November 2026"}, {"pl", "2026-11-02", "02.11.2026"},
		{"el", "1987-03", "03/1987"}, {"en", "1987-03", "March 1987"}, {"pl", "1987-03", "03.1987"},
		{"fr", "2026-11-02", "02/11/2026"}, {"sl", "2026-11-02", "2.\u00a011.\u00a02026"}, {"ro", "2026-11-02", "02.11.2026"},
		{"sq", "1987-03", "03.1987"}, {"ar", "2026-11-02", "02/11/2026"}, {"uk", "2026-11-02", "02.11.2026"}, {"sl", "1987-03", "03/1987"},
		{"it", "1996", "1996"}, {"it", "2026-02-30", "2026-02-30"}, {"es", "", ""},
	} {
		if got := Date(c.lang, c.value); got != c.want {
			t.Errorf("%s in %s: %q, want %q", c.value, c.lang, got, c.want)
		}
	}
	if it, ar := List("it", "a", "b"), List("ar", "a", "b"); it != "a, b" || ar != "a، b" {
		t.Errorf("%q, %q", it, ar)
	}
	if it, en := Number("it", 94.1), Number("en", 94.1); it != "94,1" || en != "94.1" || Number("pl", 16) != "16" {
		t.Errorf("%q, %q", it, en)
	}
}
