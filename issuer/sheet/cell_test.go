package sheet

import "testing"

func TestDates(t *testing.T) {
	for _, row := range []struct {
		in      string
		partial bool
		want    string // ISO form or fault code
	}{
		{"2026-11-18", false, "2026-11-18"},
		{"2026/1/8", false, "2026-01-08"},
		{"2026-11-18 00:00:00", false, "2026-11-18"},
		{"2026-11-18T00:00:00Z", false, "2026-11-18"},
		{"18/11/2026", false, "2026-11-18"},
		{"8.1.2026", false, "2026-01-08"},
		{"8. 1. 2026", false, "2026-01-08"},
		{"18-11-2026", false, "2026-11-18"},
		{"03/04/1996", true, "1996-04-03"}, // day first, always
		{"1996", true, "1996"},
		{"1996-4", true, "1996-04"},
		{"04/1996", true, "1996-04"},
		{"1996", false, "date_partial"},
		{"04/1996", false, "date_partial"},
		{"11/18/2026", false, "date_month_first"},
		{"29/02/2023", false, "date_impossible"},
		{"29/02/2024", false, "2024-02-29"},
		{"32/01/2024", false, "date_impossible"},
		{"13/1996", true, "date_impossible"},
		{"0/1996", true, "date_impossible"},
		{"12/03/94", true, "date_short_year"},
		{"34405", true, "date_serial"},
		{"12 marzo 1994", true, "date_form"},
		{"18/11/20260", false, "date_form"},
	} {
		iso, code := parseDate(row.in, row.partial)
		if iso+code != row.want {
			t.Errorf("%q: %s%s, want %s", row.in, iso, code, row.want)
		}
	}
}

func TestHours(t *testing.T) {
	for in, want := range map[string]float64{
		"3": 3, "12,5": 12.5, "12.5": 12.5, "12,25 h": 12.25, "40 ore": 40, "12:30": 12.5, "480:00:00": 480, "60 Horas": 60, "0": 0,
	} {
		if h, ok := parseHours(in); !ok || h != want {
			t.Errorf("%q: %v %v, want %v", in, h, ok, want)
		}
	}
	for _, in := range []string{"1.200", "1,200", "12:20", "-3", "3-4", "tre", "12,5,5", "99999", "1e3", "+3", "12 giorni"} {
		if h, ok := parseHours(in); ok {
			t.Errorf("%q is read as %v hours", in, h)
		}
	}
}

func TestWordsMeanOneThing(t *testing.T) {
	meant := map[string]string{}
	for member, list := range spoken {
		for _, w := range list {
			folded := fold(w)
			if other, ok := meant[folded]; ok && other != member {
				t.Errorf("%q means %s and %s", w, member, other)
			}
			meant[folded] = member
		}
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"  Ada \t Rossi\u00a0": "Ada Rossi",
		"—":                    "",
		"e\u0301":              "é",
		"\ufeffAda\u200b":      "Ada",
		"نجیب\u200cالله":       "نجیب\u200cالله", // the joiner is spelling, not dirt
		"Dell'Acqua":           "Dell'Acqua",
	} {
		if got := clean(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

// TestThreatI10Addresses: what a header takes for its end, or for two people.
func TestThreatI10Addresses(t *testing.T) {
	for _, good := range []string{"amina@ente.example", "a.b+c@sub.ente-lucania.example", "o'neill@ente.example", "A_1@xn--caf-dma.example"} {
		if !IsAddress(good) {
			t.Errorf("%q is refused", good)
		}
	}
	for _, bad := range []string{
		"", "amina", "amina@", "@ente.example", "amina@ente", "a b@ente.example", "amina@ente.example\r\nBcc: x@y.example", "amina@ente.example\nBcc:x@y.example",
		"amina@ente.example, x@y.example", "amina@ente.example;x@y.example", "Amina <amina@ente.example>", `"a b"@ente.example`, "amina@[127.0.0.1]", "amina@ente..example",
		"amina@-ente.example", ".amina@ente.example", "amina.@ente.example", "amina@ente.example%0aBcc:x", "amina@ente.example\x00", "ámina@ente.example", "amina@ente.example ",
	} {
		if IsAddress(bad) {
			t.Errorf("%q is taken", bad)
		}
	}
}
