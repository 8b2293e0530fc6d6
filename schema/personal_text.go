package schema

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// personal are the forms of what belongs to one person and slips into texts:
// identity numbers, as IsPersonalNumber knows them, and ways to reach or to pay
// somebody. A match is judged once more by its check characters where it has
// them, so that numbers of documents, courses, laws and years stay what they
// are.
type personal struct {
	form *regexp.Regexp
	is   func(match, before string) bool // nil: by its form alone, wherever it stands

	// What a text must have to be worth looking at: so many digits, this sign.
	digits int
	sign   string
}

// personalForms are compiled when the first text is judged.
var personalForms = sync.OnceValue(func() []personal {
	always := func(string, string) bool { return true }
	return []personal{
		{regexp.MustCompile(`[A-Z]{3}[ .-]?[A-Z]{3}[ .-]?[0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{2}[ .-]?[A-Z][0-9LMNP-V]{3}[A-Z]`), always, 3, ""},
		{regexp.MustCompile(`[XYZ]-?[0-9]{7}-?[A-Z]|[0-9]{8}-?[A-Z]|[0-9]{2}\.[0-9]{3}\.[0-9]{3}-?[A-Z]`), isNumberOfPerson, 7, ""},
		{regexp.MustCompile(`[0-9]{6}[ -]?[0-9]{5}`), isElevenOfPerson, 11, ""},
		{regexp.MustCompile(`[\p{L}\p{N}._%+-]@[\p{L}\p{N}.-]+\.\p{L}{2,}`), nil, 0, "@"},
		{regexp.MustCompile(`[A-Z]{2}[0-9]{2} ?[A-Z0-9](?:[ -]?[A-Z0-9]){10,29}`), func(match, _ string) bool { return ibanIn(match) != "" }, 10, ""},
		{regexp.MustCompile(`\+[0-9](?:[ ()./-]{0,2}[0-9]){7,14}`), isPhone, 8, "+"},
		{regexp.MustCompile(`00(?:3[049]|48|357)(?:[ ./-]{1,2}[0-9]+)(?:[ ./-]?[0-9]){5,11}|00393[0-9]{9}`), isPrefixedPhone, 10, "00"},
		{regexp.MustCompile(`[0-9](?:[ ()./-]{0,2}[0-9]){6,14}`), isCalledPhone, 7, ""},
	}
})

// plainSpaces are the spaces and hyphens that word processors put for ours.
var plainSpaces = strings.NewReplacer("\u00a0", " ", "\u2007", " ", "\u2009", " ", "\u202f", " ", "\u2010", "-", "\u2011", "-", "\u2013", "-")

// HoldsPersonal finds, in a text for people, an identity number, an e-mail
// address, an account (IBAN) or a telephone number that is written as such. Of an
// address (https://…, did:…, urn:…) only an Italian fiscal code is looked for,
// as addresses hold digits of every kind.
func HoldsPersonal(text string) bool {
	if !strings.ContainsAny(text, "0123456789@") {
		return false
	}
	text = strings.ToUpper(plainSpaces.Replace(text))
	forms := personalForms()
	if isAddress(text) {
		forms = forms[:1]
	}
	digits := 0
	for i := range len(text) {
		if text[i] >= '0' && text[i] <= '9' {
			digits++
		}
	}
	for _, f := range forms {
		if digits < f.digits || !strings.Contains(text, f.sign) {
			continue
		}
		if f.in(text) {
			return true
		}
	}
	return false
}

// in finds the form in a text of upper-case letters.
func (p personal) in(text string) bool {
	for from := 0; from < len(text); {
		at := p.form.FindStringIndex(text[from:])
		if at == nil {
			return false
		}
		start, end := from+at[0], from+at[1]
		if iban := ibanIn(text[start:end]); iban != "" {
			end = start + len(iban) // the form takes words that follow along
		}
		if p.is == nil || standsAlone(text, start, end) && p.is(text[start:end], text[:start]) {
			return true
		}
		_, width := utf8.DecodeRuneInString(text[start:])
		from = start + width // the next match may begin inside this one
	}
	return false
}

