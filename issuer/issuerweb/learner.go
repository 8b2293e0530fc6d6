package issuerweb

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/schema"
)

// learner is a person whom a proposal is for: everything that will be signed of
// them, since an approver answers for it.
type learner struct {
	Name  string
	Lines []line
}

type line struct{ Key, Text string } // key of the words before the text

func learnerOf(lang string, l schema.Learner) learner {
	out := learner{Name: l.Organisation}
	if out.Name == "" {
		out.Name = l.Name
	}
	if out.Name == "" {
		out.Name = strings.TrimSpace(l.GivenName + " " + l.FamilyName)
	}
	hours := ""
	if l.HoursAttended != 0 {
		hours = i18n.Number(lang, l.HoursAttended)
	}
	for _, one := range []line{
		{"console.learner.original", l.NameOriginalScript},
		{"console.learner.birth", strings.TrimSpace(i18n.Date(lang, l.BirthDate) + " " + l.BirthPlace)},
		{"console.learner.number", l.DocumentNumber},
		{"console.learner.holder", l.Holder},
		{"console.learner.result", l.Result},
		{"console.learner.from", i18n.Date(lang, l.StartedOn)},
		{"console.learner.to", i18n.Date(lang, l.CompletedOn)},
		{"console.learner.hours", hours},
		{"console.learner.details", string(l.Details)},
	} {
		if one.Text != "" {
			out.Lines = append(out.Lines, one)
		}
	}
	return out
}

// indented is a JSON document for eyes.
func indented(data []byte) []byte {
	var out bytes.Buffer
	if json.Indent(&out, data, "", "  ") != nil {
		return data
	}
	return out.Bytes()
}
