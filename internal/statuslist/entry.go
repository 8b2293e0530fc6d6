package statuslist

import "strconv"

// maxStatusSize bounds statusSize: a status of 2^8 messages is more than any
// list we know of.
const maxStatusSize = 8

// Entry is a credential's BitstringStatusListEntry (section 2.1).
type Entry struct {
	ID      string
	Purpose string
	ListURL string // statusListCredential
	Index   int
	Size    int // statusSize; 0 is absent and counts as 1
	// Messages is how many statusMessage objects there are; a Size above 1
	// needs 2^Size of them.
	Messages int
}

// ParseIndex reads a statusListIndex: a whole number of at least 0 in base 10,
// as a string. It returns an Error with CodeRange for anything else.
func ParseIndex(s string) (int, error) {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' { // strconv would take a sign
			return 0, wrong(CodeRange, "statusListIndex %.40q", s)
		}
	}
	i, err := strconv.Atoi(s)
	if err != nil {
		return 0, wrong(CodeRange, "statusListIndex %.40q", s)
	}
	return i, nil
}

// check judges what the entry says of itself.
func (e Entry) check() (size int, err error) {
	size = e.Size
	if size == 0 {
		size = 1
	}
	switch {
	case size < 0 || size > maxStatusSize:
		return 0, wrong(CodeMalformed, "statusSize %d", e.Size)
	case size > 1 && e.Messages != 1<<size:
		return 0, wrong(CodeMalformed, "statusSize %d with %d messages", size, e.Messages)
	case size == 1 && e.Messages != 0 && e.Messages != 2:
		return 0, wrong(CodeMalformed, "%d messages for one bit", e.Messages)
	case e.Index < 0:
		return 0, wrong(CodeRange, "index %d", e.Index)
	}
	return size, nil
}

// Status returns the value that the list holds for a credential's entry
// (section 3.2, from step 5 on): 0 is "not set". The caller has verified the
// list, found its issuer fit and its dates in order. The Error's code tells
// whose fault it is: CodeRange and CodeMalformed are the credential's, every
// other one leaves the status unknown.
func (l *List) Status(e Entry) (uint64, error) {
	size, err := e.check()
	switch {
	case err != nil:
		return 0, err
	case l.ID != e.ListURL:
		return 0, wrong(CodeInvalid, "the list is %q, asked for was %q", l.ID, e.ListURL)
	case !l.HasPurpose(e.Purpose):
		return 0, wrong(CodePurpose, "the list serves %q, asked for was %q", l.Purposes, e.Purpose)
	case l.Bits.Len()/size < MinEntries:
		return 0, wrong(CodeLength, "%d entries", l.Bits.Len()/size)
	case e.Index >= l.Bits.Len()/size:
		return 0, wrong(CodeRange, "index %d of %d", e.Index, l.Bits.Len()/size)
	}
	return l.Bits.value(e.Index*size, size), nil
}
