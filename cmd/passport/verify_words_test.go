package main

import (
	"errors"
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
		if got := moment(lang, day); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
		if got := moment(lang, hour); got != want+", 10:15 UTC" {
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
		if got := isoDay(row[0], row[1]); got != row[2] {
			t.Errorf("isoDay(%s, %q) = %q, want %q", row[0], row[1], got, row[2])
		}
	}
}

// TestDaysInJSONStayISO: a sentence for people has the day as they read it; the
// report and its arguments keep theirs.
func TestDaysInJSONStayISO(t *testing.T) {
	c := verifier.Check{Code: verifier.CodeExpired, Args: map[string]string{"date": "2026-11-22"}}
	if got := checkSentence("it", c); !strings.Contains(got, "22/11/2026") {
		t.Error(got)
	}
	if got := checkWords("it", c); !strings.Contains(got, "2026-11-22") || c.Args["date"] != "2026-11-22" {
		t.Error(got, c.Args)
	}
}

func TestIsBroken(t *testing.T) {
	const token = "eyJhbGciOiJFUzI1NiJ9.eyJhIjoxfQ.c2ln"
	for text, want := range map[string]bool{
		"":                                   false,
		token:                                false,
		token + "\n" + token:                 false,
		token[:10] + "\r\n" + token[10:]:     true, // in the header
		token[:25] + "\r\n" + token[25:]:     true, // in the payload
		token[:25] + "=\r\n" + token[25:]:    true, // quoted-printable
		"HTTPS://V.EXAMPLE/#A\n1234":         false,
		"HTTPS://V.EXAMPLE/#1123\n4567\n890": true,
		"HTTPS://V.EXAMPLE/#1123 HTTPS://V.EXAMPLE/#1124": false,
		"call the school": false,
	} {
		if got := isBroken(strings.Fields(text)); got != want {
			t.Errorf("isBroken(%q) = %v", text, got)
		}
	}
}

func TestPlainText(t *testing.T) {
	for in, want := range map[string]string{
		"eyJ.a.b":                      "eyJ.a.b",
		"\xef\xbb\xbf \r\neyJ.a.b\r\n": "eyJ.a.b",
		"\xef\xbb\xbf":                 "",
		"\x89PNG\r\n":                  "\x89PNG\r\n",
		"\xff\xd8\xff\xe0":             "\xff\xd8\xff\xe0", // JPEG
	} {
		if got, err := plainText("f", []byte(in)); err != nil || string(got) != want {
			t.Errorf("plainText(%q) = %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"\xff\xfee\x00y\x00", "\xfe\xff\x00e\x00y", "e\x00y\x00J\x00", "\x00e\x00y\x00J"} {
		if _, err := plainText("f", []byte(in)); !isCode(err, "text_utf16") {
			t.Errorf("plainText(%q): %v", in, err)
		}
	}
}

func TestCheckAnchor(t *testing.T) {
	for anchor, good := range map[string]bool{
		strings.Repeat("A", 43):       true,
		strings.Repeat("A", 42):       false,
		strings.Repeat("A", 44):       false,
		strings.Repeat("A", 42) + "B": false, // bits left over
		strings.Repeat("A", 42) + "+": false,
		"12:34":                       false,
	} {
		if err := checkAnchor(anchor); (err == nil) != good || !good && !isCode(err, "anchor_form") {
			t.Errorf("%s: %v", anchor, err)
		}
	}
}

func isCode(err error, code string) bool {
	var f *failure
	return errors.As(err, &f) && f.code == code && f.exit == exitUsage && i18n.Has("hint."+code)
}

func TestCobraUsage(t *testing.T) {
	near := cobraUsage(errors.New("unknown command \"verfy\" for \"passport\"\n\nDid you mean this?\n\tverify\n\tversion\n"))
	if near.code != "usage_near" || near.args["names"] != "verify, version" || strings.Contains(near.args["detail"], "\n") {
		t.Errorf("%s %q", near.code, near.args)
	}
	if plain := cobraUsage(errors.New("unknown flag: --x")); plain.code != "usage" || plain.args["detail"] != "unknown flag: --x" {
		t.Errorf("%s %q", plain.code, plain.args)
	}
}