// standsAlone tells whether no letter and no digit touches a match.
func standsAlone(text string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	after, _ := utf8.DecodeRuneInString(text[end:])
	return !unicode.IsLetter(before) && !unicode.IsDigit(before) && !unicode.IsLetter(after) && !unicode.IsDigit(after)
}

func isAddress(upper string) bool {
	if strings.ContainsAny(upper, " \n\t") {
		return false
	}
	for _, scheme := range []string{"HTTP://", "HTTPS://", "DID:", "URN:"} {
		if strings.HasPrefix(upper, scheme) {
			return true
		}
	}
	return false
}

// isNumberOfPerson judges by the check character. The VAT number of an Italian
// body has eleven digits and the same check as a Greek AMKA.
func isNumberOfPerson(match, before string) bool {
	before = strings.TrimRight(before, " .:N°")
	for _, label := range []string{"IVA", "VAT", "VAT NO", "VAT IT", "IVA IT", "REA"} {
		if strings.HasSuffix(before, label) {
			return false
		}
	}
	return IsPersonalNumber(match)
}

// isElevenOfPerson leaves out what Italian tax words introduce: a body's fiscal
// code is its VAT number, and a person's has letters.
func isElevenOfPerson(match, before string) bool {
	return !followsTaxWord(before) && isNumberOfPerson(match, before)
}

// followsTaxWord looks for P.IVA, C.F. and the like among the last few words,
// as in "codice fiscale dell'ente: "; another number or the name of a personal
// one ends the search.
func followsTaxWord(before string) bool {
	before = strings.TrimRight(before, " .:;\n")
	before = before[strings.LastIndexAny(before, ";\n")+1:]
	words, seen := lastWords(before, 10), 0
	at := func(i int) string {
		if i < len(words) {
			return words[i]
		}
		return ""
	}
	for i, word := range words {
		switch word {
		case "IVA", "PIVA", "CF", "FISC", "FISCALE", "PARTITA", "IMPRESE":
			return true
		case "F":
			if at(i+1) == "C" {
				return true
			}
		case "I":
			if at(i+1) == "P" {
				return true
			}
		case "A":
			if at(i+1) == "V" && at(i+2) == "I" {
				return true
			}
			if at(i+1) == "K" && at(i+2) == "M" {
				return false
			}
		case "Α": // the Greek letter
			return false
		case "PESEL", "AMKA", "ΑΜΚΑ", "DNI", "NIE":
			return false
		case "IT", "N", "NR", "NO", "Nº":
			continue
		}
		if seen++; seen == 5 || strings.ContainsAny(word, "0123456789") {
			return false
		}
	}
	return false
}

// lastWords gives the last words of a text, the very last one first.
func lastWords(text string, most int) []string {
	inWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	var words []string
	for len(words) < most {
		text = strings.TrimRightFunc(text, func(r rune) bool { return !inWord(r) })
		if text == "" {
			break
		}
		rest := strings.TrimRightFunc(text, inWord)
		words = append(words, text[len(rest):])
		text = rest
	}
	return words
}

// isPhone leaves out two years that stand together, 2026/2027, and a signed
// number with its thousands, +12.345.678, which is too short for a telephone.
func isPhone(match, _ string) bool {
	return !twoYears().MatchString(match) && !signedThousands().MatchString(match)
}

var signedThousands = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\+(?:[0-9]{1,3}(?:\.[0-9]{3}){2}|[0-9](?:\.[0-9]{3}){3})$`)
})

// isPrefixedPhone leaves out the numbers of documents, 0039/2026/12345 or
// "determina 0048/26/001234". No telephone of these countries goes on with a
// year.
func isPrefixedPhone(match, before string) bool {
	return !prefixThenYear().MatchString(match) && !followsDocumentWord(match, before)
}

var prefixThenYear = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^00[0-9]{2,3}[ ./-]{1,2}(?:19|20)[0-9]{2}(?:[^0-9]|$)`)
})

