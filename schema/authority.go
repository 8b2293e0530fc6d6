package schema

import "strings"

// CountryURI is the European authority table's name of a country, by its ISO
// 3166-1 alpha-2 code; empty for one that the table here lacks.
func CountryURI(code string) string { return known("country").uri(code) }

// LanguageURI is the European authority table's name of a language, by the
// first part of its BCP 47 tag; empty for one that the table here lacks. Its
// last part is the ISO 639-3 code in capitals.
func LanguageURI(tag string) string {
	primary, _, _ := strings.Cut(tag, "-")
	return known("language").uri(primary)
}

func (v *vocabulary) uri(code string) string {
	if term := v.codes[code]; term != "" {
		return v.base + term
	}
	return ""
}
