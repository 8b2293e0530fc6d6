package verifier

import (
	"sync"
	"time"

	"github.com/employment-passport/passport/internal/statuslist"
)

// verifiedList is a status list whose signature and form are good, and never
// changes. Whether its key may speak today, and for whom, is asked each time.
type verifiedList struct {
	token string
	kid   string
	list  *statuslist.List
	by    signer
}

func (l *verifiedList) date() time.Time { return l.list.ValidFrom }

// shelf is where the lists of one signer at one URL lie: what another body puts
// there crowds nobody out.
type shelf struct{ url, signer string }

// listCache keeps what was verified: a token that is byte for byte the
// same needs no second signature check, an older one than seen is a rollback
// (D10), and a revocation once seen stays seen. Strangers choose the URLs and
// the length of the lists, so it is bounded by bytes.
type listCache struct {
	mu    sync.Mutex
	lists map[shelf][]*verifiedList // the slices are never written to
	bytes int
}

const (
	maxCachedBytes = 64 << 20
	maxCopies      = 4 // on one shelf, and of one source
)

// at gives the lists of a voice.
func (c *listCache) at(url string, v voice) []*verifiedList {
	c.mu.Lock()
	defer c.mu.Unlock()
	own := c.lists[shelf{url, v.issuer}]
	if v.delegate == "" {
		return own
	}
	return append(own[:len(own):len(own)], c.lists[shelf{url, v.delegate}]...)
}

// add keeps l beside the other copies on its shelf. Of too many the one goes
// whose revocations another still tells, else the oldest.
func (c *listCache) add(url string, l *verifiedList) {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := shelf{url, l.by.id}
	kept := c.lists[at]
	c.drop(at)
	all := make([]*verifiedList, 0, len(kept)+1)
	for _, k := range kept {
		if k.token != l.token {
			all = append(all, k)
		}
	}
	all = append(all, l)
	for len(all) > maxCopies || bytesOf(all) > maxCachedBytes {
		i := leastNeeded(all)
		all = append(all[:i], all[i+1:]...)
	}
	c.bytes += bytesOf(all)
	for other := range c.lists {
		if c.bytes <= maxCachedBytes {
			break
		}
		c.drop(other)
	}
	if c.lists == nil {
		c.lists = map[shelf][]*verifiedList{}
	}
	c.lists[at] = all
}

func (c *listCache) drop(at shelf) {
	c.bytes -= bytesOf(c.lists[at])
	delete(c.lists, at)
}

// bytesOf is what keeping lists costs.
func bytesOf(lists []*verifiedList) (n int) {
	for _, l := range lists {
		n += len(l.token) + l.list.Bits.Len()/8
	}
	return n
}

// leastNeeded is the oldest list that a newer one covers, else the oldest.
func leastNeeded(all []*verifiedList) int {
	least, oldest := -1, 0
	for i, l := range all {
		if l.date().Before(all[oldest].date()) {
			oldest = i
		}
		if (least < 0 || l.date().Before(all[least].date())) && coveredByAny(l, all) {
			least = i
		}
	}
	if least < 0 {
		return oldest
	}
	return least
}

func coveredByAny(l *verifiedList, all []*verifiedList) bool {
	for _, newer := range all {
		if newer != l && newer.date().After(l.date()) && covers(newer.list, l.list) {
			return true
		}
	}
	return false
}

// covers tells whether newer sets every bit that older sets, where it matters:
// a suspension may end, a revocation never.
func covers(newer, older *statuslist.List) bool {
	if !older.HasPurpose(purposeRevocation) {
		return true
	}
	if !newer.HasPurpose(purposeRevocation) || newer.Bits.Len() < older.Bits.Len() {
		return false
	}
	n := newer.Bits.Bytes()
	for i, b := range older.Bits.Bytes() {
		if b&^n[i] != 0 {
			return false
		}
	}
	return true
}