// followsDocumentWord: "n." stands before telephones too, so that after it only
// what is written in one piece with signs, as document numbers are, is one.
func followsDocumentWord(match, before string) bool {
	isDocument := func(word string) bool {
		return slices.Contains([]string{"PROT", "REP", "DETERMINA", "DELIBERA"}, word)
	}
	words := append(lastWords(before, 2), "", "")
	switch words[0] {
	case "N", "NR", "NUM", "NUMERO", "Nº", "PROTOCOLLO":
		return isDocument(words[1]) ||
			!slices.Contains(phoneWords, words[1]) && !strings.Contains(match, " ") && strings.ContainsAny(match, "-/.")
	}
	return isDocument(words[0])
}

var twoYears = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\+?(?:19|20)[0-9]{2} ?[/-] ?(?:19|20)[0-9]{2}`) })

// isCalledPhone tells a number that a word before it calls a telephone.
func isCalledPhone(match, before string) bool {
	before = strings.TrimSuffix(strings.TrimRight(before, " .:°(+"), " N")
	before = strings.TrimRight(before, " .:")
	for _, word := range phoneWords {
		if rest, ok := strings.CutSuffix(before, word); ok && standsAlone(before, len(rest), len(before)) {
			return isPhone(match, "") && !isDated(match)
		}
	}
	return false
}

// isDated tells a match of dates, alone or with too few digits after them for a
// telephone. Months with a year, 12/2026, must make up all of it: 06/2026 may
// begin a telephone.
func isDated(match string) bool {
	if monthsOnly().MatchString(match) {
		return true
	}
	rest := match[len(leadingDates().FindString(match)):]
	digits := 0
	for i := range len(rest) {
		if rest[i] >= '0' && rest[i] <= '9' {
			digits++
		}
	}
	return len(rest) < len(match) && digits < 7
}

const dayForm, monthForm, yearForm = `(?:0?[1-9]|[12][0-9]|3[01])`, `(?:0?[1-9]|1[0-2])`, `(?:19|20)[0-9]{2}`

var monthsOnly = sync.OnceValue(func() *regexp.Regexp {
	const one = monthForm + `[./-]` + yearForm
	return regexp.MustCompile(`^` + one + `(?:[ ()./-]{1,2}` + one + `)*$`)
})

var leadingDates = sync.OnceValue(func() *regexp.Regexp {
	var ways []string
	for _, sign := range []string{`-`, `/`, `\.`} {
		ways = append(ways, yearForm+sign+monthForm+sign+dayForm, dayForm+sign+monthForm+sign+yearForm)
	}
	return regexp.MustCompile(`^(?:(?:` + strings.Join(ways, "|") + `)(?:[ ()./-]{1,2}|$))+`)
})

var phoneWords = []string{
	"TEL", "TELEFONO", "TELÉFONO", "TELEFON", "PHONE", "CELL", "CELLULARE", "MOBILE", "MOVIL", "MÓVIL", "WHATSAPP", "FAX", "KOM",
	"ΤΗΛ", "ΤΗΛΈΦΩΝΟ", "ΚΙΝ", "ΚΙΝΗΤΌ",
}

// ibanLengths are those of the IBAN registry (ISO 13616) that we may meet.
var ibanLengths = map[string]int{
	"AD": 24, "AL": 28, "AT": 20, "BA": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27,
	"GB": 22, "GE": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24, "ME": 22,
	"MK": 19, "MT": 31, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PT": 25, "RO": 24, "RS": 22, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24, "TR": 26,
	"UA": 29, "XK": 20,
}

// ibanIn gives the account that a match begins with, by the length of its
// country and by ISO 7064 mod 97; empty when it begins with none.
func ibanIn(match string) string {
	length := 0
	if len(match) > 4 {
		length = ibanLengths[match[:2]]
	}
	end, compact := 0, make([]byte, 0, 34)
	for ; end < len(match) && len(compact) < length; end++ {
		if c := match[end]; c != ' ' && c != '-' {
			compact = append(compact, c)
		}
	}
	if length == 0 || len(compact) < length {
		return ""
	}
	rest := 0
	for _, c := range slices.Concat(compact[4:], compact[:4]) {
		switch {
		case c >= 'A' && c <= 'Z':
			rest = (rest*100 + int(c-'A') + 10) % 97
		case c >= '0' && c <= '9':
			rest = (rest*10 + int(c-'0')) % 97
		default:
			return ""
		}
	}
	if rest != 1 {
		return ""
	}
	return match[:end]
}
