package paper

import "time"

// CVData is a curriculum vitae in one language. Words and dates are ready to
// print; QR texts are whole. Which lines are verified, and when they were, is
// the caller's judgement.
type CVData struct {
	Language     string // of the words of the page
	Name         string
	OriginalName string   // as the person's own script writes it, may be empty
	Contact      []string // lines under the name: place, telephone, mail
	AsOf         time.Time
	Lines        []CVLine    // what bodies have certified
	Own          []CVSection // what the person says: work, study, languages
	Tokens       []string    // of the verified lines, attached to the PDF
}

// CVLine is a certified entry.
type CVLine struct {
	Title    string
	Issuer   string
	Date     string // YYYY-MM-DD
	About    string // when it was learned and how long it took, may be empty
	Details  []string
	Verified bool
	QR       string // the whole qr-text, may be empty
}

// CVSection is a heading with the person's own entries.
type CVSection struct {
	Title string
	Items []CVItem
}

// CVItem is one entry of the person's own.
type CVItem struct {
	When  string // "2019–2023", may be empty
	Title string
	Where string
	Text  string
}
