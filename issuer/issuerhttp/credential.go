package issuerhttp

import (
	"time"

	"github.com/employment-passport/passport/issuer"
	"github.com/employment-passport/passport/issuer/access"
)

// issued is what issuing answers: the members that the command line prints and
// what a client needs to go on.
type issued struct {
	ID       string `json:"id"`
	Issuer   string `json:"issuer"`
	Template string `json:"template"`
	Index    uint32 `json:"statusListIndex"`
	Token    string `json:"token"`
	Number   string `json:"documentNumber"`
	Status   string `json:"status"`
	IssuedAt string `json:"issuedAt,omitempty"`
}

func issuedOf(row issuer.Issuance) issued {
	return issued{row.ID, row.Issuer, row.Template, row.StatusIndex, row.Token, row.DocumentNumber, string(row.State), moment(row.IssuedAt)}
}

// listed is a credential in a listing.
type listed struct {
	ID       string `json:"id"`
	Issuer   string `json:"issuer"`
	Template string `json:"template"`
	Status   string `json:"status"`
	IssuedAt string `json:"issuedAt,omitempty"`
	Number   string `json:"documentNumber"`
	Learner  string `json:"learner,omitempty"`
	Person   string `json:"person,omitempty"`
	Erased   bool   `json:"erased,omitempty"`
}

func listedOf(row issuer.Issuance) listed {
	return listed{
		ID: row.ID, Issuer: row.Issuer, Template: row.Template, Status: string(row.State), IssuedAt: moment(row.IssuedAt),
		Number: row.DocumentNumber, Learner: row.LearnerName, Person: row.Person, Erased: row.Erased,
	}
}

// shown is everything about one credential.
type shown struct {
	listed
	List            string  `json:"statusList,omitempty"`
	Index           *uint32 `json:"statusListIndex,omitempty"`
	SuspensionList  string  `json:"suspensionList,omitempty"`
	SuspensionIndex *uint32 `json:"suspensionListIndex,omitempty"`
	Reason          string  `json:"reason,omitempty"`
	Note            string  `json:"note,omitempty"`
	ChangedAt       string  `json:"changedAt"`
	Until           string  `json:"suspendedUntil,omitempty"`
	Supersedes      string  `json:"supersedes,omitempty"`
	SupersededBy    string  `json:"supersededBy,omitempty"`
	KeyID           string  `json:"keyId"`
	Token           string  `json:"token,omitempty"`
}

// shownTo shows a credential to a principal. Whoever holds the token can present
// it: only who answers for the credential gets it.
func shownTo(p access.Principal, row issuer.Issuance) shown {
	s := shown{
		listed: listedOf(row), List: row.StatusList, SuspensionList: row.SuspensionList,
		Reason: row.Reason, Note: row.Note, ChangedAt: moment(row.ChangedAt),
		Supersedes: row.Supersedes, SupersededBy: row.SupersededBy, KeyID: row.KeyID,
	}
	if row.StatusList != "" {
		s.Index = &row.StatusIndex
	}
	if row.Suspendable() {
		s.SuspensionIndex = &row.SuspensionIndex
	}
	if !row.SuspendedUntil.IsZero() {
		s.Until = row.SuspendedUntil.Format(time.DateOnly)
	}
	if p.May(access.ActIssue, row.Issuer) == nil || p.May(access.ActRevoke, row.Issuer) == nil {
		s.Token = row.Token
	}
	return s
}

// moment writes a time, none as nothing.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
