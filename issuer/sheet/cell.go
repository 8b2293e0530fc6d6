package sheet

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/employment-passport/passport/schema"
	"golang.org/x/text/unicode/norm"
)

// clean brings a cell to the form in which it is signed and hashed: Unicode
// NFC, no spaces around it, one space for any run of spaces and line breaks
// inside it, none of the marks that show nothing (byte order mark, zero-width
// space, word joiner, left-to-right and right-to-left marks). The joiners that
// Persian and Indian scripts need stay. A cell of dashes alone is empty.
func clean(s string) string {
	if plain(s) {
		return dashed(strings.TrimSpace(s))
	}
	s = strings.Map(func(r rune) rune {
		switch r {
		case '\ufeff', '\u200b', '\u2060', '\u200e', '\u200f':
			return -1
		}
		return r
	}, norm.NFC.String(s))
	return dashed(strings.Join(strings.Fields(s), " "))
}

// plain tells printable ASCII with single spaces, which most cells are.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] >= utf8.RuneSelf || s[i] == ' ' && i > 0 && s[i-1] == ' ' {
			return false
		}
	}
	return true
}

func dashed(s string) string {
	if strings.Trim(s, "-–—") == "" {
		return ""
	}
	return s
}

// show clips a cell for a message.
func show(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// cell judges one cell and puts it into its member.
func (s *scan) cell(l *schema.Learner, column int, member, value string) {
	if code := s.src.cell(column); code != "" {
		s.fault(column, code)
		return
	}
	if value == "" {
		return
	}
	if code, arg := spoilt(value); code != "" {
		s.fault(column, code, "value", arg)
		return
	}
	if n := utf8.RuneCountInString(value); n > longest(member) {
		s.fault(column, "cell_long", "max", strconv.Itoa(longest(member)), "length", strconv.Itoa(n))
		return
	}
	switch member {
	case "name", "givenName", "familyName", "nameOriginalScript", "birthPlace":
		s.words(l, column, member, value)
	case "birthDate", "startedOn", "completedOn":
		s.date(l, column, member, value)
	case "documentNumber":
		s.number(l, column, value)
	case "result":
		if schema.IsFailure(value) {
			s.fault(column, "result_failed", "value", show(value))
		}
		l.Result = value
	case "hoursAttended":
		s.hours(l, column, value)
	case memberEmail:
		if !IsAddress(value) {
			s.fault(column, "email_form", "value", show(value))
		}
		s.email = value
	case "holder":
		if !holder().MatchString(value) {
			s.fault(column, "holder_form", "value", show(value))
		}
		l.Holder = value
	}
}

func longest(member string) int {
	switch member {
	case "documentNumber":
		return 64
	case "holder", "nameOriginalScript":
		return MaxCell
	default:
		return 200
	}
}

// spoilt finds what a spreadsheet left instead of a value: an error, a formula,
// a control or direction character that would hide what is read.
func spoilt(v string) (code, arg string) {
	for _, r := range v {
		switch {
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return "cell_control", strings.ToUpper("U+" + strconv.FormatInt(0x10000+int64(r), 16)[1:])
		case r == utf8.RuneError:
			return "cell_damaged", show(v)
		}
	}
	if v[0] == '=' || v[0] == '@' || sheetError().MatchString(v) {
		return "cell_formula", show(v)
	}
	return "", ""
}

// sheetError matches #N/A, #REF!, #VALUE!, #NAME?, #DIV/0! and their Italian,
// Spanish, Greek and Polish forms (#N/D, #NOME?, #¿NOMBRE?, #ΑΝΑΦ!, #ARG!).
var sheetError = pattern(`^#[\p{L}¿/0-9]+[!?]?$`)

// holder is a DID by its form; only methods that a wallet makes.
var holder = pattern(`^did:(key:z[1-9A-HJ-NP-Za-km-z]+|jwk:[A-Za-z0-9_-]+)$`)

// IsAddress tells a bare e-mail address that can be written to: one at sign, and
// no sign that could end a header or name a second person. Quoted and
// international local parts are not taken.
func IsAddress(v string) bool { return len(v) <= 254 && address().MatchString(v) }

var address = pattern(`^[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}$`)

// words takes a name or place. Digits, signs and addresses have slipped in
// from the next column; letters that no name has come from a wrong encoding.
func (s *scan) words(l *schema.Learner, column int, member, value string) {
	switch {
	case s.damaged(value):
		s.fault(column, "cell_damaged", "value", show(value))
	case member != "birthPlace" && !schema.IsName(value), !strings.ContainsFunc(value, unicode.IsLetter):
		s.fault(column, "name_form", "value", show(value))
	}
	switch member {
	case "name":
		l.Name = value
	case "givenName":
		l.GivenName = value
	case "familyName":
		l.FamilyName = value
	case "nameOriginalScript":
		l.NameOriginalScript = value
	case "birthPlace":
		l.BirthPlace = value
	}
}

// damaged tells the marks of a wrong encoding: signs that Windows-1250 and
// 1253 letters become when they are read as Windows-1252 ("Wa³êsa"), UTF-8
// read twice ("Ã©"), and letters saved as question marks.
func (s *scan) damaged(v string) bool {
	if strings.ContainsAny(v, "³²¹¿¥£¤§¬±¶·÷×¢¦¨¯´¸¼½¾?") || doubled().MatchString(v) {
		return true
	}
	return s.src.windows() && (accents().MatchString(v) || polish().MatchString(v))
}

var (
	doubled = pattern(`[ÃÂÄÅ][\x{80}-\x{bf}–—‘’‚“”„†‡•…‰‹›€™Œœ\x{160}\x{161}\x{17d}\x{17e}\x{152}]`)
	accents = pattern(`[\x{c0}-\x{ff}]{3,}`) // a Greek word in Windows-1253

	// ś, ć, ź, ę and ń of Windows-1250, each of which is a letter in 1252 as well:
	// "Zieliński" would be signed as "Zieliñski". A Spanish ñ has a vowel after
	// it. Whoever is called Inês or Kjær is asked for UTF-8.
	polish = pattern(`(?i)[œæÿêþ]|ñ($|[^aeiouáéíóúü])`)
)

// number takes a document number. A spreadsheet rounds long ones (1,23E+12),
// and an identity document's number must never get into a credential.
func (s *scan) number(l *schema.Learner, column int, value string) {
	switch {
	case rounded().MatchString(value):
		s.fault(column, "number_rounded", "value", show(value))
	case schema.IsPersonalNumber(value):
		s.fault(column, "number_personal")
	}
	l.DocumentNumber = value
}

var rounded = pattern(`^[0-9]([.,][0-9]+)?[eE]\+[0-9]+$`)
