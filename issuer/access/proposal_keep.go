package access

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/employment-passport/passport/issuer"
)

const (
	// decidedMark begins the keys of proposals that are decided. They sort behind
	// those that wait: whoever prepares another one, which holds up the one writer,
	// reads no more than waits.
	decidedMark = "~"

	// maxDecided is how many decided proposals a listing has, the newest.
	maxDecided = 200
)

func putProposal(tx issuer.Tx, p Proposal) error {
	data, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if len(data) > issuer.MaxRecord {
		return refuse("proposal_large", "count", strconv.Itoa(len(p.Draft.Learners)))
	}
	if !p.final() {
		return tx.PutRecord(issuer.RecordProposal, p.ID, data)
	}
	if err := tx.DeleteRecord(issuer.RecordProposal, p.ID); err != nil {
		return err
	}
	return tx.PutRecord(issuer.RecordProposal, decidedMark+p.ID, data)
}

// proposalOf reads one, decided or not; the error is issuer.ErrNotFound when it is
// not there.
func proposalOf(tx issuer.Tx, id string) (Proposal, error) {
	p, err := get[Proposal](tx, issuer.RecordProposal, id)
	if errors.Is(err, issuer.ErrNotFound) {
		return get[Proposal](tx, issuer.RecordProposal, decidedMark+id)
	}
	return p, err
}

// waiting returns the proposals that wait, or are being carried out, and that f
// tells of.
func waiting(tx issuer.Tx, f func(Proposal) bool) (list []Proposal, err error) {
	err = eachProposal(tx, "", func(key string, p Proposal) bool {
		if strings.HasPrefix(key, decidedMark) {
			return false
		}
		if f(p) {
			list = append(list, p)
		}
		return true
	})
	return list, err
}

// decided returns the newest of the decided proposals that f tells of. However
// many there are, it holds few at a time.
func decided(tx issuer.Tx, f func(Proposal) bool) (list []Proposal, err error) {
	err = eachProposal(tx, decidedMark, func(_ string, p Proposal) bool {
		if f(p) {
			list = append(list, p)
		}
		if len(list) == 2*maxDecided {
			slices.SortFunc(list, newestFirst)
			list = list[:maxDecided]
		}
		return true
	})
	slices.SortFunc(list, newestFirst)
	return list[:min(len(list), maxDecided)], err
}

func newestFirst(a, b Proposal) int {
	return cmp.Or(b.PreparedAt.Compare(a.PreparedAt), cmp.Compare(a.ID, b.ID))
}

func eachProposal(tx issuer.Tx, after string, yield func(key string, p Proposal) bool) error {
	var broken error
	err := tx.EachRecord(issuer.RecordProposal, after, func(key string, data []byte) bool {
		var p Proposal
		if broken = json.Unmarshal(data, &p); broken != nil {
			broken = fmt.Errorf("read proposal %s: %w", key, broken)
			return false
		}
		return yield(key, p)
	})
	return errors.Join(err, broken)
}
