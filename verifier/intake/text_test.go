package intake

import (
	"strings"
	"testing"
)

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
		if got, err := Plain("f", []byte(in)); err != nil || string(got) != want {
			t.Errorf("Plain(%q) = %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"\xff\xfee\x00y\x00", "\xfe\xff\x00e\x00y", "e\x00y\x00J\x00", "\x00e\x00y\x00J"} {
		if _, err := Plain("f", []byte(in)); err == nil || err.Code != "text_utf16" {
			t.Errorf("Plain(%q): %v", in, err)
		}
	}
}
