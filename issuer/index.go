package issuer

import (
	"crypto/rand"
	"strconv"

	"github.com/employment-passport/passport/internal/statuslist"
)

// nearlyFull is where the next list is opened, so that it is published before
// the first credential needs it.
const nearlyFull = statuslist.MinEntries / 10 * 9

// shelf gives away the status indexes of one issuer inside one act. It reads
// each list once and writes it once, however many indexes are taken.
type shelf struct {
	act    *act
	issuer IssuerRecord
	lists  []StatusList
	open   map[string]*openList // by purpose
}

// openList is the list of a purpose that indexes are taken from.
type openList struct {
	StatusList
	places *statuslist.Permutation
}

// shelfOf reads an issuer's lists.
func (a *act) shelfOf(r IssuerRecord) (*shelf, error) {
	lists, err := a.StatusListsOf(r.Name)
	if err != nil {
		return nil, err
	}
	return &shelf{act: a, issuer: r, lists: lists, open: map[string]*openList{}}, nil
}

// take gives the next index of a purpose: the n-th credential of a list gets
// the n-th place of the list's permutation.
func (s *shelf) take(purpose string) (url string, index uint32, err error) {
	l := s.open[purpose]
	if l == nil || l.Full() {
		if l, err = s.turnTo(purpose); err != nil {
			return "", 0, err
		}
	}
	index = l.places.Place(l.Next)
	l.Next++
	return l.URL, index, nil
}

// turnTo closes the list in use and finds the next one with room, opening one
// where there is none.
func (s *shelf) turnTo(purpose string) (*openList, error) {
	if full := s.open[purpose]; full != nil {
		if err := s.act.PutStatusList(full.StatusList); err != nil {
			return nil, err
		}
		s.replace(full.StatusList)
	}
	for _, l := range s.lists {
		if l.Purpose == purpose && !l.Full() {
			return s.use(l), nil
		}
	}
	l, err := s.openNew(purpose)
	if err != nil {
		return nil, err
	}
	return s.use(l), nil
}

func (s *shelf) use(l StatusList) *openList {
	s.open[l.Purpose] = &openList{StatusList: l, places: statuslist.NewPermutation(l.PermutationKey, l.Entries)}
	return s.open[l.Purpose]
}

func (s *shelf) replace(l StatusList) {
	for i := range s.lists {
		if s.lists[i].URL == l.URL {
			s.lists[i] = l
		}
	}
}

// openNew makes an empty list. Its permutation key is random and its own: it
// is in the row and in every backup, and has nothing to do with signing keys.
func (s *shelf) openNew(purpose string) (StatusList, error) {
	number := 1
	for _, l := range s.lists {
		number = max(number, l.Number+1) // not their count: a restore leaves a gap
	}
	return s.openNumbered(purpose, number)
}

func (s *shelf) openNumbered(purpose string, number int) (StatusList, error) {
	l := StatusList{
		URL:     s.issuer.StatusBase + "/status/" + strconv.Itoa(number),
		Issuer:  s.issuer.Name,
		Purpose: purpose,
		Number:  number,
		Entries: statuslist.MinEntries,
	}
	rand.Read(l.PermutationKey[:]) // never fails, see crypto/rand
	if err := s.act.PutStatusList(l); err != nil {
		return l, err
	}
	if err := s.act.PutStatusBits(l.URL, make([]byte, l.Entries/8)); err != nil {
		return l, err
	}
	s.lists = append(s.lists, l)
	return l, s.act.log(actOpen, l.URL, purpose)
}

// put writes the lists that indexes were taken from, and opens the next list
// of a purpose whose last one is nearly full.
func (s *shelf) put() error {
	for purpose, l := range s.open {
		if err := s.act.PutStatusList(l.StatusList); err != nil {
			return err
		}
		s.replace(l.StatusList)
		if l.Next >= nearlyFull && !s.hasEmptyAfter(l.StatusList) {
			if _, err := s.openNew(purpose); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *shelf) hasEmptyAfter(l StatusList) bool {
	for _, other := range s.lists {
		if other.Purpose == l.Purpose && other.Number > l.Number && !other.Full() {
			return true
		}
	}
	return false
}
