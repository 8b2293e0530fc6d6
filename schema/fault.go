package schema

import (
	"errors"
	"strings"
)

// Fault is one thing wrong with a document. Code is stable; the words for it
// stand in the message catalogue under error.CODE and hint.CODE.
type Fault struct {
	Code    string            `json:"code"`
	Pointer string            `json:"pointer"` // RFC 6901, into what was read
	Args    map[string]string `json:"args,omitempty"`
}

// Faults is all that is wrong with a document. It is an error.
type Faults []Fault

// Error names codes and places, for logs and developers. It never repeats a
// value of the document.
func (f Faults) Error() string {
	var b strings.Builder
	for i, one := range f {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(one.Code)
		if one.Pointer != "" {
			b.WriteString(" at ")
			b.WriteString(one.Pointer)
		}
	}
	return b.String()
}

// Err is nil when nothing is wrong.
func (f Faults) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// Has tells whether a code is among the faults.
func (f Faults) Has(code string) bool {
	for _, one := range f {
		if one.Code == code {
			return true
		}
	}
	return false
}

// FaultsOf finds the faults inside an error, nil when it carries none.
func FaultsOf(err error) Faults {
	var f Faults
	if errors.As(err, &f) {
		return f
	}
	return nil
}

var errDate = errors.New("not a date")
