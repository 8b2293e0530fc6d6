package export

import (
	"strings"

	"github.com/employment-passport/passport/internal/strictjson"
	"github.com/employment-passport/passport/schema"
)

// Own is what the holder says of themselves: a file of their own writing.
// Nobody has checked it, and every export says so.
type Own struct {
	Summary     string                 `json:"summary,omitempty"`
	Contact     Contact                `json:"contact,omitzero"`
	Experiences []Episode              `json:"experiences,omitempty"`
	Education   []Episode              `json:"education,omitempty"`
	Languages   []schema.KnownLanguage `json:"languages,omitempty"`
	Skills      []string               `json:"skills,omitempty"`
}

// Contact is how to reach the holder. It is in an export only because the
// holder wrote it; no credential holds it.
type Contact struct {
	Email   string `json:"email,omitempty"`
	Phone   string `json:"phone,omitempty"`
	City    string `json:"city,omitempty"`
	Country string `json:"country,omitempty"` // ISO 3166-1 alpha-2
}

// Episode is a time of work or study; From and Until are YYYY, YYYY-MM or
// YYYY-MM-DD. Without Until it goes on.
type Episode struct {
	Title        string `json:"title"`
	Organisation string `json:"organisation,omitempty"`
	Place        string `json:"place,omitempty"`
	Country      string `json:"country,omitempty"` // ISO 3166-1 alpha-2
	From         string `json:"from,omitempty"`
	Until        string `json:"until,omitempty"`
	Description  string `json:"description,omitempty"`
}

// Bounds of the holder's file.
const (
	MaxOwn     = 64 << 10 // bytes
	maxEntries = 50       // of each list
	maxText    = 2000     // characters of a summary or description
	maxShort   = 200      // characters of everything else
)

// ParseOwn reads the holder's file. Its error is schema.Faults: unknown
// members, those that belong in the record of a service only (own_private),
// numbers that identify a person (own_number), texts that are too long or hold
// control characters, dates and codes of another form.
func ParseOwn(data []byte) (Own, error) {
	var own Own
	if len(data) > MaxOwn {
		return own, schema.Faults{{Code: "own_size"}}
	}
	root, err := strictjson.Object(data)
	if err != nil {
		return own, schema.Faults{{Code: "own_json"}}
	}
	r := ownReading{}
	r.object("", root, ownMembers)
	if len(r.faults) > 0 {
		return own, r.faults
	}
	if err := strictjson.UnmarshalKnown(data, &own); err != nil {
		return Own{}, schema.Faults{{Code: "own_json"}}
	}
	own.Contact.Country = strings.ToUpper(own.Contact.Country)
	return own, nil
}

// empty tells whether the holder says nothing.
func (o Own) empty() bool {
	return o.Summary == "" && o.Contact == (Contact{}) && len(o.Experiences)+len(o.Education)+len(o.Languages)+len(o.Skills) == 0
}
