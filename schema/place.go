package schema

// IsCountry tells whether code is an ISO 3166-1 alpha-2 code.
func IsCountry(code string) bool { return isCountry(code) }

// IsRegion tells whether code has the form of a NUTS-2 code (ITF5).
func IsRegion(code string) bool { return isRegion(code) }
