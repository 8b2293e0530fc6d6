package schema

// IsCountry tells whether code is an ISO 3166-1 alpha-2 code.
func IsCountry(code string) bool { return isCountry(code) }

// IsRegion tells whether code has the form of a NUTS-2 code (ITF5).
func IsRegion(code string) bool { return isRegion(code) }

// PlaceName gives the words of a country or a NUTS code. A province bears the
// name of its region, with its own code behind; a code without words stays.
func PlaceName(code, lang string) string {
	for wide := code; len(wide) > 2; wide = wide[:len(wide)-1] {
		if name := RegionName(wide, lang); name != wide {
			if wide != code {
				name += " (" + code + ")"
			}
			return name
		}
	}
	if len(code) == 2 {
		return CountryName(code, lang)
	}
	return code
}
