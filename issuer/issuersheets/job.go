package issuersheets

import (
	"time"

	"github.com/employment-passport/passport/issuer"
)

// State is where a job is. Those from StateDone on are final.
type State string

// The states of a job.
const (
	StateQueued    State = "queued"
	StateReading   State = "reading"
	StateIssuing   State = "issuing" // or making offers
	StateDone      State = "done"
	StateRefused   State = "refused" // faults, and nothing was issued
	StateFailed    State = "failed"
	StateCancelled State = "cancelled"
)

// Final tells whether nothing more will happen.
func (s State) Final() bool {
	return s == StateDone || s == StateRefused || s == StateFailed || s == StateCancelled
}

// Waiting is what keeps a job that would go on; it goes on by itself.
type Waiting string

// What jobs wait for.
const (
	WaitMail  Waiting = "mail"          // the mail server
	WaitSpace Waiting = "store_full"    // the disk
	WaitStore Waiting = "store_stopped" // the store
)

// Delivery is how the people of a sheet get what is theirs.
type Delivery string

// The ways. With DeliverPrint the credentials are issued at once and printed;
// with the others an offer is made for each person, and the credential is
// issued to the wallet that takes it.
const (
	DeliverPrint Delivery = "print"
	DeliverSlip  Delivery = "slip"
	DeliverLink  Delivery = "link"
	DeliverMail  Delivery = "mail" // people without an address get the slip
)

// Known tells whether there is such a way.
func (d Delivery) Known() bool {
	return d == DeliverPrint || d == DeliverSlip || d == DeliverLink || d == DeliverMail
}

// How long things are kept.
const (
	keepFiles = 7 * 24 * time.Hour  // what is handed over
	keepJob   = 30 * 24 * time.Hour // the record, which names nobody
)

// Job is a sheet on its way. It names nobody: what does is in its files.
type Job struct {
	ID         string       `json:"id"`
	Issuer     string       `json:"issuer"`
	Template   string       `json:"template"`
	By         issuer.Actor `json:"by"`
	Delivery   Delivery     `json:"delivery"`
	SkipFaulty bool         `json:"skipFaulty,omitempty"`
	Worksheet  string       `json:"worksheet,omitempty"`
	Hash       string       `json:"hash"` // SHA-256 of the request, to know it again

	State      State     `json:"state"`
	CreatedAt  time.Time `json:"createdAt"`
	EndedAt    time.Time `json:"endedAt,omitzero"`
	Cancelling bool      `json:"cancelling,omitempty"`
	WaitingFor Waiting   `json:"-"` // told, not kept: what keeps it may be the store
	Error      *Failure  `json:"error,omitempty"`

	Used    []string `json:"used,omitempty"`    // columns, by what they are
	Ignored int      `json:"ignored,omitempty"` // columns that are no part of the document

	Total      int   `json:"total"` // rows without a fault
	FaultyRows int   `json:"faultyRows"`
	Faults     int   `json:"faults"`
	Done       int   `json:"done"` // of Total, in the order of the sheet
	Handed     int64 `json:"handed"`

	Counts Counts `json:"counts"`

	FilesGone bool `json:"filesGone,omitempty"`
}

// Counts is what became of the rows.
type Counts struct {
	Issued    int `json:"issued"`
	Unchanged int `json:"unchanged"` // issued before
	Ended     int `json:"ended"`     // issued before, and revoked since
	Offered   int `json:"offered"`
	Mailed    int `json:"mailed"`
	NotMailed int `json:"notMailed"` // an address that no letter went to
}

// Failure says why a job failed: a code of the catalogue, and the row that could
// not be done. Words of the sheet are not kept.
type Failure struct {
	Code string `json:"code"`
	Row  int    `json:"row,omitempty"`
}
