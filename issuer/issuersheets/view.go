package issuersheets

import (
	"strconv"
	"time"

	"github.com/employment-passport/passport/internal/i18n"
)

// View is a job as programs and the console see it.
type View struct {
	ID         string   `json:"id"`
	Issuer     string   `json:"issuer"`
	Template   string   `json:"template"`
	Delivery   Delivery `json:"delivery"`
	SkipFaulty bool     `json:"skipFaulty"`

	State      State        `json:"state"`
	Message    string       `json:"message"` // the state in the reader's language
	Cancelling bool         `json:"cancelling,omitempty"`
	WaitingFor Waiting      `json:"waitingFor,omitempty"` // what keeps it, see Message
	CreatedAt  time.Time    `json:"createdAt"`
	EndedAt    *time.Time   `json:"endedAt,omitempty"`
	Error      *ViewFailure `json:"error,omitempty"`

	Columns    []string `json:"columns,omitempty"` // what is used of the sheet
	Ignored    int      `json:"ignoredColumns"`
	Total      int      `json:"total"`
	Done       int      `json:"done"`
	Faults     int      `json:"faults"`
	FaultyRows int      `json:"faultyRows"`
	Counts     Counts   `json:"counts"`

	Links map[string]string `json:"links"` // what can be had of it now, by name
}

// ViewFailure is why a job failed.
type ViewFailure struct {
	Code    string `json:"code"`
	Row     int    `json:"row,omitempty"`
	Message string `json:"message"`
}

// View shows a job in a language.
func (j Job) View(lang string) View {
	v := View{
		ID: j.ID, Issuer: j.Issuer, Template: j.Template, Delivery: j.Delivery, SkipFaulty: j.SkipFaulty,
		State: j.State, Cancelling: j.Cancelling, WaitingFor: j.WaitingFor, CreatedAt: j.CreatedAt,
		Columns: j.Used, Ignored: j.Ignored, Total: j.Total, Done: j.Done, Faults: j.Faults, FaultyRows: j.FaultyRows, Counts: j.Counts,
		Message: i18n.T(lang, "sheets.state."+string(j.State), map[string]string{
			"done": strconv.Itoa(j.Done), "total": strconv.Itoa(j.Total), "faults": strconv.Itoa(j.Faults),
		}),
	}
	if j.WaitingFor != "" {
		v.Message += ". " + i18n.T(lang, "sheets.waiting."+string(j.WaitingFor), nil)
	}
	if !j.EndedAt.IsZero() {
		v.EndedAt = &j.EndedAt
	}
	if j.Error != nil {
		v.Error = &ViewFailure{Code: j.Error.Code, Row: j.Error.Row, Message: j.Error.words(lang)}
	}
	at := path + "/" + j.ID
	v.Links = map[string]string{"self": at, "events": at + "/events"}
	if j.FilesGone {
		return v
	}
	v.Links["report"] = at + "/report.csv"
	switch {
	case j.Handed == 0:
	case j.Delivery == DeliverPrint:
		v.Links["print"] = at + "/print.pdf"
	default:
		v.Links["slips"], v.Links["links"] = at+"/slips.pdf", at+"/links.csv"
	}
	return v
}

// words is the sentence of a failure, without the words of the sheet, which are
// not kept.
func (f *Failure) words(lang string) string {
	row := map[string]string{"row": strconv.Itoa(f.Row), "code": f.Code}
	if f.Row > 0 {
		return i18n.T(lang, "sheets.failed_row", row)
	}
	return i18n.T(lang, "sheets.failed", row)
}
