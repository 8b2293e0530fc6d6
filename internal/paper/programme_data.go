package paper

// Programme is the calendar of a body's workshops, as its file has it. Texts are
// in the body's own language.
type Programme struct {
	Title     string     `json:"title"`
	Period    string     `json:"period"` // in words: "2° semestre 2026"
	Place     string     `json:"place,omitempty"`
	Notes     string     `json:"notes,omitempty"` // how to sign up, what to bring; may have several lines
	Organiser string     `json:"organiser"`
	Partners  []string   `json:"partners,omitempty"`
	Workshops []Workshop `json:"workshops"` // in the order of their days and hours
	Language  string     `json:"language,omitempty"`
}

// Workshop is one meeting of a programme.
type Workshop struct {
	Date  string  `json:"date"` // YYYY-MM-DD
	From  string  `json:"from"` // HH:MM, local time
	Hours float64 `json:"hours"`
	Title string  `json:"title"`
	Place string  `json:"place"`
	Seats int     `json:"seats,omitempty"` // 0: not told
	Free  bool    `json:"free,omitempty"`
}
