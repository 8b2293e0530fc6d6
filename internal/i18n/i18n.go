// Package i18n gives the words of Passport in Italian, English, Spanish, Greek
// and Polish.
package i18n

// T returns the sentence for key in lang with {name} replaced from args.
func T(lang, key string, args map[string]string) string { return key }

// Has tells whether key is in the catalogue.
func Has(key string) bool { return false }

// Match returns the supported language nearest to tag, else en.
func Match(tag string) string { return "en" }
