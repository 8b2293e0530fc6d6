package report

import (
	"strings"
	"testing"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/verifier"
)

func TestMoment(t *testing.T) {
	day := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	hour := time.Date(2026, 11, 2, 11, 15, 0, 0, time.FixedZone("CET", 3600))
	for lang, want := range map[string]string{
		"it": "02/11/2026", "es": "02/11/2026", "el": "02/11/2026", "pl": "02.11.2026", "en": "2 November 2026",
	} {
		if got := Moment(lang, day); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
		if got := Moment(lang, hour); got != want+", 10:15 UTC" {
			t.Errorf("%s: %q", lang, got)
		}
	}
}

// TestISODay: what is no day stays as the document says it.
func TestISODay(t *testing.T) {
	for _, row := range [][3]string{
		{"it", "1994-03-12", "12/03/1994"},
		{"en", "1994-03-12", "12 March 1994"},
		{"it", "1994-03", "03/1994"},
		{"en", "1994-03", "March 1994"},
		{"pl", "1994-03", "03.1994"},
		{"it", "1994", "1994"},
		{"en", "1994-13-40", "1994-13-40"},
		{"en", "Amina", "Amina"},
		{"el", "", ""},
	} {
		if got := i18n.Date(row[0], row[1]); got != row[2] {
			t.Errorf("i18n.Date(%s, %q) = %q, want %q", row[0], row[1], got, row[2])
		}
	}
}

// TestDaysInJSONStayISO: a sentence for people has the day as they read it; the
// report and its arguments keep theirs.
func TestDaysInJSONStayISO(t *testing.T) {
	c := verifier.Check{Code: verifier.CodeExpired, Args: map[string]string{"date": "2026-11-22"}}
	if got := Sentence("it", c); !strings.Contains(got, "22/11/2026") {
		t.Error(got)
	}
	if got := Words("it", c); !strings.Contains(got, "2026-11-22") || c.Args["date"] != "2026-11-22" {
		t.Error(got, c.Args)
	}
}

func TestGuardCell(t *testing.T) {
	for in, want := range map[string]string{"": "", "a": "a", "=1": "'=1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "'x": "''x", "2-1": "2-1"} {
		if got := guardCell(in); got != want {
			t.Errorf("guardCell(%q) = %q, want %q", in, got, want)
		}
	}
}
