package i18n

// Tongue is a language as a page offers it to its reader.
type Tongue struct{ Code, Name string }

// Tongues are the languages of the pages, each called by its own name.
var Tongues = []Tongue{{"it", "Italiano"}, {"en", "English"}, {"es", "Español"}, {"el", "Ελληνικά"}, {"pl", "Polski"}}

// BrowserTongues are Tongues with the languages that only the pages for
// employers and jobseekers speak.
var BrowserTongues = append(Tongues[:len(Tongues):len(Tongues)],
	Tongue{"fr", "Français"}, Tongue{"sl", "Slovenščina"}, Tongue{"ro", "Română"}, Tongue{"sq", "Shqip"},
	Tongue{"ar", "العربية"}, Tongue{"uk", "Українська"})
