package schema

import (
	"embed"
	"slices"
	"strings"
	"sync"
)

// Codes and URIs of the vocabularies are those of the European Learning Model
// and its neighbours; the labels are our own words, checked against the
// official ones where they exist.
//
//go:embed vocab/*.json
var vocabularyFiles embed.FS

// ESCOAttribution is the sentence that the use of ESCO asks for, word by word.
const ESCOAttribution = "This service uses the ESCO classification of the European Commission."

// languages are those that every label is written in, in the order of the files.
var languages = [...]string{"it", "en", "es", "el", "pl"}

// optional are the further languages of the lists that employers and holders
// see. Names of regions, fields of study and skills then stand in English.
var optional = [...]string{"fr", "sl", "ro", "sq", "ar", "uk"}

// vocabulary is one list: a base, and under it each term with its labels.
type vocabulary struct {
	base  string
	codes map[string]string // shorter names of terms: ISO alpha-2, BCP 47
	terms map[string]labels
}

// labels are a term's words: in each of languages, and in optional where an
// employer or a holder reads them.
type labels [len(languages) + len(optional)]string

// has knows a term by its code alone.
func (v *vocabulary) has(code string) bool {
	_, ok := v.terms[code]
	return ok
}

// hasURI knows a term by its whole URI.
func (v *vocabulary) hasURI(uri string) bool {
	code, ok := strings.CutPrefix(uri, v.base)
	return ok && v.has(code)
}

// vocabularies are read on first use: a program that only reads a token's
// header pays nothing.
var vocabularies = sync.OnceValue(func() map[string]*vocabulary {
	entries, err := vocabularyFiles.ReadDir("vocab")
	if err != nil {
		panic(err) // the files are part of the program
	}
	all := make(map[string]*vocabulary, len(entries))
	for _, entry := range entries {
		data, err := vocabularyFiles.ReadFile("vocab/" + entry.Name())
		if err != nil {
			panic(err)
		}
		all[strings.TrimSuffix(entry.Name(), ".json")] = readVocabulary(data)
	}
	return all
})

func known(name string) *vocabulary { return vocabularies()[name] }

func readVocabulary(data []byte) *vocabulary {
	root, err := readTree(data)
	if err != nil {
		panic(err)
	}
	terms := root.get("terms")
	codes := root.get("codes")
	v := &vocabulary{
		base:  root.get("base").text(),
		codes: make(map[string]string, codes.size()),
		terms: make(map[string]labels, terms.size()),
	}
	for code := codes.first(); code.exists(); code = code.next() {
		v.codes[code.key()] = code.text()
	}
	for term := terms.first(); term.exists(); term = term.next() {
		var l labels
		for i, label := 0, term.first(); label.exists(); i, label = i+1, label.next() {
			l[i] = label.text()
		}
		v.terms[term.key()] = l
	}
	return v
}

// Label gives the words for the URI of a vocabulary term, in lang or else in
// English; it is empty for a URI that we do not know.
func Label(uri, lang string) string {
	cut := strings.LastIndexAny(uri, "/#") + 1
	for _, v := range vocabularies() {
		if v.base == uri[:cut] && v.has(uri[cut:]) {
			return v.label(uri[cut:], lang)
		}
	}
	return ""
}

// label gives a term's words. A term of a classification without words of its
// own (ISCED-F's "not further defined", "not elsewhere classified") bears
// those of the wider one that its code starts with.
func (v *vocabulary) label(code, lang string) string {
	for ; code != ""; code = code[:len(code)-1] {
		if l := v.terms[code]; l != (labels{}) {
			return l.in(lang)
		}
	}
	return ""
}

// name gives the words for a shorter name of a term, or that name itself.
func (v *vocabulary) name(code, lang string) string {
	if label := v.label(v.codes[code], lang); label != "" {
		return label
	}
	return code
}

func (l labels) in(lang string) string {
	i := slices.Index(languages[:], lang)
	if j := slices.Index(optional[:], lang); j >= 0 {
		i = len(languages) + j
	}
	if i >= 0 && l[i] != "" {
		return l[i]
	}
	return l[1]
}

// CountryName gives the name of a country by its ISO 3166-1 alpha-2 code, or
// the code itself where we have no name.
func CountryName(code, lang string) string { return known("country").name(code, lang) }

// RegionName gives the name of a NUTS-2 region of Italy, or the code itself.
func RegionName(code, lang string) string {
	if known("nuts").has(code) {
		return known("nuts").label(code, lang)
	}
	return code
}

// LanguageName gives the name of a language by its BCP 47 tag, of which it
// reads the first part, or the tag itself where we have no name.
func LanguageName(tag, lang string) string {
	primary, _, _ := strings.Cut(tag, "-")
	if name := known("language").name(primary, lang); name != primary {
		return name
	}
	return tag
}

// SectorName gives the words of a sector of the Atlante del lavoro e delle
// qualificazioni by its two digits, or the digits themselves.
func SectorName(code, lang string) string {
	if known("sep").has(code) {
		return known("sep").label(code, lang)
	}
	return code
}

// FieldOfStudy is the URI of a field of study by its code of ISCED-F 2013.
func FieldOfStudy(code string) string { return iscedBase + code }

// isCountry knows the 249 codes of ISO 3166-1 alpha-2.
func isCountry(code string) bool {
	return len(code) == 2 && isUpper(code) && strings.Contains(countryCodes, " "+code+" ")
}

const countryCodes = " AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ " +
	"CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR " +
	"GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP " +
	"KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ " +
	"NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW " +
	"SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ " +
	"UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW "
